#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of bulk TCP and UDP in every combination of offloads and two MTUs: data arrives as it was
# sent, packets pass unsegmented where they may, and no checksum on the wire is wrong.
#
# A veth pair never computes a checksum that was left to hardware. Where $ROUTER forwards, with "tx off" on its
# devices, the kernel computes what is still open from what is in the packet, and verifies nothing: what tcpdump then
# sees on the other side is what a network card would have sent. What GRO has merged has no checksum of its own: GRO is
# off where checksums are looked at.

. "$(dirname "$0")/topology.sh"
need socat tcpdump ethtool
topology
bis_up
in_ns "$ROUTER" ethtool -K eth0 tx off >/dev/null
in_ns "$ROUTER" ethtool -K eth1 tx off >/dev/null
bytes 4000000 "$TMP/down"
bytes 4000000 "$TMP/up"

# offload NS DEV TX TSO GRO
offload()
{
	in_ns "$1" ethtool -K "$2" tx "$3" tso "$4" gso "$4" gro "$5" >/dev/null 2>&1
}

# wrong FILE: how many packets with a wrong checksum are in it.
wrong()
{
	tcpdump -nvvr "$1" 2>/dev/null | grep -ciE 'incorrect|bad (udp )?cksum|wrong'
}

# both_ways: a file down and one up.
both_ways()
{
	in_ns "$HOST" socat -u -T 60 TCP4:$SERVER4:6000 "CREATE:$TMP/got" || return
	rm -f "$TMP/got_up"
	in_ns "$HOST" socat -u -T 60 "OPEN:$TMP/up" TCP4:$SERVER4:6001 || return
	[ "$(sum "$TMP/got")" = "$(sum "$TMP/down")" ] && wait_for uploaded
}

uploaded()
{
	[ "$(sum "$TMP/got_up")" = "$(sum "$TMP/up")" ]
}

tcp_server 6000 "$TMP/down"
spawn_listener sink "$SERVER" 6001 socat -u TCP6-LISTEN:6001,ipv6only=1,reuseaddr,fork "OPEN:$TMP/got_up,creat,trunc"

for m in 1500 9000; do
	mtu $m
	for tx in on off; do
		for tso in on off; do
			for gro in on off; do
				[ "$tx$tso" != offon ] || continue # TSO needs checksums
				for ns in "$HOST" "$SERVER"; do
					offload "$ns" eth0 $tx $tso $gro
				done
				offload "$HOST" bis0 $tx $tso $gro
				ok "MTU $m, checksum $tx, TSO $tso, GRO $gro: both ways" both_ways
			done
		done
	done
done

# --- unsegmented ---------------------------------------------------------------------------------------------------

mtu 1500
for ns in "$HOST" "$SERVER"; do
	offload "$ns" eth0 on on on
done
offload "$HOST" bis0 on on on
out=$(count out_packets) in=$(count in_packets)
ok "offloads on" both_ways
segments=$((4000000 / 1428))
diag "$(since out_packets "$out") packets out, $(since in_packets "$in") in, for $segments segments each way"
ok "out: far fewer packets than segments" test $(($(since out_packets "$out") - segments / 2)) -lt $((segments / 2))
ok "none was cut" test "$(count out_split)$(count in_split)" = 00
ok "none was too big" test "$(count out_too_big)" = 0

# --- checksums -----------------------------------------------------------------------------------------------------

offload "$SERVER" eth0 on on off
for tso in on off; do
	offload "$HOST" eth0 $tso $tso on
	offload "$HOST" bis0 $tso $tso on
	spawn tap$tso in_ns "$SERVER" tcpdump -U -s 0 -nw "$TMP/$tso.pcap" -i eth0 "ip6 and host $SOURCE"
	tap=$PID
	wait_for grep -q listening "$TMP/tap$tso"
	in_ns "$HOST" socat -u -T 60 "OPEN:$TMP/up" TCP4:$SERVER4:6001
	in_ns "$HOST" ping -4 -c 2 -i 0.2 -s 1000 $SERVER4 >/dev/null
	echo end | in_ns "$HOST" socat -u - UDP4-SENDTO:$SERVER4:6999
	ok "the last packet was captured, TSO $tso" wait_for prints "6999" tcpdump -nr "$TMP/$tso.pcap" udp
	stop "$tap"
	ok "hundreds of packets" test "$(tcpdump -nr "$TMP/$tso.pcap" 2>/dev/null | wc -l)" -gt 100
	# what $SERVER itself sends is left to its "hardware": not looked at
	tcpdump -r "$TMP/$tso.pcap" -w "$TMP/$tso.in.pcap" "src host $SOURCE" 2>/dev/null
	is "none with a wrong checksum, TSO $tso" "$(wrong "$TMP/$tso.in.pcap")" 0
done

# On bis0: what comes in. The router has filled in its checksums.
offload "$HOST" eth0 on on off
spawn tapin in_ns "$HOST" tcpdump -U -s 0 -nw "$TMP/in.pcap" -i bis0 "src host $SERVER4"
tap=$PID
wait_for grep -q listening "$TMP/tapin"
in_ns "$HOST" socat -u -T 60 TCP4:$SERVER4:6000 "CREATE:$TMP/got"
in_ns "$HOST" ping -4 -c 2 -i 0.2 -s 1000 $SERVER4 >/dev/null
ok "the last packet was captured" wait_for prints "seq 2" tcpdump -nr "$TMP/in.pcap" icmp
stop "$tap"
ok "hundreds of packets" test "$(tcpdump -nr "$TMP/in.pcap" 2>/dev/null | wc -l)" -gt 100
is "none with a wrong checksum comes in" "$(wrong "$TMP/in.pcap")" 0

# --- UDP -----------------------------------------------------------------------------------------------------------

offload "$HOST" bis0 on on on
cat >"$TMP/gso.py" <<'PY'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], 7000))
s.setsockopt(17, 103, 1000)	# UDP_SEGMENT
data = bytes(i * 7 % 251 for i in range(20500))
s.send(data)
s.settimeout(10)
got = b"".join(s.recv(65536) for _ in range(21))
sys.exit(got != data)
PY
udp_echo 7000
ok "UDP GSO: 21 datagrams in one" in_ns "$HOST" python3 "$TMP/gso.py" $SERVER4
finish

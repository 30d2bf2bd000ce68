#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what passes the router: programs either way, datagrams of all sizes, offloads, links that
# take less.

. "$(dirname "$0")/between.sh"
need socat curl iperf3 ethtool
router_up

# --- programs ------------------------------------------------------------------------------------------------------

ok "ping from IPv6 by the prefix" in_ns "$SIX" ping -6 -c 1 -W 5 -I $BY_PREFIX6 $HOST46
ok "by a mapping" in_ns "$SIX" ping -6 -c 1 -W 5 -I $SIX6 $HOST46
ok "by a mapping of prefixes" in_ns "$PEER" ping -6 -c 1 -W 5 $HOST46
mkdir "$TMP/www"
head -c 1000000 /dev/urandom >"$TMP/www/file"
spawn_listener www6 "$SIX" 80 python3 -m http.server --bind :: --directory "$TMP/www" 80
spawn_listener www4 "$FOUR" 80 python3 -m http.server --bind $HOST4 --directory "$TMP/www" 80
for url in $BY_PREFIX4 $SIX4; do
	in_ns "$FOUR" curl -s -m 60 -o "$TMP/got" http://$url/file
	is "curl from IPv4: $url" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"
done
in_ns "$SIX" curl -s -m 60 -o "$TMP/got" "http://[$HOST46]/file"
is "curl from IPv6" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"

cat >"$TMP/echo.py" <<'PY'
# echo.py ADDRESS: every datagram back, in pieces that may be fragmented.
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
if s.family == socket.AF_INET:
    s.setsockopt(0, 10, 0)	# IP_PMTUDISC_DONT: no DF
s.bind((sys.argv[1], 7000))
while True:
    s.sendto(*s.recvfrom(65536))
PY
cat >"$TMP/udp.py" <<'PY'
# udp.py ADDRESS SIZE [df|none]: a datagram there and back; without DF, with it, without a checksum.
import random, socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
if sys.argv[3:] == ["none"]:
    s.setsockopt(socket.SOL_SOCKET, 11, 1)	# SO_NO_CHECK
if s.family == socket.AF_INET and sys.argv[3:] != ["df"]:
    s.setsockopt(0, 10, 0)	# IP_PMTUDISC_DONT
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
s.connect((sys.argv[1], 7000))
s.settimeout(10)
data = random.randbytes(int(sys.argv[2]))
s.send(data)
sys.exit(s.recv(65536) != data)
PY
udp_listening()
{
	prints . in_ns "$1" ss -Hlun "sport = :7000"
}
spawn echo6 in_ns "$SIX" python3 "$TMP/echo.py" $SIX6
spawn echo4 in_ns "$FOUR" python3 "$TMP/echo.py" $HOST4
wait_for udp_listening "$SIX" && wait_for udp_listening "$FOUR" || bail "UDP servers"
for size in 1 1233 1473 9000 60000; do
	ok "UDP from IPv4, $size bytes" in_ns "$FOUR" python3 "$TMP/udp.py" $SIX4 $size
	ok "from IPv6" in_ns "$SIX" python3 "$TMP/udp.py" $HOST46 $size
done
ok "packets without DF were cut for IPv6" test "$(count router_cut)" -gt 0
ok "without a checksum it gets one" in_ns "$FOUR" python3 "$TMP/udp.py" $SIX4 100 none
not_ok "in fragments it cannot" in_ns "$FOUR" timeout 3 python3 "$TMP/udp.py" $SIX4 3000 none
is "and is counted" "$(count router_no_checksum)" 1
ok "ping with 3000 bytes from IPv4" in_ns "$FOUR" ping -4 -M dont -c 1 -W 10 -s 3000 $SIX4
ok "from IPv6" in_ns "$SIX" ping -6 -c 1 -W 10 -I $SIX6 -s 3000 $HOST46

# --- offloads ------------------------------------------------------------------------------------------------------

spawn_listener iperf6 "$SIX" 5201 iperf3 -s -B $SIX6
spawn_listener iperf4 "$FOUR" 5201 iperf3 -s -B $HOST4
out=$(count router_out_packets) in=$(count router_in_packets)
ok "iperf3 from IPv4" in_ns "$FOUR" iperf3 -c $SIX4 -n 4M
ok "towards it" in_ns "$FOUR" iperf3 -c $SIX4 -n 4M -R
ok "iperf3 from IPv6" in_ns "$SIX" iperf3 -c $HOST46 -n 4M
diag "$(since router_out_packets "$out") packets to IPv6, $(since router_in_packets "$in") to IPv4, for 12 MB"
ok "unsegmented" test $(($(since router_out_packets "$out") + $(since router_in_packets "$in"))) -lt 8500
is "none was cut" "$(count out_split)$(count in_split)" 00
for gro in on off; do
	for tx in on off; do
		for at in "$FOUR eth0" "$SIX eth0" "$XLAT eth0" "$XLAT eth1"; do
			# shellcheck disable=SC2086
			in_ns ${at% *} ethtool -K ${at#* } tx $tx tso $tx gso $tx gro $gro >/dev/null 2>&1
		done
		in_ns "$FOUR" curl -s -m 60 -o "$TMP/got" http://$SIX4/file
		is "to IPv4, GRO $gro, TSO and checksum $tx" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"
		in_ns "$SIX" curl -s -m 60 -o "$TMP/got" "http://[$HOST46]/file"
		is "to IPv6" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"
	done
done
for at in "$FOUR eth0" "$SIX eth0" "$XLAT eth0" "$XLAT eth1"; do
	# shellcheck disable=SC2086
	in_ns ${at% *} ethtool -K ${at#* } tx on tso on gso on gro on >/dev/null 2>&1
done

# --- path MTU ------------------------------------------------------------------------------------------------------

ip -n "$XLAT" -6 route add 2001:db8:b::/64 dev eth1 metric 10 mtu lock 1280
not_ok "IPv6's link takes 1280: 1300 bytes of IPv4 with DF do not pass" \
	in_ns "$FOUR" ping -4 -M "do" -c 1 -W 2 -s 1272 $SIX4
like "IPv4 knows: 1260" "$(ip -n "$FOUR" -4 route get $SIX4)" 'mtu 1260'

spawn_listener sink "$SIX" 6001 socat -u "TCP6-LISTEN:6001,reuseaddr" "CREATE:$TMP/got6"
ip -n "$FOUR" -4 route flush cache
ok "TCP to IPv6" in_ns "$FOUR" timeout $((60 * SLOW)) socat -u "OPEN:$TMP/www/file" TCP4:$SIX4:6001
same()
{
	[ "$(sum "$1")" = "$(sum "$TMP/www/file")" ]
}
ok "arrives as it was sent" wait_for -t 30 same "$TMP/got6"
ip -n "$XLAT" -6 route del 2001:db8:b::/64 dev eth1 metric 10
ip -n "$XLAT" -4 route add $HOST4/32 dev eth0 mtu lock 1300
spawn_listener sink4 "$FOUR" 6001 socat -u "TCP4-LISTEN:6001,reuseaddr" "CREATE:$TMP/got4"
ok "TCP to IPv4, whose link takes 1300" in_ns "$SIX" timeout $((60 * SLOW)) socat -u "OPEN:$TMP/www/file" "TCP6:[$HOST46]:6001"
ok "arrives, too" wait_for -t 30 same "$TMP/got4"
like "IPv6 knows: 1320" "$(ip -n "$SIX" -6 route get $HOST46)" 'mtu 1320'
ip -n "$XLAT" -4 route del $HOST4/32 dev eth0
is "nothing was lost for want of memory" "$(umctl -n "$XLAT" -j bis stats show |
	jq -r '.[] | select(.value > 0 and (.name | test("memory|backlog|loop"))) | .name')" ""
finish

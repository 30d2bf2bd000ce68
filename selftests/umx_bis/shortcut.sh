#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of shortcuts: flows take them, nothing about their packets tells, and none does where a rule,
# a tap or the host's IP has something to say.

. "$(dirname "$0")/between.sh"
need nft tc tcpdump iperf3
router_up

# Datagrams there and back, one after the other, all of one flow: how many came back, and with which TTL and TOS.
cat >"$TMP/flow.py" <<'PY'
# flow.py serve ADDRESS | flow.py talk ADDRESS TIMES [SIZE [TTL]]
import socket, struct, sys
six = ":" in sys.argv[2]
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
level, ttl, hops, tos, error = (41, 51, 16, 67, 25) if six else (0, 12, 2, 1, 11)	# IPV6_RECVHOPLIMIT, IP_RECVTTL ...
s.setsockopt(level, ttl, 1)
s.setsockopt(level, tos, 0x2c)
s.setsockopt(level, 66 if six else 13, 1)	# IPV6_RECVTCLASS, IP_RECVTOS
if sys.argv[1] == "talk":
    s.setsockopt(level, error, 1)	# IPV6_RECVERR, IP_RECVERR
def take():
    data, control, _, peer = s.recvmsg(4096, 256)
    values = sorted((t, struct.unpack("i", v.ljust(4, b"\0")[:4])[0]) for l, t, v in control if l == level)
    return data, " ".join(str(v) for _, v in values), peer
if sys.argv[1] == "serve":
    s.bind((sys.argv[2], 7100))
    while True:
        data, seen, peer = take()
        s.sendto(seen.encode().ljust(len(data), b"."), peer)
s.bind(("", 7101))
s.connect((sys.argv[2], 7100))
s.settimeout(2)
if len(sys.argv) > 5:
    s.setsockopt(level, hops, int(sys.argv[5]))
n, all = 0, set()
for i in range(int(sys.argv[3])):
    try:
        s.send(b"x" * int(sys.argv[4] if len(sys.argv) > 4 else 64))
        data, seen, _ = take()
        n += 1
        all.add(data.decode().rstrip(".") + " " + seen)
    except OSError as e:
        all.add(e.strerror or "timed out")
print(n, *sorted(all), sep=", ")
PY
udp_listening()
{
	prints . in_ns "$1" ss -Hlun "sport = :7100"
}
spawn six in_ns "$SIX" python3 "$TMP/flow.py" serve $SIX6
spawn four in_ns "$FOUR" python3 "$TMP/flow.py" serve $HOST4
wait_for udp_listening "$SIX" && wait_for udp_listening "$FOUR" || bail "UDP servers"

from4()
{
	in_ns "$FOUR" python3 "$TMP/flow.py" talk $SIX4 "$@"
}

from6()
{
	in_ns "$SIX" python3 "$TMP/flow.py" talk $HOST46 "$@"
}

# shortcuts COMMAND...: its output in $OUT, in $TOOK how many packets took a shortcut meanwhile.
shortcuts()
{
	local before

	before=$(count router_shortcut)
	OUT=$("$@")
	TOOK=$(since router_shortcut "$before")
}

x()
{
	in_ns "$XLAT" "$@"
}

# --- they are taken ------------------------------------------------------------------------------------------------

# Both directions of 50 datagrams, of which one a second goes the long way.
many()
{
	test "$TOOK" -ge 80
}
before_in=$(count router_in_packets) before_out=$(count router_out_packets)
dev_rx=$(ip -n "$XLAT" -j -s link show bis0 | jq '.[0].stats64.rx.packets')
dev_tx=$(ip -n "$XLAT" -j -s link show bis0 | jq '.[0].stats64.tx.packets')
shortcuts from4 50
is "from IPv4: all come back, all with the same TTL and TOS" "$OUT" "50, 62 44 44 62"
ok "by shortcuts ($TOOK)" many
is "counted as translated" "$(since router_in_packets "$before_in") $(since router_out_packets "$before_out")" "50 50"
is "and by the device, received" "$(($(ip -n "$XLAT" -j -s link show bis0 | jq '.[0].stats64.rx.packets') - dev_rx))" 100
is "and transmitted" "$(($(ip -n "$XLAT" -j -s link show bis0 | jq '.[0].stats64.tx.packets') - dev_tx))" 100
shortcuts from6 50
is "from IPv6" "$OUT" "50, 44 62 62 44"
ok "by shortcuts ($TOOK)" many
spawn_listener iperf6 "$SIX" 5201 iperf3 -s -B $SIX6
spawn_listener iperf4 "$FOUR" 5201 iperf3 -s -B $HOST4
for how in "$FOUR $SIX4" "$FOUR $SIX4 -R" "$SIX $HOST46"; do
	# shellcheck disable=SC2086
	shortcuts in_ns ${how%% *} iperf3 -J -n 8M -c ${how#* }
	like "iperf3 -c ${how#* }: by shortcuts, too" "$TOOK" '^[1-9][0-9]{2,}$'
	is "and nothing has been sent twice" "$(jq '.end.sum_sent.retransmits' <<<"$OUT")" 0
done

spawn_listener www6 "$SIX" 80 python3 -m http.server --bind :: --directory /var/empty 80
in_ns "$FOUR" curl -s -o /dev/null http://$SIX4/
shortcuts in_ns "$FOUR" curl -s -o /dev/null -w '%{http_code}' http://$SIX4/none
is "a short connection between hosts that have talked" "$OUT" 404
ok "takes them from its SYN to its end ($TOOK)" test "$TOOK" -ge 8
x ip rule add sport 9 table main
from4 50 >/dev/null
shortcuts from4 50
ok "with a rule that goes by ports, each flow has its own ($TOOK)" many
is "as before" "$OUT" "50, 62 44 44 62"
x ip rule del sport 9 table main

# --- not where somebody would miss the packet ----------------------------------------------------------------------

# missed NAME: none was taken by 20 datagrams either way.
missed()
{
	shortcuts from4 20
	is "$1: no shortcut" "$OUT ($TOOK)" "20, 62 44 44 62 (0)"
}

taken()
{
	shortcuts from4 50
	ok "without it again" many
}
# watch FAMILY HOOK: a chain there, with a counter for each direction; watched: what they have counted.
watch()
{
	x nft -f - <<-NFT
		table $1 watch {
			chain c {
				type filter hook $2 priority 0
				udp dport 7100 counter
				udp sport 7100 counter
			}
		}
	NFT
}

watched()
{
	x nft -j list table "$1" watch | jq -c '[.nftables[].rule.expr[]?.counter.packets | numbers]'
}
for chain in "ip forward" "ip6 forward"; do
	read -r family hook <<<"$chain"
	watch "$family" "$hook"
	missed "a chain at $hook of $family"
	is "its rules see each packet" "$(watched "$family")" "[20,20]"
	x nft delete table "$family" watch
	taken
done
# These are passed on the way to a shortcut, or behind it, in one direction.
for chain in "ip prerouting" "ip6 prerouting" "ip postrouting" "ip6 postrouting"; do
	read -r family hook <<<"$chain"
	watch "$family" "$hook"
	shortcuts from4 20
	is "a chain at $hook of $family: all come back" "$OUT" "20, 62 44 44 62"
	ok "one direction by shortcuts ($TOOK)" test "$TOOK" -ge 10 -a "$TOOK" -le 20
	is "its rules see each packet" "$(watched "$family")" "[20,20]"
	x nft delete table "$family" watch
	taken
done
x nft add table netdev watch
x nft 'add chain netdev watch c { type filter hook ingress device bis0 priority 0; }'
missed "a chain at the device"
x nft delete table netdev watch
taken
x tc qdisc add dev bis0 clsact
x tc filter add dev bis0 egress matchall action ok
missed "a filter at the device"
x tc qdisc del dev bis0 clsact
taken
x tc qdisc add dev bis0 root pfifo
missed "a queue at the device"
x tc qdisc del dev bis0 root
taken
for dev in bis0 any; do
	spawn tap in_ns "$XLAT" tcpdump -lnpi $dev -w "$TMP/$dev.pcap" udp port 7100
	tap=$PID
	wait_for grep -q 'listening on' "$TMP/tap" || bail "tcpdump listens"
	missed "tcpdump -i $dev"
	stop "$tap"
	taken
done
x ip xfrm policy add src 2001:db8:ff::/64 dst 2001:db8:fe::/64 dir fwd action block
missed "an IPsec policy"
x ip xfrm policy flush
taken

# --- not for packets IP has something to say about -----------------------------------------------------------------

from4 50 >/dev/null
shortcuts from4 2 64 2
is "no hops left: the sender is told" "$OUT ($TOOK)" "0, No route to host (0)"
shortcuts from6 2 64 2
is "by IPv6, too" "$OUT ($TOOK)" "0, No route to host (0)"
shortcuts from4 50 64 3
is "the last hop is one" "$OUT" "50, 1 44 44 62"
ok "by shortcuts ($TOOK)" many
from6 50 >/dev/null
x ip -4 route add $HOST4/32 dev eth0 mtu lock 1300
shortcuts from6 20 1400
like "too long for a route that is new: the sender is told, and sends fragments" "$OUT" '^(19|20), '
ok "by shortcuts the answers alone ($TOOK)" test "$TOOK" -le 20
x ip -4 route del $HOST4/32 dev eth0

# --- when something changes ----------------------------------------------------------------------------------------

from4 50 >/dev/null
x ip -4 route add blackhole $HOST4/32
is "no route back: nothing comes back" "$(from4 1)" "0, timed out"
x ip -4 route del blackhole $HOST4/32
is "a route: everything does" "$(from4 50)" "50, 62 44 44 62"
x ip -4 route add prohibit 192.0.2.0/26
is "another route out" "$(from4 1)" "0, No route to host"
x ip -4 route del prohibit 192.0.2.0/26
is "as before" "$(from4 50)" "50, 62 44 44 62"
x ip -6 route add prohibit $SIX6/128
is "no route beyond" "$(from4 1)" "0, No route to host"
x ip -6 route del prohibit $SIX6/128
is "as before" "$(from4 50)" "50, 62 44 44 62"
b eam del $SIX4
before=$(count router_shortcut)
like "no mapping: not delivered" "$(from4 1)" '^0, '
is "nor tried" "$(since router_shortcut "$before")" 0
b eam add $SIX4 $SIX6
is "a mapping: delivered" "$(from4 50)" "50, 62 44 44 62"
b eam del $SIX4
b eam add $SIX4 2001:db8:b::3
like "to another host: not to this one" "$(from4 1)" '^0, '
b eam del $SIX4
b eam add $SIX4 $SIX6
is "as it was" "$(from4 50)" "50, 62 44 44 62"
x sysctl -qw net.ipv6.conf.all.forwarding=0
like "no forwarding: nothing is" "$(from4 1)" '^0, '
x sysctl -qw net.ipv6.conf.all.forwarding=1
ok "forwarding again" wait_for in_ns "$FOUR" ping -4 -c 1 -W 2 $SIX4
is "is delivered" "$(from4 50)" "50, 62 44 44 62"
ip -n "$XLAT" link set bis0 down
like "the device down: nothing is" "$(from4 1)" '^0, '
ip -n "$XLAT" link set bis0 up
ip -n "$XLAT" -4 route add 192.0.2.0/24 dev bis0
ip -n "$XLAT" -6 route add $PREFIX/96 dev bis0
ok "the device up again" wait_for in_ns "$FOUR" ping -4 -c 1 -W 2 $SIX4
shortcuts from4 50
is "works" "$OUT" "50, 62 44 44 62"
ok "by shortcuts ($TOOK)" many

# --- under traffic -------------------------------------------------------------------------------------------------

spawn load4 in_ns "$FOUR" python3 "$TMP/flow.py" talk $SIX4 1000000
for _ in 1 2 3 4 5; do
	b prefix del
	b eam del 192.0.2.16/28
	b eam del $SIX4
	b prefix add $PREFIX/96
	b eam add $SIX4 $SIX6
	b eam add 192.0.2.16/28 2001:db8:c::10/124
done
ok "the router off and on five times works" wait_for in_ns "$FOUR" ping -4 -c 1 -W 2 $SIX4
stop "$PID"
shortcuts from4 50
is "shortcuts, too" "$OUT" "50, 62 44 44 62"
ok "are taken ($TOOK)" many
ip -n "$XLAT" link del bis0
like "without the device nothing is" "$(from4 1)" '^0, '
del_ns "$XLAT"
ok "the module unloads" wait_for -t 30 rmmod umx_bis
finish

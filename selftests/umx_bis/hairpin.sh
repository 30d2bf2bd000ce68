#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what does not simply pass the router: errors, IPv6 hosts that meet by their IPv4
# addresses, loops, and what is refused.

. "$(dirname "$0")/between.sh"
need tcpdump
router_up

cat >"$TMP/trace.py" <<'PY'
# trace.py ADDRESS SOURCE HOPS: UDP with one hop more each time: who says what.
import socket, struct, sys
six = ":" in sys.argv[1]
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
level, ttl, errors = (41, 16, 25) if six else (0, 2, 11)	# UNICAST_HOPS, RECVERR; TTL, RECVERR
s.setsockopt(level, errors, 1)
s.bind((sys.argv[2], 0))
s.connect((sys.argv[1], 33434))
s.settimeout(5)
for hops in range(1, int(sys.argv[3]) + 1):
    s.setsockopt(level, ttl, hops)
    s.send(b"x")
    try:
        s.recv(1)
    except OSError:
        pass
    for at, kind, data in s.recvmsg(100, 200, socket.MSG_ERRQUEUE)[1]:
        if at == level and kind == errors:
            who = socket.inet_ntop(socket.AF_INET6, data[24:40]) if six else socket.inet_ntop(socket.AF_INET, data[20:24])
            print("%d/%d" % (data[5], data[6]), who, end=" ")
PY
# dial NS ADDRESS: which error a connect() ends with.
dial()
{
	in_ns "$1" timeout 20 python3 - "$2" <<'PY'
import errno, socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
s.settimeout(15)
try:
    s.connect((sys.argv[1], 9))
except OSError as e:
    print(errno.errorcode.get(e.errno, e))
PY
}
# --- errors --------------------------------------------------------------------------------------------------------

is "traceroute from IPv4: IPv4's hop, IPv6's, the host" "$(in_ns "$FOUR" python3 "$TMP/trace.py" $SIX4 $HOST4 3)" \
	"11/0 $GATE4 11/0 $GATE4 3/3 $SIX4 "
is "from IPv6" "$(in_ns "$SIX" python3 "$TMP/trace.py" $HOST46 $SIX6 3)" \
	"3/0 2001:db8:b::fe 3/0 ${PREFIX}c633:64fe 1/4 ${PREFIX}c633:6401 "
ok "a router nobody maps is spoken for" test "$(count router_vouched)" -gt 0

is "a closed port" "$(dial "$FOUR" $SIX4) $(dial "$SIX" $HOST46)" "ECONNREFUSED ECONNREFUSED"
is "nobody has the IPv4 address: ICMP 3/1 is ICMPv6 1/0" "$(dial "$SIX" ${PREFIX}198.51.100.99)" ENETUNREACH
b eam add 192.0.2.66 2001:db8:b::66
is "nobody has the IPv6 address: ICMPv6 1/3 is ICMP 3/1" "$(dial "$FOUR" 192.0.2.66)" EHOSTUNREACH
b eam del 192.0.2.66

# --- hairpin -------------------------------------------------------------------------------------------------------

before=$(count router_hairpin)
spawn tap in_ns "$PEER" tcpdump -nl -i eth0 icmp6
wait_for grep -q listening "$TMP/tap"
ok "IPv6 to IPv6 by an IPv4 address" in_ns "$SIX" ping -6 -c 1 -W 5 -I $SIX6 ${PREFIX}$PEER4
is "there and back" "$(since router_hairpin "$before")" 2
ok "the answer has to come this way" wait_for grep -q "IP6 ${PREFIX}c000:202 > $PEER6" "$TMP/tap"
is "traceroute: IPv6's hop, IPv4's, IPv6's again, the host" \
	"$(in_ns "$SIX" python3 "$TMP/trace.py" ${PREFIX}$PEER4 $SIX6 4)" \
	"3/0 2001:db8:b::fe 3/0 ${PREFIX}c633:64fe 3/0 ${PREFIX}c633:64fe 1/4 ${PREFIX}c000:213 "

# --- loops ---------------------------------------------------------------------------------------------------------

ip -n "$XLAT" -4 route add 203.0.113.0/24 dev bis0
before=$(count out_loop)
not_ok "IPv6 to IPv4 and back to the same address" in_ns "$SIX" ping -6 -c 1 -W 1 -I $SIX6 ${PREFIX}203.0.113.9
is "is a loop, dropped at once" "$(since out_loop "$before")" 1
b eam add 192.0.2.77 2001:db8:77::1
ip -n "$XLAT" -6 route add 2001:db8:77::/64 dev bis0
before=$(count in_loop)
not_ok "IPv4 to IPv6 that is routed to the device" in_ns "$FOUR" ping -4 -c 1 -W 1 192.0.2.77
is "is one, too" "$(since in_loop "$before")" 1
b eam del 192.0.2.77
ip -n "$XLAT" -4 route del 203.0.113.0/24
ip -n "$XLAT" -6 route del 2001:db8:77::/64

# --- refused -------------------------------------------------------------------------------------------------------

# drops COUNTER N TEXT: it has gained N since the last call.
declare -A seen
drops()
{
	is "$3" "$(since "$1" "${seen[$1]:-0}")" "$2"
	seen[$1]=$(count "$1")
}
for name in router_in_source router_in_dest router_out_dest router_out_source router_not_global out_proto \
	out_icmp_type out_source_route out_malformed in_proto in_icmp_type in_no_checksum in_routing_header; do
	seen[$name]=$(count "$name")
done
ip -n "$SIX" addr add 2001:db8:b::5/64 dev eth0 nodad
OUT=$(in_ns "$SIX" ping -6 -c 1 -W 2 -I 2001:db8:b::5 $HOST46 2>&1)
drops router_in_source 1 "an IPv6 source without a mapping"
like "is told" "$OUT" 'code 5|ource address failed'
ip -n "$XLAT" -6 route add 2001:db8:99::/64 dev bis0
OUT=$(in_ns "$SIX" ping -6 -c 1 -W 2 -I $SIX6 2001:db8:99::1 2>&1)
drops router_in_dest 1 "an IPv6 destination without one"
like "is told" "$OUT" 'No route'
cat >"$TMP/raw4.py" <<'PY'
# Packets of IPv4 nobody should send: protocol, what is behind the header, options.
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
def send(proto, data, options=b"", total=None):
    head = struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, 0, 7, 0, 64, proto, 0,
                       socket.inet_aton(sys.argv[1]), socket.inet_aton(sys.argv[2]))
    s.sendto(head + options + data, (sys.argv[2], 0))
def check(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return data[:2] + struct.pack("!H", 0xffff - (total & 0xffff) - (total >> 16)) + data[4:]
send(58, bytes(8))
send(0, bytes(8))
send(1, check(struct.pack("!BBHHH", 13, 0, 0, 1, 1) + bytes(12)))
send(1, check(struct.pack("!BBHHH", 9, 0, 0, 1, 1)))
send(6, bytes(4))
send(17, bytes(8), bytes([131, 7, 4]) + socket.inet_aton("198.51.100.9") + b"\0")
PY
in_ns "$XLAT" sysctl -qw net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.eth0.accept_source_route=1
in_ns "$FOUR" python3 "$TMP/raw4.py" $HOST4 $SIX4
drops out_proto 2 "ICMPv6 and hop-by-hop options in IPv4"
drops out_icmp_type 2 "ICMP that ICMPv6 has not"
drops out_malformed 1 "four bytes of TCP"
cat >"$TMP/raw6.py" <<'PY'
import socket, struct, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
def send(proto, data):
    head = struct.pack("!IHBB", 6 << 28, len(data), proto, 64)
    s.sendto(head + socket.inet_pton(10, sys.argv[1]) + socket.inet_pton(10, sys.argv[2]) + data, (sys.argv[2], 0))
send(1, bytes(8))
send(58, bytes([200, 0]) + bytes(6))
send(17, struct.pack("!HHHH", 9, 9, 8, 0))
send(43, bytes([17, 2, 4, 1]) + bytes(20) + struct.pack("!HHHH", 9, 9, 8, 1))
PY
in_ns "$SIX" python3 "$TMP/raw6.py" $SIX6 $HOST46
drops in_proto 1 "IPv4's ICMP in IPv6"
drops in_icmp_type 1 "ICMPv6 that ICMP has not"
drops in_no_checksum 1 "UDP without a checksum"
drops in_routing_header 1 "a routing header with segments left"

ok "prefix del" b prefix del $PREFIX/96
OUT=$(in_ns "$FOUR" ping -4 -c 1 -W 2 $SIX4 2>&1)
drops router_out_source 1 "without a prefix, an IPv4 source without a mapping"
like "is told" "$OUT" 'filtered'
b eam add $HOST4 2001:db8:4::1
ip -n "$XLAT" -6 route add 2001:db8:4::/64 dev bis0
ok "with mappings alone: from IPv4" in_ns "$FOUR" ping -4 -c 1 -W 5 $SIX4
ok "from IPv6" in_ns "$SIX" ping -6 -c 1 -W 5 -I $SIX6 2001:db8:4::1
OUT=$(in_ns "$FOUR" ping -4 -c 1 -W 2 $BY_PREFIX4 2>&1)
drops router_out_dest 1 "an IPv4 destination without one"
like "is told" "$OUT" 'Host Unreachable'
b eam del $HOST4
ok "the well-known prefix" b prefix add 64:ff9b::/96
OUT=$(in_ns "$FOUR" ping -4 -c 1 -W 2 $SIX4 2>&1)
drops router_not_global 1 "carries no private address"
like "is told" "$OUT" 'filtered'
b prefix del
b eam del $SIX4
b eam del 192.0.2.16/28
not_ok "nothing is translated by nothing" in_ns "$FOUR" ping -4 -c 1 -W 1 $SIX4
is "nothing was lost for want of memory" "$(umctl -n "$XLAT" -j bis stats show |
	jq -r '.[] | select(.value > 0 and (.name | test("memory|backlog"))) | .name')" ""
finish

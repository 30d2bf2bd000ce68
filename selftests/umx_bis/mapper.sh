#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of pairs nobody makes by hand: by a packet that comes in, by request, and a spool that is
# full.

. "$(dirname "$0")/topology.sh"
need socat ping
topology
b spool add 198.18.0.0/29 source $SOURCE || bail "a spool can be set"
for i in $(seq 3 9); do
	ip -n "$SERVER" addr add 2001:db8:b::$i/64 dev eth0 nodad
done

# gained NAME BEFORE N: has the counter gained N?
gained()
{
	[ "$(since "$1" "$2")" = "$3" ]
}

# --- a packet comes in ---------------------------------------------------------------------------------------------

spawn_listener web4 "$HOST" 8080 socat TCP4-LISTEN:8080,reuseaddr,fork SYSTEM:'echo $SOCAT_PEERADDR'
peer=$(in_ns "$SERVER" socat -t 5 "TCP6:[$SOURCE]:8080,bind=[$SERVER6]" - </dev/null)
like "a host without a pair gets one of the spool" "$peer" '^198\.18\.0\.[2-6]$'
is "and keeps it" "$(in_ns "$SERVER" socat -t 5 "TCP6:[$SOURCE]:8080,bind=[$SERVER6]" - </dev/null)" "$peer"
like "it is shown as dynamic" "$(b map)" "^$peer $SERVER6 dynamic idle [0-9]+\$"
is "counted once" "$(count in_new_pair)" 1
# quote FROM SADDR DADDR: an ICMPv6 packet too big, about a packet nobody has sent.
quote()
{
	in_ns "$SERVER" python3 - "$@" <<-PY
		import socket, struct, sys
		a, b, c = (socket.inet_pton(socket.AF_INET6, x) for x in sys.argv[1:])
		s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58)
		s.bind((sys.argv[1], 0))
		s.sendto(struct.pack("!BBHI", 2, 0, 0, 1280) + struct.pack("!IHBB", 6 << 28, 8, 17, 64) + b + c +
			 struct.pack("!HHHH", 1, 2, 8, 0), ("$SOURCE", 0))
	PY
}
before=$(count in_icmp_quote)
quote 2001:db8:b::9 $SOURCE 2001:db8:b::8
quote 2001:db8:b::9 2001:db8:b::8 $SERVER6
ok "errors about packets of nobody are dropped and counted" wait_for gained in_icmp_quote "$before" 2
is "and make no pair" "$(b map | wc -l)" 1
quote 2001:db8:b::9 $SOURCE $SERVER6
ok "one about ours is not dropped" wait_for gained in_pmtu 0 1
is "but makes none, either" "$(b map | wc -l)" 1
ok "the host can call it back" in_ns "$HOST" ping -4 -c 1 -W 5 "$peer"

# --- by request ----------------------------------------------------------------------------------------------------

like "the pair there is" "$(b map lease $SERVER6)" "^$peer $SERVER6"
leased=$(umctl -n "$HOST" -j bis map lease 2001:db8:b::3 lifetime 60 | jq -r '.[0].addr4')
like "a new one" "$leased" '^198\.18\.0\.[2-6]$'
is "not the same" "$([ "$leased" != "$peer" ] && echo other)" other
ok "leads to that host" in_ns "$HOST" ping -4 -c 1 -W 5 "$leased"
is "found by its IPv4 address" "$(b map find "$leased")" "$leased 2001:db8:b::3"
is "and by its IPv6 address" "$(b map find ipv6 2001:db8:b::3)" "$leased 2001:db8:b::3"
is "the own pair, too" "$(b map find $SELF4)" "$SELF4 $SOURCE"
is "either way" "$(b map find ipv6 $SOURCE)" "$SELF4 $SOURCE"
status_is "none" 2 b map find ipv6 2001:db8:b::99
like "is said" "$OUT" 'there is no such pair'
status_is "not an address of the spool" 2 b map find 192.0.2.1
like "is said, too" "$OUT" 'the IPv4 address is not of a spool'
status_is "one of both" 2 b map find "$leased" ipv6 2001:db8:b::3
is "what was not found was not made" "$(b map | wc -l)" 2
status_is "not for a multicast group" 2 b map lease ff02::1
status_is "nor for longer than there is" 2 b map lease 2001:db8:b::4 lifetime 100000

# --- full ----------------------------------------------------------------------------------------------------------

for i in 4 5 6; do
	b map lease 2001:db8:b::$i >/dev/null
done
is "six hosts, one is the own: five pairs" "$(b map | wc -l)" 5
status_is "a sixth is refused" 2 b map lease 2001:db8:b::7
like "and told why" "$OUT" 'every address of the spool is in use'
before=$(count in_spool_full)
not_ok "by packet, too" in_ns "$SERVER" ping -6 -c 1 -W 2 -I 2001:db8:b::7 $SOURCE
is "and counted" "$(since in_spool_full "$before")" 1
b map del ipv6 2001:db8:b::5
ok "one that went makes room" b map lease 2001:db8:b::7
is "for one" "$(b map | wc -l)" 5

# --- by packet: half -----------------------------------------------------------------------------------------------

# again WORD...: another spool of six addresses.
again()
{
	b spool del
	b spool add 198.18.0.0/29 source $SOURCE "$@" || bail "a spool can be set again"
}

again
before=$(count in_spool_full)
for i in 3 4 5; do
	ok "a host that calls: 2001:db8:b::$i" in_ns "$SERVER" ping -6 -c 1 -W 5 -I 2001:db8:b::$i $SOURCE
done
not_ok "packets take half of the spool" in_ns "$SERVER" ping -6 -c 1 -W 1 -I 2001:db8:b::6 $SOURCE
is "and it is counted" "$(since in_spool_full "$before")" 1
for i in 6 7; do
	ok "requests get the rest: 2001:db8:b::$i" b map lease 2001:db8:b::$i
done
ok "a request for one that called" b map lease 2001:db8:b::3
b map del ipv6 2001:db8:b::7
ok "is a pair by request" in_ns "$SERVER" ping -6 -c 1 -W 5 -I 2001:db8:b::8 $SOURCE
ok "by hand" b map add "$(umctl -n "$HOST" -j bis map lease 2001:db8:b::4 | jq -r '.[0].addr4')" 2001:db8:b::4
is "it stays" "$(b map | grep -c '2001:db8:b::4 dynamic')" 0
before=$(count in_no_pair)
near=$(ip -n "$ROUTER" -j addr show dev eth0 scope link | jq -r '.. | .local? // empty')
in_ns "$ROUTER" socat -u - "UDP6:[$SOURCE]:7001,bind=[$near%eth0]" <<<x
ok "a link-local address gets none, and that is counted" wait_for gained in_no_pair "$before" 1
b map flush
is "flush takes all" "$(b map)" ""
ok "a host that called" in_ns "$SERVER" ping -6 -c 1 -W 5 -I 2001:db8:b::3 $SOURCE
ok "is given another address by hand" b map add 198.18.0.6 2001:db8:b::3
like "that is its pair now" "$(b map)" '^198.18.0.6 2001:db8:b::3( idle [0-9]+)?$'
ok "and works" in_ns "$SERVER" ping -6 -c 1 -W 5 -I 2001:db8:b::3 $SOURCE

# --- idle pairs are taken ------------------------------------------------------------------------------------------

again idle 1
live=$(umctl -n "$HOST" -j bis map lease 2001:db8:b::3 | jq -r '.[0].addr4')
spawn_listener hold "$SERVER" 5002 socat -u "TCP6-LISTEN:5002,ipv6only=1,bind=[2001:db8:b::3]" "CREATE:$TMP/said"
mkfifo "$TMP/say"
spawn held in_ns "$HOST" socat -u "OPEN:$TMP/say" "TCP4:$live:5002"
exec 9>"$TMP/say"
wait_for prints "$live:5002" in_ns "$HOST" ss -Htn state established || bail "a connection is there"
promised=$(umctl -n "$HOST" -j bis map lease 2001:db8:b::4 lifetime 600 | jq -r '.[0].addr4')
for i in $(seq 10); do
	ok "host $i of 10 with three addresses" wait_for b map lease 2001:db8:c::"$i"
done
like "a connection in silence keeps its pair" "$(b map)" "$live 2001:db8:b::3 "
like "so does a promise" "$(b map)" "$promised 2001:db8:b::4 "
echo hello >&9
ok "the connection works" wait_for grep -q hello "$TMP/said"
exec 9>&-
is "there are never more than fit" "$(b map | wc -l)" 5

# --- many hosts ----------------------------------------------------------------------------------------------------

b spool del
b spool add 198.18.0.0/15 source $SOURCE
ip -n "$SERVER" -6 route add local 2001:db8:d::/64 dev lo
cat >"$TMP/many.py" <<'PY'
import socket, time
begin = time.time()
for i in range(1, 3001):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.setsockopt(41, 78, 1)	# IPV6_FREEBIND
        s.bind((f"2001:db8:d::{i:x}", 0))
        s.sendto(b"x", ("2001:db8:a::46", 7001))
print(f"{time.time() - begin:.1f} s for 3000 packets")
PY
spawn deaf in_ns "$HOST" socat -u UDP4-RECV:7001 /dev/null
wait_for udp_listening "$HOST" 7001
# a device's queue may be full: who was not heard says it again
many()
{
	diag "$(in_ns "$SERVER" python3 "$TMP/many.py")"
	[ "$(umctl -n "$HOST" -j bis spool | jq '.[0].pairs')" = 3000 ]
}
ok "3000 hosts call" wait_for -t 60 many
is "each has an address of its own" "$(b map | cut -d' ' -f1 | sort -u | wc -l)" 3000
finish

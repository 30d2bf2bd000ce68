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

# --- a packet comes in ---------------------------------------------------------------------------------------------

spawn_listener web4 "$HOST" 8080 socat TCP4-LISTEN:8080,reuseaddr,fork SYSTEM:'echo $SOCAT_PEERADDR'
peer=$(in_ns "$SERVER" socat -t 5 "TCP6:[$SOURCE]:8080,bind=[$SERVER6]" - </dev/null)
like "a host without a pair gets one of the spool" "$peer" '^198\.18\.0\.[2-6]$'
is "and keeps it" "$(in_ns "$SERVER" socat -t 5 "TCP6:[$SOURCE]:8080,bind=[$SERVER6]" - </dev/null)" "$peer"
like "it is shown as dynamic" "$(b map)" "^$peer $SERVER6 dynamic idle [0-9]+\$"
is "counted once" "$(count in_new_pair)" 1
ok "the host can call it back" in_ns "$HOST" ping -4 -c 1 -W 5 "$peer"

# --- by request ----------------------------------------------------------------------------------------------------

like "the pair there is" "$(b map lease $SERVER6)" "^$peer $SERVER6"
leased=$(umctl -n "$HOST" -j bis map lease 2001:db8:b::3 lifetime 60 | jq -r '.[0].addr4')
like "a new one" "$leased" '^198\.18\.0\.[2-6]$'
is "not the same" "$([ "$leased" != "$peer" ] && echo other)" other
ok "leads to that host" in_ns "$HOST" ping -4 -c 1 -W 5 "$leased"
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
finish

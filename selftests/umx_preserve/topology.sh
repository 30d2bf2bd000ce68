# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the hosts the tests of umx_preserve.ko play on, and shorthands for asking about them.
#
#                            eth0[ $RA ]eth1
#      2001:db8:a::1/64   ----    |     ----   2001:db8:c::1/64
#   [ $CLIENT ]eth0               |eth2            eth0[ $SERVER ]
#             eth1                |eth2            eth1
#      2001:db8:b::1/64   ----    |     ----   2001:db8:d::1/64
#                            eth0[ $RB ]eth1
#
# Two hosts with a link to each of two providers. What a host sends leaves by the provider of its source; the routers
# have ::fe on each link, know the way to all four prefixes, and forward nothing from a customer's link whose source
# is not of that link (BCP 38).

. "$(dirname "$0")/../lib.sh"

here=$(cd "$(dirname "$0")" && pwd)
A=2001:db8:a::1 B=2001:db8:b::1 C=2001:db8:c::1 D=2001:db8:d::1
PORT=7000

# host NS PREFIX0 PREFIX1: its routes, by source.
host()
{
	local ns=$1 i=0 prefix

	for prefix in "$2" "$3"; do
		ip -n "$ns" -6 rule add from "$prefix:/64" lookup $((100 + i)) priority $((1000 + i))
		ip -n "$ns" route add default via "$prefix:fe" dev eth$i table $((100 + i))
		ip -n "$ns" route add default via "$prefix:fe" dev eth$i metric $((100 + i))
		i=$((i + 1))
	done
}

# routes NS PREFIX0 PREFIX1: what comes and goes with a link.
routes()
{
	local ns=$1 i=0 prefix

	for prefix in "$2" "$3"; do
		ip -n "$ns" route replace default via "$prefix:fe" dev eth$i table $((100 + i)) 2>/dev/null
		ip -n "$ns" route replace default via "$prefix:fe" dev eth$i metric $((100 + i)) 2>/dev/null
		i=$((i + 1))
	done
}

topology()
{
	need umctl jq python3 nft tcpdump
	load umx_preserve
	setup_ns CLIENT SERVER RA RB
	router_ns "$RA"
	router_ns "$RB"
	link_ns "$CLIENT" eth0 $A/64 "$RA" eth0 2001:db8:a::fe/64
	link_ns "$CLIENT" eth1 $B/64 "$RB" eth0 2001:db8:b::fe/64
	link_ns "$SERVER" eth0 $C/64 "$RA" eth1 2001:db8:c::fe/64
	link_ns "$SERVER" eth1 $D/64 "$RB" eth1 2001:db8:d::fe/64
	link_ns "$RA" eth2 2001:db8:ff::a/64 "$RB" eth2 2001:db8:ff::b/64
	host "$CLIENT" 2001:db8:a: 2001:db8:b:
	host "$SERVER" 2001:db8:c: 2001:db8:d:
	ip -n "$RA" route add 2001:db8:b::/64 via 2001:db8:ff::b
	ip -n "$RA" route add 2001:db8:d::/64 via 2001:db8:ff::b
	ip -n "$RB" route add 2001:db8:a::/64 via 2001:db8:ff::a
	ip -n "$RB" route add 2001:db8:c::/64 via 2001:db8:ff::a
	in_ns "$RA" nft -f - <<-NFT
	table ip6 bcp38 {
	chain forward {
		type filter hook forward priority 0
		iifname eth0 ip6 saddr != 2001:db8:a::/64 drop
		iifname eth1 ip6 saddr != 2001:db8:c::/64 drop
	}
	}
	NFT
	in_ns "$RB" nft -f - <<-NFT
	table ip6 bcp38 {
	chain forward {
		type filter hook forward priority 0
		iifname eth0 ip6 saddr != 2001:db8:b::/64 drop
		iifname eth1 ip6 saddr != 2001:db8:d::/64 drop
	}
	}
	NFT
	for pair in "$A $C" "$B $D" "$A $D" "$B $C"; do
		read -r from to <<<"$pair"
		wait_for in_ns "$CLIENT" ping -6 -c 1 -W 1 -I "$from" "$to" || bail "$from reaches $to"
	done
}

# slowly RATE: both providers have that much, and a round trip that is none of a loopback's.
slowly()
{
	local ns dev

	for ns in "$RA" "$RB"; do
		for dev in eth0 eth1; do
			tc -n "$ns" qdisc replace dev $dev root netem delay 2ms rate "$1" limit 2000
		done
	done
}

# c WORD..., s WORD...: umctl preserve on the client, on the server.
c()
{
	umctl -n "$CLIENT" preserve "$@"
}

s()
{
	umctl -n "$SERVER" preserve "$@"
}

both()
{
	c "$@" && s "$@"
}

# count c|s NAME: a counter of that host.
count()
{
	local ns=$CLIENT

	[ "$1" = c ] || ns=$SERVER
	counter "$ns" "$2" preserve stats show
}

# ask c|s FILTER: what jq makes of the list of sessions.
ask()
{
	local ns=$CLIENT

	[ "$1" = c ] || ns=$SERVER
	umctl -n "$ns" -j preserve session show | jq -rc "$2"
}

# current c|s: the pair the newest session is on, "local peer".
current()
{
	ask "$1" '.[-1].current | "\(.local) \(.peer)"'
}

on_pair()
{
	[ "$(current "$1")" = "$2" ]
}

# sessions: are there any, on either end?
sessions()
{
	[ "$(ask c length) $(ask s length)" != "0 0" ]
}

# one_session: there is exactly one.
one_session()
{
	[ "$(ask c length) $(ask s length)" = "1 1" ]
}

# serve: an echo server that knows nothing of all this, on every address of $SERVER; its pid is in $SERVING.
serve()
{
	spawn_listener server "$SERVER" $PORT python3 "$here/talk.py" serve $PORT
	SERVING=$PID
}

# dial TEXT [ADDRESS [alive]]: a client connects; a point. say talks to it.
dial()
{
	coproc TALK { exec ip netns exec "$CLIENT" python3 "$here/talk.py" dial "${2:-$C}" $PORT "${@:3}" 2>&1; }
	TALKING=$TALK_PID
	lib_pids+=("$TALKING")
	hears && [[ $HEARD == connected* ]]
	point $? "$1" || diag "heard: $HEARD"
}

# hears: its next line, in $HEARD.
hears()
{
	HEARD=
	read -r -t $((30 * SLOW)) -u "${TALK[0]}" HEARD
}

# say TEXT WORD: send it, wait for the echo; a point. $HEARD is "WORD MILLISECONDS PEER".
say()
{
	echo "$2" >&"${TALK[1]}" && hears && [[ $HEARD == "$2 "* ]]
	point $? "$1" || diag "heard: $HEARD"
}

# hang_up: end of the connection, seen from the client.
hang_up()
{
	eval "exec ${TALK[1]}>&-"
	wait "$TALKING" 2>/dev/null
	return 0
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of failures nobody is told of: paths that swallow everything, or one direction, or segments
# with options, or change them; and how long an echo every 10 ms has to wait. The limits are a busy machine's: figures are
# what "selftests/bench/run failover" is for. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
both on
serve

# steady: an echo every 10 ms for 3 s, in the background.
steady()
{
	spawn steady in_ns "$CLIENT" python3 "$here/talk.py" echo $C $PORT 10 300
	steady=$PID
	wait_for prints begun cat "$TMP/steady" || bail "the echo begins"
	wait_for one_session || bail "and is a session"
	sleep 1
}

# waited TEXT LIMIT: the echo ends, no word lost, none later than LIMIT ms.
waited()
{
	local longest

	wait "$steady"
	longest=$(tail -n 1 "$TMP/steady")
	[[ $longest =~ ^[0-9]+$ ]] && [ "$longest" -le $(($2 * SLOW)) ]
	point $? "$1: the longest wait was $longest ms, at most $(($2 * SLOW))"
	wait_for -t 30 not sessions
}

# swallow NS RULE...: that router drops what matches, and says nothing.
swallow()
{
	local ns=$1

	shift
	in_ns "$ns" nft add table ip6 hole
	in_ns "$ns" nft add chain ip6 hole forward '{ type filter hook forward priority -10; }'
	in_ns "$ns" nft add rule ip6 hole forward "$@"
}

heal()
{
	in_ns "$1" nft delete table ip6 hole
}

# alive_for N: so many probes have been sent since $probed.
alive_for()
{
	[ $(($(in_ns "$CLIENT" nstat -asz TcpExtTCPKeepAlive | awk '/KeepAlive/ { print $2 }') - probed)) -ge "$1" ]
}

steady
ip -n "$CLIENT" link set eth0 down
waited "a link goes down" 3000
ip -n "$CLIENT" link set eth0 up
ip -n "$CLIENT" addr replace $A/64 dev eth0 nodad
routes "$CLIENT" 2001:db8:a: 2001:db8:b:
wait_for in_ns "$CLIENT" ping -6 -c 1 -W 1 -I $A $C

steady
swallow "$RA" drop
waited "everything is swallowed" 5000
heal "$RA"
ok "it was noticed by silence or a timeout" [ $(($(count c moved_silence) + $(count c moved_timeout) +
	$(count s moved_silence) + $(count s moved_timeout))) -gt 0 ]

steady
swallow "$RA" iifname eth0 drop
waited "what the client sends is swallowed" 5000
heal "$RA"

steady
swallow "$RA" iifname eth1 drop
waited "what the server sends is swallowed" 5000
heal "$RA"

dial "a connection whose path is lost before its end"
say "works" one
swallow "$RA" drop
hang_up
ok "the FIN takes the other path" wait_for -t 5 not sessions
heal "$RA"

dial "a connection that says nothing, and asks whether its peer is there" $C alive
say "works" one
swallow "$RA" drop
ok "moves when nobody answers" wait_for on_pair c "$B $D"
ok "and the peer with it" wait_for on_pair s "$D $B"
probed=$(in_ns "$CLIENT" nstat -asz TcpExtTCPKeepAlive | awk '/KeepAlive/ { print $2 }')
ok "which answers there" wait_for -t 30 alive_for 12
say "still works" two
heal "$RA"
hang_up
wait_for -t 30 not sessions

# --- no path ---------------------------------------------------------------------------------------------------------

# backed_off N: TCP has doubled its timeout N times or more.
backed_off()
{
	[ "$(in_ns "$CLIENT" ss -tinH "dport = $PORT" | sed -n 's/.* backoff:\([0-9]*\) .*/\1/p')" -ge "$1" ]
}

dial "a connection that loses every path"
say "works" one
swallow "$RA" drop
swallow "$RB" drop
echo two >&"${TALK[1]}"
ok "slows down as TCP does" wait_for -t 60 backed_off 5
heal "$RA"
heal "$RB"
hears && [[ $HEARD == "two "* ]]
point $? "and goes on when there is a path: heard \"$HEARD\""
hang_up
wait_for -t 30 not sessions

# --- options on the way ------------------------------------------------------------------------------------------

swallow "$RA" exthdr dst exists drop
dial "a path that swallows options"
say "the connection works" one
is "it is a plain one" "$(ask c length)" 0
is "and the destination is remembered" "$(count c blackhole)" 1
hang_up
dial "the next connection"
is "makes no offer" "$(count c skip_blackhole)" 1
hang_up
heal "$RA"
c set blackhole_timeout 0
dial "with blackhole_timeout 0"
say "offers are made again" one
is "it is a session" "$(ask c length)" 1
hang_up
wait_for -t 30 not sessions
c set blackhole_timeout 3600

# --- a slow path -------------------------------------------------------------------------------------------------

# moves c|s: of all sessions so far.
moves()
{
	local name sum=0

	for name in admin address link peer silence timeout unreachable; do
		sum=$((sum + $(count "$1" moved_$name)))
	done
	echo $sum
}

# The word that was lost is sent again after the move. Were a copy of it sent by another way as well, a quick one, the
# peer would follow that to a third pair. Answers used to take long, or the silence would have been noticed before.
tc -n "$RA" qdisc replace dev eth0 root netem delay 300ms
tc -n "$RB" qdisc replace dev eth1 root netem delay 60ms
dial "a connection that will move to a slow path"
say "works" one
id=$(ask c '.[0].id')
ours=$(moves c) theirs=$(moves s)
swallow "$RA" ip6 saddr $A ip6 daddr $C drop
echo two >&"${TALK[1]}"
c session move "$id" next
hears && [[ $HEARD == "two "* ]]
point $? "the word that was lost arrives: heard \"$HEARD\""
say "and the next" three
is "each end has moved once" "$(($(moves c) - ours)) $(($(moves s) - theirs))" "1 1"
heal "$RA"
hang_up
wait_for -t 30 not sessions

# The last byte of the client's address in the offer: 40 of IPv6, 5 of option, 1 of length, 7 of prefix.
before=$(count c bad_check)
tc -n "$RA" qdisc add dev eth0 clsact
tc -n "$RA" filter add dev eth0 ingress protocol ipv6 u32 match u8 60 0xff at 6 \
	action pedit munge offset 52 u8 set 0x77 || bail "a path that changes options"
dial "a path that changes an offer"
say "the connection works" one
is "it is a plain one" "$(ask c length)" 0
is "the acceptance was refused" "$(($(count c bad_check) - before))" 1
hang_up

finish

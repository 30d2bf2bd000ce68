#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the comparison of umx_preserve with MPTCP when links, addresses and paths fail: how long an echo every
# 10 ms has to wait. It wants a clock that does not depend on the machine's load: "selftests/bench/run failover". The
# hosts are drawn in topology.sh.
#
# Prints "failover FAILURE umx_preserve|MPTCP MILLISECONDS", or "lost" for a connection that did not survive.

. "$(dirname "$0")/topology.sh"
need mptcpize
topology
declare -A WAITED

swallow()
{
	in_ns "$RA" nft add table ip6 hole
	in_ns "$RA" nft add chain ip6 hole forward '{ type filter hook forward priority -10; }'
	in_ns "$RA" nft add rule ip6 hole forward "$@"
}

heal()
{
	in_ns "$RA" nft delete table ip6 hole
}

# whole NS: its links and addresses are back.
whole()
{
	local own=("$A" "$B") prefixes=(2001:db8:a: 2001:db8:b:) i

	[ "$1" = "$CLIENT" ] || own=("$C" "$D") prefixes=(2001:db8:c: 2001:db8:d:)
	for i in 0 1; do
		ip -n "$1" link set eth$i up
		ip -n "$1" addr replace "${own[i]}/64" dev eth$i nodad
	done
	routes "$1" "${prefixes[@]}"
	for pair in "$A $C" "$B $D" "$A $D" "$B $C"; do
		read -r from to <<<"$pair"
		wait_for -t 30 in_ns "$CLIENT" ping -6 -c 1 -W 1 -I "$from" "$to" || bail "$from reaches $to again"
	done
}

# --- what fails, and how it is mended --------------------------------------------------------------------------

fail_client_link()	{ ip -n "$CLIENT" link set eth0 down; }
mend_client_link()	{ whole "$CLIENT"; }
fail_server_link()	{ ip -n "$SERVER" link set eth0 down; }
mend_server_link()	{ whole "$SERVER"; }
fail_client_address()	{ ip -n "$CLIENT" addr del $A/64 dev eth0; }
mend_client_address()	{ whole "$CLIENT"; }
fail_blackhole()	{ swallow drop; }
mend_blackhole()	{ heal; }
fail_one_way_out()	{ swallow iifname eth0 drop; }
mend_one_way_out()	{ heal; }
fail_one_way_in()	{ swallow iifname eth1 drop; }
mend_one_way_in()	{ heal; }
fail_all_paths_60_s()
{
	ip -n "$CLIENT" link set eth0 down
	ip -n "$CLIENT" link set eth1 down
	sleep 60
	ip -n "$CLIENT" link set eth1 up
	ip -n "$CLIENT" addr replace $B/64 dev eth1 nodad
	routes "$CLIENT" 2001:db8:a: 2001:db8:b:
}
mend_all_paths_60_s()	{ whole "$CLIENT"; }

# measure HOW FAILURE: one echo, one failure.
measure()
{
	local wrap=() ms

	[ "$1" != MPTCP ] || wrap=(mptcpize run)
	spawn steady in_ns "$CLIENT" "${wrap[@]}" python3 "$here/talk.py" echo $C $PORT 10 300
	wait_for -t 30 prints begun cat "$TMP/steady" || bail "the echo begins"
	sleep 1
	"fail_$2"
	wait "$PID"
	ms=$(tail -n 1 "$TMP/steady")
	[[ $ms =~ ^[0-9]+$ ]] || ms=lost
	WAITED[$1,$2]=$ms
	echo "failover $2 $1 $ms"
	"mend_$2"
}

# at_most FAILURE MS: the bar, and MPTCP's figure; none is worse.
at_most()
{
	local ours=${WAITED[umx_preserve,$1]} theirs=${WAITED[MPTCP,$1]}

	[ "$ours" != lost ] && [ "$ours" -le "$2" ]
	point $? "$1: $ours ms, at most $2"
	[ "$ours" != lost ] && { [ "$theirs" = lost ] || [ "$ours" -le "$theirs" ]; }
	point $? "$1: $ours ms, MPTCP: $theirs"
}

FAILURES='client_link server_link client_address blackhole one_way_out one_way_in all_paths_60_s'

both on
serve
for failure in $FAILURES; do
	measure umx_preserve "$failure"
	ok "$failure: no session is left" wait_for -t 60 not sessions
done
both off
stop "$SERVING"

for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" ip mptcp limits set subflow 2 add_addr_accepted 2
done
in_ns "$CLIENT" ip mptcp endpoint add $B dev eth1 subflow
in_ns "$SERVER" ip mptcp endpoint add $D dev eth1 signal
spawn_listener server "$SERVER" $PORT mptcpize run python3 "$here/talk.py" serve $PORT
for failure in $FAILURES; do
	measure MPTCP "$failure"
done

for failure in client_link server_link client_address; do
	at_most $failure 50
done
for failure in blackhole one_way_out one_way_in; do
	at_most $failure 120
done
at_most all_paths_60_s 70000
finish

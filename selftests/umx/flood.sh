#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of a flood of forged SYNs at one SSA: it takes no memory, and the true client gets in within a
# second, whatever net.ipv4.tcp_syncookies says. The attacker is drawn in attack.sh.

. "$(dirname "$0")/attack.sh"
attacker
pool_ssa
serve echo "$SERVER" 7
s listener set port 7 mode das pool ssa || bail "port 7 in mode das"

# half_open ADDR: handshakes with it that are not complete.
half_open()
{
	in_ns "$SERVER" ss -Htn state syn-recv src "[$1]" | wc -l
}

# flood TEXT PORT [CLIENT]: all forged SYNs at one SSA of PORT; CLIENT is let go when 60 % have come.
flood()
{
	local addr before n told=0 max=0

	addr=$(ssa port "$2" lifetime 600)
	before=$(arrived)
	sample_from_now
	spawn_attack flood -n $SYNS -r $RATE "$addr" 7777
	while kill -0 "$PID" 2>/dev/null; do
		sample
		n=$(half_open "$addr")
		[ "$n" -le $max ] || max=$n
		if [ -n "${3:-}" ] && [ $told = 0 ] && more_arrived "$before" $((SYNS * 6 / 10)); then
			go "$3" 1 "$addr"
			told=1
		fi
	done
	paced "$1" "$(cat "$TMP/flood")"
	ok "$1: they arrived" more_arrived "$before" $SYNS
	ok "$1: never more than 4 half open, and one: $max" [ "$max" -le 5 ]
	# with 2 the kernel itself keeps none
	[ "$(in_ns "$SERVER" sysctl -n net.ipv4.tcp_syncookies)" = 2 ] || ok "$1: but some: $max" [ "$max" -ge 1 ]
	flat "$1"
	[ -z "${3:-}" ] || within "$1: the true client is let in" "$(went "$3" 1)"
	FLOODED=$addr
}

# median NUMBER...
median()
{
	printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

# further TEXT CLIENT N: N more SSAs, each flooded while CLIENT connects to it.
further()
{
	local i addr before times=() took

	for ((i = 2; i <= $3 + 1; i++)); do
		addr=$(ssa port 7 lifetime 600)
		before=$(arrived)
		spawn_attack more -n 0 -r $RATE -t 60 "$addr" 7777
		wait_for more_arrived "$before" $((RATE / 5)) || bail "the flood runs"
		go "$2" $i "$addr"
		took=$(went "$2" $i)
		stop "$PID"
		times+=("${took%% *}")
		within "$1: on a further SSA" "$took" || return
	done
	diag "$1: ms until connected: p50 $(median "${times[@]}"), of ${times[*]}"
}

for cookies in 1 0 2; do
	in_ns "$SERVER" sysctl -qw net.ipv4.tcp_syncookies=$cookies
	client "client$cookies" 7777 7
	flood "tcp_syncookies=$cookies" 7 "client$cookies"
	further "tcp_syncookies=$cookies" "client$cookies" 6
	s ssa flush
done

# A backlog that would hold them all: the limit is that of the SSA.
in_ns "$SERVER" sysctl -qw net.core.somaxconn=1000000 net.ipv4.tcp_max_syn_backlog=1000000 net.ipv4.tcp_syncookies=0
serve deep "$SERVER" 77 -backlog=1000000
s listener set port 77 mode das pool ssa || bail "port 77 in mode das"
client deep 77 1
flood "a deep backlog" 77 deep
s ssa flush
ok "half_open 2" s listener set port 77 mode das pool ssa half_open 2
SYNS=$((SYNS / 10))
flood "half_open 2" 77
ok "half_open 2: it is the limit" [ "$(half_open "$FLOODED")" -le 2 ]

finish

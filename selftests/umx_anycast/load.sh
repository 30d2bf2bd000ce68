#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests under a flood of forged SYNs: replies stay within the kernel's limits, nothing grows, and
# the module and the namespace can go at any moment. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
load umx_anycast
topology

# The limits, as 6.1 has them by default. Later kernels have them per namespace, and wider.
RATE=1000 BURST=50
in_ns "$ROUTER" sysctl -qw net.ipv4.icmp_msgs_per_sec=$RATE net.ipv4.icmp_msgs_burst=$BURST 2>/dev/null ||
	sysctl -qw net.ipv4.icmp_msgs_per_sec=$RATE net.ipv4.icmp_msgs_burst=$BURST

# What comes to the client is replies, and they go to whom it has pretended to be.
replies()
{
	in_ns "$CLIENT" cat /sys/class/net/eth0/statistics/rx_packets
}

# memory: kB of all slabs and per-CPU data. The kernel remembers whom it has sent errors to; that is in it.
memory()
{
	awk '/^(Slab|Percpu):/ { kb += $2 } END { print kb }' /proc/meminfo
}

# flood COUNT: forged SYNs; leaves the milliseconds it took in $MS.
flood()
{
	local sent

	read -r sent MS < <(segment -n "$1" $ANYCAST)
	is "$1 SYNs from as many forged sources" "$sent" "$1"
}

decided()
{
	echo $(($(count answered) + $(count suppressed)))
}

# --- bounded -----------------------------------------------------------------------------------------------------

# A kernel full of checks gets its share of them; no figure is taken from it.
SYNS=$((100000 / SLOW))
# A flow that takes more than the namespace may answer: of three SYNs one stays unanswered, whoever sends it.
FLOW=$((RATE * 3 / 2 / SLOW))

# What is allocated once, is.
a on
flood $((SYNS / 5))
a off
before=$(memory)
flood $((SYNS / 5))
diag "memory: $(($(memory) - before)) kB more after $((SYNS / 5)) SYNs with the module off"

a on
before=$(memory) got=$(replies) answered=$(count answered) decided=$(decided)
flood $SYNS
in_ns "$CLIENT" ping -6 -c 1 -W 5 $R >/dev/null
after=$(memory)
got=$(($(replies) - got)) answered=$(since answered "$answered") decided=$(($(decided) - decided))
limit=$((BURST + RATE * (MS + 1000) / 1000))
ok "replies are bounded: $got in $MS ms ($((SYNS * 1000 / (MS + 1))) SYNs/s), at most $limit" [ "$got" -le $limit ]
ok "but there are some" [ "$got" -gt 0 ]
ok "what was counted as answered arrived, and little else" [ $((got - answered)) -ge 0 -a $((got - answered)) -lt 20 ]
diag "$decided of $SYNS SYNs reached the module, $answered answered"
ok "nearly all were decided" [ "$decided" -gt $((SYNS / 2)) ]
# An error costs the kernel an inet_peer, whoever sends it: there are at most 65,664 of them.
text="nothing else grows: $((after - before)) kB, for $answered hosts that the kernel has sent an error to"
if [ $SLOW = 1 ]; then
	ok "$text" [ $((after - before)) -lt $((1024 + answered / 4)) ]
else
	diag "$text: this kernel keeps what was freed for a while; it looks for leaks itself"
fi
is "no socket, no half-open connection" "$(in_ns "$ROUTER" ss -Hnta | wc -l)" 0

# start_flow: forged SYNs until they are stopped; leaves the process in $flood.
start_flow()
{
	spawn flood in_ns "$CLIENT" "$here/../wire/segment" -n 0 -r $FLOW -t 600 eth0 "$MAC" $ANYCAST 7777
	flood=$PID
}

# answered_once: whether one of six connects is answered. Each sends four SYNs or more, and each of those has the
# chance of any other in the flow: two in three. That none is answered will happen once in 10^11 runs.
answered_once()
{
	local answer

	for _ in 1 2 3 4 5 6; do
		answer=$(dial 10 $ANYCAST)
		[[ $answer == "EHOSTUNREACH "* ]] && return
		diag "a try: ${answer%%$'\n'*}"
	done
	false
}

# An ordinary client gets its answer all the same, if not always at its first try.
start_flow
ok "a client during a flood" answered_once

# --- rmmod and switching under load ------------------------------------------------------------------------------

meets_flood()
{
	[ "$(decided)" -gt "$1" ]
}

for _ in 1 2 3 4 5 6 7 8 9 10; do
	load umx_anycast
	a on || bail "on"
	wait_for meets_flood "$(decided)" || bail "the flood is met"
	rmmod umx_anycast || bail "rmmod under load"
done 2>"$TMP/err"
ok "ten times loaded and unloaded under load" [ ! -s "$TMP/err" ]
load umx_anycast
for _ in $(seq 30); do
	printf 'anycast on\nanycast on addr %s\nanycast off\n' $ANYCAST
done >"$TMP/batch"
ok "thirty times on and off under load" umctl -n "$ROUTER" -b "$TMP/batch"

# --- namespaces that go under load -------------------------------------------------------------------------------

gone()
{
	local i

	for i in 1 2 3 4 5; do
		a on || return
		wait_for meets_flood "$(decided)" || return
		del_ns "$ROUTER" || return
		stop "$flood"
		setup_ns ROUTER
		router_ns "$ROUTER"
		link_ns "$CLIENT" eth0 $C/64 "$ROUTER" eth0 $R/64
		ip -n "$ROUTER" route add 2001:db8:f000::/36 via $C
		wait_for is_anycast "$ROUTER" $ANYCAST || return
		MAC=$(in_ns "$ROUTER" cat /sys/class/net/eth0/address)
		start_flow
	done
}

gone
point $? "five namespaces deleted under load"
a on
ok "and the sixth answers" wait_for meets_flood "$(decided)"
stop "$flood"
ok "rmmod at the end" rmmod umx_anycast

finish

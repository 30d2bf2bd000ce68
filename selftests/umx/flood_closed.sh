#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of floods of forged SYNs at what is closed: addresses that are unknown, expired, used, given to
# others, and a port in mode das on legacy addresses. Not one reply, each SYN counted, nothing grows. The attacker is
# drawn in attack.sh.

. "$(dirname "$0")/attack.sh"
attacker
pool_ssa
FORGED='> (2001:db8:f0|198\.1[89]\.)' # in what tcpdump prints
serve echo "$SERVER" 7 -dual
s listener set port 7 mode das pool ssa >/dev/null || bail "port 7 in mode das"

expired=$(ssa port 7 lifetime 1)
used=$(ssa port 7)
peer "$CLIENT" call "$used" 7 echo rst >/dev/null
gone()
{
	! prints "$1" s addr show
}
wait_for gone "$expired" || bail "an SSA expires"
wait_for gone "$used" || bail "an SSA is used up"

# what would be seen if there was something: a cookie, which nobody repeats
watch
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_syncookies=2
attack -n 1 "$(ssa port 7)" 7 >/dev/null
is "a SYN-ACK is seen on both links" "$(heard "$FORGED")" 2
s ssa flush
watch
reserved=$(ssa port 7 from 2001:db8:c::/64 lifetime 600)

# all_but_few N: every SYN, and at most what the client repeated after its session's end, as it may.
all_but_few()
{
	[ "$1" -ge $SYNS ] && [ "$1" -le $((SYNS + 4)) ]
}

# flood TEXT REASON OPTION... DESTINATION PORT: while it lasts a client connects to an SSA.
n=0
flood()
{
	local text=$1 reason=$2 before count all came

	shift 2
	n=$((n + 1))
	all=$(counters "$SERVER") before=$(drops "$SERVER") count=$(counter "$SERVER" "$reason") came=$(arrived)
	sample_from_now
	spawn_attack flood -n $SYNS -r $RATE "$@"
	wait_for more_arrived "$came" $((SYNS / 2))
	go client $n "$(ssa port 7)"
	while kill -0 "$PID" 2>/dev/null; do
		sample
		sleep 0.1
	done
	paced "$text" "$(cat "$TMP/flood")"
	within "$text: a client is let in elsewhere" "$(went client $n)"
	wait_for still drops "$SERVER"
	ok "$text: each is counted" all_but_few $(($(drops "$SERVER") - before)) || why "$SERVER" "$all"
	ok "$text: as $reason" all_but_few $(($(counter "$SERVER" "$reason") - count))
	flat "$text"
	# but for the client's own session
	is "$text: not one reply on either link" "$(heard "$FORGED")" 0 || said
}

client client 7 8
for cookies in 1 0; do
	in_ns "$SERVER" sysctl -qw net.ipv4.tcp_syncookies=$cookies
	flood "tcp_syncookies=$cookies: 10,000 unknown addresses" in_unknown -d 10000 ${SSA}::1:0 7
	flood "tcp_syncookies=$cookies: LISTEN_0" in_listen0 $S 7
done
flood "LISTEN_0, IPv4" in_listen0_ipv4 10.0.2.1 7
SYNS=$((SYNS / 10))
flood "an expired SSA" in_unknown "$expired" 7
flood "a used SSA" in_unknown "$used" 7
client others 7 1
exactly "an SSA for others" "$SERVER" attack -n $SYNS -r $RATE "$reserved" 7
go others 1 "$reserved"
within "an SSA for others: they are let in" "$(went others 1)"
is "an SSA for others: not one reply" "$(heard "$FORGED")" 0 || said
finish

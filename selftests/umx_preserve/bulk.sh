#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of bulk transfers: they arrive bit-exact while their connection moves, by command, by links
# that go and come, at either end. The hosts are drawn in topology.sh.
#
# UMX_PRESERVE_MB is the size of each (16), UMX_PRESERVE_RATE what a provider carries (13mbit: ten seconds for 16 MB).
# Both are for the soak: 1024 and 1gbit.

. "$(dirname "$0")/topology.sh"
topology
both on
serve
MB=${UMX_PRESERVE_MB:-16}
RATE=${UMX_PRESERVE_RATE:-13mbit}

# moves c|s ID N: N moves of that session, one after the other; prints how many succeeded.
moves()
{
	local i n=0

	for ((i = 0; i < $3; i++)); do
		"$1" session move "$2" next && n=$((n + 1))
		sleep 0.3
	done
	echo $n
}

# more c|s ID: one a second until the transfer is over; prints how many succeeded, and how many did not.
more()
{
	local n=0 failed=0

	while sleep 1 && [ ! -s "$TMP/bulk" ]; do
		if "$1" session move "$2" next 2>/dev/null; then
			n=$((n + 1))
		elif [ "$(ask "$1" length)" != 0 ]; then
			failed=$((failed + 1))
		fi
	done
	echo $n $failed
}

# arrives TEXT PID: the transfer ends, both ends have seen the same bytes.
arrives()
{
	wait "$2"
	is "$1" "$(cat "$TMP/bulk")" same
}

# calm: six moves were asked for; a segment that overtakes another may add a few, and so does silence on a busy machine.
calm()
{
	local end n

	for end in c s; do
		n=$(ask $end '.[0].moved')
		[ "${n:-0}" -ge 6 ] && [ "$n" -le 24 ] || return 1
	done
}

# three_moves: the client has gone from what went away three times.
three_moves()
{
	[ $(($(count c moved_address) + $(count c moved_link))) -ge 3 ]
}

# six moves take three seconds where nobody else is
slowly "$RATE"

for way in send fetch; do
	for mover in c s; do
		begun=$SECONDS
		spawn bulk in_ns "$CLIENT" python3 "$here/talk.py" $way $C $PORT $MB
		bulk=$PID
		ok "$way: a session" wait_for one_session
		id=$(ask $mover '.[0].id')
		n=$(moves $mover "$id" 6)
		is "$way: six moves by $mover" "$n" 6
		ok "$way: both ends have, without going to and fro" wait_for -t 5 calm
		read -r n failed <<<"$(more $mover "$id")"
		is "$way: $n more moves, all of them" "$failed" 0
		arrives "$way: arrives as it was" $bulk
		diag "$MB MB in $((SECONDS - begun)) s with $((n + 6)) moves"
		ok "$way: and is over" wait_for -t 20 not sessions
	done
done

spawn bulk in_ns "$CLIENT" python3 "$here/talk.py" send $C $PORT $((2 * MB))
bulk=$PID
ok "links: a session" wait_for one_session
for dev in eth0 eth1 eth0; do
	ip -n "$CLIENT" link set $dev down
	sleep 0.5
	ip -n "$CLIENT" link set $dev up
	ip -n "$CLIENT" addr replace $A/64 dev eth0 nodad
	ip -n "$CLIENT" addr replace $B/64 dev eth1 nodad
	routes "$CLIENT" 2001:db8:a: 2001:db8:b:
	sleep 0.5
done
ok "links: three went down, one after the other" wait_for three_moves
arrives "links: arrives as it was" $bulk
ok "links: and is over" wait_for -t 20 not sessions

is "nothing was malformed or forged" \
	"$(count c malformed) $(count s malformed) $(count c bad_check) $(count s bad_check) $(count c bad_checksum) $(count s bad_checksum)" \
	"0 0 0 0 0 0"

finish

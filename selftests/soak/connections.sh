#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the soak of connections: many, of every kind and with every end, and no address among them twice; that
# is read from what both ends have seen, and from the events.

. "$(dirname "$0")/world.sh"
world
roads
rules
count=$(scaled 20000)
workers=4

for ns in "$CLIENT" "$SERVER"; do
	# a cycle of TIME_WAITs is not to be the limit
	in_ns "$ns" sysctl -qw net.ipv4.tcp_max_tw_buckets=65536
	spawn "events.$ns" umctl -n "$ns" -j monitor
done
for ((w = 0; w < workers; w++)); do
	spawn "mix$w" python3 -u "$HERE/mix.py" $w $(((count + workers - 1) / workers))
	mix[w]=$PID
done
for ((w = 0; w < workers; w++)); do
	wait_for grep -q ready "$TMP/mix$w" || bail "mix.py runs: $(cat "$TMP/mix$w")"
done
touch "$TMP/go"
for ((w = 0; w < workers; w++)); do
	wait "${mix[w]}"
	point $? "worker $w has come to its end"
	points cat "$TMP/mix$w"
done

n=$(cat "$TMP"/seen.* | wc -l)
point $((n < count)) "the ends have seen $n one-time addresses in $count connections"
is "none of them twice" "$(sort "$TMP"/seen.* | uniq -d | head -n 5)" ""
# what was made and not called
umctl -n "$SERVER" ssa flush
wait_for none_valid
for ns in "$CLIENT" "$SERVER"; do
	created=$(($(counter "$ns" ea_created) + $(counter "$ns" ssa_claimed)))
	not_lost()
	{
		! grep -q '"lost"' "$TMP/events.$ns"
	}
	bound()
	{
		jq -r 'select(.event == "session_bound").address' "$TMP/events.$ns"
	}
	ok "$ns: no event was lost" not_lost
	is "$ns: no address in two sessions, by the events" "$(bound | sort | uniq -d | head -n 5)" ""
	is "$ns: the events have all of its $created sessions" "$(bound | wc -l)" "$created"
done
unload "after $count connections"
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of many sessions that lose their link at once: each of them moves, each of them lives. The hosts
# are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
both on
MANY=10000

spawn_listener pool "$SERVER" $PORT python3 "$here/talk.py" pool $PORT
coproc TALK { exec ip netns exec "$CLIENT" python3 "$here/talk.py" many $C $PORT $MANY 2>&1; }
lib_pids+=("$TALK_PID")

# said: the next line of the client, in $HEARD.
said()
{
	HEARD=
	read -r -t $((120 * SLOW)) -u "${TALK[0]}" HEARD
}

# round WORD: a word on each connection.
round()
{
	echo "$1" >&"${TALK[1]}" && said
	like "$1: each connection echoes" "$HEARD" "^$1 $MANY "
}

# left_link: no session of the client is on the address that goes.
left_link()
{
	[ "$(ask c "map(select(.current.local == \"$A\")) | length")" = 0 ]
}

# followed: the server's sessions have moved as often as there are sessions, whatever for.
followed()
{
	local sum=0 name

	for name in moved_peer moved_silence moved_timeout; do
		sum=$((sum + $(count s "$name")))
	done
	[ "$sum" -ge $MANY ]
}

said
is "$MANY connections" "$HEARD" "connected $MANY"
is "are sessions on both ends" "$(count c agreed) $(count s agreed)" "$MANY $MANY"
round before

begun=$(date +%s%3N)
ip -n "$CLIENT" link set eth0 down
ok "a link goes: each session leaves it" wait_for -t 60 left_link
read -r first last < <(ask c '[.[].moves[] | select(.reason == "address" or .reason == "link") | .time] |
	"\(min) \(max)"' | tr -d '"')
diag "the first was moved $((first - begun)) ms after the command, the last $((last - begun)) ms"
diag "pairs: $(ask c 'group_by(.current) | map("\(length) on \(.[0].current | "\(.local) \(.peer)")") | join(", ")')"
round after
# ACKs of so many at once get lost: whose peer has not heard of the move finds out when it sends
ok "each of them is followed" wait_for -t 60 followed
round again
is "no session has ended" "$(ask c length) $(ask s length)" "$MANY $MANY"
both off abort
ok "they can be let go" wait_for -t 120 not sessions
ok "and the module with them" wait_for -t 120 rmmod umx_preserve

finish

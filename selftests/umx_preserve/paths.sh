#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what routers and routes say: a narrower path, an unreachable destination, no route, and no
# path at all; and of the events about it. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
both on
serve

umctl -n "$CLIENT" -j preserve monitor >"$TMP/events" 2>"$TMP/events.err" &
lib_pids+=($!)

# heard FILTER: an event that jq finds true.
heard()
{
	prints true jq -c "$1" "$TMP/events"
}

# --- a narrower path ---------------------------------------------------------------------------------------------

ip -n "$RB" link set eth1 mtu 1400
spawn bulk in_ns "$CLIENT" python3 "$here/talk.py" patient $C $PORT 4
bulk=$PID
ok "a transfer is a session" wait_for one_session
c session move "$(ask c '.[0].id')" next
ok "it moves to the narrow path before it sends" wait_for on_pair s "$D $B"
stop "$bulk" USR1
is "all of it arrives" "$(cat "$TMP/bulk")" same
ok "a router has said: packet too big" [ "$(count c icmp)" -ge 1 ]
is "and that moves nothing" "$(count c moved_admin) $(count c moved_timeout) $(count c moved_silence)" "1 0 0"
ip -n "$RB" link set eth1 mtu 1500
wait_for -t 20 not sessions

# --- unreachable -------------------------------------------------------------------------------------------------

dial "a session"
say "works" one
id=$(ask c '.[-1].id')
ip -n "$RA" route add unreachable $C/128 metric 1
say "a router that knows no way moves it" two
is "why" "$(ask c '.[-1].moves | map(.reason)')" '["unreachable"]'
is "where to" "$(current c)" "$B $D"
ok "that is an event" wait_for heard "select(.id == $id and .event == \"moved\") |
	.reason == \"unreachable\" and .from.local == \"$A\" and .to.peer == \"$D\""
ip -n "$RA" route del unreachable $C/128 metric 1

ip -n "$CLIENT" -6 route flush table 101
ip -n "$CLIENT" -6 route add unreachable default table 101
say "no route of its own moves it" three
is "why" "$(ask c '.[-1].moves | map(.reason)')" '["unreachable","unreachable"]'
ok "the server has followed" wait_for on_pair s "$C $A"
ip -n "$CLIENT" -6 route del unreachable default table 101
routes "$CLIENT" 2001:db8:a: 2001:db8:b:

# --- no path -----------------------------------------------------------------------------------------------------

ip -n "$CLIENT" link set eth1 down
ip -n "$CLIENT" link set eth0 down
ok "both links down: an event" wait_for heard "select(.id == $id) | .event == \"all-paths-down\""
echo four >&"${TALK[1]}"
ip -n "$CLIENT" link set eth1 up
ip -n "$CLIENT" addr replace $B/64 dev eth1 nodad
routes "$CLIENT" 2001:db8:a: 2001:db8:b:
hears
like "one comes back: what was said meanwhile arrives" "$HEARD" "^four "
ok "that is an event" wait_for heard "select(.id == $id) | .event == \"recovered\""
say "and it works" five
hang_up
is "nothing went wrong with the events" "$(cat "$TMP/events.err")" ""

finish

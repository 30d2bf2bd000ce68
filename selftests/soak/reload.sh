#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the soak of loading and unloading: all modules, many times, while programs connect, listen and accept
# all the time.

. "$(dirname "$0")/world.sh"
world
roads
rounds=$(scaled 100)

for w in 0 1; do
	rough $w
	mix[w]=$PID
done
gone=0
for ((i = 1; i <= rounds; i++)); do
	rules
	load umx_anycast
	umctl -n "$SERVER" anycast on
	feed 0
	feed 1
	wait_for used || { diag "round $i: nothing is used: $(counters "$CLIENT")"; break; }
	umctl -n "$CLIENT" drain --abort >"$TMP/drain"
	umctl -n "$SERVER" drain --abort >"$TMP/drain"
	wait_for rmmod umx || { diag "round $i: $(rmmod umx 2>&1; umctl -n "$CLIENT" drain)"; break; }
	rmmod umx_anycast || break
	wait_for rmmod umx_tcp || { diag "round $i: $(rmmod umx_tcp 2>&1; in_ns "$CLIENT" ss -Htan | head -n 5)"; break; }
	gone=$i
done
is "loaded and unloaded under load" "$gone" "$rounds"
for w in 0 1; do
	ok "program $w lives on" kill -0 "${mix[w]}"
	stop "${mix[w]}"
	diag "$(tail -n 1 "$TMP/mix$w")"
done
rules
ok "and umx still works" umctl -n "$CLIENT" addr show
unload "the end"
finish

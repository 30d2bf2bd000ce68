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
moved=0
for ((i = 1; i <= rounds; i++)); do
	rules
	beside
	feed 0
	feed 1
	wait_for -t 30 all_used || { diag "round $i: something is not used: $(usage)"; break; }
	move_some 8
	moved=$((moved + $(counter "$CLIENT" moved_admin preserve stats show) + $(counter "$SERVER" moved_admin preserve stats show)))
	# umx_tcp comes last, after both that need it
	case $((i % 3)) in
	0)	order="umx_preserve umx umx_udp umx_bis umx_anycast umx_tcp" ;;
	1)	order="umx_bis umx umx_preserve umx_anycast umx_tcp umx_udp" ;;
	2)	order="umx_anycast umx_preserve umx_bis umx umx_udp umx_tcp" ;;
	esac
	# shellcheck disable=SC2086
	what=$(away $order) || { diag "round $i: $what" "$(in_ns "$CLIENT" ss -Htan | head -n 5)"; break; }
	gone=$i
	diag "round $i: unloaded after $SECONDS s"
done
is "loaded and unloaded under load, $moved sessions moved" "$gone" "$rounds"
for w in 0 1; do
	ok "program $w lives on" kill -0 "${mix[w]}"
	stop "${mix[w]}"
	diag "$(tail -n 1 "$TMP/mix$w")"
done
rules
ok "and umx still works" umctl -n "$CLIENT" addr show
unload "the end"
finish

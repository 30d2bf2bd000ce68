#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of random messages to the netlink families, from two processes at a time. All that is left
# afterwards can be shown, drained and unloaded.
#
# usage: random.sh [COUNT [SEED]]; "nlfuzz show SEED 1 NUMBER" sends one of them again.

. "$(dirname "$0")/world.sh"

count=${1:-40000}
seed=${2:-$((SRANDOM))}
workers=2
world
spawn_listener server "$NS" 81 python3 ../umx/peer.py serve 80 81

for ((i = 0; i < workers; i++)); do
	spawn "fuzz$i" in_ns "$NS" ./nlfuzz random $((seed + i)) $((count / workers))
	fuzz[i]=$PID
done
for ((i = 0; i < workers; i++)); do
	wait "${fuzz[i]}"
	point $? "process $i has come to its end"
	points cat "$TMP/fuzz$i"
done
diag "$(counters "$NS")"
for what in pool ea listener ssa addr session stats; do
	ok "$what show works" umctl -n "$NS" -j "$what" show
done
for what in "anycast show" "preserve show" "preserve session show" "preserve exclude show" "preserve key show" \
	"bis spool show" "bis map show" "bis eam show" "bis prefix show"; do
	# shellcheck disable=SC2086
	ok "$what works" umctl -n "$NS" -j $what
done

# the family does what it is asked for
ok "an end to draining" umctl -n "$NS" drain off
umctl -n "$NS" pool flush force
umctl -n "$NS" pool add fresh prefix 2001:db8:f:f::/64 || bail "a pool can be added"
ok "a port can be guarded" umctl -n "$NS" listener set port 80 mode das pool fresh
like "and gets an SSA" "$(umctl -n "$NS" ssa add port 80 2>&1)" '^2001:db8:f:f:'
leave
finish

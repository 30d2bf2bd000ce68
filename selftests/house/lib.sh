#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of selftests/lib.sh: points, plans, leftovers, waiting.

here=$(dirname "$0")
. "$here/../lib.sh"

# program TEXT: run TEXT as a test program of its own; output in $OUT, status in $STATUS.
program()
{
	printf '. "%s/../lib.sh"\n%s\n' "$(realpath "$here")" "$1" >"$TMP/program"
	STATUS=0
	OUT=$(bash "$TMP/program" 2>&1) || STATUS=$?
}

program 'ok yes true; not_ok no false; is same a a; like alike abc b; finish'
is "what passes passes" "$STATUS $(grep -c '^ok' <<<"$OUT") $(tail -n 1 <<<"$OUT")" "0 4 1..4"
program 'ok yes false; not_ok no true; is same a b; like alike abc d; status_is st 3 false; finish'
is "what fails fails" "$STATUS $(grep -c '^not ok' <<<"$OUT") $(tail -n 1 <<<"$OUT")" "1 5 1..5"
program 'not_ok gone no-such-command; finish'
is "a missing command is no refusal" "$STATUS" 1
program 'ok yes true; exit 0'
is "an end without finish is a failure" "$STATUS $(tail -n 1 <<<"$OUT" | cut -d' ' -f1-3)" "1 not ok 2"
program 'need no-such-command; finish'
is "a missing command skips" "$STATUS $(tail -n 1 <<<"$OUT")" "4 1..0 # SKIP no-such-command is not installed"
program 'skip this that; finish'
is "a point can be skipped" "$STATUS $(tail -n 2 <<<"$OUT" | head -n 1)" "0 ok 1 this # SKIP that"
program 'bail it'
is "bail is a failure" "$STATUS" 1

program 'setup_ns A B; spawn z in_ns "$A" sleep 1000; in_ns "$B" sleep 1000 &
	wait_for prints . ip netns pids "$B"; echo "$A $B $TMP"; finish'
read -r a b tmp < <(tail -n 2 <<<"$OUT")
not_ok "namespaces go away" grep -E "$a|$b" <(ip netns list)
not_ok "background programs go away" pgrep -x sleep
not_ok "the directory goes away" test -e "$tmp"

start=$SECONDS
not_ok "wait_for gives up" wait_for -t 1 false
ok "wait_for gives up in time" test $((SECONDS - start)) -le $((2 * SLOW + 8))
(sleep 0.3; touch "$TMP/there") &
ok "wait_for waits" wait_for test -e "$TMP/there"
wait

setup_ns A R B
link_ns "$A" eth0 2001:db8:1::1/64 "$R" eth0 2001:db8:1::2/64
link_ns "$R" eth1 2001:db8:2::2/64 "$B" eth0 2001:db8:2::1/64
router_ns "$R"
ip -n "$A" route add default via 2001:db8:1::2
ip -n "$B" route add default via 2001:db8:2::2
ok "a router forwards" in_ns "$A" ping -6 -c 1 -W 5 2001:db8:2::1
spawn_listener web "$B" 8000 python3 -m http.server --bind :: 8000
ok "a server in the background answers" in_ns "$A" curl -sgo /dev/null 'http://[2001:db8:2::1]:8000/'
stop "$PID"
not_ok "it can be stopped" listening "$B" 8000
for _ in $(seq 100); do
	spawn young sleep 1000
	stop "$PID"
done
ok "a child that is ended as it begins takes nothing along" test -d "$TMP"
del_ns "$R"
not_ok "a namespace can be deleted" ip netns exec "$R" true

finish

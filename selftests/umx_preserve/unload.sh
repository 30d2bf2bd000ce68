#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of going away: switched off, unloaded and with the namespace deleted, under load. The hosts
# are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
serve

# busy: connections, one after the other, until killed.
busy()
{
	spawn load in_ns "$CLIENT" bash -c "while :; do
		timeout 20 python3 '$here/talk.py' send $C $PORT 1; done"
	load=$PID
}

# unloads: off at both ends, and the module with it. On a slow machine some sessions of the load have moved: they are
# ended.
unloads()
{
	both off abort && rmmod umx_preserve 2>/dev/null
}

meets_load()
{
	[ "$(count c offered)" -gt 0 ] && [ "$(count s agreed)" -gt 0 ]
}

busy
for i in 1 2 3; do
	load umx_preserve
	both on || bail "on"
	ok "$i: sessions come and go" wait_for -t 30 meets_load
	ok "$i: off, and unloaded under load" wait_for -t 30 unloads
done
load umx_preserve
both on
ok "and once more" wait_for -t 30 meets_load
stop "$load"

# A session that lives goes on as plain TCP. What is left of the load goes before.
both off abort
both on
ok "no session of the load is left" wait_for -t 60 not sessions
dial "a session"
say "works" one
is "it is one" "$(ask c length) $(ask s length)" "1 1"
both off
is "off lets go of it" "$(ask c length) $(ask s length)" "0 0"
say "and it works" two
both on
hang_up

# One that has moved cannot be plain.
dial "another"
say "works" one
c session move "$(ask c '.[0].id')" next
ok "has moved" wait_for on_pair s "$D $B"
both off
is "off leaves it alone" "$(ask c length) $(ask s length)" "1 1"
say "and it works" two
not_ok "the module stays" rmmod umx_preserve
c off abort
ok "abort ends it" wait_for -t 20 not sessions
hang_up
ok "and the module goes" wait_for -t 30 unloads
load umx_preserve
both on

# A namespace that goes takes its sessions along.
dial "a session"
say "works" one
c session move "$(ask c '.[0].id')" next
stop "$TALKING" KILL
stop "$SERVING" KILL
del_ns "$CLIENT"
setup_ns CLIENT
del_ns "$SERVER"
setup_ns SERVER
ok "namespaces deleted with a session that has moved, and unloaded" wait_for -t 90 rmmod umx_preserve

finish

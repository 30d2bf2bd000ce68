#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the tracepoints: each transition of an address, each drop with its reason and its packet.
# The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
pool_ea
pool_ssa
serve echo "$SERVER" 7
s listener set port 7 mode das || bail "port 7 in mode das"

mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing || bail "tracefs can be mounted"
# an instance of our own: nobody else's events are in it, none of ours in theirs
instance=/sys/kernel/tracing/instances/umx-test-$$
mkdir "$instance" || bail "a tracing instance can be made"
trap 'status=$?; echo 0 >$instance/events/umx/enable; rmdir "$instance"; (exit $status); lib_exit' EXIT

forge()
{
	in_ns "$STRANGER" python3 "$here/forge.py" "$@" >/dev/null
}

# events REGEX: how many there are so far that match.
events()
{
	grep -cE "$1" "$instance/trace"
}

seen()
{
	[ "$(events "$1")" -ge 1 ]
}

clear()
{
	: >"$instance/trace"
}

is "there are two" "$(printf '%s\n' "$instance"/events/umx/umx_*/id | wc -l)" 2
ok "a session, nobody looks" peer "$CLIENT" call "$(ssa port 7)" 7 echo rst
is "switched off they are silent" "$(events 'umx_')" 0
echo 1 >"$instance/events/umx/enable"

# --- umx_address ---------------------------------------------------------------------------------------------

# path ADDR: "FROM>TO(BOUND)" of each transition so far.
path()
{
	sed -nE "s/.* umx_address: .* address=$1 .*from=([a-z]+) to=([a-z]+) bound=([01]).*/\1>\2(\3)/p" "$instance/trace" |
		paste -sd' '
}

went()
{
	[ "$(path "$1")" = "$2" ]
}

to=$(ssa port 7)
from=$(peer "$CLIENT" call "$to" 7 name echo rst | sed -n '1s/ .*//p')
wait_for went "$to" "none>valid(0) valid>valid(1) valid>disposed(1)"
is "an SSA: made, claimed, disposed" "$(path "$to")" "none>valid(0) valid>valid(1) valid>disposed(1)"
wait_for went "$from" "none>valid(1) valid>disposed(1)"
is "an EA: made, disposed" "$(path "$from")" "none>valid(1) valid>disposed(1)"
ok "pool, role and port are named" seen " umx_address: netns=[0-9]+ pool=ssa address=$to role=ssa .* port=7$"
ok "an EA has its role" seen " umx_address: netns=[0-9]+ pool=ea address=$from role=ea "
is "netns tells two hosts apart" "$(grep -oE 'netns=[0-9]+' "$instance/trace" | sort -u | wc -l)" 2

clear
to=$(ssa port 7)
peer "$CLIENT" call "$to" 7 far=name far=close eof close >/dev/null
wait_for went "$to" "none>valid(0) valid>valid(1) valid>closing(1)"
is "a TIME_WAIT: closing" "$(path "$to")" "none>valid(0) valid>valid(1) valid>closing(1)"

clear
to=$(ssa port 7 lifetime 1)
wait_for went "$to" "none>valid(0) valid>disposed(0)"
is "a lifetime that ends" "$(path "$to")" "none>valid(0) valid>disposed(0)"

clear
s listener set port 7 mode auto pool ssa || bail "port 7 in mode auto"
to=$(s ssa lease port 7)
s ssa del "$to"
wait_for went "$to" "none>uncertain(0) uncertain>valid(0) valid>disposed(0)"
is "one that is kept ready, and leased" "$(path "$to")" "none>uncertain(0) uncertain>valid(0) valid>disposed(0)"
s listener set port 7 mode das pool ssa || bail "port 7 in mode das"

# --- umx_drop ------------------------------------------------------------------------------------------------

clear
before=$(counter "$SERVER" in_unknown)
forge syn $D 1234 ${SSA}::99 80
wait_for seen umx_drop
is "a drop is one event" "$(events ' umx_drop: ')" $(($(counter "$SERVER" in_unknown) - before))
ok "with reason, pool, addresses and ports" \
	seen " umx_drop: netns=[0-9]+ reason=in_unknown pool=ssa proto=6 saddr=$D sport=1234 daddr=2001:db8:55a::99 dport=80$"
clear
forge udp $D ${SSA}::99
ok "UDP" wait_for seen " reason=in_proto pool=ssa proto=17 saddr=$D sport=[0-9]+ daddr=2001:db8:55a::99 dport=[0-9]+$"
clear
forge syn $D 1234 $S 7
ok "a legacy address: no pool" wait_for seen " reason=in_listen0 pool=- proto=6 saddr=$D sport=1234 daddr=$S dport=7$"
clear
in_ns "$CLIENT" timeout 1 bash -c 'exec 3<>/dev/tcp/10.0.2.1/7' 2>/dev/null
ok "IPv4" wait_for seen " reason=in_listen0_ipv4 pool=- proto=6 saddr=::ffff:10.0.1.1 sport=[0-9]+ daddr=::ffff:10.0.2.1 dport=7$"
clear
in_ns "$SERVER" setpriv --reuid=65534 --clear-groups python3 "$here/forge.py" udp ${SSA}::98 $D >/dev/null 2>&1
ok "on the way out" wait_for seen " reason=out_owner pool=ssa proto=17 saddr=2001:db8:55a::98 sport=[0-9]+ daddr=$D dport=[0-9]+$"

echo 0 >"$instance/events/umx/enable"
clear
forge syn $D 1234 ${SSA}::99 80
ok "off again: counted" wait_for counts "$SERVER" in_unknown 1+ forge syn $D 1234 ${SSA}::99 80
is "and silent" "$(events 'umx_')" 0
finish

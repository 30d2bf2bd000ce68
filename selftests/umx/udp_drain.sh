#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of limits of UDP sessions, and of the way out: drain, unloading under traffic, namespaces that
# go. The hosts are drawn in topology.sh.

. "$(dirname "$0")/udp_world.sh"
topology
c pool add ea prefix 2001:db8:ea::/64 || bail "the client's pool can be added"
c ea add pool ea proto udp || bail "a rule can be added"
udp_serve "$SERVER" 7
udp_serve "$STRANGER" 7

# --- limits --------------------------------------------------------------------------------------------------

c limit set ea 1
calling held $S 7 name echo "wait=$TMP/more" "again=$D,7" echo hold
held=$PID
ok "a limit is reached" counts "$CLIENT" ea_limit 1 \
	prints '^EADDRNOTAVAIL$' in_ns "$CLIENT" python3 -IS "$here/datagram.py" call $S 7
touch "$TMP/more"
ok "who has one may connect again" wait_for eval "[ \"\$(grep -c echoed '$TMP/held')\" = 2 ]" || diag "$(cat "$TMP/held")"
c limit flush
stop "$held"
c pool add gone prefix 2001:db8:ea:1::/64 gen random
c ea add pool gone to $D/128 proto udp index 0
c pool del gone
ok "a pool that is gone" counts "$CLIENT" ea_no_pool 1 \
	prints '^EADDRNOTAVAIL$' in_ns "$CLIENT" python3 -IS "$here/datagram.py" call $D 7
c ea del 0
gone "limits"

# --- the way out ---------------------------------------------------------------------------------------------

refs()
{
	cat /sys/module/umx_udp/refcnt
}

refs_are()
{
	[ "$(refs)" = "$1" ]
}

wait_for refs_are 1
calling held $S 7 name echo "wait=$TMP/aborted" recv name "again=$S,7" name hold
held=$PID
calling plain -unconnected $S 7 name echo "wait=$TMP/aborted" echo hold
is "two sockets hold the module" "$(refs)" 3
is "a drain counts the session" "$(c -j drain 2>"$TMP/warning" | jq -c '.[0] | [.sessions, .aborted]')" "[1,0]"
is "and lets go of the other socket" "$(refs)" 2
ok "no new session" counts "$CLIENT" ea_draining 1 \
	prints '^EADDRNOTAVAIL$' in_ns "$CLIENT" python3 -IS "$here/datagram.py" call $S 7
not_ok "the module stays" rmmod umx
is "a drain that aborts" "$(c -j drain --abort | jq -c '.[0] | [.sessions, .aborted]')" "[0,1]"
ok "nothing holds the module" wait_for refs_are 1
touch "$TMP/aborted"
ok "the program hears of it" wait_for grep -q ECONNABORTED "$TMP/held"
ok "its socket is like any other then" wait_for grep -q "^$C " "$TMP/held" || diag "$(cat "$TMP/held")"
ok "so is the one without a session" wait_for eval "[ \"\$(grep -c echoed '$TMP/plain')\" = 2 ]"
stop "$held"
stop "$PID"
ok "the modules unload" wait_for -t 20 eval 'rmmod umx && rmmod umx_udp umx_tcp'

load umx
c pool add ea prefix 2001:db8:ea::/64
c ea add pool ea proto udp
for i in 1 2 3; do
	spawn "loop$i" in_ns "$CLIENT" python3 -IS "$here/datagram.py" call $S 7 loop
	spawn "churn$i" in_ns "$CLIENT" python3 -IS "$here/datagram.py" call $S 7 churn
done
before=$(counter "$CLIENT" udp_created)
busy()
{
	[ "$(counter "$CLIENT" udp_created)" -gt $((before + 50)) ]
}
ok "sockets come and go" wait_for busy
out()
{
	c drain --abort && rmmod umx
}
churning=$PID
# in no table before it connects
spawn idle in_ns "$CLIENT" python3 -ISc '
import os, socket, sys, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
print("made", flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.05)
s.connect((sys.argv[2], 7))
print("connected", flush=True)
time.sleep(3600)' "$TMP/unloaded" $S
wait_for grep -q made "$TMP/idle"
ok "umx unloads under them" wait_for -t 20 out || diag "$(out 2>&1)"
touch "$TMP/unloaded"
ok "a socket that had no port yet connects" wait_for grep -q connected "$TMP/idle"
ok "umx_udp does" wait_for -t 20 rmmod umx_udp
ok "umx_tcp does" wait_for -t 20 rmmod umx_tcp
ok "they go on" in_ns "$CLIENT" kill -0 "$churning"
ip netns pids "$CLIENT" | xargs -r kill

load umx
c pool add ea prefix 2001:db8:ea::/64
c ea add pool ea proto udp
calling held $S 7 name echo hold
like "loaded again" "$LOCAL" "$IN_EA"
ip netns pids "$CLIENT" | xargs -r kill
del_ns "$CLIENT"
ok "a namespace goes with its sessions" wait_for -t 30 refs_are 1 || diag "$(refs)"
ok "and the modules with it" wait_for -t 20 eval 'rmmod umx && rmmod umx_udp umx_tcp'

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umctl against the module: what each object
# prints, the route of a pool, refusals in the kernel's words, events.
# Whether the kernel does right is the business of the other folders.
#
# One namespace with a loopback device and a dummy, for a session a second one:
#
#   [ $NS ]  lo, dum0, near ---- far [ $FAR ]    pools 2001:db8:1:ea::/64, 2001:db8:2:55a::/64

. "$(dirname "$0")/../lib.sh"
need umctl jq python3 setpriv
load umx

u()
{
	umctl -n "$NS" "$@"
}

# verdict STATUS TEXT: a point; what the last run printed is shown if it fails.
verdict()
{
	point "$1" "$2" || diag "out: $(cat "$TMP/out")"$'\n'"err: $(cat "$TMP/err")"
}

# run COMMAND...: leaves $status, $TMP/out, $TMP/err.
run()
{
	status=0
	"$@" >"$TMP/out" 2>"$TMP/err" </dev/null || status=$?
}

# works TEXT WORD...: works and says nothing on stderr.
works()
{
	local text=$1
	shift
	run u "$@"
	[ "$status" = 0 ] && [ ! -s "$TMP/err" ]
	verdict $? "$text"
}

# refused TEXT WORD...: exit status 2, one sentence, no strerror of ours, nothing printed.
refused()
{
	local text=$1
	shift
	run u "$@"
	[ "$status" = 2 ] && [ ! -s "$TMP/out" ] && [ "$(wc -l <"$TMP/err")" = 1 ] &&
		grep -qv 'the kernel refused' "$TMP/err"
	verdict $? "$text: $(sed 's/^umctl: //' "$TMP/err")"
}

# shows TEXT REGEX WORD...: a line of the output matches.
shows()
{
	local text=$1 regex=$2
	shift 2
	run u "$@"
	[ "$status" = 0 ] && grep -qE -- "$regex" "$TMP/out"
	verdict $? "$text"
}

# json TEXT FILTER WORD...: the output is one JSON array for which jq's FILTER is true.
json()
{
	local text=$1 filter=$2
	shift 2
	run u -j "$@"
	[ "$status" = 0 ] && jq -se 'length == 1 and (.[0] | type == "array")' <"$TMP/out" >/dev/null &&
		jq -e "$filter" <"$TMP/out" >/dev/null
	verdict $? "$text"
}

routes()
{
	ip -n "$NS" -6 route show proto 117
}

has_route()
{
	routes >"$TMP/out"
	grep -q "^throw $1 " "$TMP/out"
}

setup_ns NS
ip -n "$NS" link add dum0 type dummy
ip -n "$NS" link set dum0 up

# --- nothing yet ---
for object in pool ea listener ssa addr session; do
	run u -j "$object" show
	[ "$status" = 0 ] && [ "$(cat "$TMP/out")" = "[]" ]
	verdict $? "$object: an empty list is []"
	run u "$object"
	[ "$status" = 0 ] && [ ! -s "$TMP/out" ]
	verdict $? "$object: an empty list is no text"
done

# --- pool ---
works "pool add" pool add ea prefix 2001:db8:1:ea::/64
has_route 2001:db8:1:ea::/64
verdict $? "pool add makes the route"
works "pool add with everything" pool add ssa prefix 2001:db8:2:55a::/64 dev dum0 type routed gen sequential reject
shows "pool show" '^ea prefix 2001:db8:1:ea::/64 type routed generator traceable' pool
shows "pool show NAME" '^ssa prefix 2001:db8:2:55a::/64 type routed generator sequential dev dum0 reject' pool show ssa
run u pool show ssa
! grep -q '^ea' "$TMP/out"
verdict $? "pool show NAME shows that one only"
shows "pool statistics" '^    tentative 0 uncertain 0 valid 0 closing 0 disposed 0 exhausted 0 duplicates 0 dropped 0$' pool
json "pool in JSON" 'map({name, prefix, plen, type, generator, reject, detached}) | sort_by(.name) == [
	{name: "ea", prefix: "2001:db8:1:ea::", plen: 64, type: "routed", generator: "traceable", reject: false, detached: false},
	{name: "ssa", prefix: "2001:db8:2:55a::", plen: 64, type: "routed", generator: "sequential", reject: true, detached: false}]' pool
json "pool statistics in JSON" '.[0].stats.valid == 0' pool
refused "a pool that is not there" pool show nope
run u pool add small prefix 2001:db8:3::/96
[ "$status" = 0 ] && grep -q 'fewer than 48' "$TMP/err"
verdict $? "a small pool draws a warning"

refused "prefix longer than /112" pool add x prefix 2001:db8:9::/113
refused "prefix without its length" pool add x prefix 2001:db8:9::
refused "host bits" pool add x prefix 2001:db8:9::1/64
refused "overlapping pools" pool add x prefix 2001:db8:1::/48
refused "name in use" pool add ea prefix 2001:db8:9::/64
refused "a name with blanks" pool add "a b" prefix 2001:db8:9::/64
refused "random on a long prefix" pool add x prefix 2001:db8:9::/96 gen random
refused "device of another namespace" pool add x prefix 2001:db8:9::/64 dev no-such-dev
refused "pool del of no pool" pool del nope
[ "$(routes | wc -l)" = 3 ] && [ "$(u pool | grep -c prefix)" = 3 ]
verdict $? "refusals change neither pools nor routes"

ip -n "$NS" link set lo down
run u pool add x prefix 2001:db8:9::/64
[ "$status" = 2 ] && grep -q '^umctl: lo is down' "$TMP/err" && ! u pool show x >/dev/null 2>&1
verdict $? "lo down: said, and the pool is gone again"
ip -n "$NS" link set lo up
works "pool flush" pool flush
[ -z "$(routes)" ]
verdict $? "pool flush removes the routes"
works "pool add again" pool add ea prefix 2001:db8:1:ea::/64
works "pool del" pool del ea
[ -z "$(routes)" ]
verdict $? "pool del removes the route"
ip -n "$NS" -6 route add local 2001:db8:7::/64 dev lo
works "pool flush without pools" pool flush
ip -n "$NS" -6 route show table local >"$TMP/out"
grep -q 2001:db8:7::/64 "$TMP/out"
verdict $? "somebody else's local route stays"

# --- ea ---
works "pool for the rest" pool add ea prefix 2001:db8:1:ea::/64
works "pool for the rest" pool add ssa prefix 2001:db8:2:55a::/64
works "ea add" ea add pool ea to 2001:db8::/32 fallback legacy
works "ea add in front" ea add legacy to 2001:db8:5::/48 index 0
shows "ea show: first" '^0 legacy to 2001:db8:5::/48 hits 0 proto tcp$' ea
shows "ea show: second" '^1 pool ea to 2001:db8::/32 fallback legacy hits 0 proto tcp$' ea
json "ea in JSON" 'map({index, pool, legacy, to, to_plen, fallback, hits}) == [
	{index: 0, pool: null, legacy: true, to: "2001:db8:5::", to_plen: 48, fallback: false, hits: 0},
	{index: 1, pool: "ea", legacy: false, to: "2001:db8::", to_plen: 32, fallback: true, hits: 0}]' ea
refused "a rule with no such pool" ea add pool nope
refused "a rule with host bits" ea add pool ea to 2001:db8::1/32
refused "no such rule" ea del 7
refused "a rule that is there" ea add pool ea to 2001:db8::/32
works "a rule before the same one, which it takes over from" ea add pool ea to 2001:db8::/32 index 1
works "which is removed" ea del 2
works "and comes back" ea add pool ea to 2001:db8::/32 fallback legacy index 1
works "in front of what it replaces" ea del 2
works "ea add of a user" ea add legacy uid nobody
works "ea add of a range and a control group" ea add pool ea to 2001:db8::/32 uid 1000-1999 cgroup / fallback legacy
shows "ea show: a user" '^2 legacy to ::/0 uid 65534 hits 0 proto tcp$' ea
shows "ea show: a range and a control group" \
	'^3 pool ea to 2001:db8::/32 uid 1000-1999 cgroup / fallback legacy hits 0 proto tcp$' ea
json "ea of users in JSON" '.[2:] | map({uid, uid_end, cgroup, cgroup_gone}) == [
	{uid: 65534, uid_end: 65534, cgroup: null, cgroup_gone: null},
	{uid: 1000, uid_end: 1999, cgroup: "/", cgroup_gone: false}]' ea
works "ea del of a range and a control group" ea del pool ea to 2001:db8::/32 uid 1000-1999 cgroup /
works "ea del of a user" ea del legacy uid 65534
works "ea del by position" ea del 0
works "ea del by what it says" ea del pool ea to 2001:db8::/32
json "ea is empty" '. == []' ea

# --- limit ---
json "no limits" '. == []' limit
works "limit set" limit set ea 1000 ssa 500
works "limit set each" limit set each ea 100
works "limit set uid" limit set uid nobody ea none ssa 5
shows "limit show: namespace" '^namespace ea 1000 ea_live 0 ssa 500 ssa_live 0$' limit
shows "limit show: each" '^each ea 100$' limit
shows "limit show: a user" '^uid 65534 ea none ea_live 0 ssa 5 ssa_live 0$' limit
json "limits in JSON" '. == [
	{scope: "namespace", ea: 1000, ea_live: 0, ssa: 500, ssa_live: 0}, {scope: "each", ea: 100},
	{scope: "uid", uid: 65534, ea: 4294967295, ea_live: 0, ssa: 5, ssa_live: 0}]' limit
works "limit del" limit del uid 65534
refused "a user without a limit" limit del uid 65534
works "limit flush" limit flush
json "no limits any more" '. == []' limit show

# --- listener, ssa ---
cat >"$TMP/server.py" <<'PY'
import socket, sys, time
for port in sys.argv[1:]:
    s = socket.socket(socket.AF_INET6)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, port[0] != "d")
    s.bind(("::", int(port.lstrip("d"))))
    s.listen(5)
    globals()["s" + port] = s
time.sleep(600)
PY
spawn_listener server "$NS" 82 python3 "$TMP/server.py" 80 81 d82
server=$PID

works "listener set" listener set port 80 mode das pool ssa
shows "listener show" '^port 80 mode das pool ssa ipv4 drop local allow half_open 4 cookie_rate 50000 sockets 1 waiting 0$' listener
works "its pool can be taken back" listener set port 80 mode das pool -
shows "it has none then" '^port 80 mode das ipv4 drop' listener
works "and given again" listener set port 80 mode das pool ssa
json "listener in JSON" '.[0] | .port == 80 and .mode == "das" and .ipv4 == false and .local == true and .dualstack == false' listener
shows "listener show all" '^port 81 mode legacy$' listener show all
run u listener set port 82 mode das
[ "$status" = 0 ] && grep -qx 'umctl: warning: port 82 also took IPv4; that is closed now (ipv4 keep leaves it open)' "$TMP/err"
verdict $? "a dual-stack listener draws a warning"
works "and none with ipv4 keep" listener set port 82 mode das ipv4 keep
spawn_listener other "$NS" 83 python3 "$TMP/server.py" d83
run u listener set pid "$PID" mode das
[ "$status" = 0 ] && grep -q '^umctl: warning: port 83 also took IPv4' "$TMP/err"
verdict $? "the same by its process"
shows "the process beside its port" "^port 83 mode das .* dualstack pid $PID( comm python3)?$" listener
refused "a process that listens on several ports" listener set pid "$server" mode das
refused "a process without a listener" listener set pid $$ mode das
refused "no such process" ssa add pid 4194303 addr 2001:db8:2:55a::9

run u ssa add port 80
address=$(cat "$TMP/out")
[ "$status" = 0 ] && [[ $address == 2001:db8:2:55a:* ]] && [ "$(wc -l <"$TMP/out")" = 1 ]
verdict $? "ssa add prints the address: $address"
shows "ssa show" "^$address port 80 pool ssa .*lifetime [0-9]+" ssa
json "ssa add in JSON" 'length == 1 and (.[0] | keys == ["address"])' ssa add port 80 from 2001:db8::/32 lifetime 300
json "ssa in JSON" 'map(select(.from_plen == 32))[0] | .from == "2001:db8::" and .lifetime > 200 and .port == 80' ssa
json "ssa of a port" '. == []' ssa show port 81
run ip netns exec "$NS" umctl das "$server" dum0 2001:db8:2:55a::77 port 80
[ "$status" = 0 ]
verdict $? "das"
shows "an SSA limited to its device and process" "^2001:db8:2:55a::77 port 80 pid $server .*dev dum0" ssa
refused "an address that is live" ssa add port 80 addr 2001:db8:2:55a::77
refused "an address outside every pool" ssa add port 80 addr 2001:db8:ff::1
refused "an address outside its pool" ssa add port 80 addr 2001:db8:1:ea::5 pool ssa
refused "a port in mode legacy" ssa add port 81 pool ssa
shows "addr show" "^$address state valid role ssa pool ssa port 80$" addr
json "addr in JSON" 'length == 3 and all(.[]; .state == "valid" and .role == "ssa" and .bound == false)' addr show state valid
json "addr of another state" '. == []' addr show state closing
works "ssa del" ssa del "$address"
works "ssa del addr" ssa del addr 2001:db8:2:55a::77
refused "an address that was used" ssa add port 80 addr 2001:db8:2:55a::77
refused "pool del with live addresses" pool del ssa
has_route 2001:db8:2:55a::/64
verdict $? "a refused pool del keeps the route"
works "ssa flush" ssa flush
works "mode auto" listener set port 80 mode auto
shows "what is ready, of what backlog" '^port 80 mode auto .* waiting 0 ready 5 backlog 5( |$)' listener
works "ssa lease" ssa lease port 80 lifetime 30
grep -qxE '2001:db8:[0-9a-f:]+' "$TMP/out"
verdict $? "it prints the address and nothing else"
shows "one is taken out" '^port 80 mode auto .* waiting 1 ready 4 backlog 5( |$)' listener
refused "a lease of a port that is not in mode auto" ssa lease port 81
works "ssa del" ssa del port 80
works "listener set legacy" listener set port 80 mode legacy
works "listener flush" listener flush
json "listeners are forgotten" '. == []' listener

# --- a session, and a pool detached under it ---
works "ea add" ea add pool ea to 2001:db8:80::/64
setup_ns FAR
ip link add near netns "$NS" type veth peer name far netns "$FAR"
ip -n "$NS" addr add 2001:db8:80::1/64 dev near nodad
ip -n "$FAR" addr add 2001:db8:80::80/64 dev far nodad
ip -n "$NS" link set near up
ip -n "$FAR" link set far up
ip -n "$FAR" -6 route add 2001:db8:1:ea::/64 via 2001:db8:80::1
spawn far in_ns "$FAR" python3 -c '
import socket, time
s = socket.create_server(("::", 80), family=socket.AF_INET6)
time.sleep(600)'
wait_for listening "$FAR" 80 || bail "a server listens"
spawn client in_ns "$NS" python3 -uc '
import socket, time
s = socket.create_connection(("2001:db8:80::80", 80))
print("connected")
time.sleep(600)'
client=$PID
wait_for grep -q connected "$TMP/client" || bail "a client connects: $(cat "$TMP/client")"
shows "session show" '^ea local \[2001:db8:1:ea:[0-9a-f:]*\]:[0-9]+ peer \[2001:db8:80::80\]:80 state valid pool ea .*uid 0' session
json "session in JSON" '.[0] | .role == "ea" and .peer == "2001:db8:80::80" and .peer_port == 80 and (.local_port | type == "number") and .uid == 0' session
works "pool del force" pool del ea force
has_route 2001:db8:1:ea::/64
verdict $? "the route of a detached pool stays"
shows "a detached pool" '^ea .*detached' pool
stop "$client"
run u drain --abort
[ "$status" = 0 ] && grep -qE '^sessions [0-9]+ closing [0-9]+ waiting [0-9]+ listeners [0-9]+ aborted [0-9]+ purged [0-9]+' "$TMP/out"
verdict $? "drain --abort"
json "drain in JSON" 'length == 1 and (.[0].sessions | type == "number")' drain
works "drain off" drain off
run u pool flush
[ "$status" = 0 ] && ! has_route 2001:db8:1:ea::/64
verdict $? "pool flush removes the route of a detached pool that is gone"

# --- stats, version, batch, namespaces ---
shows "stats" '^[a-z0-9_]+ [0-9]+$' stats
shows "stats --explain" '^[a-z0-9_]+ [0-9]+ [A-Za-z].* ' stats --explain
json "stats in JSON" 'length > 5 and all(.[]; (.name | type == "string") and (.value | type == "number") and (.kind | type == "string") and (has("explain") | not))' stats
json "stats in JSON, explained" 'all(.[]; .explain | type == "string")' stats show --explain
shows "version" '^umctl [0-9.]+ umx [0-9.]+' version
json "versions of one checkout are one" '.[0] | .umctl == .module and .genl == 1' version

printf 'pool add b1 prefix 2001:db8:b1::/64\npool add b1 prefix 2001:db8:b2::/64\npool add b3 prefix 2001:db8:b3::/64\n' >"$TMP/batch"
run u -b "$TMP/batch"
[ "$status" = 2 ] && grep -q "^umctl: $TMP/batch:2: " "$TMP/err" && u pool show b1 >/dev/null && ! u pool show b3 >/dev/null 2>&1
verdict $? "a batch ends at the line the kernel refuses"
run umctl -n /run/netns/"$NS" pool show b1
verdict "$status" "-n with a path"
run umctl -n pid:"$server" pool show b1
verdict "$status" "-n with a process"
run umctl pool show b1
[ "$status" = 2 ]
verdict $? "another namespace does not see the pool"
run u __complete pool del b
[ "$(cat "$TMP/out")" = b1 ] || { [ -z "$(cat "$TMP/out")" ] && run umctl __complete -n "$NS" pool del b && grep -qx b1 "$TMP/out"; }
verdict $? "completion knows the pools"

# --- monitor ---
umctl -n "$NS" -j monitor >"$TMP/events" 2>"$TMP/err" &
monitor=$!
lib_pids+=("$monitor")
monitor_hears()
{
	u pool add m prefix 2001:db8:aa::/64 && u pool del m
	grep -q pool_add "$TMP/events" && grep -q pool_del "$TMP/events"
}
wait_for monitor_hears
jq -se 'any(.[]; .event == "pool_add" and .pool == "m") and any(.[]; .event == "pool_del" and .pool == "m")' \
	<"$TMP/events" >"$TMP/out"
verdict $? "monitor: one JSON object a line"
kill -TERM "$monitor"
wait "$monitor"
verdict $? "monitor ends cleanly on SIGTERM"

# A reader that is stopped for 8,000 events, of which about 6,500 fit: it is told that it has missed some.
works "pool add" pool add many prefix 2001:db8:55a::/64
run u listener set port 90 mode das pool many
umctl -n "$NS" monitor >"$TMP/events" 2>"$TMP/err" &
monitor=$!
lib_pids+=("$monitor")
wait_for monitor_hears
kill -STOP "$monitor"
yes "ssa add port 90 lifetime 3600" | head -n 8000 >"$TMP/batch"
run u -b "$TMP/batch"
is "a batch of 8,000 prints 8,000 addresses" "$(sort -u "$TMP/out" | wc -l)" 8000
json "a dump of 8,000" 'length == 8000' ssa show port 90
works "ssa del of a port" ssa del port 90
kill -CONT "$monitor"
ok "monitor tells of lost events" wait_for grep -qx lost "$TMP/events"

# --- privilege ---
while read -r words; do
	# shellcheck disable=SC2086
	run in_ns "$NS" setpriv --reuid=65534 --clear-groups timeout $((5 * SLOW)) umctl $words
	[ "$status" = 2 ] && grep -q 'Operation not permitted' "$TMP/err"
	verdict $? "without privilege: $words"
done <<-WORDS
	pool show
	ssa show
	ea show
	stats show
	version
	monitor
	drain
	pool add x prefix 2001:db8:cc::/64
WORDS

finish

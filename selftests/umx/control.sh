#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of control and inspection: what each command changes, and that sysfs, events and tables
# agree. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
serve echo "$SERVER" 7

# json TEXT FILTER WORD...: one array, for which jq's FILTER is true.
json()
{
	local text=$1 filter=$2 out

	shift 2
	out=$(s -j "$@")
	jq -es 'length == 1 and (.[0] | type == "array")' <<<"$out" >/dev/null && jq -e "$filter" <<<"$out" >/dev/null
	point $? "$text" || diag "$out"
}

refused()
{
	local text=$1 regex=$2

	shift 2
	status_is "$text" 2 s "$@" && like "$text: said" "$OUT" "$regex"
}

# --- events, in order ----------------------------------------------------------------------------------------

spawn events umctl -n "$SERVER" -j monitor
monitor=$PID
heard()
{
	s pool add probe prefix 2001:db8:55a:99::/64 && s pool del probe
	grep -q probe "$TMP/events"
}
wait_for heard || bail "the monitor runs"
s pool add ssa prefix 2001:db8:55a::/64
s listener set port 7 mode das pool ssa
to=$(ssa port 7)
peer "$CLIENT" call "$to" 7 echo rst >/dev/null
wait_for none_live "$SERVER"
expires=$(ssa port 7 lifetime 1)
wait_for none_live "$SERVER"
s ssa del "$(ssa port 7 addr ${SSA}::5)"
to2=$(ssa port 7)
peer "$CLIENT" call "$to2" 7 echo far=close eof >/dev/null
state_closing()
{
	state_is "$SERVER" "$to2" closing
}
wait_for state_closing
s listener set port 7 mode legacy
s drain >/dev/null
s drain off
s pool del ssa
wait_for grep -q '"pool_del".*"ssa"\|"ssa".*"pool_del"' "$TMP/events"
stop "$monitor"
jq -c --arg a "$to" --arg b "$expires" --arg c "$to2" 'select(.pool != "probe") |
	if .address then .address |= ({($a): "first", ($b): "expires", ($c): "second"}[.] // .) else . end |
	if .peer_port then .peer_port = "PORT" else . end' "$TMP/events" >"$TMP/events.json"
ok "events, in order" diff "$here/golden/events.json" "$TMP/events.json"

# --- pools ---------------------------------------------------------------------------------------------------

ok "pool add" s pool add one prefix 2001:db8:55a:1::/64
ok "pool add ... sequential, dev, reject" s pool add two prefix 2001:db8:55a:2::/64 gen sequential dev eth0 reject
json "pool show" 'map([.name, .prefix, .plen, .type, .generator, .reject, .detached]) == [
	["one", "2001:db8:55a:1::", 64, "routed", "traceable", false, false],
	["two", "2001:db8:55a:2::", 64, "routed", "sequential", true, false]]' pool show
json "pool show NAME" 'map(.name) == ["two"]' pool show two
s listener set port 7 mode das pool two
for i in 1 2 3; do
	is "sequential: number $i" "$(ssa port 7)" 2001:db8:55a:2::$i
done
is "the fifth is given by hand" "$(ssa port 7 addr 2001:db8:55a:2::5)" 2001:db8:55a:2::5
is "number 4" "$(ssa port 7)" 2001:db8:55a:2::4
is "number 5 is skipped" "$(ssa port 7)" 2001:db8:55a:2::6
s ssa del 2001:db8:55a:2::5
refused "given by hand, used before" used ssa add port 7 addr 2001:db8:55a:2::5
refused "generated, used before" 'use' ssa add port 7 addr 2001:db8:55a:2::1
s ssa flush
refused "generated, disposed, given by hand" 'used' ssa add port 7 addr 2001:db8:55a:2::2
json "ssa flush" '. == []' ssa show

# what sysfs says is what pool show says
ssa port 7 >/dev/null
peer "$CLIENT" call "$(ssa port 7)" 7 echo rst >/dev/null
peer "$CLIENT" call 2001:db8:55a:2::9999 7 >/dev/null
wait_for state_is "$SERVER" 2001:db8:55a:2::7 valid
for pool in one two; do
	for file in tentative uncertain valid closing disposed exhausted duplicates dropped; do
		echo "$file $(in_ns "$SERVER" cat /sys/class/umx_pool/$pool/statistics/$file)"
	done >"$TMP/sysfs"
	s -j pool show $pool | jq -r '.[0].stats | to_entries[] | "\(.key) \(.value)"' >"$TMP/shown"
	ok "sysfs: statistics of $pool" diff <(sort "$TMP/sysfs") <(sort "$TMP/shown")
done
is "sysfs: they count" "$(jq -Rs 'split("\n") | map(select(. != "" and (endswith(" 0") | not)) | split(" ")[0]) | sort | join(" ")' \
	-r "$TMP/sysfs")" "disposed dropped valid"
is "sysfs: settings" "$(in_ns "$SERVER" bash -c 'cd /sys/class/umx_pool/two && cat prefix type generator reject detached' |
	paste -sd' ')" "2001:db8:55a:2::/64 routed sequential 1 0"
is "sysfs: the device" "$(in_ns "$SERVER" cat /sys/class/umx_pool/two/ifindex)" \
	"$(in_ns "$SERVER" cat /sys/class/net/eth0/ifindex)"
not_ok "sysfs: nobody writes" in_ns "$SERVER" bash -c 'echo 1 >/sys/class/umx_pool/two/reject' 2>/dev/null

refused "pool del with live addresses" live pool del two
hold session "$CLIENT" "$(ssa port 7)" 7 "wait=$TMP/go" echo
session=$PID
to=$(s -j session show | jq -r '.[0].local')
ok "pool del force" s pool del two force
json "detached" 'map(select(.name == "two"))[0].detached' pool show
is "sysfs: detached" "$(in_ns "$SERVER" cat /sys/class/umx_pool/two/detached)" 1
refused "detached: no new SSA" '.' ssa add port 7
refused "detached: nor by hand" '.' ssa add port 7 addr 2001:db8:55a:2::77
refused "detached: its prefix is not free yet" '.' pool add three prefix 2001:db8:55a:2::/64
touch "$TMP/go"
ok "detached: the session goes on" wait_for bash -c "[ \$(grep -c echoed $TMP/session) = 2 ]"
s ssa flush
is "detached: SSAs that wait can be disposed" "$(s -j ssa show)" "[]"
in_ns "$CLIENT" ss -KHtn "dst [$to]" >/dev/null
stop "$session" KILL
two_is_gone()
{
	[ "$(s -j pool show | jq -c 'map(.name)')" = '["one"]' ]
}
ok "detached: it goes with its last session" wait_for two_is_gone
not_ok "sysfs: gone, too" in_ns "$SERVER" test -e /sys/class/umx_pool/two
ok "its prefix is free" s pool add three prefix 2001:db8:55a:2::/64
ok "pool flush" s pool flush
json "pool flush: none is left" '. == []' pool show
is "and no route" "$(ip -n "$SERVER" -6 route show table all proto 117)" ""

# --- rules ---------------------------------------------------------------------------------------------------

s pool add one prefix 2001:db8:55a:1::/64
ok "ea add" s ea add pool one to 2001:db8:1::/48
ok "ea add" s ea add pool one to 2001:db8:2::/48 fallback legacy
ok "ea add legacy index 1" s ea add legacy to 2001:db8:3::/48 index 1
ok "ea add index 0" s ea add legacy to 2001:db8:4::/48 index 0
json "ea show: the order" 'map([.index, .to, .to_plen, .pool, .legacy, .fallback]) == [
	[0, "2001:db8:4::", 48, null, true, false], [1, "2001:db8:1::", 48, "one", false, false],
	[2, "2001:db8:3::", 48, null, true, false], [3, "2001:db8:2::", 48, "one", false, true]]' ea show
ok "ea del by position" s ea del 1
ok "ea del by what it says" s ea del legacy to 2001:db8:4::/48
json "ea show: what is left" 'map(.to) == ["2001:db8:3::", "2001:db8:2::"]' ea show
ok "ea flush" s ea flush
json "ea flush: none is left" '. == []' ea show

# --- listeners -----------------------------------------------------------------------------------------------

ok "listener set port" s listener set port 7 mode das pool one local deny
json "listener show" 'map([.port, .mode, .pool, .ipv4, .local, .sockets, .waiting, .dualstack]) ==
	[[7, "das", "one", false, false, 1, 0, false]]' listener show
ok "a setting is changed alone" s listener set port 7 mode das local allow
json "listener show: changed" 'map([.pool, .ipv4, .local]) == [["one", false, true]]' listener show
ssa port 7 >/dev/null
json "listener show: waiting" '.[0].waiting == 1' listener show
ok "a port nobody listens on" s listener set port 4444 mode das
json "listener show: two" 'map([.port, .sockets]) == [[7, 1], [4444, 0]]' listener show
serve two "$SERVER" 78
json "listener show all" 'map([.port, .mode]) == [[7, "das"], [78, "legacy"], [4444, "das"]]' listener show all
ok "listener flush" s listener flush
json "listener flush: none is left" '. == []' listener show
json "listener flush: no SSA waits" '. == []' ssa show

# --- SSAs ----------------------------------------------------------------------------------------------------

s listener set port 7 mode das
s listener set port 78 mode das
ssa port 7 from 2001:db8:c::/64 lifetime 100 dev eth0 addr 2001:db8:55a:1::7 >/dev/null
ssa port 78 >/dev/null
json "ssa show port" 'map([.address, .port, .pool, .from, .from_plen, .lifetime > 90, .lifetime <= 100]) ==
	[["2001:db8:55a:1::7", 7, "one", "2001:db8:c::", 64, true, true]]' ssa show port 7
json "ssa show" 'length == 2' ssa show
json "the default lifetime" '.[0].lifetime > 50 and .[0].lifetime <= 60' ssa show port 78
json "addr show" 'map([.state, .role, .bound, .pool]) | unique == [["valid", "ssa", false, "one"]]' addr show
json "addr show state" '. == []' addr show state closing
ok "ssa del port" s ssa del port 78
json "ssa del port: the other is left" 'map(.port) == [7]' ssa show
refused "reserved: subnet-router anycast" reserved ssa add port 7 addr 2001:db8:55a:1::
refused "reserved: subnet anycast" reserved ssa add port 7 addr 2001:db8:55a:1:fdff:ffff:ffff:ff80
ok "not reserved: the one below" s ssa add port 7 addr 2001:db8:55a:1:fdff:ffff:ffff:ff7f

# --- exhaustion ----------------------------------------------------------------------------------------------

# 65,407 addresses, all of a /112 but the router's and the last 128: too many for a kernel full of checks
exhaust()
{
	s pool add small prefix 2001:db8:55a:5::/112 gen sequential 2>/dev/null
	s listener set port 7 mode das pool small
	for ((i = 0; i < 655; i++)); do
		printf 'ssa add port 7\n%.0s' {1..100}
		echo 'ssa flush'
	done >"$TMP/batch"
	s -b "$TMP/batch" >"$TMP/given" 2>"$TMP/err"
	is "sequential: every address once" "$(sort -u "$TMP/given" | wc -l) $(wc -l <"$TMP/given")" "65407 65407"
	is "sequential: the last is not reserved" "$(tail -n 1 "$TMP/given")" 2001:db8:55a:5::ff7f
	like "a batch names its line" "$(cat "$TMP/err")" "^umctl: $TMP/batch:66062: .*no address left"
	refused "exhausted" 'no address left' ssa add port 7
	is "exhausted: counted" "$(s -j pool show small | jq '.[0].stats.exhausted')" 2
}
[ "$SLOW" != 1 ] || exhaust

# --- counters ------------------------------------------------------------------------------------------------

json "every counter has a name and a value" 'length > 20 and all(.[]; (.name | test("^[a-z0-9_]+$")) and
	(.value | type == "number") and (.kind | IN("life", "drop", "refusal")))' stats show
json "--explain: each has a sentence" 'all(.[]; .explain | test("^[A-Za-z].{15,}"))' stats show --explain
json "names are not used twice" '(map(.name) | unique | length) == length' stats show
json "version" '.[0] | (.module | type == "string") and .genl >= 1' version

printf 'pool show\n# nothing\n\nea show\n' | s -j -b - >"$TMP/batch.out"
is "a batch of two" "$(jq -s 'map(type) | join(" ")' -r "$TMP/batch.out")" "array array"
printf 'ea add legacy\nea add pool nope\nea add legacy to 2001:db8::/32\n' >"$TMP/batch"
status_is "a batch ends at what is refused" 2 s -b "$TMP/batch"
like "and says where" "$OUT" "$TMP/batch:2: "
json "and has done what came before" 'length == 1' ea show

finish

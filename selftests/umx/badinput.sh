#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what is refused: each with a clear sentence, exit status 2, and no change at all.
#
#   [ $NS ] lo, dum0, server on ports 80, 81, 82 (two processes)      [ $OTHER ] dum9

. "$(dirname "$0")/../lib.sh"
need umctl jq python3
here=$(cd "$(dirname "$0")" && pwd)
load umx
setup_ns NS OTHER
ip -n "$NS" link add dum0 type dummy
ip -n "$NS" link set dum0 up
ip -n "$OTHER" link add dum9 index 999 type dummy

u()
{
	umctl -n "$NS" "$@"
}

# everything that is configured or lives, without counters and what is left of lifetimes
snapshot()
{
	printf '%s show\n' pool ea limit listener ssa addr session | u -j -b - |
		jq -c 'map(del(.stats, .hits, .lifetime, .age, .pid, .comm))'
	ip -n "$NS" -6 route show table all
	in_ns "$NS" find /sys/class/umx_pool -mindepth 1 -maxdepth 1 -printf '%f\n' | sort
}

# verdict STATUS TEXT: a point that stands for the refusal and for what has not changed.
verdict()
{
	local now

	now=$(snapshot)
	if [ "$1" = 0 ] && [ "$now" = "$state" ]; then
		point 0 "$2"
	else
		point 1 "$2" || diag "$(diff <(echo "$state") <(echo "$now"))"
		state=$now
		return 1
	fi
}

# refused TEXT REGEX WORD...: umctl ends with status 2, prints one sentence of the kernel's that matches, changes nothing.
refused()
{
	local text=$1 regex=$2 out err status=0

	shift 2
	out=$(u "$@" 2>"$TMP/err") || status=$?
	err=$(cat "$TMP/err")
	[ $status = 2 ] && [ -z "$out" ] && [ "$(wc -l <<<"$err")" = 1 ] && [[ $err =~ $regex ]] &&
		[[ $err != *"the kernel refused"* ]]
	verdict $? "$text: ${err#umctl: }" || diag "umctl $* -> $status, out: $out"
}

# raw TEXT REGEX WORD...: nl.py says what matches; nothing has changed.
raw()
{
	local text=$1 regex=$2 out

	shift 2
	out=$(in_ns "$NS" python3 "$here/nl.py" "$@" 2>&1)
	[[ $out =~ $regex ]]
	verdict $? "$text: $out" || diag "nl.py $*"
}

# --- something to be left alone ------------------------------------------------------------------------------

spawn_listener one "$NS" 81 python3 "$here/peer.py" serve 80 81
one=$PID
spawn_listener two "$NS" 82 python3 "$here/peer.py" serve 82
two=$PID
wait_for listening "$NS" 80
u pool add ea prefix 2001:db8:1:ea::/64
u pool add ssa prefix 2001:db8:2:55a::/64
u pool add seq prefix 2001:db8:3::/112 gen sequential 2>/dev/null
u ea add pool ea to 2001:db8:80::/48
u ea add legacy uid 5-7 cgroup /
u limit set uid 5 ea 100
u listener set port 80 mode das pool ssa
u listener set port 82 mode das
u ssa add port 80 addr 2001:db8:2:55a::77 lifetime 6000 >/dev/null
generated=$(u ssa add port 80 pool seq lifetime 6000)
u ssa add port 80 addr 2001:db8:2:55a::66 >/dev/null
u ssa del 2001:db8:2:55a::66
u ssa del "$(u ssa add port 80 pool seq)"
state=$(snapshot)

# --- pools ---------------------------------------------------------------------------------------------------

refused "prefix longer than /112" '/112' pool add x prefix 2001:db8:9::/113
refused "a single address" '/112' pool add x prefix 2001:db8:9::1/128
refused "prefix shorter than /32" '/32' pool add x prefix 2000::/3
refused "the same prefix" overlap pool add x prefix 2001:db8:1:ea::/64
refused "a pool inside another" overlap pool add x prefix 2001:db8:1:ea:5::/80
refused "a pool around another" overlap pool add x prefix 2001:db8:1::/48
refused "host bits" 'bits' pool add x prefix 2001:db8:9::1/64
refused "multicast" 'unicast' pool add x prefix ff0e::/64
refused "link-local" 'unicast' pool add x prefix fe80::/64
refused "v4-mapped" 'unicast' pool add x prefix ::ffff:0:0/96
refused "unspecified" 'unicast' pool add x prefix ::/64
refused "a name in use" 'name' pool add ea prefix 2001:db8:9::/64
refused "a name with a slash" 'name' pool add a/b prefix 2001:db8:9::/64
refused "a name of dots" 'name' pool add .. prefix 2001:db8:9::/64
refused "random on a long prefix" '/80' pool add x prefix 2001:db8:9::/81 gen random
refused "a device of another namespace" 'device' pool add x prefix 2001:db8:9::/64 dev dum9
refused "no such pool" 'pool' pool del nope
refused "a pool with live addresses" 'live' pool del ssa
refused "pools with live addresses" 'live' pool flush

# --- rules ---------------------------------------------------------------------------------------------------

refused "a rule with no such pool" 'pool' ea add pool nope
refused "a rule with host bits" 'bits' ea add pool ea to 2001:db8:80::1/64
refused "the same rule" 'exists' ea add pool ea to 2001:db8:80::/48
refused "a rule at no position" 'index|position' ea add legacy index 5
refused "the same rule for users" 'exists' ea add legacy uid 5-7 cgroup /
refused "a control group that is not there" 'no control group' ea add pool ea cgroup /no/such/group
refused "a control group by half its path" 'begins with /' ea add pool ea cgroup system.slice
refused "a range of uids backwards" 'before its first' ea add pool ea uid 9-5
refused "no such rule for these users" 'rule' ea del legacy uid 5
refused "no such rule for all users" 'rule' ea del legacy
refused "no such rule for all groups" 'rule' ea del legacy uid 5-7
refused "no such rule" 'rule' ea del 4
refused "no such rule, by what it says" 'rule' ea del legacy to 2001:db8:80::/48

# --- limits --------------------------------------------------------------------------------------------------

refused "a limit that is not there" 'no limit of its own' limit del uid 6
refused "whose limit: two answers" 'whose limit' limit set each uid 5 ea 3

# --- listeners -----------------------------------------------------------------------------------------------

refused "a listener's pool that is not there" 'pool' listener set port 90 mode das pool nope
refused "a process that listens on several ports" '80.*81|81.*80' listener set pid "$one" mode das
refused "a process without a listener" 'listen' listener set pid $$ mode das
refused "a process without a listener on that port" 'listen' listener set pid "$two" port 80 mode das
refused "no such process" 'process' listener set pid 4194304 mode das

# --- SSAs ----------------------------------------------------------------------------------------------------

refused "an address outside every pool" 'pool' ssa add port 80 addr 2001:db8:7::1
refused "an address outside its pool" 'pool' ssa add port 80 pool ea addr 2001:db8:2:55a::5
refused "an address in use" 'use' ssa add port 80 addr 2001:db8:2:55a::77
refused "an address used before" 'used' ssa add port 80 addr 2001:db8:2:55a::66
refused "a generated address in use" 'use' ssa add port 80 addr "$generated"
refused "a generated address used before" 'used' ssa add port 80 addr 2001:db8:3::2
refused "the subnet-router anycast address" 'reserved' ssa add port 80 addr 2001:db8:2:55a::
refused "a reserved subnet anycast address" 'reserved' ssa add port 80 addr 2001:db8:2:55a:fdff:ffff:ffff:fffe
refused "another" 'reserved' ssa add port 80 addr 2001:db8:3::ff80
refused "a pool that is not there" 'pool' ssa add port 80 pool nope
refused "several pools and none named" 'pool' ssa add port 82
refused "a port in mode legacy" 'legacy' ssa add port 81 pool ssa
refused "a process without a listener" 'listen' ssa add pid $$ pool ssa
refused "a process that listens on several ports" '80.*81|81.*80' ssa add pid "$one" pool ssa
refused "a process without a listener there" 'listen' ssa add pid "$two" port 80 pool ssa
refused "no such process" 'process' ssa add pid 4194304 pool ssa
refused "a device of another namespace" 'device' ssa add port 80 dev dum9
refused "a client prefix with host bits" 'bits' ssa add port 80 from 2001:db8:c::1/64
refused "a lifetime too long" '604800' ssa add port 80 lifetime 604801
refused "no lifetime" '604800' ssa add port 80 lifetime 0
refused "das: an address used before" 'used' das "$two" dum0 2001:db8:2:55a::66
refused "das: a device of another namespace" 'device' das "$two" dum9 2001:db8:2:55a::5
refused "no such SSA to delete" 'SSA|wait' ssa del 2001:db8:2:55a::5
refused "SSAs of a port in mode legacy" 'legacy' ssa del port 81

# --- messages no library would build -------------------------------------------------------------------------
# 1 pool add, 2 pool del, 3 pool get, 4 ea add, 7 listener set, 9 ssa add, 10 ssa del, 12 addr get, 14 drain, 15 stats, 18 ssa lease, 19 limit set, 20 limit del

pool=(1:str=x 2:in6=2001:db8:9:: 3:u8=64)
raw "unknown attribute" '^EINVAL .+' 1 "${pool[@]}" 60:u8=1
raw "an attribute of another command" '^EINVAL .+' 1 "${pool[@]}" 8:hex=
raw "a reply's attribute" '^EINVAL .+' 1 "${pool[@]}" 10:u8=1
raw "a number too short" '^(EINVAL|ERANGE)' 1 1:str=x 2:in6=2001:db8:9:: 3:hex=
raw "a number too long" '^(EINVAL|ERANGE)' 1 1:str=x 2:in6=2001:db8:9:: 3:u32=64
raw "an address too short" '^(EINVAL|ERANGE)' 1 1:str=x 2:hex=20010db8 3:u8=64
raw "an address too long" '^(EINVAL|ERANGE)' 1 1:str=x 2:hex=20010db8000900000000000000000000ff 3:u8=64
raw "a name without its end" '^(EINVAL|ERANGE)' 1 1:hex=787878 2:in6=2001:db8:9:: 3:u8=64
raw "an empty name" '^EINVAL .+' 1 1:str= 2:in6=2001:db8:9:: 3:u8=64
raw "a name too long" '^(EINVAL|ERANGE) .+' 1 "1:str=$(printf 'x%.0s' {1..32})" 2:in6=2001:db8:9:: 3:u8=64
raw "a name with a line end" '^EINVAL .+' 1 1:hex=780a7800 2:in6=2001:db8:9:: 3:u8=64
raw "a type that does not exist" '^(EINVAL|ERANGE)' 1 "${pool[@]}" 4:u8=7
raw "a generator that does not exist" '^(EINVAL|ERANGE)' 1 "${pool[@]}" 5:u8=99
raw "a boolean of 2" '^(EINVAL|ERANGE)' 1 "${pool[@]}" 7:u8=2
raw "a device that does not exist" '^ENODEV .+' 1 "${pool[@]}" 6:u32=4000000000
raw "a device of another namespace" '^ENODEV .+' 1 "${pool[@]}" 6:u32=999
raw "a prefix length of 200" '^(EINVAL|ERANGE)' 1 1:str=x 2:in6=2001:db8:9:: 3:u8=200
raw "no attribute at all" '^EINVAL .+' 1
raw "no prefix" '^EINVAL .+' 1 1:str=x
raw "no length" '^EINVAL .+' 1 1:str=x 2:in6=2001:db8:9::
raw "nested, which it is not" '^EINVAL' 1 nest "${pool[@]}"
raw "truncated in an attribute" 'EINVAL|silence' 1 "${pool[@]}" cut=50
raw "truncated, and says so" '^EINVAL' 1 "${pool[@]}" cut=50 len=50
raw "a header that claims too much" 'silence|EINVAL' 1 "${pool[@]}" len=4000
raw "bytes after the last attribute" '^EINVAL' 1 "${pool[@]}" 61:hex=01
raw "no generic header" 'EINVAL|silence' 1 cut=16 len=16
raw "half a generic header" 'EINVAL|silence' 1 cut=18 len=18
raw "command 0" '^EOPNOTSUPP' 0
raw "the event command" '^EOPNOTSUPP' 17
raw "command 200" '^EOPNOTSUPP' 200
raw "a dump that is none" '^(EOPNOTSUPP|EINVAL)' 1 dump "${pool[@]}"
raw "a dump asked for as a request" '^(EOPNOTSUPP|EINVAL)' 3
raw "a dump with an unknown attribute" '^EINVAL' 12 dump 60:u8=1
raw "a dump with a state that does not exist" '^(EINVAL|ERANGE)' 12 dump 2:u8=4
raw "a dump with an attribute of another" '^EINVAL' 3 dump 1:str=ea
raw "pool del: flush and a name" '^EINVAL .+' 2 12:hex= 1:str=ea
raw "pool del: nothing" '^EINVAL .+' 2
raw "a flag with a value" '^(EINVAL|ERANGE)' 2 1:str=ea 8:u32=1
raw "ea: pool and legacy" '^EINVAL .+' 4 2:str=ea 3:hex=
raw "ea: neither" '^EINVAL .+' 4
raw "ea: a destination without its length" '^EINVAL .+' 4 2:str=ea 4:in6=2001:db8::
raw "ea: fallback in a legacy rule" '^EINVAL .+' 4 3:hex= 6:hex=
raw "ea: the end of a range without its beginning" '^EINVAL .+' 4 2:str=ea 11:u32=7
raw "ea: the uid that is nobody's" '^EINVAL .+' 4 2:str=ea 10:u32=4294967295
raw "ea: a range up to it" '^EINVAL .+' 4 2:str=ea 10:u32=0 11:u32=4294967295
raw "ea: a uid too short" '^(EINVAL|ERANGE)' 4 2:str=ea 10:u16=5
raw "ea: an empty path" '^EINVAL .+' 4 2:str=ea 12:str=
raw "ea: a path without its end" '^(EINVAL|ERANGE)' 4 2:str=ea 12:hex=2f61
raw "ea: a path too long" '^(EINVAL|ERANGE) .+' 4 2:str=ea "12:str=/$(printf 'x%.0s' {1..511})"
raw "ea: that a group is gone" '^EINVAL .+' 4 2:str=ea 13:u8=1
raw "ea del: an empty path" '^EINVAL .+' 5 3:hex= 12:str=
raw "listener: no mode" '^EINVAL .+' 7 1:u16=90
raw "listener: a mode that does not exist" '^(EINVAL|ERANGE)' 7 1:u16=90 3:u8=99
raw "listener: mode auto where no pool is the only one" '^ENOTUNIQ .+pool' 7 1:u16=90 3:u8=2
raw "listener: neither port nor process" '^EINVAL .+' 7 3:u8=1
raw "listener: port 0" '^(EINVAL|ERANGE)' 7 1:u16=0 3:u8=1
raw "listener: process 0" '^(EINVAL|ERANGE)' 7 2:u32=0 3:u8=1
raw "listener: process 2^32-1" '^(ESRCH .+|ERANGE)' 7 2:u32=4294967295 3:u8=1
raw "listener: flush in mode das" '^EINVAL .+' 7 3:u8=1 11:hex=
raw "ssa: neither port nor process" '^EINVAL .+' 9 4:str=ssa
raw "ssa: a prefix without its length" '^EINVAL .+' 9 2:u16=80 5:in6=2001:db8::
raw "ssa: a prefix length of 129" '^(EINVAL|ERANGE)' 9 2:u16=80 5:in6=:: 6:u8=129
raw "ssa: lifetime 2^32-1" '^(EINVAL|ERANGE)' 9 2:u16=80 7:u32=4294967295
raw "ssa del: two ways" '^EINVAL .+' 10 2:u16=80 1:in6=2001:db8:2:55a::77
raw "ssa del: none" '^EINVAL .+' 10
raw "limit: of what" '^EINVAL .+' 19
raw "limit: of what for whom" '^EINVAL .+' 19 2:u32=5
raw "limit: the uid that is nobody's" '^EINVAL .+' 19 2:u32=4294967295 3:u32=5
raw "limit: of one user, but which" '^EINVAL .+' 19 1:u8=2 3:u32=5
raw "limit: of the namespace, and a user" '^EINVAL .+' 19 1:u8=0 2:u32=5 3:u32=5
raw "limit: a scope that does not exist" '^(EINVAL|ERANGE)' 19 1:u8=3 3:u32=5
raw "limit: a number too short" '^(EINVAL|ERANGE)' 19 3:u16=5
raw "limit: what lives" '^EINVAL .+' 19 3:u32=5 5:u32=5
raw "limit del: nobody" '^EINVAL .+' 20
raw "limit del: one and all" '^EINVAL .+' 20 2:u32=5 7:hex=
raw "limit del: a number" '^EINVAL .+' 20 2:u32=5 3:u32=5
raw "drain: abort and off" '^EINVAL .+' 14 1:hex= 2:hex=
raw "drain: unknown attribute" '^EINVAL' 14 9:u8=1
raw "the same message, in order, is accepted" '^OK' 15 dump

ok "there is something to be left alone" test "$(jq -s 'map(length) | add' <<<"$state" 2>/dev/null || wc -l <<<"$state")" -ge 6
is "and the server still takes its SSAs" "$(u -j ssa show port 80 | jq length)" 2
finish

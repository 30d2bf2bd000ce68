#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of how many addresses may live: the namespace's limit, those of users, and that whatever is
# counted is given back. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need setpriv
topology
pool_ea
pool_ssa
serve echo "$SERVER" 7
serve drop "$SERVER" 9 -drop -backlog=1024

# call UID [WORD...]: a connection of that user, and what it printed.
call()
{
	local uid=$1

	shift
	ip netns exec "$CLIENT" setpriv --reuid="$uid" --clear-groups python3 "$here/peer.py" call $S 7 "$@"
}

# counted NS SCOPE [UID]: "EAs SSAs" that count now; nothing that is not counted.
counted()
{
	umctl -n "$1" -j limit show | jq -r --arg s "$2" --argjson u "${3:-null}" \
		'.[] | select(.scope == $s and .uid == $u) | "\(.ea_live) \(.ssa_live)"'
}

counted_is()
{
	[ "$(counted "${@:2}")" = "$1" ]
}

# away PORT: the connection from that port ends, without a TIME_WAIT.
away()
{
	in_ns "$CLIENT" ss -K "sport = :$1" >/dev/null
}

# purged: no TIME_WAIT keeps an address of root's alive; to be used with wait_for.
purged()
{
	c drain && c drain off && counted_is "" "$CLIENT" uid 0
}

# --- each user -----------------------------------------------------------------------------------------------

is "no limits" "$(c -j limit show)" "[]"
hold one "$CLIENT" $S 7
oneport=$LPORT
hold two "$CLIENT" $S 7
twoport=$LPORT
ok "a limit for each user" c limit set each ea 3
is "what lives already is counted" "$(counted "$CLIENT" uid 0)" "2 null"
is "limit show" "$(c limit show)" "namespace ea_live 2
each ea 3
uid 0 ea_live 2"
is "in JSON" "$(c -j limit show | jq -c .)" \
	'[{"ea_live":2,"scope":"namespace"},{"ea":3,"scope":"each"},{"ea_live":2,"scope":"uid","uid":0}]'
hold three "$CLIENT" $S 7
threeport=$LPORT
like "the third is within the limit" "$LOCAL" $IN_EA
is "the fourth is not" "$(call 0 name)" EADDRNOTAVAIL
ok "which is counted by its reason" counts "$CLIENT" ea_limit_uid 1 call 0 name
like "another user has a limit of his own" "$(call 1000 name rst)" $IN_EA
ok "his connection is over" wait_for counted_is "" "$CLIENT" uid 1000
away "$threeport"
ok "one ends" wait_for counted_is "2 null" "$CLIENT" uid 0
like "and another may begin" "$(call 0 name rst)" $IN_EA
ok "a limit below what lives ends nothing" c limit set each ea 1
is "it lives" "$(live "$CLIENT")" 2
is "no further one" "$(call 0 name)" EADDRNOTAVAIL

ok "the rule says fallback" c ea flush
ok "the rule says fallback" c ea add pool ea fallback legacy
like "beyond the limit: a legacy address" "$(call 0 name rst)" "^$C "
ok "counted" counts "$CLIENT" ea_fallback 1 call 0 name rst
ok "no fallback" c ea flush
ok "no fallback" c ea add pool ea

# --- one user, and the namespace -----------------------------------------------------------------------------

ok "a limit for one user" c limit set uid root ea 3
like "it goes before that of each" "$(call 0 name rst)" $IN_EA
ok "no limit for him" c limit set uid 0 ea none
is "limit show" "$(c limit show | tail -n 1)" "uid 0 ea none ea_live 2"
like "no limit for him" "$(call 0 name rst)" $IN_EA
ok "the limit of each again" c limit del uid 0
is "the limit of each again" "$(call 0 name)" EADDRNOTAVAIL
status_is "there is none to remove" 2 c limit del uid 0
ok "a user may have none" c limit set uid 1000 ea 0
is "he has none" "$(call 1000 name)" EADDRNOTAVAIL
ok "a limit for all together" c limit set ea 3
ok "each: none" c limit set each ea none
ok "he may again" c limit del uid 1000
hold four "$CLIENT" $S 7
fourport=$LPORT
is "all together: full for everybody" "$(call 1000 name)" EADDRNOTAVAIL
ok "counted by its reason" counts "$CLIENT" ea_limit 1 call 1000 name
is "no account for who got nothing" "$(counted "$CLIENT" uid 1000)" ""
away "$fourport"
ok "one ends" wait_for counted_is "2 null" "$CLIENT" namespace
like "there is room for anybody" "$(call 1000 name rst)" $IN_EA
ok "no limits" c limit flush
is "nothing is shown" "$(c -j limit show)" "[]"

# --- every way to end ----------------------------------------------------------------------------------------

hold late "$CLIENT" $S 7
late=$LPORT
ok "limits again" c limit set each ea 100
is "those from between are counted" "$(counted "$CLIENT" uid 0)" "3 null"
away "$late"
call 0 rst >/dev/null
call 0 far=close eof close >/dev/null
call 0 far=rst wait=/ >/dev/null
call 0 unspec >/dev/null
call 0 rst again 2>/dev/null >&2
is "refused" "$(in_ns "$CLIENT" python3 "$here/peer.py" call $S 8 name)" ECONNREFUSED
ip -n "$CLIENT" -6 route add unreachable 2001:db8:6::/64
is "no route" "$(in_ns "$CLIENT" python3 "$here/peer.py" call 2001:db8:6::1 8 name)" EHOSTUNREACH
drop "$SERVER" 'tcp dport 5'
is "given up" "$(in_ns "$CLIENT" python3 "$here/peer.py" call -timeout=0.5 $S 5 name)" ETIMEDOUT
in_ns "$SERVER" nft flush ruleset
ok "reset, closed by the peer, disconnected, refused, no route, given up: all given back" \
	wait_for counted_is "2 null" "$CLIENT" uid 0
hold killed "$CLIENT" $S 7
stop "$PID" KILL
ok "a killed process: CLOSING" wait_for state_is "$CLIENT" "$LOCAL" closing
is "counts while it does" "$(counted "$CLIENT" uid 0)" "3 null"
away "$oneport"
away "$twoport"
ok "and is given back" wait_for purged
is "nothing is left" "$(counted "$CLIENT" namespace)" "0 null"

# --- many at a time ------------------------------------------------------------------------------------------

ok "five for each" c limit set each ea 5
pids=()
for i in {1..16}; do
	spawn "crowd$i" in_ns "$CLIENT" python3 "$here/peer.py" call $S 7 name echo hold
	pids+=("$PID")
done
crowd_answered()
{
	[ "$(cat "$TMP"/crowd* | grep -cE 'echoed|EADDRNOTAVAIL')" = 16 ]
}
ok "sixteen at a time" wait_for -t 60 crowd_answered
is "five get through" "$(cat "$TMP"/crowd* | grep -c echoed)" 5
is "five count" "$(counted "$CLIENT" uid 0)" "5 null"
for i in "${pids[@]}"; do
	stop "$i"
done
ok "none is left" wait_for purged

# shellcheck disable=SC2016
spawn toggle in_ns "$CLIENT" bash -c 'while [ ! -e "$0" ]; do
	umctl limit set each ea 1000 ssa 1000; umctl limit flush; done' "$TMP/enough"
toggle=$PID pids=()
for i in {1..4}; do
	spawn "load$i" in_ns "$CLIENT" setpriv --reuid="$((2000 + i % 2))" --clear-groups "$here/static" $S 9 400
	pids+=("$PID")
done
for i in "${pids[@]}"; do
	wait "$i"
done
is "1,600 connections while limits come and go" "$(cat "$TMP"/load* | grep -cE $IN_EA)" 1600
touch "$TMP/enough"
wait "$toggle"
ok "limits" c limit set each ea 1000
ok "no count is left over" wait_for counted_is "0 null" "$CLIENT" namespace
is "nor a user" "$(c -j limit show | jq -c 'map(select(.scope == "uid"))')" "[]"

cat >"$TMP/users.py" <<'PY'
import os, socket, struct, sys
for uid in range(5000, 5200):
    os.seteuid(uid)
    s = socket.create_connection((sys.argv[1], 9))
    print(s.getsockname()[0])
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()
    os.seteuid(0)
PY
is "two hundred users, one after the other" "$(in_ns "$CLIENT" python3 "$TMP/users.py" $S | grep -cE $IN_EA)" 200
ok "none of whom is remembered" wait_for counted_is "0 null" "$CLIENT" namespace
is "none of whom is shown" "$(c -j limit show | jq -c 'map(select(.scope == "uid"))')" "[]"

printf 'limit set uid %d ea 1\n' {6000..6999} | c -b - || bail "a thousand limits"
is "a thousand users with limits of their own" "$(c -j limit show | jq 'map(select(.scope == "uid")) | length')" 1000
ok "all forgotten" c limit flush
is "and nothing is shown" "$(c -j limit show)" "[]"

# --- SSAs ----------------------------------------------------------------------------------------------------

# by UID WORD...: umctl, for a user who may configure the server's namespace.
by()
{
	local uid=$1

	shift
	in_ns "$SERVER" setpriv --reuid="$uid" --clear-groups --inh-caps=+net_admin --ambient-caps=+net_admin umctl "$@"
}

ok "a port" s listener set port 7 mode das
first=$(ssa port 7)
ok "a limit" s limit set ssa 3
is "the one that waits is counted" "$(counted "$SERVER" namespace)" "null 1"
second=$(by 1000 ssa add port 7)
is "for who made it" "$(counted "$SERVER" uid 1000)" "null 1"
third=$(ssa port 7)
status_is "the fourth is refused" 2 ssa port 7
like "with a sentence" "$OUT" 'network namespace has as many SSAs as its limit'
ok "an EA is not an SSA" s limit set each ssa 2
ok "one is deleted" s ssa del "$third"
ok "that makes room" ssa port 7
status_is "for each user there is a limit, too" 2 ssa port 7
ok "the namespace's is not in the way" s limit set ssa none
status_is "that of each user is" 2 ssa port 7
like "with a sentence of its own" "$OUT" 'user has as many SSAs'
ok "another user has room" by 1000 ssa add port 7 lifetime 1
ok "his expires" wait_for counted_is "null 1" "$SERVER" uid 1000
hold session "$STRANGER" "$second" 7
is "a session counts on, for who made its address" "$(counted "$SERVER" uid 1000)" "null 1"
in_ns "$SERVER" ss -K "src [$second]" >/dev/null
ok "until it ends" wait_for counted_is "" "$SERVER" uid 1000
ok "nothing is limited" s limit flush
ok "the port is given up" s listener set port 7 mode legacy
is "no SSA is left" "$(live "$SERVER")" 0

# stock: what is ready; ready_is N
stock()
{
	s -j addr show state uncertain | jq -r '.[].address' | sort
}

ready_is()
{
	[ "$(stock | wc -l)" = "$1" ]
}
ok "one SSA for each" s limit set each ssa 1
ok "a port that keeps SSAs ready" s listener set port 7 mode auto pool ssa
ok "as many as its backlog is long" wait_for ready_is 128
is "count for nobody" "$(counted "$SERVER" namespace)" "null 0"
leased=$(by 1000 ssa lease port 7)
ok "which is replaced by none" ready_is 127
was=$(stock)
is "a lease does, for who asked for it" "$(counted "$SERVER" uid 1000)" "null 1"
status_is "a second one is refused" 2 by 1000 ssa lease port 7
like "with a sentence" "$OUT" 'user has as many SSAs'
is "and changes nothing" "$(stock)" "$was"
ok "nor is anything lost" wait_for eval '[ "$(live "$SERVER")" = 128 ]'
own=$(s ssa lease port 7)
ok "another user has room" grep -qxF "${own:-none}" <<<"$was"
ok "a limit for all together" s limit set ssa 2
status_is "refuses anybody" 2 by 2000 ssa lease port 7
like "with its own sentence" "$OUT" 'network namespace has as many SSAs'
is "who gets no account" "$(counted "$SERVER" uid 2000)" ""
ok "the lease is given back" s ssa del "$leased"
is "and counts no more" "$(counted "$SERVER" uid 1000)" ""
ok "nothing is limited" s limit flush
third=$(by 2000 ssa lease port 7)
ok "a limit while some are ready, some leased" s limit set each ssa 100
is "counts what was leased" "$(counted "$SERVER" namespace) $(counted "$SERVER" uid 2000)" "null 2 null 1"
ok "mode das disposes what was ready" s listener set port 7 mode das
is "of which nothing was counted" "$(counted "$SERVER" namespace)" "null 2"
ok "a lease is given back" s ssa del "$own"
ok "the other, too" s ssa del "$third"
is "nothing is counted" "$(counted "$SERVER" namespace)" "null 0"
ok "nothing is limited" s limit flush
ok "the port is given up" s listener set port 7 mode legacy
is "nothing is left" "$(live "$SERVER")" 0

# --- the end, with limits set and addresses alive ------------------------------------------------------------

ok "limits" c limit set ea 100 ssa 100
ok "limits of users" c limit set uid 7000 ea 5 ssa none
hold last "$CLIENT" $S 7
ok "drained" c drain --abort
ok "limits again, after the drain" c limit set uid 7001 ea 5
stop "$PID"
for ns in "$CLIENT" "$SERVER"; do
	umctl -n "$ns" drain --abort >/dev/null
	wait_for umctl -n "$ns" pool flush
	del_ns "$ns"
done
ok "the namespaces are gone, and the module with them" wait_for -t 30 rmmod umx

finish

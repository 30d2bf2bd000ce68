#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of who gets an EA: rules for users and control groups, and what sockets ask for themselves.
# The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need setpriv unshare
topology
umctl -n "$CLIENT" pool add ea prefix 2001:db8:ea::/64 || bail "the client's pool can be added"
umctl -n "$CLIENT" pool add two prefix 2001:db8:ea:2::/64 || bail "a second pool can be added"
serve echo "$SERVER" 7
IN_TWO='^2001:db8:ea:2:' LEGACY="^$C "

# as UID COMMAND...: as that user, in the client's namespace.
as()
{
	local uid=$1

	shift
	ip netns exec "$CLIENT" setpriv --reuid="$uid" --clear-groups "$@"
}

# source_is TEXT UID REGEX: where a connection of that user leaves from.
source_is()
{
	like "$1" "$(as "$2" python3 "$here/peer.py" call $S 7 name rst)" "$3"
}

# --- users ---------------------------------------------------------------------------------------------------

ok "a rule for one user" c ea add pool ea uid 1000
source_is "the user" 1000 $IN_EA
source_is "another user" 1001 "$LEGACY"
source_is "root" 0 "$LEGACY"
ok "a rule for a range in front" c ea add pool two uid 1000-1999 index 0
source_is "the first of the range: the first rule that matches" 1000 $IN_TWO
source_is "the last of the range" 1999 $IN_TWO
source_is "before the range" 999 "$LEGACY"
source_is "behind the range" 2000 "$LEGACY"
is "each rule counts its own" "$(c -j ea show | jq -c 'map(.hits)')" '[2,1]'
ok "an exception in front" c ea add legacy uid 1500 index 0
source_is "the exception" 1500 "$LEGACY"
source_is "its neighbour" 1501 $IN_TWO
ok "a user by name" c ea add pool ea uid nobody
source_is "the named user" 65534 $IN_EA
ok "a user and a destination" c ea add pool ea uid 3000 to 2001:db8:6::/48
source_is "the right user, the wrong destination" 3000 "$LEGACY"
ok "the right destination, too" c ea add pool ea uid 3000 to 2001:db8:5::/48
source_is "both hold" 3000 $IN_EA
source_is "the wrong user, the right destination" 3001 "$LEGACY"
is "ea show" "$(c ea show | sed 's/ hits.*//')" "0 legacy to ::/0 uid 1500
1 pool two to ::/0 uid 1000-1999
2 pool ea to ::/0 uid 1000
3 pool ea to ::/0 uid 65534
4 pool ea to 2001:db8:6::/48 uid 3000
5 pool ea to 2001:db8:5::/48 uid 3000"
status_is "del: a part of what a rule says is not the rule" 2 c ea del pool ea
status_is "del: nor is another range" 2 c ea del pool two uid 1000-2000
ok "del: all of what it says" c ea del pool two uid 1000-1999
source_is "the next rule decides" 1000 $IN_EA
ok "no rules" c ea flush

# A user namespace in which root is user 1000: his numbers mean what they mean to him.
spawn inside in_ns "$CLIENT" setpriv --reuid=1000 --clear-groups unshare -Urn bash -c '
	ip link set lo up && umctl pool add in prefix 2001:db8:7:7::/64 gen random
	umctl ea add pool in uid 0 && umctl ea show
	umctl ea add pool in uid 5
	echo ready && exec sleep 1000'
wait_for grep -q ready "$TMP/inside" || bail "there is a user namespace: $(cat "$TMP/inside")"
is "a user namespace: its view, and a user it has not" "$(cat "$TMP/inside")" "0 pool in to ::/0 uid 0 hits 0 proto tcp
umctl: the uids do not exist, or are no single range, in this user namespace
ready"
is "the view from outside" "$(umctl -n "pid:$PID" ea show)" "0 pool in to ::/0 uid 1000 hits 0 proto tcp"
ok "the rule by its number outside" umctl -n "pid:$PID" ea del pool in uid 1000
stop "$PID"

# --- what a socket asks for: RFC 5014 ------------------------------------------------------------------------

tmp=1 public=2 default=256

# wish_is TEXT UID PREFERENCE REGEX
wish_is()
{
	like "$1" "$(as "$2" python3 "$here/peer.py" call -prefer="$3" $S 7 name rst)" "$4"
}

ok "a pool for user 1000" c ea add pool ea uid 1000
wish_is "public: no EA" 1000 $public "$LEGACY"
wish_is "temporary: an EA" 1000 $tmp $IN_EA
wish_is "the system's default: as without a wish" 1000 $default $IN_EA
wish_is "temporary, but no rule gives one: as without a wish" 1001 $tmp "$LEGACY"
ok "a legacy rule for a destination in front" c ea add legacy to 2001:db8:5::/48 index 0
source_is "no wish: legacy" 1000 "$LEGACY"
wish_is "temporary: the pool behind it" 1000 $tmp $IN_EA
wish_is "temporary, no pool behind it: legacy" 1001 $tmp "$LEGACY"
is "the rule that decided is counted" "$(c -j ea show | jq -c 'map(.hits)')" '[2,3]'
ok "a legacy rule for the user in front" c ea add legacy uid 1000 index 0
wish_is "temporary: the rule names the user, and holds" 1000 $tmp "$LEGACY"
ok "away with it" c ea del 0
ok "a legacy rule for everybody in front" c ea add legacy cgroup / index 0
wish_is "temporary: the rule names a group, and holds" 1000 $tmp "$LEGACY"
ok "away with it" c ea del 0
ok "the pool goes" wait_for c pool del ea
wish_is "temporary, but the pool has none: refused" 1000 $tmp '^EADDRNOTAVAIL$'
ok "the pool comes back" c pool add ea prefix 2001:db8:ea::/64
ok "no rules" c ea flush

# --- control groups ------------------------------------------------------------------------------------------

mkdir "$TMP/cgroup"
mount -t cgroup2 none "$TMP/cgroup" || bail "control groups can be mounted"
group=$TMP/cgroup/umx-policy

# within GROUP COMMAND...: in that group, in the client's namespace.
within()
{
	local dir=$TMP/cgroup$1

	shift
	ip netns exec "$CLIENT" bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$dir" "$@"
}

# group_source_is TEXT GROUP REGEX
group_source_is()
{
	like "$1" "$(within "$2" python3 "$here/peer.py" call $S 7 name rst)" "$3"
}

mkdir -p "$group/a/b" "$group/ab"
ok "a rule for a group" c ea add pool ea cgroup /umx-policy/a
group_source_is "in the group" /umx-policy/a $IN_EA
group_source_is "in a group below" /umx-policy/a/b $IN_EA
group_source_is "in the group above" /umx-policy "$LEGACY"
group_source_is "in a group whose name begins alike" /umx-policy/ab "$LEGACY"
group_source_is "in the root" / "$LEGACY"
ok "a rule for a group below in front" c ea add pool two cgroup /umx-policy/a/b index 0
group_source_is "the first rule that matches" /umx-policy/a/b $IN_TWO
group_source_is "not for the group above" /umx-policy/a $IN_EA
ok "a rule for everybody" c ea add legacy cgroup /
group_source_is "the root holds every group" /umx-policy "$LEGACY"
is "counted" "$(c -j ea show | jq -c 'map(.hits)')" '[1,3,1]'
ok "a user in a group" c ea add pool two cgroup /umx-policy/ab uid 1000 index 0
like "both hold" "$(within /umx-policy/ab setpriv --reuid=1000 --clear-groups python3 "$here/peer.py" call $S 7 name rst)" \
	$IN_TWO
group_source_is "the right group, the wrong user" /umx-policy/ab "$LEGACY"
ok "del: all of what it says" c ea del pool two cgroup /umx-policy/ab uid 1000
ok "del: the group is part of it" c ea del legacy cgroup /

# A socket made in the group, whose process moves out of it.
cat >"$TMP/moves.py" <<'PY'
import os, socket, sys, time
s = socket.socket(socket.AF_INET6)
open(sys.argv[1] + "/cgroup.procs", "w").write("0")
print("moved", flush=True)
while len(sys.argv) > 3 and not os.path.exists(sys.argv[3]):
    time.sleep(0.02)
s.connect((sys.argv[2], 7))
print(s.getsockname()[0])
PY
like "the socket's group counts, not where its process is" \
	"$(within /umx-policy/a python3 "$TMP/moves.py" "$TMP/cgroup" $S | tail -n 1)" $IN_EA
like "and the other way round" "$(within / python3 "$TMP/moves.py" "$group/a" $S | tail -n 1)" "^$C$"

# A group that is removed while a socket of it lives.
spawn moves within /umx-policy/a/b python3 "$TMP/moves.py" "$TMP/cgroup" $S "$TMP/go"
wait_for grep -q moved "$TMP/moves" || bail "the process moves: $(cat "$TMP/moves")"
ok "the group is removed" wait_for rmdir "$group/a/b"
is "its rule stays and says so" "$(c ea show | head -n 1)" "0 pool two to ::/0 cgroup /umx-policy/a/b gone hits 1 proto tcp"
is "in JSON, too" "$(c -j ea show | jq -c 'map(.cgroup_gone)')" '[true,false]'
touch "$TMP/go"
wait "$PID"
like "it matches nothing, not even a socket of it: the next rule decides" "$(tail -n 1 "$TMP/moves")" $IN_EA
mkdir "$group/a/b"
group_source_is "a new group of the same name is another one" /umx-policy/a/b $IN_EA
ok "the rule again, for the new group" c ea add pool two cgroup /umx-policy/a/b index 0
group_source_is "which matches" /umx-policy/a/b $IN_TWO
status_is "but not twice" 2 c ea add pool two cgroup /umx-policy/a/b
ok "del takes the first" c ea del pool two cgroup /umx-policy/a/b
is "which was the new one" "$(c -j ea show | jq -c 'map(.cgroup_gone)')" '[true,false]'
ok "the rule of the group that is gone goes by its position" c ea del 0
ok "groups come and go under rules that match" c ea add pool two cgroup /umx-policy/ab
spawn churn in_ns "$CLIENT" bash -c 'while :; do
	umctl ea add pool ea cgroup /umx-policy/a/b index 0 && umctl ea del pool ea cgroup /umx-policy/a/b; done'
out=$(within /umx-policy/ab "$here/static" $S 7 200)
stop "$PID"
is "200 connections meanwhile" "$(grep -cE "$IN_TWO" <<<"$out")" 200
ok "no rules" c ea flush
rmdir "$group/a/b" "$group/a" "$group/ab" "$group"
wait_for umount "$TMP/cgroup"

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of who may see and do what: namespaces apart, user namespaces, processes without privilege.
#
#   [ $A ]eth0 --- eth0[ $B ]    pool p 2001:db8:1::/64 in both, server on port 7 in $A;  [ $OTHER ] has nothing

. "$(dirname "$0")/../lib.sh"
need umctl jq python3 setpriv unshare
here=$(cd "$(dirname "$0")" && pwd)
load umx
setup_ns A B OTHER
link_ns "$A" eth0 2001:db8::a/64 "$B" eth0 2001:db8::b/64

in_sysfs()
{
	in_ns "$1" find /sys/class/umx_pool -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | paste -sd' '
}

# --- two namespaces apart ------------------------------------------------------------------------------------

for ns in "$A" "$B"; do
	spawn "events-$ns" umctl -n "$ns" -j monitor
	ok "pool p" umctl -n "$ns" pool add p prefix 2001:db8:1::/64
done
umctl -n "$A" pool add onlya prefix 2001:db8:2::/64
heard()
{
	umctl -n "$2" pool add t prefix 2001:db8:99::/64 && umctl -n "$2" pool del t
	grep -q '"t"' "$TMP/$1"
}
ok "A's monitor hears A" wait_for heard "events-$A" "$A"
ok "B's monitor hears B" wait_for heard "events-$B" "$B"
is "pools: A" "$(umctl -n "$A" -j pool show | jq -c 'map(.name) | sort')" '["onlya","p"]'
is "pools: B" "$(umctl -n "$B" -j pool show | jq -c 'map(.name)')" '["p"]'
is "pools: another" "$(umctl -n "$OTHER" -j pool show)" "[]"
is "sysfs: A" "$(in_sysfs "$A")" "onlya p"
is "sysfs: B" "$(in_sysfs "$B")" "p"
is "sysfs: another" "$(in_sysfs "$OTHER")" ""

spawn_listener echo "$A" 7 python3 "$here/peer.py" serve 7
umctl -n "$A" listener set port 7 mode das pool p
umctl -n "$B" ea add pool onlya 2>/dev/null && point 1 "a rule with a pool of another namespace is refused"
to=$(umctl -n "$A" ssa add port 7 pool p addr 2001:db8:1::77 lifetime 600)
umctl -n "$A" ssa add port 7 pool p from 2001:db8::b lifetime 600 2>/dev/null || :
is "ssa: A" "$(umctl -n "$A" ssa show | grep -c "$to")" 1
is "ssa: B" "$(umctl -n "$B" -j ssa show)" "[]"
is "addr: B" "$(umctl -n "$B" -j addr show)" "[]"
is "listener: B" "$(umctl -n "$B" -j listener show)" "[]"
ok "the same address can be given in B" umctl -n "$B" listener set port 7 mode das
ok "and waits there on its own" umctl -n "$B" ssa add port 7 addr "$to"
umctl -n "$B" ssa flush
umctl -n "$B" listener flush
umctl -n "$B" pool del p
ip -n "$B" -6 route add 2001:db8:1::/64 via 2001:db8::a
is "a session of A" "$(ip netns exec "$B" python3 "$here/peer.py" call "$to" 7 echo rst)" echoed
is "counters: A" "$(counter "$A" ssa_claimed)" 1
is "counters: B" "$(counter "$B" ssa_claimed)" 0
not_ok "A's addresses are not told to B" grep -q "claimed\|session_bound" "$TMP/events-$B"
ok "A's events are told to A" wait_for grep -q session_bound "$TMP/events-$A"

# --- without privilege ---------------------------------------------------------------------------------------

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
to=$(umctl -n "$A" ssa add port 7 pool p lifetime 600)
before=$(umctl -n "$A" -j pool show; umctl -n "$A" -j listener show)
eperm()
{
	local who=$1 out status=0

	shift
	out=$(timeout $((10 * SLOW)) "$@" 2>&1) || status=$?
	out=$(grep -v '^umctl [0-9.]*$' <<<"$out")	# "version" says its own anyway
	[ $status = 2 ] && [[ $out == *"Operation not permitted"* ]] && [ "$(wc -l <<<"$out")" = 1 ]
	point $? "$who: EPERM" || diag "$status: $out"
}

while read -r words; do
	# shellcheck disable=SC2086
	eperm "nobody: $words" ip netns exec "$A" "${nobody[@]}" umctl $words
	# shellcheck disable=SC2086
	eperm "root of a user namespace, in a network namespace not his: $words" \
		ip netns exec "$A" "${nobody[@]}" unshare -Ur umctl $words
done <<-WORDS
	pool show
	pool add x prefix 2001:db8:3::/64
	pool del p force
	pool flush
	ea show
	ea add pool p
	ea del 0
	ea flush
	listener show
	listener set port 80 mode das
	listener flush
	ssa show
	ssa add port 7
	ssa del $to
	ssa flush
	das $$ lo 2001:db8:1::5 port 7
	addr show
	session show
	drain
	drain --abort
	drain off
	stats show
	monitor
	version
WORDS
is "nobody: joining events" "$(in_ns "$A" "${nobody[@]}" python3 "$here/nl.py" join)" EPERM
is "root of a user namespace: joining events" \
	"$(in_ns "$A" "${nobody[@]}" unshare -Ur python3 "$here/nl.py" join)" EPERM
is "root: joining events" "$(in_ns "$A" python3 "$here/nl.py" join)" OK
is "nothing has changed" "$(umctl -n "$A" -j pool show; umctl -n "$A" -j listener show)" "$before"

# The waiting address, as text and as the kernel's tables print it.
hex=$(python3 -c 'import socket, struct, sys
a = socket.inet_pton(socket.AF_INET6, sys.argv[1])
print("%s|%s|%08X%08X%08X%08X" % (sys.argv[1], a.hex(), *struct.unpack("=4I", a)))' "$to")
# shellcheck disable=SC2016
found=$(in_ns "$A" "${nobody[@]}" bash -c 'grep -rsilE "$1" /sys/class/umx_pool/*/ /sys/class/umx_pool/*/statistics \
	/sys/module/umx /sys/module/umx_tcp /proc/net /proc/sys/net 2>/dev/null' bash "$hex" | head -n 3)
is "a waiting address is nowhere in sysfs or proc" "$found" ""
not_ok "nor in the kernel's log" bash -c "dmesg | grep -iE '$hex'"
found=$(in_ns "$A" "${nobody[@]}" ip -6 tcp_metrics show 2>/dev/null | grep -E '2001:db8:1:')
is "nor was the used one kept in the metrics" "$found" ""

# --- the root of a user namespace, in a network namespace of his own -----------------------------------------

cat >"$TMP/userns.sh" <<'SH'
set -e
here=$1
export HOME=/ # root's is not his, and jq looks there
unshare -n sleep 1000 &
far=$!
trap 'kill $(jobs -p)' EXIT
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
at_far()
{
	nsenter -t $far -n "$@"
}
ip link set lo up
ip link add v0 type veth peer name v0 netns $far
for at in "" at_far; do
	$at sysctl -qw net.ipv6.conf.v0.accept_dad=0
	$at ip link set lo up
	$at ip link set v0 up
done
ip addr add 2001:db8:80::1/64 dev v0 nodad
at_far ip addr add 2001:db8:80::2/64 dev v0 nodad
at_far ip route add 2001:db8:1::/64 via 2001:db8:80::1
until ping -c 1 -W 1 2001:db8:80::2 >/dev/null; do sleep 0.05; done
[ "$(umctl -j pool show)" = "[]" ]
umctl pool add p prefix 2001:db8:1::/64
umctl ea add pool p
at_far python3 "$here/peer.py" serve 7 &
python3 "$here/peer.py" serve 7 &
until [ "$(ss -Hltn 'sport = :7')" ] && [ "$(at_far ss -Hltn 'sport = :7')" ]; do sleep 0.05; done
python3 "$here/peer.py" call 2001:db8:80::2 7 name echo rst
umctl listener set port 7 mode das
at_far python3 "$here/peer.py" call "$(umctl ssa add port 7)" 7 echo rst
umctl -j stats show | jq -r '.[] | select(.name == "ssa_claimed") | .value'
umctl -n pid:$far -j pool show
python3 "$here/nl.py" join
SH
chmod 755 "$TMP/userns.sh"
out=$("${nobody[@]}" unshare -Urn --mount-proc --pid --fork bash "$TMP/userns.sh" "$here" 2>&1)
ok "user namespace: an EA" grep -qE '^2001:db8:1:[0-9a-f:]+ [0-9]+$' <<<"$out" || diag "$out"
is "user namespace: EA and SSA work" "$(tail -n 5 <<<"$out" | paste -sd' ')" "echoed echoed 1 [] OK" || diag "$out"
is "user namespace: nobody else has seen that" "$(counter "$A" ea_created) $(counter "$B" ea_created)" "0 0"
not_ok "user namespace: he cannot enter another" "${nobody[@]}" unshare -Urn umctl -n pid:1 pool show

for ns in "$A" "$B"; do
	ip netns pids "$ns" | xargs -r kill -KILL
	del_ns "$ns"
done
unused()
{
	[ "$(cat /sys/module/umx/refcnt)" = 0 ]
}
ok "all namespaces gone: the module is not used" wait_for -t 20 unused
finish

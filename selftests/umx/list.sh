#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of pools that are single addresses of a link, each of which is used once, for ever.
#
#   [ $HOST ]eth0 ---.                            2001:db8:1::/64, on all that hang on the switch
#     ::1            |                            pool eth0: ::a1 ::a2 ::7:a3 ::a4, on $HOST
#   [ $OTHER ]eth0 --+-- [ $SWITCH ] br0
#     ::2            |
#   [ $THIRD ]eth0 --'
#     ::3

. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/neighbour.sh"
need umctl jq python3 curl ndisc6
load umx

P=2001:db8:1
FILE=/var/lib/umx/listed
rm -f $FILE

# plug VARIABLE ADDRESS: a host on the switch, which does DAD as hosts do.
plug()
{
	local ns=${!1} port=${1,,}

	link_ns "$ns" eth0 "$2/64" "$SWITCH" "$port" -
	ip -n "$SWITCH" link set "$port" master br0
	in_ns "$ns" sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=1
}

setup_ns HOST OTHER THIRD SWITCH
ip -n "$SWITCH" link add br0 type bridge mcast_snooping 0
ip -n "$SWITCH" link set br0 up
plug HOST $P::1
plug OTHER $P::2
plug THIRD $P::3

# h WORD...: umctl for the host.
h()
{
	umctl -n "$HOST" "$@"
}

# of POOL NAME: what "pool show" says, or its list, or its statistics.
of()
{
	h -j pool show "$1" | jq -r --arg n "$2" '.[0] | . + .stats + .list | .[$n]'
}

# has POOL NAME VALUE
has()
{
	[ "$(of "$1" "$2")" = "$3" ]
}

# gets NS ADDRESS [SECONDS]: over HTTP.
gets()
{
	in_ns "$1" curl -sS -o /dev/null --connect-timeout "${3:-30}" "http://[$2]/"
}

# from NAME: who asked the server of that name last.
from()
{
	grep GET "$TMP/$1" | tail -n 1 | cut -d ' ' -f 1
}

state()
{
	h -j pool show | jq -c 'map(del(.stats))'
	grep '^given' $FILE 2>/dev/null
}

# refused TEXT STATUS REGEX WORD...: a sentence.
refused()
{
	local text=$1 wanted=$2 regex=$3 out status=0

	shift 3
	out=$(h "$@" 2>&1) || status=$?
	[ "$status" = "$wanted" ] && [[ $out =~ $regex ]]
	point $? "$text: $(head -n 1 <<<"${out#umctl: }")" || diag "status $status"
}

# --- bad input -----------------------------------------------------------------------------------------------

h pool add routed prefix 2001:db8:9::/64 || bail "a routed pool"
before=$(state)
refused "without a device" 2 'needs its device' pool add few addr $P::a1
refused "lo" 2 'no neighbours' pool add dev lo $P::a1
refused "no such device" 2 'no.such.* not in this' pool add dev no-such $P::a1
refused "no address" 1 'prefix or addr' pool add dev eth0
refused "no address at all" 1 'not an IPv6 address' pool add dev eth0 $P::a1 2001:db8
refused "nor a keyword" 1 'does not know' pool add dev eth0 $P::a1 a2
refused "a prefix, too" 1 'not both' pool add few dev eth0 $P::a1 prefix 2001:db8:7::/64
refused "twice" 2 'twice' pool add dev eth0 $P::a1 $P::a2 $P::a1
refused "an address of this host" 2 "this host's" pool add dev eth0 $P::a1 $P::1
for bad in ff0e::1 ff02::1:ff00:1 fe80::a1 ::ffff:192.0.2.1 ::192.0.2.1 ::1 ::; do
	refused "$bad" 2 'no global or unique local unicast' pool add dev eth0 $P::a1 $bad
done
refused "the subnet router's" 2 'reserved' pool add dev eth0 $P::a1 $P::
refused "inside another pool" 2 'in another pool' pool add dev eth0 $P::a1 2001:db8:9::a1
refused "routed" 2 'of a link' pool add few dev eth0 type routed $P::a1
refused "random" 2 'generator list' pool add few dev eth0 gen random $P::a1
refused "a list that is a prefix" 2 'single addresses' pool add few dev eth0 type onlink gen list prefix 2001:db8:7::/64
refused "ready" 2 'all of its addresses' pool add dev eth0 $P::a1 ready 1
refused "reject" 2 'routed pools' pool add dev eth0 $P::a1 reject
refused "key" 1 'cannot be traced' pool add dev eth0 $P::a1 key /tmp/key
mapfile -t many < <(printf "$P::1:%x\n" $(seq 257))
refused "too many" 1 'at most 256' pool add dev eth0 "${many[@]}"

# raw TEXT REGEX WORD...: what the kernel says when no umctl has looked first (nl.py). 24 is the list; 32792 says that it
# is a nest, too.
raw()
{
	local text=$1 regex=$2

	shift 2
	like "$text" "$(in_ns "$HOST" python3 "$here/nl.py" 1 1:str=few "6:u32=$eth0" "$@")" "$regex"
}

eth0=$(in_ns "$HOST" cat /sys/class/net/eth0/ifindex)
one=1400010020010db80001000000000000000000a1
raw "too many, for the kernel" '^E2BIG .*at most 256' "32792:hex=$(printf "14000100%032x" $(seq 257))"
raw "an empty list" '^EINVAL .*empty' 32792:hex=
raw "a list and a prefix" '^EINVAL .*not both' 32792:hex=$one 2:in6=2001:db8:7:: 3:u8=64
raw "an address cut short" '^(EINVAL|ERANGE)' 32792:hex=0800010020010db8
raw "what only a reply has" '^EINVAL' 32792:hex=${one}0800030001000000
raw "a nest that does not say so" '^EINVAL' 24:hex=$one
raw "ready" '^EINVAL .*all of its addresses' 32792:hex=$one 22:u32=3
is "none of these changed anything" "$(state)" "$before"

# --- from listed to ready ------------------------------------------------------------------------------------

A=("$P::a1" "$P::a2" "$P::7:a3" "$P::a4")
h pool add dev eth0 "${A[@]}" || bail "a list can be added"
is "its name is the device's" "$(of eth0 name) $(of eth0 type) $(of eth0 generator)" "eth0 onlink list"
ok "the link is there" wait_for has eth0 attached true
ok "all are proven unique" wait_for has eth0 uncertain 4
is "one probe each" "$(counter "$HOST" nd_probe)" 4
is "these are they" "$(h -j addr show state uncertain | jq -r '.[].address' | sort)" "$(printf '%s\n' "${A[@]}" | sort)"
is "JSON tells which" "$(h -j pool show eth0 | jq -c '.[0].list')" \
	"{\"address\":[\"${A[0]}\",\"${A[1]}\",\"${A[2]}\",\"${A[3]}\"],\"left\":4,\"used\":[]}"
like "text tells how many" "$(h pool show eth0)" '^eth0 type onlink generator list left 4 dev eth0 attached yes'
is "sysfs, too, and no prefix" "$(in_ns "$HOST" bash -c 'cd /sys/class/umx_pool/eth0 && ls prefix 2>/dev/null; cat generator left')" \
	$'list\n4'
is "the interface has none of them" "$(ip -n "$HOST" -6 -o addr show dev eth0 scope global | wc -l)" 1
for group in ff02::1:ff00:a1 ff02::1:ff07:a3; do
	ok "the group of each: $group" prints "$group" ip -n "$HOST" -6 maddr show dev eth0
done
is "each is on disk" "$(grep -c '^given ' $FILE)" 4
before=$(state)
refused "a prefix over the list" 2 'overlaps' pool add wide prefix 2001:db8:1::/48
refused "another list of the same" 2 'in another pool' pool add more dev eth0 $P::b9 "${A[2]}"
refused "the same name" 2 'of this name' pool add dev eth0 $P::b9
refused "a list has no windows" 2 'not traceable' pool reserve eth0
is "none of these changed anything" "$(state)" "$before"

# --- UNCERTAIN: defended, and silent -------------------------------------------------------------------------

not_ok "nobody finds a neighbour at an UNCERTAIN address" asks "$OTHER" "${A[2]}"
ok "who does DAD for it loses" loses "$THIRD" "${A[2]}"
ok "that is counted" [ "$(counter "$HOST" nd_defended)" -ge 1 ]
ok "and it is UNCERTAIN still" state_is "$HOST" "${A[2]}" uncertain
counts "$HOST" in_solicit 1+ asks "$OTHER" "$P::a1"
point $? "who asks is counted"

# --- clients and servers -------------------------------------------------------------------------------------

spawn_listener web "$OTHER" 80 python3 -u -m http.server --bind :: --directory "$TMP" 80
h ea add pool eth0 to $P::2/128 || bail "a rule"
ok "curl" gets "$HOST" $P::2
is "left from the first of the list" "$(from web)" "${A[0]}"
is "three are left" "$(of eth0 left)" 3
is "and it is said which was used" "$(h -j pool show eth0 | jq -c '.[0].list.used')" "[\"${A[0]}\"]"
# where the client closed first, after its TIME_WAIT
ok "nobody is there any more" wait_for -t 90 not asks "$THIRD" "${A[0]}"

spawn_listener mine "$HOST" 8080 python3 -u -m http.server --bind :: --directory "$TMP" 8080
mine=$PID
h listener set port 8080 mode das pool eth0 || bail "mode das"
is "an address can be asked for by name" "$(h ssa add port 8080 addr "${A[3]}")" "${A[3]}"
ok "a neighbour's curl" gets "$OTHER" "${A[3]}"
not_ok "was the only one" gets "$OTHER" "${A[3]}" 1
is "delayed address setting" "$(h das "$mine" eth0 "${A[2]}")" "${A[2]}"
ok "another neighbour's curl" gets "$THIRD" "${A[2]}"
is "one is left" "$(of eth0 left)" 1
refused "what was used is not given again" 2 'used before|in use' ssa add port 8080 addr "${A[0]}"
refused "nor what is none of them" 2 'none of the pools' ssa add port 8080 addr $P::b9
ok "curl, again" gets "$HOST" $P::2
is "has the last one" "$(from web)" "${A[1]}"
is "none is left" "$(of eth0 left)" 0
not_ok "curl, once more" gets "$HOST" $P::2
[ "$(of eth0 exhausted)" -ge 1 ]
point $? "found none, and that is counted"
refused "nor is there one for a server" 2 'no address left' ssa add port 8080
is "nothing is reserved of it" "$(of eth0 tentative) $(of eth0 uncertain)" "0 0"

# ended: nobody's session is left; who closed first is in TIME_WAIT for a minute, and which end that is depends.
ended()
{
	ok "sessions have ended" wait_for -t 70 prints '^\[\]$' h -j session show
}

# --- never again ---------------------------------------------------------------------------------------------

# What the kernel knows of the addresses outlives their pool.
h drain --abort >/dev/null && h drain off || bail "drain"
h ea flush && h listener flush
h pool del eth0 || bail "the list can go"
OUT=$(h pool add dev eth0 $P::a5 "${A[@]}" 2>&1) || bail "it can come again"
like "listed again, they are used still" "$OUT" '4 of the 5 addresses of pool eth0 were used before'
is "what is new is left" "$(of eth0 left)" 1
h pool del eth0

B=("$P::b1" "$P::b2" "$P::b3")
h pool add few dev eth0 "${B[@]}" && h ea add pool few to $P::2/128 || bail "another list"
ok "ready" wait_for has few uncertain 3
ok "curl" gets "$HOST" $P::2
is "left from its first" "$(from web)" "${B[0]}"
h save "$TMP/saved" || bail "save"
like "it can be saved" "$(cat "$TMP/saved")" "pool add few dev eth0 type onlink gen list addr ${B[1]} ${B[2]} ${B[0]}"
is "nothing is to be done" "$(h sync -n "$TMP/saved")" ""
ended
h ea flush && h listener flush && h pool flush
OUT=$(h restore "$TMP/saved" 2>&1) || bail "restore"
like "restored, the used one is used" "$OUT" '1 of the 3 .*were used before'
is "two are left" "$(of few left)" 2
ok "ready" wait_for has few uncertain 2

ip -n "$SWITCH" link set host down
ok "without carrier it is detached" wait_for has few attached false
is "and has lost none" "$(of few left) $(of few uncertain)" "2 0"
ip -n "$SWITCH" link set host up
ok "with carrier they are proven anew" wait_for has few uncertain 2
ip -n "$HOST" addr del $P::1/64 dev eth0
ok "without the prefix it is detached" wait_for has few attached false
ip -n "$HOST" addr add $P::1/64 dev eth0 nodad
ok "and with it attached" wait_for has few uncertain 2

h listener set port 8080 mode auto pool few || bail "mode auto"
ok "a port in mode auto takes what there is" wait_for has few left 0
h listener set port 8080 mode das pool few
ok "and gives back what nobody leased" wait_for has few left 2
ok "proven anew" wait_for has few uncertain 2

ip -n "$OTHER" addr add $P::c1/64 dev eth0 nodad
h pool add dup dev eth0 $P::c1 $P::c2 || bail "a list with an address that somebody has"
ok "is found out" wait_for has dup duplicates 1
ok "the other is ready" wait_for has dup uncertain 1
is "and is all that is left" "$(of dup left)" 1
ok "who had it has it" asks "$THIRD" $P::c1
h pool del dup

# --- boots ---------------------------------------------------------------------------------------------------

# reload: the module goes, and comes, as with a boot.
reload()
{
	wait_for rmmod umx && modprobe umx
}

stop "$mine"
h save "$TMP/saved"
h drain --abort >/dev/null
ok "the module can go when it is drained" reload
OUT=$(h restore "$TMP/saved" 2>&1)
like "what was used is used after a boot" "$OUT" '1 of the 3'
is "what was left when it was drained is left" "$(of few left)" 2
ok "ready" wait_for has few uncertain 2
ok "curl" gets "$HOST" $P::2
is "leaves from what was not used" "$(from web)" "${B[1]}"
ended
h ea flush && h listener flush && h pool flush
ok "the module can go, nobody having asked" reload
OUT=$(h restore "$TMP/saved" 2>&1)
like "then nobody knows, and all count as used" "$OUT" '3 of the 3 addresses of pool few were used before'
is "none is left" "$(of few left)" 0
OUT=$(umctl -n "$THIRD" pool add dev eth0 "${B[2]}" 2>&1)
like "in another namespace, too" "$OUT" '1 of the 1'
umctl -n "$THIRD" pool flush
status_is "no key made it" 2 umctl trace "${B[1]}"
like "and trace says so" "$OUT" 'in a list'

h pool add dev eth0 $P::d1 $P::d2 || bail "fresh ones"
before=$(sed 's/ time .*//' $FILE)
h drain >/dev/null
like "drained, the file forgets what is left" "$(diff <(sed 's/ time .*//' $FILE) <(echo "$before"))" "> given $P::d1 "
h drain off
is "and has it again before any is given" "$(sed 's/ time .*//' $FILE)" "$before"
h pool add full dev eth0 "${many[@]:0:256}" || bail "as many as there may be"
ok "are proven unique" wait_for -t 30 has full uncertain 256
ok "and have their groups" prints 'ff02::1:ff01:' ip -n "$HOST" -6 maddr show dev eth0
is "and shown, and saved" "$(h -j pool show full | jq '.[0].list.address | length') $(h save - | grep -o "$P::1:" | wc -l)" "256 256"

# --- the end -------------------------------------------------------------------------------------------------

h ea flush
h pool flush
ok "no pool is left" wait_for prints '^\[\]$' h -j pool show
ok "nor a group" not prints 'ff02::1:ff01:' ip -n "$HOST" -6 maddr show dev eth0
rm -f $FILE
ok "the module can go" wait_for rmmod umx

finish

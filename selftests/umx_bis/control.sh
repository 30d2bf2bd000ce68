#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umctl bis: what it prints, what is refused and how it is said, privilege, and that
# nothing is hooked where there is no spool.

. "$(dirname "$0")/../lib.sh"
need umctl jq setpriv python3
load umx_bis
setup_ns NS OTHER
ip -n "$NS" link add dum0 type dummy
ip -n "$NS" link set dum0 up
ip -n "$NS" addr add 2001:db8:a::46/64 dev dum0 nodad

b()
{
	umctl -n "$NS" bis "$@"
}

# says TEXT STATUS SENTENCE WORD...: umctl bis WORD... ends with STATUS and this on stderr, nothing on stdout.
says()
{
	local text=$1 wanted=$2 sentence=$3 status=0

	shift 3
	b "$@" >"$TMP/out" 2>"$TMP/err" || status=$?
	is "$text" "$status $(head -n 1 "$TMP/err") $(cat "$TMP/out")" "$wanted umctl: $sentence "
}

source='source 2001:db8:a::46'

# --- the spool -----------------------------------------------------------------------------------------------------

is "nothing at first" "$(b spool; b map; b spool show; b map show) $(umctl -n "$NS" -j bis spool)" " []"
says "a pair without a spool" 2 "there is no spool to take the IPv4 address from: 'bis spool add' comes first" \
	map add 198.18.0.10 2001:db8:b::1
says "a spool without a source" 1 "bis spool add needs source" spool add 198.18.0.0/15
for prefix in 127.0.0.0/8 224.0.0.0/8 0.0.0.0/8; do
	says "not a spool: $prefix" 2 "a spool is a prefix of unicast addresses; 198.18.0.0/15 is free for it" \
		spool add $prefix $source
done
says "bits behind the length" 2 "the prefix has bits set behind its length" spool add 198.18.0.1/15 $source
says "not its address" 2 "the host's own address must be a host address of the prefix" \
	spool add 198.18.0.0/24 $source self 198.18.1.1
says "nor its first" 2 "the host's own address must be a host address of the prefix" \
	spool add 198.18.0.0/24 $source self 198.18.0.0
says "nor its last" 2 "the host's own address must be a host address of the prefix" \
	spool add 198.18.0.0/24 $source self 198.18.0.255
for address in fe80::1 ::1 ff02::1 ::; do
	says "not a source: $address" 2 "the source must be a global unicast address" \
		spool add 198.18.0.0/15 source $address
done
says "not a BIS device" 2 "that device is not this network namespace's BIS device" \
	spool add 198.18.0.0/15 $source dev dum0
is "what was refused has changed nothing" "$(b spool; ip -n "$NS" -4 route; ip -n "$NS" -br link show type umx_bis)" ""

status_is "a source that is no address of this host yet" 0 b spool add 198.18.0.0/15 source 2001:db8:a::47
like "is worth a warning" "$OUT" 'warning: the source is no address of this host yet, or still tentative, .*preferred_lft 0$'
b spool del
ip -n "$NS" link del bis0

ok "spool add" b spool add 198.18.0.0/15 $source
is "spool show" "$(b spool)" "198.18.0.0/15 self 198.18.0.1 source 2001:db8:a::46 dev bis0 incoming pair idle 300 pairs 0"
is "in JSON" "$(umctl -n "$NS" -j bis spool | jq -c '.[0] | [.prefix, .plen, .self, .source, .pairs]')" \
	'["198.18.0.0",15,"198.18.0.1","2001:db8:a::46",0]'
like "its route" "$(ip -n "$NS" -4 route show dev bis0)" '^198.18.0.0/15 proto 117 scope link src 198.18.0.1 *$'
is "another namespace has none" "$(umctl -n "$OTHER" bis spool)" ""
says "a second one" 2 "this network namespace has a spool; 'bis spool del' removes it" spool add 10.0.0.0/8 $source
is "the first is as it was" "$(b spool)" "198.18.0.0/15 self 198.18.0.1 source 2001:db8:a::46 dev bis0 incoming pair idle 300 pairs 0"

# --- pairs ---------------------------------------------------------------------------------------------------------

ok "map add" b map add 198.18.0.10 2001:db8:b::1
ok "another" b map add 198.19.255.254 2001:db8:b::2
ok "one that exists" b map add 198.18.0.10 2001:db8:b::1
is "map show" "$(b map)" "198.18.0.10 2001:db8:b::1
198.19.255.254 2001:db8:b::2"
is "in JSON" "$(umctl -n "$NS" -j bis map | jq -c '.[0]')" '{"addr4":"198.18.0.10","addr6":"2001:db8:b::1","dynamic":false}'
is "the spool counts them" "$(umctl -n "$NS" -j bis spool | jq '.[0].pairs')" 2
says "an IPv4 address twice" 2 "the IPv4 address has another pair" map add 198.18.0.10 2001:db8:b::3
says "an IPv6 address twice" 2 "the IPv6 address has another pair" map add 198.18.0.11 2001:db8:b::1
says "not of the spool" 2 "the IPv4 address is not a host address of the spool" map add 10.0.0.1 2001:db8:b::3
says "its first" 2 "the IPv4 address is not a host address of the spool" map add 198.18.0.0 2001:db8:b::3
says "its last" 2 "the IPv4 address is not a host address of the spool" map add 198.19.255.255 2001:db8:b::3
says "the host's" 2 "that IPv4 address is the host's own" map add 198.18.0.1 2001:db8:b::3
says "the source" 2 "that IPv6 address is the spool's source" map add 198.18.0.11 2001:db8:a::46
for address in fe80::1 ::1 ff02::1 ::; do
	says "not a host: $address" 2 "the IPv6 address must be a global unicast address" map add 198.18.0.11 $address
done
says "not an IPv4 address" 1 '"198.18.0.256" is not an IPv4 address' map add 198.18.0.256 2001:db8:b::3
says "no such pair" 2 "there is no such pair" map del 198.18.0.12
says "by IPv6" 2 "there is no such pair" map del ipv6 2001:db8:b::12
says "both, but not of each other" 2 "there is no such pair" map del 198.18.0.10 ipv6 2001:db8:b::2
says "which?" 1 "bis map del needs ipv4 or ipv6" map del
is "there are two as before" "$(b map | wc -l)" 2
is "completion knows them" "$(umctl __complete -n "$NS" bis map del ipv6 2001:db8:b::2)" 2001:db8:b::2
ok "map del by IPv6" b map del ipv6 2001:db8:b::2
ok "map del by both" b map del 198.18.0.10 ipv6 2001:db8:b::1
is "none is left" "$(b map)" ""
for i in $(seq 200); do
	echo "bis map add 198.18.1.$i 2001:db8:b:1::$i"
done >"$TMP/batch"
ok "200 pairs" umctl -n "$NS" -b "$TMP/batch"
is "are shown" "$(b map | sort -u | wc -l)" 200
ok "map flush" b map flush
is "and gone" "$(b map)" ""

status_is "bis alone" 1 umctl -n "$NS" bis
like "and says so" "$OUT" "bis of what"
is "bis help" "$(b help | grep -c '^  umctl bis ')" 17

# --- malformed messages --------------------------------------------------------------------------------------------

refusals=$(in_ns "$NS" env PYTHONPATH="$(dirname "$0")/.." python3 - <<'PY'
from malformed import attr, tell, DUMP

SPOOL_ADD, SPOOL_DEL, SPOOL_GET, MAP_ADD, MAP_DEL, MAP_GET, STATS, MAP_LEASE = range(1, 9)
four, six = bytes([198, 18, 0, 9]), bytes([32, 1, 13, 184]) + bytes(11) + b"\x09"
tell("umx_bis", [
    ("pair of nothing", MAP_ADD, b""),
    ("pair of one", MAP_ADD, attr(1, four)),
    ("short IPv4 address", MAP_ADD, attr(1, four[:3]) + attr(2, six)),
    ("long IPv4 address", MAP_ADD, attr(1, four + b"\0") + attr(2, six)),
    ("short IPv6 address", MAP_ADD, attr(1, four) + attr(2, six[:15])),
    ("flush in add", MAP_ADD, attr(1, four) + attr(2, six) + attr(3, b"")),
    ("idle in add", MAP_ADD, attr(1, four) + attr(2, six) + attr(4, bytes(4))),
    ("del of nothing", MAP_DEL, b""),
    ("del of one and all", MAP_DEL, attr(1, four) + attr(3, b"")),
    ("spool of nothing", SPOOL_ADD, b""),
    ("spool of length 7", SPOOL_ADD, attr(1, four) + attr(2, b"\x07") + attr(4, six)),
    ("spool of length 31", SPOOL_ADD, attr(1, four) + attr(2, b"\x1f") + attr(4, six)),
    ("pairs in spool add", SPOOL_ADD, attr(5, bytes(4))),
    ("idle of 0", SPOOL_ADD, attr(8, bytes(4))),
    ("a mode there is not", SPOOL_ADD, attr(7, b"\x02")),
    ("source in spool del", SPOOL_DEL, attr(4, six)),
    ("lease of nothing", MAP_LEASE, b""),
    ("lease of an IPv4 address", MAP_LEASE, attr(1, four)),
    ("explain in a dump of counters", STATS, attr(3, b"x\0"), DUMP),
    ("del of a prefix without a length", SPOOL_DEL, attr(1, four)),
    ("unknown attribute", SPOOL_DEL, attr(99, b"")),
    ("attribute in a dump", SPOOL_GET, attr(1, four), DUMP),
    ("attribute in a dump of pairs", MAP_GET, attr(1, four), DUMP),
    ("name in a dump of counters", STATS, attr(1, b"x\0"), DUMP),
    ("unknown command", 99, b""),
])
PY
)
is "25 malformed messages are refused" "$(grep -c 'refused$' <<<"$refusals") $(grep accepted <<<"$refusals")" "25 "
is "and have changed nothing" "$(b map; b spool)" \
	"198.18.0.0/15 self 198.18.0.1 source 2001:db8:a::46 dev bis0 incoming pair idle 300 pairs 0"

# --- counters ------------------------------------------------------------------------------------------------------

is "stats show --explain: a sentence each" "$(b stats show --explain | grep -cE '^[a-z0-9_]+ [0-9]+ [A-Za-z].{20}')" \
	"$(b stats | wc -l)"
ok "stats in JSON" jq -e 'length > 30 and all(.[]; (.name | type == "string") and (.value | type == "number") and
	(has("explain") | not))' <(umctl -n "$NS" -j bis stats)

# --- privilege -----------------------------------------------------------------------------------------------------

for words in "spool show" "map show" "map flush" "map add 198.18.0.2 2001:db8:b::1" "spool del" "stats show"; do
	# shellcheck disable=SC2086
	status_is "without privilege: bis $words" 2 in_ns "$NS" setpriv --reuid=65534 --clear-groups umctl bis $words
	like "and says so" "$OUT" 'Operation not permitted'
done
is "the spool is as it was" "$(b spool | wc -l)" 1

# --- its end -------------------------------------------------------------------------------------------------------

hooks()
{
	in_ns "$NS" nft list hooks ip6 | grep -c 'umx_bis_local_in'
}

if prints . in_ns "$NS" nft list hooks ip6; then
	is "a spool: one hook" "$(hooks)" 1
	listed=1
fi
b map add 198.18.0.10 2001:db8:b::1
says "del of another" 2 "there is no such spool in this network namespace" spool del 198.18.0.0/16
ok "spool del" b spool del 198.18.0.0/15
is "takes pairs, address and route with it" "$(b spool; b map; ip -n "$NS" -4 route; ip -n "$NS" -4 -br addr show dev bis0 |
	awk '{ print $3 }')" ""
[ -z "${listed:-}" ] || is "and the hook" "$(hooks)" 0
says "spool del again" 2 "there is no such spool in this network namespace" spool del
ok "a spool with the device there is, and another address" b spool add 10.99.0.0/24 $source self 10.99.0.7
is "spool show" "$(b spool)" "10.99.0.0/24 self 10.99.0.7 source 2001:db8:a::46 dev bis0 incoming pair idle 300 pairs 0"
finish

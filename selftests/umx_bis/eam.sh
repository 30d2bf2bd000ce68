#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umctl bis eam and umctl bis prefix: what they print, what is refused and how it is said.

. "$(dirname "$0")/../lib.sh"
need umctl jq python3 setpriv
load umx_bis
setup_ns XLAT FOUR
PREFIX=2001:db8:64:: SIX6=2001:db8:b::2 SIX4=192.0.2.2

b()
{
	umctl -n "$XLAT" bis "$@"
}

# says TEXT SENTENCE WORD...: umctl bis WORD... is refused in these words.
says()
{
	local text=$1 sentence=$2 status=0

	shift 2
	b "$@" >"$TMP/out" 2>"$TMP/err" || status=$?
	is "$text" "$status $(head -n 1 "$TMP/err") $(cat "$TMP/out")" "2 umctl: $sentence "
}

is "nothing at first" "$(b eam; b prefix show) $(umctl -n "$XLAT" -j bis eam)" " []"
for len in 31 33 63 65 72 95 97 128; do
	says "no prefix of length $len" "a prefix that carries IPv4 addresses has a length of 32, 40, 48, 56, 64 or 96" \
		prefix add ::/$len
done
says "bits behind the length" "the prefix has bits set behind its length" prefix add 2001:db8:64::1/96
says "bits 64 to 71" "bits 64 to 71 of the prefix must be 0" prefix add 2001:db8:0:0:100::/96
for prefix in ff00::/32 fe80::/64 ::/96 ::ffff:0:0/96; do
	says "not a prefix: $prefix" \
		"the prefix must be one of global unicast addresses; 64:ff9b:1::/48 is free for it" prefix add $prefix
done
says "no prefix to remove" "there is no such prefix in this network namespace" prefix del
ok "prefix add" b prefix add $PREFIX/96
says "a second one" "this network namespace has a prefix; 'bis prefix del' removes it" prefix add 64:ff9b::/96
is "prefix show" "$(b prefix)" "$PREFIX/96"
is "in JSON" "$(umctl -n "$XLAT" -j bis prefix | jq -c '.[]')" '{"plen":96,"prefix":"2001:db8:64::"}'

says "an IPv4 prefix with bits behind" "the IPv4 prefix has bits set behind its length" eam add 192.0.2.1/24 2001:db8::/64
says "an IPv6 prefix with bits behind" "the IPv6 prefix has bits set behind its length" eam add 192.0.2.0/24 2001:db8::1/64
says "too small" "the IPv6 prefix has fewer addresses than the IPv4 prefix" eam add 192.0.2.0/24 2001:db8::/121
says "not an IPv4 prefix of hosts" "the IPv4 prefix must be one of unicast addresses" eam add 224.0.0.1 2001:db8::1
says "not an IPv6 prefix of hosts" "the IPv6 prefix must be one of global unicast addresses" eam add 192.0.2.1 fe80::1
ok "eam add: two addresses" b eam add $SIX4 $SIX6
ok "two prefixes" b eam add 192.0.2.16/28 2001:db8:c::10/124
ok "one inside of another" b eam add 192.0.2.0/25 2001:db8:dead::/64
says "an IPv4 prefix twice" "the IPv4 prefix has a mapping" eam add $SIX4 2001:db8::1
says "an IPv6 prefix twice" "the IPv6 prefix has a mapping" eam add 192.0.2.200 $SIX6
is "eam show" "$(b eam)" "192.0.2.2/32 2001:db8:b::2/128
192.0.2.16/28 2001:db8:c::10/124
192.0.2.0/25 2001:db8:dead::/64"
is "in JSON" "$(umctl -n "$XLAT" -j bis eam | jq -c '.[1]')" \
	'{"plen4":28,"plen6":124,"prefix4":"192.0.2.16","prefix6":"2001:db8:c::10"}'
is "completion knows them" "$(umctl __complete -n "$XLAT" bis eam del 192.0.2.16)" 192.0.2.16/28
says "del of another" "there is no such mapping" eam del 192.0.2.0/24
says "another IPv6 prefix" "there is no such mapping" eam del 192.0.2.0/25 2001:db8:b::/64
ok "eam del" b eam del 192.0.2.0/25
is "another namespace has none" "$(umctl -n "$FOUR" bis eam; umctl -n "$FOUR" bis prefix)" ""
for i in $(seq 300); do
	echo "bis eam add 10.$((i / 250)).$((i % 250)).0/24 2001:db8:e:$i::/64"
done >"$TMP/batch"
ok "300 more" umctl -n "$XLAT" -b "$TMP/batch"
is "are shown" "$(b eam | sort -u | wc -l)" 302

refusals=$(in_ns "$XLAT" env PYTHONPATH="$(dirname "$0")/.." python3 - <<'PY'
from malformed import attr, tell, DUMP

EAM_ADD, EAM_DEL, EAM_GET, PREFIX_ADD, PREFIX_DEL, PREFIX_GET = range(10, 16)
four, six = bytes([10, 99, 0, 0]), bytes([32, 1, 13, 184]) + bytes(12)
tell("umx_bis", [
    ("mapping of nothing", EAM_ADD, b""),
    ("mapping of one", EAM_ADD, attr(1, four) + attr(2, b"\x10")),
    ("mapping without a length", EAM_ADD, attr(1, four) + attr(3, six) + attr(4, b"\x40")),
    ("length without a prefix", EAM_ADD, attr(1, four) + attr(2, b"\x10") + attr(4, b"\x40")),
    ("IPv4 length 33", EAM_ADD, attr(1, four) + attr(2, b"\x21") + attr(3, six) + attr(4, b"\x40")),
    ("IPv6 length 129", EAM_ADD, attr(1, four) + attr(2, b"\x20") + attr(3, six) + attr(4, b"\x81")),
    ("short IPv4 prefix", EAM_ADD, attr(1, four[:3]) + attr(2, b"\x10") + attr(3, six) + attr(4, b"\x40")),
    ("long IPv6 prefix", EAM_ADD, attr(1, four) + attr(2, b"\x10") + attr(3, six + b"\0") + attr(4, b"\x40")),
    ("del of nothing", EAM_DEL, b""),
    ("attribute in a dump", EAM_GET, attr(1, four), DUMP),
    ("prefix of nothing", PREFIX_ADD, b""),
    ("prefix without a length", PREFIX_ADD, attr(1, six)),
    ("prefix of IPv4", PREFIX_ADD, attr(1, four) + attr(2, b"\x20")),
    ("del of a length", PREFIX_DEL, attr(2, b"\x60")),
    ("unknown attribute", PREFIX_DEL, attr(9, b"")),
    ("attribute in a dump of the prefix", PREFIX_GET, attr(1, six), DUMP),
])
PY
)
is "16 malformed messages are refused" "$(grep -c 'refused$' <<<"$refusals") $(grep accepted <<<"$refusals")" "16 "
is "and have changed nothing" "$(b prefix) $(b eam | wc -l)" "$PREFIX/96 302"
for words in "eam show" "eam add 10.9.9.9 2001:db8::9" "prefix del"; do
	# shellcheck disable=SC2086
	status_is "without privilege: bis $words" 2 in_ns "$XLAT" setpriv --reuid=65534 --clear-groups umctl bis $words
	like "and says so" "$OUT" 'Operation not permitted'
done
ok "prefix del" b prefix del
is "and gone" "$(b prefix)" ""
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of switching on and off: what umctl anycast prints, what is refused and how it is said,
# privilege, devices that go, and that nothing is hooked where nothing is on.

. "$(dirname "$0")/../lib.sh"
need umctl jq setpriv
load umx_anycast
setup_ns NS OTHER
ip -n "$NS" link add dum0 type dummy
ip -n "$NS" link add dum1 type dummy

a()
{
	umctl -n "$NS" anycast "$@"
}

# says TEXT STATUS SENTENCE WORD...: umctl anycast WORD... ends with STATUS and this on stderr, nothing on stdout.
says()
{
	local text=$1 wanted=$2 sentence=$3 status=0

	shift 3
	a "$@" >"$TMP/out" 2>"$TMP/err" || status=$?
	is "$text" "$status $(head -n 1 "$TMP/err") $(cat "$TMP/out")" "$wanted umctl: $sentence "
}

rules()
{
	umctl -n "$NS" -j anycast show | jq -c '[.[] | [.all, .ifindex, .address]]'
}

dum0=$(in_ns "$NS" cat /sys/class/net/dum0/ifindex)

# --- on, off, show -----------------------------------------------------------------------------------------------

is "nothing is on at first" "$(a; a show) $(rules)" " []"
ok "on" a on
ok "on for a device" a on dev dum0
ok "on for an address" a on addr 2001:db8::
ok "on for both" a on dev dum0 addr fe80::
is "show" "$(a)" "all
dev dum0
addr 2001:db8::
dev dum0 addr fe80::"
is "show in JSON" "$(rules)" "[[true,null,null],[false,$dum0,null],[false,null,\"2001:db8::\"],[false,$dum0,\"fe80::\"]]"
ok "on twice is on" a on dev dum0
is "and is one rule" "$(rules | jq length)" 4
is "another namespace has none" "$(umctl -n "$OTHER" anycast show)" ""
ok "off for both" a off addr fe80:: dev dum0
ok "off for an address" a off addr 2001:db8::
is "show after that" "$(a)" "all
dev dum0"
ip -n "$NS" link del dum0
is "the rules of a device go with it" "$(a)" all
ok "off" a off
is "nothing is on any more" "$(a)" ""
ok "off where nothing is on" a off

ok "a device that leaves the namespace" a on dev dum1
ip -n "$NS" link set dum1 netns "$OTHER"
is "takes its rules with it" "$(a)" ""

# --- refusals ----------------------------------------------------------------------------------------------------

unlike='an anycast address looks like a unicast one: neither multicast nor loopback, unspecified or IPv4-mapped'
for address in ff02::1 :: ::1 ::ffff:192.0.2.1; do
	says "not an anycast address: $address" 2 "$unlike" on addr $address
	says "not an anycast address to switch off: $address" 2 "$unlike" off addr $address
done
says "no such device" 2 "device dum0 is not in this network namespace" on dev dum0
says "off where it was not on" 2 "it was not switched on for this device and address" off addr 2001:db8::
a on
says "off where it is on for all" 2 \
	"it is on for all, not for these; rules make no exceptions ('anycast off' removes them all)" off addr 2001:db8::
a off
says "not an address" 1 '"2001:db8::g" is not an IPv6 address' on addr 2001:db8::g
says "a word too many" 1 'anycast on does not know "foo"' on foo
says "no such command" 1 'anycast has no command "of"; "umctl anycast help" lists them' of

for i in $(seq 64); do
	echo "anycast on addr 2001:db8:$i::"
done >"$TMP/batch"
ok "64 rules" umctl -n "$NS" -b "$TMP/batch"
says "one more" 2 "there are 64 rules already; 'anycast on' alone covers every device and address" on addr 2001:db8::
ok "a rule that exists is not one more" a on addr 2001:db8:64::
is "there are 64" "$(rules | jq length)" 64
is "completion knows them" "$(umctl __complete -n "$NS" anycast off addr 2001:db8:64)" 2001:db8:64::
a off

# Raw messages, of which umctl sends none: attributes that are not the command's, too short, a device that is not.
refusals=$(in_ns "$NS" env PYTHONPATH="$(dirname "$0")/.." python3 - <<'PY'
import struct

from malformed import attr, tell, DUMP

ON, OFF, GET, STATS = 1, 2, 3, 4
tell("umx_anycast", [
    ("short address", ON, attr(2, bytes(15))),
    ("long address", ON, attr(2, bytes(17))),
    ("short device", ON, attr(1, bytes(2))),
    ("device 0", ON, attr(1, struct.pack("I", 0))),
    ("device 4294967295", ON, attr(1, struct.pack("I", 0xffffffff))),
    ("device 4711", ON, attr(1, struct.pack("I", 4711))),
    ("all in a request", ON, attr(3, b"")),
    ("unknown attribute", OFF, attr(99, b"")),
    ("attribute in a dump", GET, attr(1, struct.pack("I", 1)), DUMP),
    ("name in a dump of counters", STATS, attr(1, b"x\0"), DUMP),
    ("unknown command", 99, b""),
])
PY
)
is "11 malformed messages are refused" "$(grep -c 'refused$' <<<"$refusals") $(grep accepted <<<"$refusals")" "11 "
is "and have changed nothing" "$(rules)" "[]"

# --- counters ----------------------------------------------------------------------------------------------------

like "stats" "$(a stats)" '^answered 0
suppressed 0
(.*
)*no_address 0$'
is "stats --explain: a sentence each" "$(a stats --explain | grep -cE '^[a-z_]+ [0-9]+ [A-Z].{20}')" "$(a stats | wc -l)"
ok "stats in JSON" jq -e 'length > 5 and all(.[]; (.name | type == "string") and (.value | type == "number") and
	(has("explain") | not))' <(umctl -n "$NS" -j anycast stats)
ok "stats in JSON, explained" jq -e 'all(.[]; .explain | type == "string")' \
	<(umctl -n "$NS" -j anycast stats --explain)

# --- privilege ---------------------------------------------------------------------------------------------------

a on dev lo
for words in show on off "on addr 2001:db8::" stats; do
	# shellcheck disable=SC2086
	status_is "without privilege: anycast $words" 2 \
		in_ns "$NS" setpriv --reuid=65534 --clear-groups umctl anycast $words
	like "and says so" "$OUT" 'Operation not permitted'
done
is "what was on is on" "$(a)" "dev lo"
a off

# A user who owns a network namespace may, in that one.
if unshare -Ur true 2>/dev/null; then
	ok "root of one's own user and network namespace" setpriv --reuid=65534 --clear-groups \
		unshare -Urn sh -c 'umctl anycast on && [ "$(umctl anycast show)" = all ]'
else
	skip "root of one's own user and network namespace" "no user namespaces here"
fi

# --- hooks -------------------------------------------------------------------------------------------------------

hooks()
{
	in_ns "$NS" nft list hooks ip6 | grep -c 'umx_anycast_in'
}

a on
if prints . in_ns "$NS" nft list hooks ip6; then
	a off
	is "off: no hook" "$(hooks)" 0
	a on
	is "on: one hook" "$(hooks)" 1
	a on addr 2001:db8::
	a off addr 2001:db8::
	is "while there is a rule" "$(hooks)" 1
	a off
	is "off again: no hook" "$(hooks)" 0
else
	diag "hooks come and go: this kernel does not list them"
fi

# --- the module --------------------------------------------------------------------------------------------------

a on
ok "rmmod while it is on" rmmod umx_anycast
ok "umctl loads it by its family" a show
is "and it is off" "$(a)" ""

finish

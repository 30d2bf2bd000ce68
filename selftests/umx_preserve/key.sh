#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of keys: ends that share one agree, others stay plain, and nobody is told a key. The hosts
# are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
both on
serve

ONE=00112233445566778899aabbccddeeff TWO=fedcba98765432100123456789abcdef
umask 077
echo $ONE >"$TMP/one"
echo $TWO >"$TMP/two"
umask 022

# agrees TEXT: a connection is a session on both ends, and nothing was refused.
agrees()
{
	local before

	before=$(($(count c agreed) + $(count s agreed)))
	dial "$1: a connection"
	say "$1: works" word
	is "$1: both ends agree" $(($(count c agreed) + $(count s agreed) - before)) 2
	hang_up
}

# differs TEXT c|s COUNTER: a connection is plain on both ends, and that end has counted why.
differs()
{
	local before why

	before="$(count c agreed) $(count s agreed)"
	why=$(count "$2" "$3")
	dial "$1: a connection"
	say "$1: works" word
	is "$1: is plain" "$(count c agreed) $(count s agreed)" "$before"
	is "$1: why" "$(count "$2" "$3")" $((why + 1))
	hang_up
}

ids()
{
	umctl -n "$1" -j preserve key show | jq -r '.[].key_id'
}

# --- the list ----------------------------------------------------------------------------------------------------

chmod 644 "$TMP/one"
status_is "a file that others can read holds no secret" 2 c key add 2001:db8::/32 file "$TMP/one"
like "and it says so" "$OUT" "chmod 600"
chmod 600 "$TMP/one"
echo secret >"$TMP/short"
chmod 600 "$TMP/short"
status_is "a file without a key" 2 c key add 2001:db8::/32 file "$TMP/short"
like "and it says so" "$OUT" "32 hexadecimal digits"
status_is "no bits beyond the length" 2 c key add 2001:db8::1/32 file "$TMP/one"
like "and it says so" "$OUT" "bits set beyond its length"
status_is "no key, nothing to forget" 2 c key del 2001:db8::/32
like "and it says so" "$OUT" "there is no key for this prefix"
is "nothing has changed" "$(c key show)" ""

ok "a key" c key add 2001:db8::/32 file "$TMP/one"
is "for that prefix" "$(umctl -n "$CLIENT" -j preserve key show | jq -c 'map([.prefix, .plen])')" '[["2001:db8::",32]]'
id=$(ids "$CLIENT")
like "with a number" "$id" '^[0-9]+$'

# --- who agrees --------------------------------------------------------------------------------------------------

differs "a key at the client only" c bad_check
ok "the same at the server" s key add 2001:db8::/32 file "$TMP/one"
is "has the same number" "$(ids "$SERVER")" "$id"
agrees "the same key"
ok "another one in its place" s key add 2001:db8::/32 file "$TMP/two"
is "has another number" "$([ "$(ids "$SERVER")" != "$id" ] && ids "$SERVER" | wc -l)" 1
differs "different keys" c bad_check
ok "the longest prefix counts" s key add $A/128 file "$TMP/one"
agrees "the client's address has the key"
s key flush
is "all are forgotten" "$(s key show)" ""
c key del 2001:db8::/32
s key add 2001:db8::/32 file "$TMP/two"
differs "a key at the server only" c bad_check

# --- the form without a check ------------------------------------------------------------------------------------

c set option thesis
differs "the thesis's form, the server has a key" s bad_form
c key add 2001:db8::/32 file "$TMP/two"
agrees "with a key the client does not write it"
c set option compact

# --- a session outlives its key ----------------------------------------------------------------------------------

ok "the others have ended" wait_for -t 20 not sessions
dial "a session with a key"
say "works" one
c key flush
s key add 2001:db8::/32 file "$TMP/one"
ok "the keys are others now: it moves" c session move "$(ask c '.[0].id')" next
ok "the server follows" wait_for on_pair s "$D $B"
say "and works" two
hang_up
s key flush

both key add 2001:db8::/32 file "$TMP/one"

# --- nobody is told ----------------------------------------------------------------------------------------------

for ns in "$CLIENT" "$SERVER"; do
	umctl -n "$ns" preserve key show
	umctl -n "$ns" -j preserve key show
	umctl -n "$ns" preserve show
done >"$TMP/told"
is "no key was shown" "$(grep -cE "$ONE|$TWO" "$TMP/told")" 0
status_is "not without privilege" 2 in_ns "$CLIENT" setpriv --reuid=65534 --clear-groups umctl preserve key flush
is "and it is still there" "$(ids "$CLIENT")" "$id"

finish

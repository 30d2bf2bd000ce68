#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what names can be: limited, held, revoked, changing with the time; and of who may come.

. "$(dirname "$0")/world.sh"

need nginx curl
world
www "$SERVER" s
s listener set port 80 mode auto pool in
conf s "service www port 80" "service dead port 81" "service open port 80 public" "leases_per_name 4" \
	"hold $((SLOW == 1 ? 15000 : 60000))" "lifetime $((30 * SLOW))" "site 2001:db8:c::/48" "rate 1000000"
daemon s "$SERVER"
nameserver s "$SERVER" $S

# from_of ADDR: the prefix its SSA is limited to.
from_of()
{
	s -j ssa show | jq -r --arg a "$1" '.[] | select(.address == $a) | "\(.from // "::")/\(.from_plen // 0)"'
}

# came ADDR...: a connection of the client to each gets through.
came()
{
	local addr

	for addr; do
		in_ns "$CLIENT" curl -sg -o "$TMP/out" -m $((5 * SLOW)) "http://[$addr]/" || return
	done
}

# refused TEXT COUNTER NAME [WORD...]: the stranger's question gets NXDOMAIN, for that reason. (PowerDNS looks twice
# before it says that.)
refused()
{
	local text=$1 why=$2 before

	shift 2
	before=$(stat_of "$why")
	is "$text" "$(rcode "$STRANGER" "$@") $(($(stat_of "$why") > before))" "NXDOMAIN 1"
}

# --- umctl name ----------------------------------------------------------------------------------------------

is "no names" "$(nj show)" '[]'
status_is "an unknown service" 2 n add ssh
like "is said" "$OUT" 'no service of this label'
status_is "a rate of nothing" 2 n add www rate 0
status_is "no use at all" 2 n add www uses 0
status_is "no time at all" 2 n add www expires 0
status_is "bits beyond the prefix" 2 n add www from 2001:db8::1/64
status_is "a token that is none" 2 n add www token secret
status_is "a secret that is none" 2 n add www totp token abc
status_is "an id nobody has" 2 n del 1
status_is "no service" 1 n add
is "nothing has changed" "$(nj show) $(stat -c %s "$TMP/dns/s.names" 2>/dev/null)" '[] '
a=$(name www for alice from 2001:db8:c::/48 rate 5 uses 9 expires 3600)
is "everything there is to say of it" "$(nj show | jq -c '.[0] | del(.created) | .expires = (.expires > 3500)')" \
	"$(tr -d '\n\t' <<-'JSON'
		{"claimed":0,"expires":true,"for":"alice","from":"2001:db8:c::","from_plen":48,"id":1,"leased":0,"rate":5,
		"service":"www","totp":false,"used":0,"uses":9,"waiting":0}
	JSON
	)"
wanted='id 1 service www for alice from 2001:db8:c::/48 rate 5 uses 9 used 0 expires [0-9]+'
like "the same as text" "$(n show)" "^$wanted waiting 0 leased 0 claimed 0\$"
status_is "the same token again" 2 n add www token "${a%%.*}"
is "of another service only" "$(nj show service open)" '[]'
ok "it is taken back" n del 1
is "and gone" "$(nj show)" '[]'
is "the same token can be had again, to have it on two hosts" "$(name www token "${a%%.*}")" "$a"
is "ids do not come back" "$(last_id)" 2
ok "all are taken back" n flush
is "the completion knows ids" "$(name www >/dev/null; ip netns exec "$SERVER" umctl __complete name del '')" \
	"$(printf '%s\n' id 3)"
ok "away with it" n flush

# --- the same question ---------------------------------------------------------------------------------------

a=$(name www for alice)
one=$(asked "$CLIENT" "$a")
two=$(asked "$CLIENT" "$a")
like "an address" "$one" "$IN_POOL"
is "the same question within the hold: the same address" "$two" "$one"
is "another asker: another address" "$(asked "$STRANGER" "$a" | grep -vc "$one")" 1
ok "a connection to it" came "$one"
three=$(asked "$CLIENT" "$a")
ok "ends the hold: the next question gets another" test -n "$three" -a "$three" != "$one"
ok "so does time" wait_for -t 30 eval 'x=$(asked "$CLIENT" "$a"); [[ $x =~ $IN_POOL && $x != "$three" ]]'

# --- who may come --------------------------------------------------------------------------------------------

n flush >/dev/null
is "a name taken back takes its addresses along" "$(s -j ssa show)" '[]'
a=$(name www)
addr=$(asked "$CLIENT" "$a")
is "a resolver of the client's site: its network only" "$(from_of "$addr")" 2001:db8:c::/48
status_is "a stranger does not get in there" 28 in_ns "$STRANGER" curl -sg -m $((SLOW == 1 ? 2 : 8)) "http://[$addr]/"
ok "the client does" came "$addr"
is "a resolver from anywhere: everybody" "$(from_of "$(asked "$STRANGER" "$a")")" ::/0
is "EDNS Client Subnet: that network" "$(from_of "$(asked "$STRANGER" "$a" +subnet=2001:db8:77::/48)")" 2001:db8:77::/48
is "widened to client_plen" "$(from_of "$(asked "$STRANGER" "$a" +subnet=2001:db8:78:9::/64)")" 2001:db8:78::/48
n flush >/dev/null
a=$(name www from 2001:db8:c::/48)
is "a name of a network: that network" "$(from_of "$(asked "$STRANGER" "$a")")" 2001:db8:c::/48
is "the longer prefix of two" "$(from_of "$(asked "$STRANGER" "$a" +subnet=2001:db8:c::/48)")" 2001:db8:c::/48
refused "a client from elsewhere" elsewhere "$a" +subnet=2001:db8:99::/48
is "IPv4 tells nothing" "$(from_of "$(asked "$STRANGER" "$a" +subnet=192.0.2.0/24)")" 2001:db8:c::/48

# --- limits --------------------------------------------------------------------------------------------------

n flush >/dev/null
a=$(name www)
for i in 1 2 3 4; do
	like "address $i that waits" "$(asked "$STRANGER" "$a" "+subnet=2001:db8:10$i::/48")" "$IN_POOL"
done
refused "the fifth" name_leases "$a" +subnet=2001:db8:105::/48
is "they are shown" "$(nj show | jq '.[0].waiting')" 4
b=$(name www)
like "another name has its own" "$(asked "$STRANGER" "$b")" "$IN_POOL"
ok "unused, they end" wait_for -t 60 eval '[ "$(nj show | jq "map(.waiting) | add")" = 0 ]'
ok "and the journal says so" wait_for written s '.event == "expired"'
like "there is room again" "$(asked "$STRANGER" "$a" +subnet=2001:db8:105::/48)" "$IN_POOL"

n flush >/dev/null
a=$(name www rate 2)
x=$(asked "$CLIENT" "$a")
came "$x"
y=$(asked "$CLIENT" "$a")
came "$y"
like "rate 2: two" "$x $y" '^2001.* 2001'
refused "not three a minute" name_rate "$a"

n flush >/dev/null
a=$(name www uses 2)
x=$(asked "$CLIENT" "$a")
y=$(asked "$STRANGER" "$a")
is "uses 2: two addresses are out" "$(nj show | jq -c '.[0] | [.uses, .used, .waiting]')" '[2,2,2]'
refused "and no third" name_uses "$a" +subnet=2001:db8:105::/48
s ssa del "$y"
ok "one that ends unused gives its use back" wait_for eval '[ "$(nj show | jq ".[0].used")" = 1 ]'
y=$(asked "$STRANGER" "$a")
ok "both are used" came "$x" "$y"
ok "the name is over" wait_for eval '[ "$(nj show)" = "[]" ]'
refused "and like one that never was" no_name "$a"
ok "the journal has it" written s '.event == "used_up"'

a=$(name www expires $((15 * SLOW)))
like "a name with seconds to live" "$(asked "$CLIENT" "$a")" "$IN_POOL"
ok "is over after them" wait_for -t 30 eval '[ "$(nj show)" = "[]" ]'
refused "and gone" no_name "$a"
is "with its address" "$(s -j ssa show)" '[]'

a=$(name dead)
refused "a port without a server" kernel "$a"
ok "the journal says why" written s '.event == "refused" and (.text | test("port 81"))'
like "a public service" "$(asked "$STRANGER" "open.$ZONE")" "$IN_POOL"

# --- labels that change with the time ------------------------------------------------------------------------

n flush >/dev/null
n add www for bob totp >"$TMP/totp"
like "a secret instead of a token" "$(cat "$TMP/totp")" "^www\.$ZONE secret [a-z2-7]{32}\$"
is "the list does not tell it" "$(nj show | jq -c '.[0] | [.totp, .secret]')" '[true,null]'
now=$(umx-totp "$TMP/totp")
like "umx-totp has the name of now" "$now" "^[a-z2-7]{26}\.www\.$ZONE\$"
addr=$(asked "$CLIENT" "$now")
like "it is answered" "$addr" "$IN_POOL"
ok "and works" came "$addr"
# The label of ten minutes ago, by another implementation of RFC 6238.
old=$(python3 - "$(sed 's/.* //' "$TMP/totp")" <<-'PY'
	import base64, hmac, struct, sys, time
	secret = base64.b32decode(sys.argv[1].upper())
	def label(at):
	    h = hmac.new(secret, struct.pack(">Q", int(at) // 30), "sha1").digest()
	    return base64.b32encode(h[:16]).decode().lower().rstrip("=")
	print(label(time.time() - 600), label(time.time()))
PY
)
like "the label of now, computed otherwise" "$(asked "$CLIENT" "${old#* }.www.$ZONE")" "$IN_POOL"
refused "that of ten minutes ago" no_name "${old% *}.www.$ZONE"
n flush >/dev/null
refused "taken back" no_name "$(umx-totp "$TMP/totp")"
status_is "umx-totp without a secret" 1 umx-totp /dev/null

# --- counters ------------------------------------------------------------------------------------------------

is "every counter has its sentence" "$(nj stats --explain | jq 'map(select(.explain | length < 10)) | length')" 0
finish

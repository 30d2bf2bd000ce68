#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of names that several hosts serve: who is asked, in turn and by weight; who is left out when
# dead; and who may ask.

. "$(dirname "$0")/world.sh"
need nginx curl openssl
health=$((3 * SLOW))

# certificate FILE NAME [CA]: a key and a certificate of that name.
certificate()
{
	local ca=$TMP/dns/${3:-ca}

	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" \
		-addext "subjectAltName=DNS:$2" -keyout "$TMP/dns/$1.key" -out "$TMP/dns/$1.csr" 2>/dev/null
	openssl x509 -req -in "$TMP/dns/$1.csr" -CA "$ca.crt" -CAkey "$ca.key" -CAcreateserial -days 2 \
		-copy_extensions copy -out "$TMP/dns/$1.crt" 2>/dev/null
}

# authority FILE
authority()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -days 2 \
		-keyout "$TMP/dns/$1.key" -out "$TMP/dns/$1.crt" 2>/dev/null
}

tls()
{
	echo "tls cert $TMP/dns/$1.crt key $TMP/dns/$1.key ca $TMP/dns/ca.crt"
}

world
in_ns "$OTHER" umctl pool add in prefix 2001:db8:6a:1::/64
www "$SERVER" s
www "$OTHER" o
s listener set port 80 mode auto pool in
umctl -n "$OTHER" listener set port 80 mode auto pool in
authority ca
authority wrong
certificate server server.example
certificate other other.example
certificate third third.example
certificate forged server.example wrong
chown nobody "$TMP"/dns/*.key
conf s "$(tls server)" "peer other.example addr $O port 8530" "health $health" \
	"service www port 80 host here host other.example" \
	"service heavy port 80 host here weight 1 host other.example weight 3" \
	"service far host other.example" "leases_per_name 400" "leases 500"
conf o "$(tls other)" "peer server.example" "listen :: port 8530" \
	"service www port 80" "service heavy port 80" "service far port 80" "leases_per_name 400" "leases 500"
daemon o "$OTHER"
other=$PID
daemon s "$SERVER"
nameserver s "$SERVER" $S
ok "they find each other" wait_for -t 20 written s '.event == "peer_up"'

# shared SERVICE: a name that both hosts know.
shared()
{
	local new

	new=$(name "$1")

	umctl -n "$OTHER" name add "$1" token "${new%%.*}"
}

# spread NAME COUNT: how many answers of so many, each for another network, are of either host.
spread()
{
	local i n

	n=$(cat "$TMP/networks" 2>/dev/null || echo 4096)
	echo $((n + $2)) >"$TMP/networks"
	for ((i = n; i < n + $2; i++)); do
		asked "$CLIENT" "$1" "+subnet=2001:db8:$(printf %x "$i")::/48"
	done | awk '/^2001:db8:5a:/ { s++ } /^2001:db8:6a:/ { o++ } END { print s + 0, o + 0 }'
}

# connects: a question, and a connection to what it gives, whichever host that is.
connects()
{
	local addr

	addr=$(asked "$CLIENT" "$1") && [ -n "$addr" ] &&
		in_ns "$CLIENT" curl -sg -m $((5 * SLOW)) "http://[$addr]/"
}

# --- in turn -------------------------------------------------------------------------------------------------

page=$(shared www)
heavy=$(shared heavy)
# A host that takes a second for one of them is passed over for it.
read -r here there <<<"$(spread "$page" 12)"
ok "in turn" test $((here + there)) = 12 -a "$here" -ge 5 -a "$there" -ge 5
read -r here there <<<"$(spread "$heavy" 12)"
ok "by weight" test $((here + there)) = 12 -a "$here" -ge 2 -a "$there" -ge 8
status_is "a name of a service of other hosts is not made here" 2 n add far
far=$(umctl -n "$OTHER" name add far for alice)
like "the other host's own service works" "$(connects "$far")" "$IN_OTHER"
is "the journal of the host that serves has who asked" \
	"$(journal o 'select(.event == "leased" and .service == "far") | [.for, .asker]')" "[\"alice\",\"$C/128\"]"
is "the same question, asked again, meets the same host" \
	"$(asked "$CLIENT" "$page" "$page" AAAA "$page" AAAA "$page" AAAA | sort | uniq -c | awk '{ print $1 }')" 4
is "EDNS Client Subnet is handed on" "$(asked "$CLIENT" "$far" +subnet=2001:db8:c::/48 >/dev/null
	umctl -n "$OTHER" -j ssa show | jq -c 'map(select(.from == "2001:db8:c::")) | length')" 1
is "a guess: NXDOMAIN" "$(rcode "$STRANGER" "aaaaaaaaaaaaaaaaaaaaaaaaaa.far.$ZONE")" NXDOMAIN

# --- out of order --------------------------------------------------------------------------------------------

umctl -n "$OTHER" listener set port 80 mode legacy
is "a host that has no address now: the other one answers" "$(spread "$page" 4)" "4 0"
umctl -n "$OTHER" listener set port 80 mode auto pool in
ok "and it is back" wait_for eval '[ "$(spread "$page" 2)" = "1 1" ]'

kill -STOP $other
ok "a host that hangs: answers all the same" connects "$page"
ok "and again" connects "$page"
ok "it is left out within the health interval" wait_for -t $((health / SLOW + 1)) written s '.event == "peer_down"'
begin=$EPOCHREALTIME
is "nobody waits for it then" "$(spread "$page" 4)" "4 0"
took=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { print int(1000 * (b - a)) }')
diag "four answers in $took ms"
is "its own service has no answer" "$(rcode "$CLIENT" "$far")" NXDOMAIN
kill -CONT $other
ok "it goes on: asked again" wait_for -t 30 eval '[ "$(spread "$page" 2)" = "1 1" ]'

stop $other KILL
is "killed: no question is lost" "$(spread "$page" 4)" "4 0"
daemon o "$OTHER"
other=$PID
ok "started again: asked again" wait_for -t 30 eval '[ "$(spread "$page" 2)" = "1 1" ]'
like "with its names" "$(connects "$far")" "$IN_OTHER"

# --- who may ask ---------------------------------------------------------------------------------------------

# stranger [OPTION...]: what the other host says to a question over TLS.
stranger()
{
	printf '{"id":1,"service":"far","label":"%s","asker":"::"}\n' "${far%%.*}" |
		in_ns "$STRANGER" timeout $((5 * SLOW)) openssl s_client -quiet -ign_eof -connect "[$O]:8530" "$@" 2>/dev/null
}

# with FILE: as who holds that certificate.
with()
{
	stranger -cert "$TMP/dns/$1.crt" -key "$TMP/dns/$1.key"
}

leased=$(counter "$OTHER" leased name stats)
is "without a certificate: nothing" "$(stranger)" ""
is "with one of another authority: nothing" "$(with forged)" ""
is "with one of a host that is no peer: nothing" "$(with third)" ""
is "in TLS 1.2: nothing" "$(stranger -tls1_2 -cert "$TMP/dns/server.crt" -key "$TMP/dns/server.key")" ""
is "no address was made" "$(counter "$OTHER" leased name stats)" "$leased"
ok "counted" test "$(counter "$OTHER" peer_refused name stats)" -ge 3
like "with the peer's it is answered: the test can tell" "$(with server)" '"address":"2001:db8:6a:1:'

stop $other
certificate other third.example
chown nobody "$TMP/dns/other.key"
daemon o "$OTHER"
ok "a host that shows another's certificate is refused" wait_for -t 20 eval \
	'[ "$(counter "$OTHER" peer_refused name stats)" -ge 2 ]'
is "and not asked" "$(spread "$page" 4)" "4 0"
finish

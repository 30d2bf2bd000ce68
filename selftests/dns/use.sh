#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of names in use: stock ssh, curl and git, by name, through a resolver that keeps what it can.
#
# UMX_DNS_TIMES is how many connections by curl there are (60); of ssh and git a tenth.

. "$(dirname "$0")/world.sh"
need nginx sshd ssh curl git
times=${UMX_DNS_TIMES:-$((SLOW == 1 ? 60 : 20))}

world
login "$SERVER"
www "$SERVER" s
ok "port 22 in mode auto" s listener set port 22 mode auto pool in
ok "port 80 in mode auto" s listener set port 80 mode auto pool in
status_is "without umx-dns: said" 2 n show
like "by name" "$OUT" 'umx-dns does not answer here: it does not run'
conf s "service ssh port 22" "service www port 80" "service open port 80 public"
ok "the configuration is right" umx-dns -t -c "$TMP/dns/s.conf"
daemon s "$SERVER"
dns=$PID
is "umx-dns is nobody" "$(ps -o user= -p $dns)" nobody
nameserver s "$SERVER" $S
pdns=$PID
resolver
unbound=$PID

# --- the first one -------------------------------------------------------------------------------------------

shell=$(name ssh for alice)
like "a name is a token of 26 letters below the service" "$shell" "^[a-z2-7]{26}\.ssh\.$ZONE\$"
is "ssh NAME" "$(in_ns "$CLIENT" ssh -F "$TMP/ssh.conf" "$shell" 'echo $SSH_CONNECTION' | cut -d' ' -f3 |
	grep -c "$IN_POOL")" 1
page=$(name www for alice)
like "curl NAME" "$(fetch "$page")" "$IN_POOL"
like "in capital letters, as some resolvers write it" "$(fetch "${page^^}")" "$IN_POOL"
is "the answer has TTL 0" "$(in_ns "$CLIENT" dig +noall +answer "$page" AAAA | awk '{ print $2 }')" 0
is "and there is no A" "$(in_ns "$CLIENT" dig +short "$page" A)" ""
like "a public service, by its own name" "$(fetch "open.$ZONE")" "$IN_POOL"
is "the server on its own address: silence" "$(in_ns "$CLIENT" curl -s -m 2 "http://[$S]/"; echo $?)" 28

# --- a stranger ----------------------------------------------------------------------------------------------

leased=$(stat_of leased)
for name in "aaaaaaaaaaaaaaaaaaaaaaaaaa.www.$ZONE" "x.www.$ZONE" "www2.$ZONE" "a.b.www.$ZONE" "*.www.$ZONE" \
	"${page%%.*}.ssh.$ZONE"; do
	is "a stranger asks for $name: NXDOMAIN" "$(rcode "$STRANGER" "$name")" NXDOMAIN
done
is "no address was made" "$(stat_of leased)" "$leased"
is "the service's own label is there, empty (RFC 8020)" \
	"$(rcode "$STRANGER" "www.$ZONE") $(asked "$STRANGER" "www.$ZONE")" "NOERROR "
is "the zone is not handed out" \
	"$(in_ns "$STRANGER" dig +short +time=3 +tries=1 "@$S" "$ZONE" AXFR | grep -c "$ZONE")" 0

# --- again and again -----------------------------------------------------------------------------------------

: >"$TMP/came"
bad=0
for ((i = 0; i < times; i++)); do
	fetch "$page" >>"$TMP/came" || bad=$((bad + 1))
done
is "curl, $times times: all through" $bad 0
mkdir -p "$TMP/www"
git init -q --bare "$TMP/www/it.git"
git -C "$TMP" init -q work
git -C "$TMP/work" -c user.name=t -c user.email=t@example.net commit -q --allow-empty -m one
git -C "$TMP/work" push -q "$TMP/www/it.git" HEAD:refs/heads/main
git -C "$TMP/www/it.git" update-server-info
few=$((times / 10 + 1))
bad=0
for ((i = 0; i < few; i++)); do
	in_ns "$CLIENT" ssh -F "$TMP/ssh.conf" "$shell" 'echo ${SSH_CONNECTION}' 2>"$TMP/err" | cut -d' ' -f3 \
		>>"$TMP/came" || bad=$((bad + 1))
	[ "$(in_ns "$CLIENT" git ls-remote "http://$page/it.git" main 2>>"$TMP/err" | wc -l)" = 1 ] || bad=$((bad + 1))
done
is "ssh and git over HTTP, $few times each: all through" $bad 0
is "git over ssh" "$(in_ns "$CLIENT" env GIT_SSH_COMMAND="ssh -F $TMP/ssh.conf" git ls-remote \
	"ssh://$shell$TMP/www/it.git" main | wc -l)" 1
is "every connection on an address of its own" "$(sort "$TMP/came" | uniq -d | wc -l)" 0
is "all of the pool" "$(grep -vc "$IN_POOL" "$TMP/came")" 0
is "each of them is in the journal" "$(journal s 'select(.event == "claimed") | .ssa' | tr -d '"' |
	sort | comm -13 - <(sort "$TMP/came") | wc -l)" 0

# --- signed --------------------------------------------------------------------------------------------------

{
	echo "Private-key-format: v1.2"
	echo "Algorithm: 13 (ECDSAP256SHA256)"
	echo "PrivateKey: $(head -c 32 /dev/urandom | base64)"
} >"$TMP/dns/zone.key"
chown nobody "$TMP/dns/zone.key"
echo "dnskey $TMP/dns/zone.key" >>"$TMP/dns/s.conf"
for pid in $unbound $pdns $dns; do
	stop "$pid"
done
daemon s "$SERVER"
nameserver s "$SERVER" $S
echo "$ZONE. IN DNSKEY $(in_ns "$CLIENT" dig +short +time=3 "@$S" "$ZONE" DNSKEY)" >"$TMP/anchor"
resolver 'module-config: "validator iterator"' "trust-anchor-file: \"$TMP/anchor\""

# validated NAME: how a resolver that validates answers, and whether it has.
validated()
{
	in_ns "$CLIENT" dig +dnssec +time=3 +tries=2 "$1" AAAA |
		sed -n 's/.*status: \([A-Z]*\),.*/\1/p; s/^;; flags: .*\(ad\).*/\1/p' | xargs
}

is "DNSSEC: an address, signed" "$(validated "$page")" "NOERROR ad"
like "and it works" "$(fetch "$page")" "$IN_POOL"
is "no such name, proven" "$(validated "aaaaaaaaaaaaaaaaaaaaaaaaaa.www.$ZONE")" "NXDOMAIN ad"

# --- the audit trail -----------------------------------------------------------------------------------------

last=$(tail -n 1 "$TMP/came")	# of ssh
is "the journal has its lease" \
	"$(journal s "select(.event == \"leased\" and .ssa == \"$last\") | [.id, .service, .for]")" '[1,"ssh","alice"]'
is "and who came" "$(journal s "select(.event == \"claimed\" and .ssa == \"$last\") | [.for, .client, .port]")" \
	"[\"alice\",\"$C\",22]"
ok "and no token" not grep -q "${page%%.*}" "$TMP/dns/s.journal"
ok "nor has the file of the names" not grep -q "${page%%.*}" "$TMP/dns/s.names"
is "which is nobody else's" "$(stat -c '%a %U' "$TMP/dns/s.names")" "600 nobody"
finish

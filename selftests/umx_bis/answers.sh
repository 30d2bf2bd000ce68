#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what umx-resolved answers, row by row, with unbound as the network's name server.

. "$(dirname "$0")/resolver.sh"
need unbound dig umx-resolved
topology
b spool add 198.18.0.0/24 source $SOURCE || bail "a spool can be set"
unbound_up
resolver good "server $SERVER6"
got=$(b map lease $SERVER6 | cut -d' ' -f1)
nameless=$(b map lease 2001:db8:b::9 | cut -d' ' -f1)

ask <<-QUESTIONS
	both both A
	both6 both AAAA
	txt empty TXT
	alias alias2 A
	six six A +bufsize=1400
	plain six A +noedns
	signed six A +dnssec
	validator six A +dnssec +cd
	brief brief A
	empty empty A
	nothing nothing A
	several several A
	several6 several AAAA
	capital SIX A
	sixty sixty A +noedns +ignore
	cut6 sixty AAAA +noedns +ignore
	sixty6 sixty AAAA +noedns
	reverse -x $got
	self -x $SELF4
	nobody -x 198.18.0.200
	nameless -x $nameless
	other -x 192.0.2.4
QUESTIONS

# --- addresses -----------------------------------------------------------------------------------------------------

is "A that exists is untouched" "$(answer both)" "both.example.net. 600 IN A 192.0.2.80"
is "AAAA is untouched" "$(answer both6)" "both.example.net. 600 IN AAAA $SERVER6"
is "any other type, too" "$(answer txt)" 'empty.example.net. 600 IN TXT "x"'
is "nothing but AAAA: an A record of the spool, for a minute" "$(answer six)" "six.example.net. 60 IN A $got"
is "an alias stays one, to the end" "$(answer alias)" "$(printf '%s\n' \
	'alias2.example.net. 600 IN CNAME alias.example.net.' 'alias.example.net. 600 IN CNAME six.example.net.' \
	"six.example.net. 60 IN A $got")"
is "an answer lives no longer than the AAAA record" "$(answer brief)" "brief.example.net. 7 IN A $got"
is "no A, no AAAA: NODATA" "$(status empty)" "NOERROR 0"
like "with the SOA" "$(said empty)" 'IN[[:space:]]SOA'
is "no such name: NXDOMAIN" "$(status nothing)" "NXDOMAIN 0"
is "several AAAA: the first four have an address" \
	"$(answer several | awk '{ print $5 }' | while read -r a; do b map find "$a" | cut -d' ' -f2; done)" \
	"$(answer several6 | head -n 4 | awk '{ print $5 }')"
is "EDNS is answered with EDNS" "$(said six | grep -c '^; EDNS: version: 0, flags:; udp: 1232')" 1
is "and without it there is none" "$(said plain | grep -c '^; EDNS')" 0
is "DO comes back" "$(said signed | grep -c '^; EDNS: version: 0, flags: do')" 1
is "who validates himself (DO, CD) is told the truth" "$(status validator)" "NOERROR 0"
is "and counted" "$(stat_of validator)" 1
is "by TCP" "$(dig_at six A +tcp +short)" "$got"
is "in capital letters, which stay" "$(answer capital)" "SIX.example.net. 60 IN A $got"
not_ok "no flag says that it is authentic" grep -q '^;; flags:.* ad' "$TMP/said/six"

# --- names of addresses --------------------------------------------------------------------------------------------

is "an address of the spool: an alias, and the name" "$(answer reverse | awk '{ print $2, $4, $5 }')" \
	"$(printf '%s\n' '0 CNAME 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.' \
	'600 PTR six.example.net.')"
is "the host's own address: that of the source" "$(answer self | awk 'END { print $4, $5 }')" "PTR me.example.net."
is "one that stands for nobody: NXDOMAIN" "$(status nobody) $(stat_of no_pair)" "NXDOMAIN 0 1"
is "one whose host has no name: NXDOMAIN, after the alias" "$(status nameless)" "NXDOMAIN 1"
is "any other address: untouched" "$(answer other)" "4.2.0.192.in-addr.arpa. 600 IN PTR four.example.net."
ok "no address of the spool was asked for outside" not grep -q '18\.198\.in-addr' "$TMP/unbound"

# --- truncation ----------------------------------------------------------------------------------------------------

is "60 AAAA do not fit 512 bytes: asked again by TCP, and four A do" "$(status sixty) $(stat_of again_tcp)" "NOERROR 4 1"
like "60 AAAA by UDP: truncated, by the server" "$(said cut6)" 'flags: [a-z ]*tc'
is "dig asks again by TCP and has them all" "$(status sixty6)" "NOERROR 60"
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umx-resolved among name servers and programs that do what they should not.

. "$(dirname "$0")/resolver.sh"
need dig setpriv umx-resolved
topology
b spool add 198.18.0.0/24 source $SOURCE || bail "a spool can be set"
spawn evil in_ns "$SERVER" python3 "$here/nameserver.py" $EVIL6
wait_for listening "$SERVER" 53 || bail "a name server runs: $(cat "$TMP/evil")"
# The first of the two is a host where nobody listens.
resolver first "server $SERVER6" "server $EVIL6" "timeout $((1000 * SLOW))" "tries 3" "queries 32" "connections 8"
got=$(b map lease $SERVER6 | cut -d' ' -f1)

# asker WORD...: a program of the host, somebody's.
asker()
{
	in_ns "$HOST" python3 "$here/asker.py" "$@"
}

# rss: kilobytes of memory the daemon has.
rss()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$RESOLVED/status"
}

# --- name servers --------------------------------------------------------------------------------------------------

ask <<-QUESTIONS
	good good A
	silent silent A
	servfail servfail A
	refused refused A
	nxdomain nxdomain A
	deaf6 deaf6 A
	fails6 fails6 A
	garbage garbage A
	foreign foreign A
	ad ad A
	ad4 ad4 A
	loop loop A
	mapped mapped A
	cut cut A
QUESTIONS

is "nobody listens there: the next one is asked" "$(answer good)" "good.example.net. 60 IN A $got"
is "no answer: SERVFAIL" "$(status silent)" "SERVFAIL 0"
like "and an extended error" "$(said silent)" 'EDE: 22 \(No Reachable Authority\): \(no name server has answered\)'
is "SERVFAIL, without ours" "$(status servfail) $(said servfail | grep -c EDE)" "SERVFAIL 0 0"
is "REFUSED" "$(status refused)" "REFUSED 0"
is "NXDOMAIN" "$(status nxdomain)" "NXDOMAIN 0"
is "no A, and nobody says whether there is AAAA: SERVFAIL, not NODATA" "$(status deaf6)" "SERVFAIL 0"
is "no A, and AAAA fails" "$(status fails6) $(stat_of aaaa_failed)" "SERVFAIL 0 1"
is "an answer that cannot be read: SERVFAIL" "$(status garbage) $(stat_of answer_broken)" "SERVFAIL 0 1"
is "answers to other questions are not taken" "$(answer foreign)" "foreign.example.net. 60 IN A $got"
is "and counted" "$(stat_of answer_foreign)" 5
is "AD of the AAAA record is not the A record's" "$(status ad) $(grep -c '^;; flags:.* ad' "$TMP/said/ad")" "NOERROR 1 0"
is "AD of an A record is" "$(status ad4) $(grep -c '^;; flags:.* ad' "$TMP/said/ad4")" "NOERROR 1 1"
is "aliases in a circle are passed on" "$(status loop)" "NOERROR 1"
is "an AAAA record of an IPv4 address is none: NODATA" "$(status mapped)" "NOERROR 0"
is "a truncated AAAA answer is asked for by TCP" "$(answer cut)" "cut.example.net. 60 IN A $got"
is "61600 bytes of the same address are one" "$(dig_at huge A +tcp +short)" "$got"
is "and passed on as they are" "$(dig_at huge AAAA +tcp +short | wc -l)" 2200

# --- guessing ------------------------------------------------------------------------------------------------------

# spread FIELD: how many different ones there are among the questions by UDP.
spread()
{
	awk -v f="$1" '$1 == "udp" { print $f }' "$TMP/evil" | sort -u | wc -l
}
asked=$(grep -c ^udp "$TMP/evil")
ok "questions to a name server come from ports chosen each time" test "$(spread 2)" -gt $((asked / 2))
ok "with numbers chosen each time" test "$(spread 3)" -gt $((asked / 2))
is "a question is sent as often as 'tries' says: twice to this one of two" \
	"$(grep -c 'udp .* 1 silent' "$TMP/evil")" 2

# --- programs ------------------------------------------------------------------------------------------------------

# A question cut short, two questions, a pointer for a name, UPDATE, AXFR, an answer, nothing.
is "FORMERR three times, NOTIMP, REFUSED, silence twice" "$(asker udp \
	000101000001000000000000016100 \
	0001010000020000000000000161000001000101620000010001 \
	000101000001000000000000c00a00010001 \
	00012800000100000000000001610000010001 \
	00010100000100000000000001610000fc0001 \
	00018100000100000000000001610000010001 \
	0001 | paste -sd' ')" "1 12 1 12 1 12 4 12 5 19 - -"
is "all counted" "$(stat_of question_format) $(stat_of question_opcode) $(stat_of question_transfer) $(stat_of question_short)" \
	"3 1 1 2"
is "by TCP: a question of no length" "$(asker tcp 0000)" 0
is "and one too long" "$(asker tcp ffff)" 0
is "close the connection, and are counted" "$(stat_of connection_length)" 2
is "by TCP, a question and what is none: answered, then closed" \
	"$(asker tcp 001300010100000100000000000001610000fc0001000c000181000000000000000000)" 21
is "the same question twice: one answer" "$(asker twice silent.example.net) $(stat_of repeated)" "1 1"

# --- users ---------------------------------------------------------------------------------------------------------

# somebody UID WORD...: the same as another user.
somebody()
{
	local uid=$1

	shift
	spawn "asker$uid" in_ns "$HOST" setpriv --reuid="$uid" --regid="$uid" --clear-groups python3 "$TMP/asker.py" "$@"
}
cp "$here/asker.py" "$TMP/asker.py"
before=$(rss)
somebody 1001 flood 200 silent.example.net
wait_for grep -q sent "$TMP/asker1001" || bail "a user floods"
is "a user with 200 questions is not in the way of another" "$(asker ask 4 good.example.net)" 0:4
ok "he loses his own" test "$(stat_of user_share)" -ge 50
somebody 1002 hold 12
ok "connections: the most of one user" wait_for -t 30 grep -q . "$TMP/asker1002"
is "four of twelve are closed" "$(cat "$TMP/asker1002")" 4
is "another user gets one" "$(asker tcp 001300010100000100000000000001610000fc0001000c000181000000000000000000)" 21
ok "all this has cost less than 4 MB" test $(($(rss) - before)) -lt 4096
stop "$RESOLVED"
like "it ended as it should, by SIGTERM" "$(cat "$TMP/first")" '^umx-resolved: ready$'

# --- shares of the spool -------------------------------------------------------------------------------------------

resolver rate "server $EVIL6" "rate 8"
said=$(asker ask 60 good.example.net)
like "one user has half of the pairs of a second" "$said" '^0:[0-9]+ 2:[0-9]+$'
answered=${said%% *}
ok "which is four to begin with" test "${answered#0:}" -ge 4
is "the others are told SERVFAIL, and counted" "$(stat_of make_rate)" "${said##*:}"
stop "$RESOLVED"
resolver full "server $EVIL6"
b spool del
b spool add 198.18.0.0/29 source $SOURCE
for i in 1 2 3 4 5; do
	b map lease 2001:db8:c::$i lifetime 600 >/dev/null
done
ask <<-QUESTIONS
	full good A
	gone -x 198.18.0.7
QUESTIONS
is "a full spool: SERVFAIL" "$(status full) $(stat_of spool_full)" "SERVFAIL 0 1"
like "and why" "$(said full)" 'EDE: 0 \(Other\): \(every IPv4 address of the spool is in use\)'
is "its last address is the spool's, too" "$(status gone)" "NXDOMAIN 0"
finish

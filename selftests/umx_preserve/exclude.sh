#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of excluded prefixes: whose addresses make no offer, answer none, are not offered, and not
# accepted. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
both on
serve

# plain TEXT: a connection works, and is no session on either end.
plain()
{
	local before

	before="$(count c agreed) $(count s agreed)"
	dial "$1: a connection"
	say "$1: works" word
	is "$1: is no session" "$(count c agreed) $(count s agreed)" "$before"
	hang_up
}

# agreed TEXT SETS: a connection works, and the client's set of addresses is that one.
agreed()
{
	dial "$1: a connection"
	say "$1: works" word
	is "$1: has these addresses" "$(ask c '.[-1].sets | [.local, .peer]')" "$2"
	is "$1: the server has the same" "$(ask s '.[-1].sets | [.peer, .local]')" "$2"
	hang_up
}

# excluded c|s: as show prints it, in one line.
excluded()
{
	"$1" exclude show | paste -sd' '
}

# --- the list ----------------------------------------------------------------------------------------------------

is "nothing is excluded" "$(excluded c)" ""
ok "a prefix" c exclude add 2001:db8:77::/48
ok "a longer one" c exclude add 2001:db8:77:1::/64
ok "an address" c exclude add 2001:db8:78::1/128
is "the longest is first" "$(excluded c)" "2001:db8:78::1/128 2001:db8:77:1::/64 2001:db8:77::/48"
is "in JSON" "$(umctl -n "$CLIENT" -j preserve exclude show | jq -c '.[2]')" '{"plen":48,"prefix":"2001:db8:77::"}'
is "of this namespace only" "$(excluded s)" ""
status_is "not twice" 2 c exclude add 2001:db8:77::/48
like "and it says so" "$OUT" "excluded already"
status_is "no bits beyond the length" 2 c exclude add 2001:db8:77::1/48
like "and it says so" "$OUT" "bits set beyond its length"
status_is "another length is another prefix" 2 c exclude del 2001:db8:77::/64
like "and it says so" "$OUT" "must be named as it was added"
status_is "not without privilege" 2 in_ns "$CLIENT" setpriv --reuid=65534 --clear-groups umctl preserve exclude flush
is "nothing has changed" "$(excluded c)" "2001:db8:78::1/128 2001:db8:77:1::/64 2001:db8:77::/48"
ok "one is taken back" c exclude del 2001:db8:77:1::/64
ok "the others with it" c exclude flush
is "nothing is excluded" "$(excluded c)" ""
for ((i = 0; i < 256; i++)); do
	printf 'preserve exclude add 2001:db8:77:%x::/64\n' $i
done >"$TMP/many"
ok "256 prefixes" umctl -n "$CLIENT" -b "$TMP/many"
status_is "not one more" 2 c exclude add 2001:db8:78::/64
like "and it says so" "$OUT" "256 prefixes are excluded already"
is "all are shown" "$(c exclude show | wc -l)" 256
agreed "others take part" "[[\"$A\",\"$B\"],[\"$C\",\"$D\"]]"
c exclude flush

# --- an address of the connection --------------------------------------------------------------------------------

c exclude add 2001:db8:c::/64
before=$(count c offered)
plain "the server is excluded"
is "there was no offer" "$(count c offered)" "$before"
is "it is counted" "$(count c skip_excluded)" 1
c exclude flush

c exclude add $A/128
plain "the client's own address is excluded"
is "there was no offer" "$(count c offered)" "$before"
is "it is counted" "$(count c skip_excluded)" 2
c exclude flush

s exclude add 2001:db8:a::/64
before=$(count s synack_out)
plain "the client is excluded at the server"
is "there was no answer" "$(count s synack_out)" "$before"
is "it is counted" "$(count s skip_excluded)" 1
s exclude flush

s exclude add $C/128
plain "the server's own address is excluded"
is "there was no answer" "$(count s synack_out)" "$before"
is "it is counted" "$(count s skip_excluded)" 2
s exclude flush

# --- the alternatives --------------------------------------------------------------------------------------------

c exclude add $B/128
agreed "the client's other address is excluded" "[[\"$A\"],[\"$C\",\"$D\"]]"
c exclude flush
s exclude add $D/128
agreed "the server's other address is excluded" "[[\"$A\",\"$B\"],[\"$C\"]]"
s exclude flush
is "so far nothing was refused" "$(count c no_excluded) $(count s no_excluded)" "0 0"
s exclude add 2001:db8:b::/64
agreed "the client's offer is excluded at the server" "[[\"$A\"],[\"$C\",\"$D\"]]"
is "it is counted" "$(count s no_excluded)" 1
s exclude flush
c exclude add 2001:db8:d::/64
agreed "the server's offer is excluded at the client" "[[\"$A\",\"$B\"],[\"$C\"]]"
is "it is counted" "$(count c no_excluded)" 1
c exclude flush

# --- sessions that exist -----------------------------------------------------------------------------------------

ok "the others have ended" wait_for -t 20 not sessions
dial "a session"
say "works" one
ok "everything is excluded" both exclude add ::/0
is "the session is still there" "$(ask c length) $(ask s length)" "1 1"
ok "and moves" c session move "$(ask c '.[0].id')" next
ok "the server follows" wait_for on_pair s "$D $B"
say "and works" two
hang_up
plain "another"

finish

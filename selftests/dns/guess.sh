#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of strangers: those who guess, and those who ask too much.
#
# UMX_DNS_GUESSES: how many guesses (2000); UMX_DNS_FLOOD: seconds of flood (4).

. "$(dirname "$0")/world.sh"
need nginx curl
guesses=${UMX_DNS_GUESSES:-$((SLOW == 1 ? 2000 : 200))}
seconds=${UMX_DNS_FLOOD:-4}
ask=$(dirname "$0")/ask.py

world
www "$SERVER" s
s listener set port 80 mode auto pool in
conf s "service www port 80" "service open port 80 public" "leases 64" "leases_per_name 16" "lifetime $((10 * SLOW))"
daemon s "$SERVER"
dns=$PID
nameserver s "$SERVER" $S
good=$(name www for alice)
gone=$(name www for mallory)
over=$(name www for eve expires 1)
n del 2 >/dev/null
wait_for eval '[ "$(nj show | jq length)" = 1 ]'
never=aaaaaaaaaaaaaaaaaaaaaaaaaa.www.$ZONE

# from_stranger WORD...: ask.py at the stranger's.
from_stranger()
{
	in_ns "$STRANGER" python3 "$ask" "$@"
}

# --- guesses -------------------------------------------------------------------------------------------------

is "$guesses guesses: NXDOMAIN" "$(from_stranger guess $S "www.$ZONE" "$guesses")" "NXDOMAIN $guesses"
is "no address was made" "$(stat_of leased) $(s -j ssa show)" "0 []"
is "names that are gone, too" "$(from_stranger guess $S x 100 "$gone" "$over")" "NXDOMAIN 100"
wanted=$(from_stranger raw $S "$never")
is "the answer for a revoked name is that for none, to the byte" "$(from_stranger raw $S "$gone")" "$wanted"
is "so is that for one whose time is over" "$(from_stranger raw $S "$over")" "$wanted"
is "and for a name below no service" "$(from_stranger raw $S "aaaaaaaaaaaaaaaaaaaaaaaaaa.wwx.$ZONE")" "$wanted"
is "guesses leave no line in the journal" "$(journal s '.event' | sort -u | xargs)" "added over revoked"

# Of thousands each, in turns. What a name that is found costs shows that the clock is good enough.
read -r a b <<<"$(in_ns "$SERVER" python3 "$ask" time "$TMP/dns/s.backend" 1500 "$never" "$gone")"
diag "median: never was $a us, revoked $b us"
ok "revoked and unknown take the same time, within a quarter" \
	test $((4 * (a > b ? a - b : b - a))) -le $((a < b ? a : b))

# --- floods --------------------------------------------------------------------------------------------------

# memory: of umx-dns, in kB.
memory()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$dns/status"
}

# flooded NAME WHAT: the stranger asks $rate times a second, for some seconds and until the client was served, by a name
# of its own.
flooded()
{
	local most=0 served=0 first waiting begin=$SECONDS

	first=$(memory)
	spawn flood in_ns "$STRANGER" python3 "$ask" flood $S "$1" "$rate"
	flood=$PID
	while [ $((SECONDS - begin)) -lt "$seconds" ] ||
	      { [ $served = 0 ] && [ $((SECONDS - begin)) -lt $((60 * SLOW)) ]; }; do
		waiting=$(nj show | jq 'map(.waiting) | add')
		most=$((waiting > most ? waiting : most))
		addr=$(in_ns "$CLIENT" dig +short +time=1 +tries=1 "@$S" "$good" AAAA | grep "$IN_POOL") &&
			in_ns "$CLIENT" curl -sg -o "$TMP/out" -m $((5 * SLOW)) "http://[$addr]/" &&
			served=$((served + 1))
	done
	stop $flood
	diag "$(cat "$TMP/flood"), $served connections of the client, at most $most addresses of names wait"
	is "flood of $2: no more addresses than the limit" \
		$((most <= 32 && $(s -j ssa show | jq length) <= 64)) 1
	ok "flood of $2: the client is served" test $served -ge 1
	ok "flood of $2: memory stays" test $(($(memory) - first)) -le 2048
}

# 2,000 questions a second, or half of what PowerDNS can answer here: whether it can answer more is not the question.
# (The first ones also fill the caches of libraries, which are not the flood's.)
begin=$EPOCHREALTIME
from_stranger guess $S x 1000 "$never" >/dev/null
rate=$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { r = 500 / (b - a); print int(r < 2000 ? r : 2000) }')
diag "the floods are of $rate questions a second"
bad=$(name www for trudy)
flooded "$bad" "a name that was given out"
ok "what was too much was refused" test "$(stat_of name_leases)" -ge 20
flooded "open.$ZONE" "a public name"
flooded "$never" "a name nobody has"
ok "it is over: the client is served at once" eval "came=\$(in_ns $CLIENT dig +short @$S $good AAAA) &&
	in_ns $CLIENT curl -sg -m $((10 * SLOW)) http://[\$came]/"
ok "what nobody used ends" wait_for -t 60 eval '[ "$(nj show | jq "map(.waiting) | add")" = 0 ]'
finish

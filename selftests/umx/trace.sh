#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of traceable pools: addresses are told apart by who has the key, by nobody else, and none
# comes twice, whatever ends in between. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology
K=$TMP/key
serve echo "$SERVER" 7

# draw COUNT: so many connections; prints the address of each.
draw()
{
	in_ns "$CLIENT" "$here/static" $S 7 "$1"
}

# window NS NAME: "generation next end" of a pool
window()
{
	umctl -n "$1" -j pool show "$2" | jq -r '.[] | "\(.generation) \(.next) \(.end)"'
}

# refused TEXT REGEX COMMAND...: exit status 2, and a sentence like that
refused()
{
	local text=$1 regex=$2

	shift 2
	status_is "$text" 2 "$@" && like "$text: said" "$OUT" "$regex"
}

# traced FILE: "generation counter" of each address in FILE.
traced()
{
	sed "s,.*,trace & key $K," "$1" | umctl -j -b - | jq -r '.[] | "\(.generation) \(.counter)"'
}

# monitor NAME: events of the client go to $TMP/NAME from now on.
monitor()
{
	spawn "$1" in_ns "$CLIENT" umctl -j monitor
	wait_for heard "$1"
}

heard()
{
	umctl -n "$CLIENT" pool add probe prefix 2001:db8:ea:99::/64 gen random && umctl -n "$CLIENT" pool del probe
	grep -q probe "$TMP/$1"
}

# --- a pool with a key -----------------------------------------------------------------------------------------

before=$(date -u +%FT%TZ)
pool_ea key "$K"
is "the key file is made, for its owner only" "$(stat -c '%a %s' "$K")" "600 33"
is "its state, too" "$(stat -c %a "$K.state")" 600
like "pool show" "$(c pool show ea)" 'generator traceable'
draw 100 >"$TMP/one"
is "100 connections, 100 addresses" "$(sort -u "$TMP/one" | grep -c $IN_EA)" 100
traced "$TMP/one" >"$TMP/counters"
is "trace finds all of them, one generation" "$(cut -d' ' -f1 "$TMP/counters" | sort -u | wc -l)" 1
is "their counters, in order" "$(cut -d' ' -f2 "$TMP/counters")" "$(seq 0 99)"
addr=$(sed -n 7p "$TMP/one")
like "trace, in words" "$(umctl trace "$addr" key "$K")" \
	"^$addr prefix 2001:db8:ea::/64 host 0 generation [0-9]+ counter 6 reserved 20[-0-9]+T[:0-9]+Z$"
reserved=$(umctl -j trace "$addr" key "$K" | jq -r '.[0].reserved')
[[ ! $reserved < $before && ! $reserved > $(date -u +%FT%TZ) ]]
point $? "the window was reserved when the pool was added" || diag "$before $reserved"
refused "an address nobody made" 'was not made here' umctl trace 2001:db8:ea::1 key "$K"
refused "an address of another prefix" 'is in no prefix' umctl trace $S key "$K"
c listener set port 9 mode das
refused "a used address by hand" 'used before' c ssa add port 9 addr "$addr"
c listener set port 9 mode legacy

# --- who has the key -------------------------------------------------------------------------------------------

cp "$K" "$TMP/open"
cp "$K.state" "$TMP/open.state"
chmod 640 "$TMP/open"
refused "a key the group can read: trace" 'by others' umctl trace "$addr" key "$TMP/open"
refused "a key the group can read: pool add" 'by others' c pool add x prefix 2001:db8:ea:1::/64 key "$TMP/open"
refused "a key the group can read: pool reserve" 'by others' c pool reserve ea key "$TMP/open"
chmod 600 "$TMP/open"
chown 1234 "$TMP/open"
refused "a key of another user" 'another user' umctl trace "$addr" key "$TMP/open"
refused "another user" 'Permission denied' setpriv --reuid 1234 --clear-groups umctl trace "$addr" key "$K"
echo 0123 >"$TMP/short"
chmod 600 "$TMP/short"
refused "a key that is none" 'holds no key' umctl trace "$addr" key "$TMP/short"
refused "no key" 'No such file' umctl trace "$addr" key "$TMP/none"
cp "$K" "$TMP/stateless"
refused "a key that lost its state" 'state is missing' c pool add x prefix 2001:db8:ea:1::/64 key "$TMP/stateless"
echo "window" >"$TMP/stateless.state"
refused "a state that is torn" 'not understood' c pool add x prefix 2001:db8:ea:1::/64 key "$TMP/stateless"
not_ok "no refusal leaves a pool" c pool show x
is "or a route" "$(ip -n "$CLIENT" -6 route show table all 2001:db8:ea:1::/64)" ""
umctl -n "$CLIENT" pool add x prefix 2001:db8:ea:1::/64 key "$TMP/other"
umctl -n "$CLIENT" pool del x
refused "another key: pool reserve" 'another key' c pool reserve ea key "$TMP/other"
refused "another key: trace" 'is in no prefix' umctl trace "$addr" key "$TMP/other"

monitor events
draw 1 >>"$TMP/one"
{
	umctl -n "$CLIENT" -j -b - <<<$'pool show\naddr show\nstats show --explain\nversion\nea show'
	grep -r . /sys/class/umx_pool/ 2>/dev/null
	ip netns exec "$CLIENT" grep -r . /sys/class/umx_pool/ /sys/devices/virtual/umx_pool/ 2>/dev/null
	dmesg
	cat "$TMP/events" "$K.state"
} >"$TMP/everything"
key=$(cat "$K")
swapped=$(fold -w 2 <<<"${key:0:16}" | tac | tr -d '\n')
other=$(fold -w 2 <<<"${key:16}" | tac | tr -d '\n')
secrets="${key:0:16}|${key:16}|$swapped|$other"
secrets+="|$(printf %u $((16#$swapped)))|$(printf %u $((16#$other)))"
is "the key is nowhere to be seen" "$(grep -ciE "$secrets" "$TMP/everything")" 0
ok "where everything else is" grep -q '"key_id":[1-9]' "$TMP/everything"

# --- nothing comes twice -----------------------------------------------------------------------------------------

read -r gen _ end <<<"$(window "$CLIENT" ea)"
ok "pool del" c pool del ea
ok "pool add" c pool add ea prefix 2001:db8:ea::/64 key "$K"
is "added again: the next window" "$(window "$CLIENT" ea | cut -d' ' -f1,2)" "$gen $end"
draw 100 >"$TMP/two"
is "100 others" "$(sort -u "$TMP/one" "$TMP/two" | wc -l)" 201

ok "pool del" c pool del ea
end=$(sed -n '$s/.*counters [0-9]*-\([0-9]*\) .*/\1/p' "$K.state")
LD_PRELOAD=$here/dying umctl -n "$CLIENT" pool add ea prefix 2001:db8:ea::/64 key "$K"
is "umctl dies after it has reserved" $? 137
is "the pool has no window" "$(window "$CLIENT" ea | cut -d' ' -f2,3)" "0 0"
is "and gives nothing" "$(draw 1)" EADDRNOTAVAIL
is "which is counted" "$(counter "$CLIENT" window_end)" 1
like "and explained" "$(c stats show --explain | grep -A 1 window_end)" 'pool reserve'
ok "pool reserve" c pool reserve ea key "$K"
is "what was reserved is skipped" "$(window "$CLIENT" ea | cut -d' ' -f2)" \
	"$(sed -n '$s/.*counters \([0-9]*\)-.*/\1/p' "$K.state")"
[ "$(window "$CLIENT" ea | cut -d' ' -f2)" != "$end" ]
point $? "all of it"
draw 100 >"$TMP/three"
is "100 others" "$(sort -u "$TMP/one" "$TMP/two" "$TMP/three" | wc -l)" 301

read -r gen _ end <<<"$(window "$CLIENT" ea)"
ok "a window that is not used up is extended" c pool reserve ea key "$K"
[ "$(window "$CLIENT" ea | cut -d' ' -f3)" -gt "$end" ] || [ "$(window "$CLIENT" ea | cut -d' ' -f1)" != "$gen" ]
point $? "and is longer, or another"

# Another epoch: the counters of the old one are not trusted.
ok "pool del" c pool del ea
ok "the module is loaded again" sh -c 'rmmod umx && modprobe umx'
ok "pool add" c pool add ea prefix 2001:db8:ea::/64 key "$K"
[ "$(window "$CLIENT" ea | cut -d' ' -f1)" != "$gen" ] && [ "$(window "$CLIENT" ea | cut -d' ' -f2)" = 0 ]
point $? "a new generation" || diag "$gen -> $(window "$CLIENT" ea)"
c ea add pool ea
draw 100 >"$TMP/four"
is "100 others" "$(sort -u "$TMP/one" "$TMP/two" "$TMP/three" "$TMP/four" | wc -l)" 401
is "trace knows all of them" "$(traced <(cat "$TMP/one" "$TMP/two" "$TMP/three" "$TMP/four") | wc -l)" 401

# --- many at a time, and to the last -------------------------------------------------------------------------------

setup_ns N1 N2 N3 N4 N5 N6
for ns in "$N1" "$N2" "$N3" "$N4" "$N5" "$N6"; do
	umctl -n "$ns" pool add same prefix 2001:db8:ea:5::/64 key "$TMP/many" &
	jobs="${jobs-} $!"
done
# shellcheck disable=SC2086
wait $jobs
is "six pools of a prefix, six windows" "$(for ns in "$N1" "$N2" "$N3" "$N4" "$N5" "$N6"; do window "$ns" same; done |
	sort -u | wc -l)" 6
is "no two overlap" "$(sed -n 's/^window.* generation \([0-9]*\) counters \([0-9]*\)-\([0-9]*\) .*/\1 \2 \3/p' \
	"$TMP/many.state" | sort -n -k 1,1 -k 2,2 | awk '$1 == g && $2 < e { print } { g = $1; e = $3 }')" ""
is "and each is written down" "$(grep -c ^window "$TMP/many.state")" 6

# 16 bits, 8 of them the host's: sixteen windows of sixteen.
c ea flush
monitor low
tiny=(c pool add tiny prefix 2001:db8:ea:7::/112 key "$K")
refused "a host id that does not fit" 'does not fit' "${tiny[@]}" host 256 host_bits 8
refused "a host id without bits" 'does not fit' "${tiny[@]}" host 1
refused "a host id that is too long" 'too many bits' "${tiny[@]}" host 1 host_bits 9
noise=(c pool add noise prefix 2001:db8:ea:8::/64 gen random)
refused "a host id without a key's generator" 'traceable' "${noise[@]}" host 1 host_bits 8
status_is "a key without its generator" 1 "${noise[@]}" key "$K"
ok "a tiny pool" "${tiny[@]}" host 5 host_bits 8
ok "its rule" c ea add pool tiny
: >"$TMP/tiny"
for _ in {1..16}; do
	draw 20
	umctl -n "$CLIENT" pool reserve tiny key "$K" 2>"$TMP/last"
done >"$TMP/tiny"
is "each window ends in a refusal" "$(grep -c EADDRNOTAVAIL "$TMP/tiny")" 16
grep -v EADDRNOTAVAIL "$TMP/tiny" >"$TMP/tinies"
reserved=$(grep -Ec ':7:(:0?|:ff[89a-f].)$' "$TMP/tinies")
is "no reserved address" "$reserved" 0
n=$(wc -l <"$TMP/tinies")
[ "$n" -le 256 ] && [ "$n" -ge 240 ]
point $? "nearly all of 256 addresses" || diag "$n"
is "each once" "$(sort -u "$TMP/tinies" | wc -l)" "$n"
is "trace: host 5" "$(umctl -j trace "$(tail -n 1 "$TMP/tinies")" key "$K" | jq '.[0].host')" 5
like "then there are no more windows" "$(cat "$TMP/last")" 'were reserved'
is "no connection leaves from elsewhere" "$(draw 1)" EADDRNOTAVAIL
ok "pool del" c pool del tiny
refused "nor after the pool was added again" 'were reserved' "${tiny[@]}" host 5 host_bits 8
not_ok "such a pool is not there" c pool show tiny
refused "other host bits of the same prefix" 'host ids' "${tiny[@]}" host 5 host_bits 7
ok "another host has its own" "${tiny[@]}" host 6 host_bits 8
draw 20 | grep -v EADDR >"$TMP/sixes"
is "other addresses" "$(sort -u "$TMP/sixes" "$TMP/tinies" | wc -l)" "$((n + $(wc -l <"$TMP/sixes")))"
ok "the event of a low window" wait_for grep -q '"pool_low"' "$TMP/low"

# --- other generators ------------------------------------------------------------------------------------------------

ok "random" "${noise[@]}"
refused "has no windows" 'no windows' c pool reserve noise key "$K"
refused "no pool" 'no pool' c pool reserve nobody key "$K"
finish

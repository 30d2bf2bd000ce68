#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what umctl save, restore and sync make of umx_preserve and umx_bis: what can be set comes
# back, no secret is written, and what is in use outlives a change of something else.
#
#             2001:db8:a::1 eth0 ---- eth0 2001:db8:a::2
#   [ $NS ]   2001:db8:b::1 eth1 ---- eth1 2001:db8:b::2   [ $FAR ] answers on port 7000
#             2001:db8:a::46 the source

. "$(dirname "$0")/../lib.sh"
need umctl jq python3
unload umx_preserve umx_bis || bail "the modules can be unloaded"

talk=$(cd "$(dirname "$0")/../umx_preserve" && pwd)/talk.py
SECRET=00112233445566778899aabbccddeeff

u()
{
	umctl -n "$NS" "$@"
}

# configured: what is saved, but for the comments.
configured()
{
	u save - | grep '^[^#]'
}

# file NAME: from stdin, at $TMP/NAME.
file()
{
	cat >"$TMP/$1"
}

# steps TEXT LINES FILE: what sync would do.
steps()
{
	status_is "$1" 0 u sync -n "$3"
	is "$1: the commands" "$OUT" "$2"
}

# refused TEXT STATUS REGEX WORD...: with that sentence, and nothing has changed.
refused()
{
	local text=$1 code=$2 regex=$3

	shift 3
	u save - >"$TMP/before"
	status_is "$text" "$code" u "$@"
	like "$text: why" "$OUT" "$regex"
	u save - | cmp -s "$TMP/before" -
	point $? "$text: nothing has changed"
}

# dial NAME ADDRESS: a connection from $NS that stays.
dial()
{
	mkfifo "$TMP/$1.in" "$TMP/$1.out"
	spawn "$1" in_ns "$NS" bash -c 'exec python3 "$@" <"$0.in" >"$0.out" 2>&1' "$TMP/$1" "$talk" dial "$2" 7000
	eval "exec {$1_in}>\"$TMP/$1.in\" {$1_out}<\"$TMP/$1.out\""
	hears "$1" && [[ $HEARD == connected* ]]
	point $? "a connection to $2" || diag "heard: $HEARD"
}

# hears NAME: its next line, in $HEARD.
hears()
{
	local end=$1_out

	HEARD=
	read -r -t $((30 * SLOW)) -u "${!end}" HEARD
}

# lives NAME TEXT: what is said on that connection is answered.
lives()
{
	local end=$1_in

	echo word >&"${!end}" && hears "$1" && [[ $HEARD == "word "* ]]
	point $? "$2" || diag "heard: $HEARD"
}

umask 077
echo $SECRET >"$TMP/key"
echo ffeeddccbbaa99887766554433221100 >"$TMP/other-key"
cp "$TMP/key" "$TMP/copy"
umask 022
: >"$TMP/empty"

setup_ns NS FAR
link_ns "$NS" eth0 2001:db8:a::1/64 "$FAR" eth0 2001:db8:a::2/64
link_ns "$NS" eth1 2001:db8:b::1/64 "$FAR" eth1 2001:db8:b::2/64
ip -n "$NS" addr add 2001:db8:a::46/64 dev eth0 nodad preferred_lft 0

# --- what can be set comes back ------------------------------------------------------------------------------------

# Everything, and nothing of it as it is anyway.
file full <<X
preserve set rto_threshold 3 option thesis revert on max_prefixes 4 check required blackhole_timeout 60 header_max 40 bound on
preserve exclude add 2001:db8:e::/48
preserve exclude add 2001:db8:e::/64
preserve key add 2001:db8:f::/48 file $TMP/key
preserve on
bis spool add 198.18.0.0/15 source 2001:db8:a::46 shared self 198.18.0.7 incoming refuse idle 60 dev bis7
bis map add 198.18.0.10 2001:db8:a::2
bis map add 198.18.0.11 2001:db8:b::2
bis eam add 192.0.2.0/24 2001:db8:c::/120
bis eam add 192.0.2.7/32 2001:db8:c::1:7/128
bis prefix add 2001:db8:64::/96
X
load umx
u save - >"$TMP/out"
is "what is not loaded is said, and not loaded" \
	"$(sed -n '/^# preserved/,$p' "$TMP/out" | grep -c 'module is not loaded') $(loaded umx_preserve || loaded umx_bis || echo no)" "8 no"
ok "restore, with modules that were not loaded" u restore "$TMP/full"
ok "save" u save "$TMP/saved"
is "what was restored is saved, line by line" "$(grep '^[^#]' "$TMP/saved")" "$(cat "$TMP/full")"
is "without the secret, for its owner alone" "$(grep -c $SECRET "$TMP/saved") $(stat -c %a "$TMP/saved")" "0 600"
is "no list has the secret" "$(grep -rl $SECRET /var/lib/umx | wc -l)" 0
steps "sync to what is there" "" "$TMP/saved"
status_is "restore where that is" 2 u restore "$TMP/saved"
like "and what that is" "$OUT" 'already \(preserve rto_threshold 3 .* bound on; preserve exclude 2001:db8:e::/48, 2001:db8:e::/64; preserve key 2001:db8:f::/48; preserve on; bis spool 198.18.0.0/15; bis map 198.18.0.10, 198.18.0.11; and 3 more\)'

# A word that can be given stands in the file above, and came back from the kernel.
{
	umctl __complete preserve set "" | sed 's/^/preserve set /'
	umctl __complete bis spool add x "" | sed 's/^/bis spool add /'
} >"$TMP/settable"
while read -r line; do
	grep -qE "^${line% *} (.* )?${line##* }( |$)" "$TMP/saved" || echo "$line"
done <"$TMP/settable" >"$TMP/out"
is "every word that can be set is saved" "$(cat "$TMP/out")" ""
[ "$(wc -l <"$TMP/settable")" -ge 13 ]
point $? "these are $(wc -l <"$TMP/settable")"

steps "all of it goes, the switch before its settings" "bis prefix del 2001:db8:64::/96
bis eam del 192.0.2.7/32
bis eam del 192.0.2.0/24
bis map del 198.18.0.11
bis map del 198.18.0.10
bis spool del 198.18.0.0/15
preserve off
preserve set rto_threshold 2 option compact revert off max_prefixes 8 check optional blackhole_timeout 3600 header_max 24 bound off
preserve key del 2001:db8:f::/48
preserve exclude del 2001:db8:e::/64
preserve exclude del 2001:db8:e::/48" "$TMP/empty"
ok "sync" u sync "$TMP/empty"
is "nothing is left" "$(configured; ip -n "$NS" -4 route; u bis spool)" ""
is "all is as it was" "$(u -j preserve show | jq -c '.[0] | [.enabled, .rto_threshold, .blackhole_timeout]')" \
	"[false,2,3600]"
ip -n "$NS" link del bis7
status_is "a saved file is a batch, too" 0 u -b "$TMP/saved"
is "it does the same" "$(configured)" "$(cat "$TMP/full")"

# --- lines ---------------------------------------------------------------------------------------------------------

file bad <<X
bis map add 198.18.0.10 2001:db8:a::2
bis spool add 198.18.0.0/15 source 2001:db8:a::46
bis spool add 198.19.0.0/16 source 2001:db8:a::46
preserve set bound on
preserve set revert on
preserve off
bis map lease 2001:db8:b::2
bis
bis map add 198.18.0.12 2001:db8:a::2
bis map add 198.18.0.12 2001:db8:b::2
preserve key add 2001:db8:f::/48 file $TMP/none
preserve set revert off
X
status_is "wrong lines" 1 u sync "$TMP/bad"
is "each is named" "$(grep -oE '/bad:[0-9]+' <<<"$OUT" | grep -oE '[0-9]+$' | paste -sd' ')" "1 3 5 6 7 8 10 11"
like "what a pair needs" "$OUT" 'bad:1: no line before is a "bis spool"'
like "what a line may be" "$OUT" 'bad:6: "preserve off" is no line of a configuration, which has only these: pool add, .*, preserve set, preserve exclude add, preserve key add, preserve on, bis spool add, bis map add'
like "a key that is not there" "$OUT" "bad:11: key file $TMP/none: No such file"
is "none is done" "$(configured)" "$(cat "$TMP/full")"
{
	sed 's/rto_threshold 3/rto_threshold 5/; /2001:db8:e::\/64/d; s/\/key$/\/other-key/; s/198.18.0.11/198.18.0.13/' \
		"$TMP/full"
	echo "preserve exclude add 2001:db8:e:1::/64"
	echo "bis map add 10.0.0.1 2001:db8:c::1"
} >"$TMP/late"
refused "a line that only the kernel refuses" 2 \
	'late:12: the IPv4 address is not a host address of the spool.*is taken back' sync "$TMP/late"

# --- keys ----------------------------------------------------------------------------------------------------------

key_id()
{
	u -j preserve key show | jq -r '.[].key_id'
}

id=$(key_id)
sed "s,/key$,/copy," "$TMP/full" >"$TMP/copied"
steps "a copy of the file has the key" "" "$TMP/copied"
sed "s,/key$,/other-key," "$TMP/full" >"$TMP/rekeyed"
steps "another key" "preserve key add 2001:db8:f::/48 file $TMP/other-key" "$TMP/rekeyed"
ok "takes the place" u sync "$TMP/rekeyed"
is "and is saved" "$([ "$(key_id)" != "$id" ] && configured | grep '^preserve key')" \
	"preserve key add 2001:db8:f::/48 file $TMP/other-key"
ok "the first again" u sync "$TMP/full"
is "is the one it was" "$(key_id)" "$id"
chmod 644 "$TMP/copy"
status_is "a key that others can read" 2 u sync "$TMP/copied"
like "is none" "$OUT" "copied:4: key file $TMP/copy: it can be read or changed by others: chmod 600"
rm "$TMP/copy"
mv "$TMP/key" "$TMP/away"
for words in "save $TMP/x" "sync $TMP/rekeyed"; do
	# shellcheck disable=SC2086
	status_is "${words%% *}, when the key is in no file" 2 u $words
	like "says so" "$OUT" 'the key of the peers in 2001:db8:f::/48 is in no file .*"preserve key add" says where it is'
done
not_ok "no file is written" test -e "$TMP/x"
ok "somebody says where it is" u preserve key add 2001:db8:f::/48 file "$TMP/away"
is "there it is" "$(configured | grep '^preserve key')" "preserve key add 2001:db8:f::/48 file $TMP/away"
mv "$TMP/away" "$TMP/key"

# --- what is in use ------------------------------------------------------------------------------------------------

ok "the usual settings" u sync "$TMP/empty"
ip -n "$NS" link del bis7
umctl -n "$FAR" preserve on || bail "the peer takes part"
spawn_listener server "$FAR" 7000 python3 "$talk" serve 7000
file one <<X
preserve exclude add 2001:db8:e::/48
preserve on
bis spool add 198.18.0.0/15 source 2001:db8:a::46
bis map add 198.18.0.10 2001:db8:a::2
X
file two <<X
preserve set rto_threshold 4
preserve exclude add 2001:db8:e:1::/64
preserve key add 2001:db8:f::/48 file $TMP/key
preserve on
bis spool add 198.18.0.0/15 source 2001:db8:a::46 incoming pair
bis map add 198.18.0.10 2001:db8:a::2
bis map add 198.18.0.11 2001:db8:c::1
X
ok "a configuration" u sync "$TMP/one"
dial kept 2001:db8:a::2
dial ipv4 198.18.0.10
lives kept "is answered"
lives ipv4 "is answered"
session=$(u -j preserve session show | jq -r '.[0].id')
ok "the first one moves" u preserve session move "$session" next
lives kept "and is answered"
leased=$(u -j bis map lease 2001:db8:b::2 | jq -r '.[].addr4')
dial leased "$leased"
where()
{
	u -j preserve session show | jq -c --argjson id "$session" 'map(select(.id == $id) | [.current, .moved])'
}
before=$(where)
like "it has moved" "$before" '2001:db8:b::1'
steps "what changes is what differs" "preserve set rto_threshold 4
preserve exclude add 2001:db8:e:1::/64
preserve key add 2001:db8:f::/48 file $TMP/key
bis map add 198.18.0.11 2001:db8:c::1
preserve exclude del 2001:db8:e::/48" "$TMP/two"
for i in 1 2 3; do
	u sync "$TMP/two" && u sync "$TMP/one" || break
done >"$TMP/out" 2>&1
is "sync back and forth, three times" "$i $(cat "$TMP/out")" "3 "
ok "and there" u sync "$TMP/two"
steps "nothing is left to do" "" "$TMP/two"
lives kept "the preserved session lives"
is "where it was" "$(where)" "$before"
lives ipv4 "a connection through the translator lives"
lives leased "and one by a pair that no line makes"
is "which is not saved" "$(configured | grep -c "^bis map add $leased")" 0
sed 's/incoming pair/incoming pair idle 60/; $d' "$TMP/two" >"$TMP/spool"
refused "a spool that changes" 2 'the spool has 1 pairs that no line makes.*"force"' sync "$TMP/spool"
refused "or goes" 2 'the spool has 1 pairs that no line makes.*"force"' sync "$TMP/empty"
lives leased "the connection lives"
ok "unless forced" u sync "$TMP/spool" force
is "it changes" "$(configured | grep '^bis')" \
	"bis spool add 198.18.0.0/15 source 2001:db8:a::46 self 198.18.0.1 incoming pair idle 60 dev bis0
bis map add 198.18.0.10 2001:db8:a::2"
lives ipv4 "who has a pair of the file keeps it"
lives kept "and the session lives"
ok "all goes" u sync "$TMP/empty" force
lives kept "the session that has moved lives"

finish

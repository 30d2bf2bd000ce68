#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of segments of more than 64 KiB (BIG TCP) at one-time addresses. Linux before 7 puts a
# hop-by-hop header before them.
#
#   [ $CLIENT ]eth0 ------------ eth0[ $SERVER ]     devices that take and merge 192 KiB; no router between, for those of
#    2001:db8:c::1                 2001:db8:c::2     these kernels cannot forward such segments
#    pools ea, eb                  pool ssa
#              eth1 ------------ eth1                for connections that move without a pool
#    2001:db8:e::1                 2001:db8:e::2

. "$(dirname "$0")/topology.sh"
need umctl jq python3 nft
load umx
setup_ns CLIENT SERVER
S=2001:db8:c::2
link_ns "$CLIENT" eth0 $C/64 "$SERVER" eth0 $S/64
link_ns "$CLIENT" eth1 2001:db8:e::1/64 "$SERVER" eth1 2001:db8:e::2/64
ip -n "$SERVER" route add 2001:db8:ea::/48 via $C
ip -n "$SERVER" route add 2001:db8:eb::/48 via $C
ip -n "$CLIENT" route add 2001:db8:55a::/48 via $S
# as much as an emulator with a kernel full of checks gets through in the time of a timeout
BYTES=$(((64 << 20) / SLOW))

# sizes NS: its devices take big segments, and TCP makes them, be the way as slow as it may; those that arrive are counted.
sizes()
{
	local dev

	for dev in eth0 eth1; do
		ip -n "$1" link set dev $dev gso_max_size 196608 gro_max_size 196608 || bail "a device takes 192 KiB"
	done
	in_ns "$1" sysctl -qw net.ipv4.tcp_min_tso_segs=100
	in_ns "$1" nft -f - <<-'NFT' || bail "segments can be counted"
	table ip6 sizes {
		chain in {
			type filter hook prerouting priority -400
			meta length > 65600 counter
		}
	}
	NFT
}

# big: how many have come to the client and to the server.
big()
{
	local ns

	for ns in "$CLIENT" "$SERVER"; do
		in_ns "$ns" nft -j list table ip6 sizes | jq '[.. | .counter? // empty | .packets] | add'
	done | paste -sd' '
}

# dropped: by both gates.
dropped()
{
	for ns in "$CLIENT" "$SERVER"; do
		umctl -n "$ns" -j stats show | jq '[.. | objects | select(.kind? == "drop") | .value] | add'
	done | awk '{ sum += $1 } END { print sum }'
}

# transfer TEXT ADDR PORT [WORD...]: BYTES each way after the WORDs, by big segments, none of which a gate drops.
transfer()
{
	local text=$1 to=("$2" "$3") up0 down0 up down lost

	shift 3
	read -r down0 up0 <<<"$(big)"
	lost=$(dropped)
	ok "$text: $((BYTES >> 20)) MiB each way" peer "$CLIENT" call "${to[@]}" "$@" up=$BYTES down=$BYTES
	read -r down up <<<"$(big)"
	ok "$text: by segments of more than 64 KiB, $((up - up0)) and $((down - down0))" \
		[ $((up - up0)) -ge $((100 / SLOW)) -a $((down - down0)) -ge $((100 / SLOW)) ]
	is "$text: the gates have dropped nothing" "$(dropped)" "$lost"
}

sizes "$CLIENT"
sizes "$SERVER"
serve echo "$SERVER" 7
transfer "legacy addresses" $S 7

pool_ea
transfer "an EA" $S 7

pool_ssa
s listener set port 7 mode das pool ssa || bail "port 7 in mode das"
transfer "an EA and an SSA" "$(ssa port 7)" 7

# --- moved -------------------------------------------------------------------------------------------------------

# agreed NS: it has one session.
agreed()
{
	[ "$(umctl -n "$1" -j preserve session show | jq length)" = 1 ]
}

none_agreed()
{
	! agreed "$CLIENT" && ! agreed "$SERVER"
}

# move: the client's session, to its other address; then it may go on.
move()
{
	wait_for agreed "$CLIENT" && wait_for agreed "$SERVER" &&
		c preserve session move "$(umctl -n "$CLIENT" -j preserve session show | jq '.[0].id')" next
	touch "$TMP/moved"
}

load umx_preserve
umctl -n "$CLIENT" pool add eb prefix 2001:db8:eb::/64 || bail "a second pool"
c preserve on && s preserve on || bail "sessions can be preserved"
s listener set port 7 mode legacy || bail "port 7 in mode legacy"
move &
transfer "a session that has moved to another EA" $S 7 echo wait="$TMP/moved"
wait $!
is "it has" "$(counter "$CLIENT" moved_admin preserve stats show)" 1

rm "$TMP/moved"
c ea del 0 || bail "connections leave as they always did"
wait_for none_agreed || bail "the session ends"
move &
transfer "a session that has moved to another link" $S 7 echo wait="$TMP/moved"
wait $!
is "it has" "$(counter "$CLIENT" moved_admin preserve stats show)" 2
gone()
{
	c preserve off abort && s preserve off abort && rmmod umx_preserve
}
ok "umx_preserve goes" wait_for gone

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umx_preserve.ko and umx.ko together: sessions on one-time addresses offer an address of
# another pool, made for that session only, and go on there. The hosts are drawn in topology.sh; each has a pool of
# each of its two providers, routed to its link.

. "$(dirname "$0")/topology.sh"
topology
load umx
EA=2001:db8:ea:: EB=2001:db8:eb:: SC=2001:db8:5c:: SD=2001:db8:5d::

# pool NS NUMBER PREFIX ADDRESS DEVICE: a pool of that provider, routed to ADDRESS. What comes from it by DEVICE of the
# provider's router passes the filter.
pool()
{
	local ns=$1 router=$RA other=$RB via=2001:db8:ff::a

	[ "$2" = 0 ] || { router=$RB other=$RA via=2001:db8:ff::b; }
	ip -n "$ns" -6 rule add from "$3/64" lookup $((100 + $2)) priority $((1010 + $2))
	ip -n "$router" route add "$3/64" via "$4"
	ip -n "$other" route add "$3/64" via $via
	in_ns "$router" nft insert rule ip6 bcp38 forward iifname "$5" ip6 saddr "$3/64" accept
	umctl -n "$ns" pool add "p$2" prefix "$3/64" gen sequential || bail "a pool can be added"
}

# live c|s [FILTER]: what jq makes of the host's live addresses.
live()
{
	local ns=$CLIENT

	[ "$1" = c ] || ns=$SERVER
	umctl -n "$ns" -j addr show | jq -rc "${2:-length}"
}

live_is()
{
	[ "$(live "$1" "$2")" = "$3" ]
}

# drops c|s: packets that the gates have dropped, whatever the reason.
drops()
{
	local ns=$CLIENT

	[ "$1" = c ] || ns=$SERVER
	umctl -n "$ns" -j stats show | jq '[.. | objects | select(.kind? == "drop") | .value] | add'
}

pool "$CLIENT" 0 $EA $A eth0
pool "$CLIENT" 1 $EB $B eth0
umctl -n "$CLIENT" ea add pool p0 || bail "a rule can be added"
serve

# --- without umx_preserve ----------------------------------------------------------------------------------------

dial "an EA without umx_preserve"
say "works" word
is "there is one address" "$(live c)" 1
hang_up
umctl -n "$CLIENT" drain >/dev/null
umctl -n "$CLIENT" drain off >/dev/null
is "and none is left" "$(live c)" 0

# --- a client ----------------------------------------------------------------------------------------------------

ok "on, at both ends" both on
dial "a session from an EA"
say "works" one
MINE=$(ask c '.[0].original.local')
SPARE=$(ask c '.[0].sets.local[1]')
like "its address is of the first pool" "$MINE" "^$EA"
like "and it has one of the second pool" "$SPARE" "^$EB"
is "those are what the server knows, and no address of the host" "$(ask s '.[0].sets.peer')" "[\"$MINE\",\"$SPARE\"]"
is "addr show says whose the spare is" "$(live c ".[] | select(.spare_of) | [.address, .state, .role, .bound, .spare_of]")" \
	"[\"$SPARE\",\"valid\",\"ea\",true,\"$MINE\"]"
is "it is one session" "$(umctl -n "$CLIENT" -j session show | jq length)" 1
is "counted" "$(counter "$CLIENT" spare_created) $(counter "$CLIENT" spare_none)" "1 0"
before=$(counter "$CLIENT" in_other)
refused()
{
	[ "$(counter "$CLIENT" in_other)" -gt "$before" ]
}
spawn stranger in_ns "$SERVER" bash -c "echo >/dev/tcp/$SPARE/22"
stranger=$PID
ok "nobody else can speak to it" wait_for refused
stop "$stranger"
before=$(drops c)
ip -n "$CLIENT" link set eth0 down
ok "its link goes down: the session goes on at the other provider" wait_for on_pair c "$SPARE $D"
ok "the server follows" wait_for on_pair s "$D $SPARE"
say "and it works" two
is "why" "$(ask c '.[0].moves | map(.reason)')" '["link"]'
is "the gate has dropped nothing" "$(drops c)" "$before"
ip -n "$CLIENT" link set eth0 up
ip -n "$CLIENT" addr replace $A/64 dev eth0 nodad
routes "$CLIENT" 2001:db8:a: 2001:db8:b:
wait_for in_ns "$CLIENT" ping -6 -c 1 -W 1 -I $A $C || bail "the first provider is back"
ok "and back, by command" c session move "$(ask c '.[0].id')" to "$MINE"
ok "the server follows" wait_for on_pair s "$C $MINE"
say "and it works" three
ok "and away again" c session move "$(ask c '.[0].id')" to "$SPARE"
ok "the server follows" wait_for on_pair s "$D $SPARE"
status_is "the spare's pool is in use" 2 umctl -n "$CLIENT" pool del p1
ok "and can be detached" umctl -n "$CLIENT" pool del p1 force
say "which the session does not notice" four
not_ok "umx cannot be unloaded" rmmod umx
not_ok "nor can umx_preserve" rmmod umx_preserve
hang_up
ok "at its end both addresses keep its TIME_WAIT company" wait_for live_is c 'map(.state)' '["closing","closing"]'
before=$(counter "$CLIENT" disposed)
umctl -n "$CLIENT" drain >/dev/null
is "and are used up with it" "$(live c) $(($(counter "$CLIENT" disposed) - before))" "0 2"
umctl -n "$CLIENT" drain off >/dev/null
pool_again()
{
	umctl -n "$CLIENT" pool add p1 prefix $EB/64 gen sequential
}
ok "the detached pool goes with them: there is room for another" wait_for pool_again

# --- a peer that takes no part -----------------------------------------------------------------------------------

s off
dial "a session to a plain server"
say "works" one
is "needs no spare" "$(live c 'map(.spare_of)')" '[null]'
NEXT=$(live c '.[0].address')
ok "and has another address" [ "$NEXT" != "$MINE" ]
hang_up
s on

# --- a server ----------------------------------------------------------------------------------------------------

pool "$SERVER" 0 $SC $C eth1
pool "$SERVER" 1 $SD $D eth1
umctl -n "$SERVER" listener set port $PORT mode das pool p0 || bail "the port can be guarded"
SSA=$(umctl -n "$SERVER" ssa add port $PORT from 2001:db8::/32 lifetime 300)
dial "a session from an EA to an SSA" "$SSA"
like "with both" "$HEARD" "^connected $EA.* $SSA\$"
say "works" one
SPARE=$(ask s '.[0].sets.local[1]')
like "the server has a spare, too" "$SPARE" "^$SD"
is "which is the SSA's" "$(live s '.[] | select(.spare_of) | [.role, .spare_of]')" "[\"ssa\",\"$SSA\"]"
before=$(drops s)
ip -n "$SERVER" link set eth0 down
moved()
{
	[ "$(ask s '.[0].current.local')" = "$SPARE" ] && [ "$(ask c '.[0].current.peer')" = "$SPARE" ]
}
ok "the server's link goes down: both ends go on elsewhere" wait_for moved
say "and it works" two
like "the client still sees the SSA" "$HEARD" " $SSA\$"
is "the gates have dropped nothing" "$(drops s)" "$before"
hang_up
wait_for -t 20 not sessions

# --- a server on its own link --------------------------------------------------------------------------------------

ip -n "$SERVER" link set eth0 up
ip -n "$SERVER" addr add $C/64 dev eth0 nodad
wait_for in_ns "$SERVER" ping -6 -c 1 -W 1 -I $C 2001:db8:c::fe || bail "the link is back"
routes "$SERVER" 2001:db8:c: 2001:db8:d:
umctl -n "$SERVER" listener set port $PORT mode legacy || bail "the port can be open"
umctl -n "$SERVER" pool add lan prefix 2001:db8:c::/64 type onlink dev eth0 ready 4 || bail "an on-link pool can be added"
umctl -n "$SERVER" listener set port $PORT mode das pool lan || bail "the port can be guarded"
ssa()
{
	SSA=$(umctl -n "$SERVER" ssa add port $PORT from 2001:db8::/32 lifetime 300 2>/dev/null)
}
wait_for ssa || bail "an address of the link is ready"
before="$(count c blackhole) $(count s agreed)"
dial "a session to an address of a link" "$SSA"
say "works" one
read -r lost agreed <<<"$before"
is "its first SYN was let in, its offer read" "$(count c blackhole) $(count s agreed)" "$lost $((agreed + 1))"
like "the server's spare is of a routed pool" "$(ask s '.[0].sets.local[1]')" "^2001:db8:5[cd]::"
hang_up

# --- the end ---------------------------------------------------------------------------------------------------

umctl -n "$CLIENT" drain >/dev/null
ok "at its end nothing is left on the client" wait_for live_is c length 0
umctl -n "$SERVER" drain >/dev/null
ok "nor on the server, but what the link has ready" wait_for live_is s 'map(select(.pool != "lan")) | length' 0

# What comes next may want umx_tcp for itself.
both off abort
umctl -n "$CLIENT" drain --abort >/dev/null
umctl -n "$SERVER" drain --abort >/dev/null
ok "and the modules can go" wait_for -t 60 rmmod umx_preserve
ok "both" wait_for -t 60 rmmod umx

finish

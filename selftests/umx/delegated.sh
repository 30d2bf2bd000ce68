#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of routed pools that follow the prefix of a device, as one that was delegated by DHCPv6 is to
# be seen: attached while it is there, detached while not. The hosts are drawn in topology.sh.
#
# A prefix 2001:db8:ea::/56 is delegated to the client, which shows it on pd0.

. "$(dirname "$0")/topology.sh"
topology
serve echo "$SERVER" 7
serve home "$CLIENT" 8
PD=2001:db8:ea::1/56

# call: what a connection to the server hears, and where it leaves from.
call()
{
	peer "$CLIENT" call $S 7 name echo rst | paste -sd' '
}

attached()
{
	[ "$(c -j pool show ea | jq -r '.[0].attached')" = "$1" ]
}

# refused TEXT REGEX WORD...: umctl at the client ends with status 2 and a sentence.
refused()
{
	local text=$1 regex=$2

	shift 2
	status_is "$text" 2 c "$@" && like "$text: said" "$OUT" "$regex"
}

refused "an on-link pool goes by its link" 'for routed pools' pool add x prefix 2001:db8:9::/64 type onlink dev eth0 follow eth0
status_is "no name of a device" 1 c pool add x prefix 2001:db8:9::/64 follow a/b
ok "a pool that follows nothing" c pool add plain prefix 2001:db8:ea:7777::/64
is "says nothing of it" "$(c -j pool show plain | jq -c '.[0] | [.attached, .follow]')" '[null,null]'
ok "and goes" c pool del plain

ok "a pool that follows a device that is not there" c pool add ea prefix 2001:db8:ea:1::/64 gen sequential follow pd0
like "is not attached" "$(c pool show ea)" '^ea prefix 2001:db8:ea:1::/64 type routed generator sequential follow pd0 attached no'
ok "a rule" c ea add pool ea
ok "a port" c listener set port 8 mode das pool ea
spawn events in_ns "$CLIENT" umctl monitor
wait_for eval 'c listener set port 9 mode das; c listener set port 9 mode legacy; grep -q . "$TMP/events"' || bail "monitor runs"
is "no address, no connection" "$(call)" EADDRNOTAVAIL
ok "counted" counts "$CLIENT" ea_exhausted 1 call
refused "nor an SSA" 'is not attached' ssa add port 8
refused "nor one by hand" 'is not attached' ssa add port 8 addr 2001:db8:ea:1::77
ok "a fallback in front" c ea add pool ea to 2001:db8:5::/48 fallback legacy index 0
is "leaves from a legacy address" "$(call | cut -d' ' -f1)" $C
ok "away with it" c ea del 0

# --- it comes, goes, comes back ------------------------------------------------------------------------------

link_ns "$CLIENT" pd0 - "$STRANGER" pd1 -
is "a device without the prefix" "$(call)" EADDRNOTAVAIL
ip -n "$CLIENT" addr add 2001:db8:eb::1/56 dev pd0 nodad
ip -n "$CLIENT" addr add $PD dev eth0 nodad
is "another prefix, or another device" "$(call)" EADDRNOTAVAIL
ip -n "$CLIENT" addr del $PD dev eth0
ip -n "$CLIENT" addr add $PD dev pd0 nodad
ok "the delegated prefix is there: attached by itself" wait_for attached true
ok "an event said so" wait_for grep -q 'pool.attach.*ea' "$TMP/events"
like "and gives addresses" "$(call)" '^2001:db8:ea:1::[0-9a-f]+ [0-9]+ echoed$'
hold old "$CLIENT" $S 7 wait="$TMP/go" echo
old=$PID
addr=$(c ssa add port 8 lifetime 600)
ip -n "$CLIENT" addr del $PD dev pd0
ok "it is gone: detached" wait_for attached false
ok "an event said so" wait_for grep -q 'pool.detach.*ea' "$TMP/events"
is "no new address" "$(call)" EADDRNOTAVAIL
refused "no SSA" 'is not attached' ssa add port 8
touch "$TMP/go"
echoes()
{
	[ "$(grep -c echoed "$TMP/old")" = 2 ]
}
ok "a session goes on" wait_for echoes
is "and is shown" "$(c -j session show | jq -c 'map(.state)')" '["valid"]'
is "the gate stays closed" "$(peer "$STRANGER" call -timeout=2 2001:db8:ea:1::1234 8 echo rst)" ETIMEDOUT
is "an SSA that waits does so" "$(peer "$STRANGER" call "$addr" 8 echo rst)" echoed
ip -n "$CLIENT" addr add $PD dev pd0 nodad
ok "back: attached again" wait_for attached true
like "with new addresses" "$(call)" '^2001:db8:ea:1::'
stop "$old" KILL

# --- what counts as there ------------------------------------------------------------------------------------

ip -n "$CLIENT" link set pd0 down
ok "the device is down: detached" wait_for attached false
ip -n "$CLIENT" link set pd0 up
ip -n "$CLIENT" addr replace $PD dev pd0 nodad
ok "up again: attached" wait_for attached true
ip -n "$CLIENT" addr change $PD dev pd0 preferred_lft 0
ok "deprecated: detached" wait_for attached false
ip -n "$CLIENT" addr change $PD dev pd0 preferred_lft forever valid_lft forever
ok "preferred again: attached" wait_for attached true
ip -n "$CLIENT" addr del $PD dev pd0
ok "gone" wait_for attached false
ip -n "$CLIENT" addr add 2001:db8:ea:1:8000::5/80 dev pd0 nodad
ok "a prefix within the pool's" wait_for attached true
ip -n "$CLIENT" addr del 2001:db8:ea:1:8000::5/80 dev pd0
ok "gone" wait_for attached false

in_ns "$CLIENT" sysctl -qw net.ipv6.conf.pd0.accept_dad=1 net.ipv6.conf.pd0.dad_transmits=$((4 * SLOW))
ip -n "$CLIENT" addr add $PD dev pd0
tentative()
{
	prints tentative ip -n "$CLIENT" -6 addr show dev pd0 to 2001:db8:ea::/56
}
if tentative && is "tentative: not yet" "$(call)" EADDRNOTAVAIL; then
	ok "it still was" tentative
fi
ok "proven unique: attached" wait_for -t 20 attached true
ip -n "$CLIENT" addr del $PD dev pd0
ok "gone" wait_for attached false
ip -n "$STRANGER" addr add $PD dev pd1 nodad
in_ns "$CLIENT" sysctl -qw net.ipv6.conf.pd0.dad_transmits=1
ip -n "$CLIENT" addr add $PD dev pd0
dadfailed()
{
	prints dadfailed ip -n "$CLIENT" -6 addr show dev pd0 to 2001:db8:ea::/56
}
ok "somebody else has the address" wait_for dadfailed
ok "a duplicate is nobody's: detached" attached false
ip -n "$CLIENT" addr del $PD dev pd0
ip -n "$STRANGER" addr del $PD dev pd1
in_ns "$CLIENT" sysctl -qw net.ipv6.conf.pd0.accept_dad=0
ip -n "$CLIENT" addr add $PD dev pd0 nodad
ok "there again" wait_for attached true

# --- mode auto -----------------------------------------------------------------------------------------------

serve auto "$CLIENT" 10 -backlog=3
ok "a port in mode auto" c listener set port 10 mode auto pool ea
ready()
{
	c -j listener show | jq -e --argjson n "$1" 'any(.[]; .port == 10 and .ready == $n)'
}
ok "has three ready" wait_for ready 3
ip -n "$CLIENT" addr del $PD dev pd0
ok "gone" wait_for attached false
refused "what is ready is leased to nobody" 'is not attached' ssa lease port 10
ip -n "$CLIENT" addr add $PD dev pd0 nodad
ok "back" wait_for attached true
is "a lease" "$(peer "$STRANGER" call "$(c ssa lease port 10)" 10 echo rst)" echoed
ok "the ports go" c listener flush

# --- saved; the device goes ----------------------------------------------------------------------------------

c save "$TMP/saved"
is "saved" "$(grep '^pool' "$TMP/saved")" "pool add ea prefix 2001:db8:ea:1::/64 type routed gen sequential follow pd0"
is "sync to what is: nothing to do" "$(c -j sync "$TMP/saved" dry-run)" '[]'
ip -n "$CLIENT" link del pd0
ok "without the device: detached" wait_for attached false
is "saved all the same" "$(c save - | grep '^pool')" "$(grep '^pool' "$TMP/saved")"
c drain --abort >/dev/null
ok "the pool goes" c pool flush
c drain off
ok "and comes back from the file, without the device" c sync "$TMP/saved"
ok "detached" attached false
link_ns "$CLIENT" pd0 $PD "$STRANGER" pd1 -
ok "another device of that name: attached" wait_for attached true
# called OLD NEW: its new name; up and with the prefix.
called()
{
	ip -n "$CLIENT" link set "$1" down
	ip -n "$CLIENT" link set "$1" name "$2"
	ip -n "$CLIENT" link set "$2" up
	ip -n "$CLIENT" addr replace $PD dev "$2" nodad
}
called pd0 pd9
ok "by another name: detached" wait_for attached false
is "though it has the prefix" "$(call)" EADDRNOTAVAIL
called pd9 pd0
ok "by its own: attached" wait_for attached true
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the whole way: offers and acceptances on the wire, moves by command and by an address or
# a link that goes, and that the peer follows. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology

serve

# --- off: nothing changes ----------------------------------------------------------------------------------------

dial "a connection where it is off"
is "has its addresses" "$HEARD" "connected $A $C"
say "and works" word
is "there is no session" "$(ask c length) $(ask s length)" "0 0"
hang_up

# --- agreement ---------------------------------------------------------------------------------------------------

ok "on, at both ends" both on
dial "a connection"
say "works" word
is "is a session on both ends" "$(ask c length) $(ask s length)" "1 1"
is "the client's addresses" "$(ask c '.[0].sets | [.local, .peer]')" "[[\"$A\",\"$B\"],[\"$C\",\"$D\"]]"
is "the server's addresses" "$(ask s '.[0].sets | [.local, .peer]')" "[[\"$C\",\"$D\"],[\"$A\",\"$B\"]]"
is "on its original pair" "$(current c), $(current s)" "$A $C, $C $A"
is "counted" "$(count c offered) $(count s syn_in) $(count s synack_out) $(count c agreed) $(count s agreed)" "1 1 1 1 1"

# --- by command --------------------------------------------------------------------------------------------------

id=$(ask c '.[0].id')
ok "move next" c session move "$id" next
is "the client shares no address with the failed pair" "$(current c)" "$B $D"
ok "the server follows" wait_for on_pair s "$D $B"
say "and the connection works" moved
like "the application sees the old peer" "$HEARD" " $C\$"
is "why, on the client" "$(ask c '.[0].moves | map(.reason)')" '["admin"]'
is "and on the server" "$(ask s '.[0].moves | map(.reason)')" '["peer"]'
ok "move to an address" c session move "$id" to $A
ok "the server follows" wait_for on_pair s "$C $A"
say "and the connection works" back
sid=$(ask s '.[0].id')
ok "the server may move it as well" s session move "$sid" next
ok "the client follows" wait_for on_pair c "$B $D"
say "and the connection works" again
status_is "there is no other address to move to" 2 c session move "$id" to 2001:db8:e::1
like "and it says so" "$OUT" "the address is not one of the session's"
hang_up
ok "the end of it is seen on the other pair" wait_for -t 20 not sessions

# --- by what happens ---------------------------------------------------------------------------------------------

dial "another connection"
say "works" one
ip -n "$CLIENT" addr del $A/64 dev eth0
ok "an address that goes moves it at once" wait_for on_pair c "$B $D"
say "the connection works" two
ok "the server has followed" wait_for on_pair s "$D $B"
is "why" "$(ask c '.[-1].moves | map(.reason)')" '["address"]'
ip -n "$CLIENT" addr add $A/64 dev eth0 nodad
routes "$CLIENT" 2001:db8:a: 2001:db8:b:
ip -n "$SERVER" link set eth1 down
ok "a link that goes down at the server moves it" wait_for on_pair s "$C $A"
say "the connection works" three
ok "the client has followed" wait_for on_pair c "$A $C"
like "why" "$(ask s '.[-1].moves | map(.reason) | .[-1]')" '^(address|link)$'
ip -n "$SERVER" link set eth1 up
ip -n "$SERVER" addr replace $D/64 dev eth1 nodad
routes "$SERVER" 2001:db8:c: 2001:db8:d:
hang_up

# --- plain peers -------------------------------------------------------------------------------------------------

s off
dial "a server where it is off"
say "works" plain
is "without a session" "$(ask c length)" 0
ok "and it is counted" [ "$(count c peer_plain)" -ge 1 ]
hang_up
s on
c off
dial "a client where it is off"
say "works" plain
is "without a session" "$(ask s length)" 0
hang_up

# What comes next may want umx_tcp for itself.
both off abort
ok "and the module can go" wait_for -t 60 rmmod umx_preserve

finish

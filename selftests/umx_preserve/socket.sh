#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the socket options: an application that wants no part, or more of it, asks where its
# connection is, and is told of moves. asker.c is that application. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/../app.sh"
topology

# connects [ANSWER]: a new connection of the client's socket, which the server has accepted.
connects()
{
	does c connect $C $PORT
	[ "$SAID" = ok ] && does s listener && does s accept && [ "$SAID" = ok ]
}

# talks TEXT: a word each way; a point.
talks()
{
	does c say there && does s hear && [ "$SAID" = there ] && does s say back && does c hear && [ "$SAID" = back ]
	point $? "$1" || diag "said: $SAID"
}

# is_session TEXT N: it is one (2: both ends agree), or none (0).
is_session()
{
	talks "$1: works"
	is "$1: ends that have agreed" $(($(count c agreed) + $(count s agreed) - agreed)) "$2"
	agreed=$((agreed + $2))
}

told()
{
	does "$1" poll
	[[ $SAID == *err* ]]
}

application c ip netns exec "$CLIENT" "$here/asker"
application s ip netns exec "$SERVER" "$here/asker"
agreed=0

# --- what may be said --------------------------------------------------------------------------------------------

does c udp
app c "a socket that is not TCP" ENOPROTOOPT set mode 1
app c "and asked" ENOPROTOOPT get mode
does c tcp
app c "a mode there is not" EINVAL set mode 3
app c "too few bytes" EINVAL short mode
app c "neither yes nor no" EINVAL set notify 2
app c "by default" 0 get mode
app c "and untold" 0 get notify
app c "where is a socket that is not connected?" ENOTCONN info
app c "where it is cannot be set" ENOPROTOOPT set info 1

# --- off, whatever comes -----------------------------------------------------------------------------------------

does s tcp
app s "a listener that wants no part, before it is switched on" ok set mode 1
does s listen $PORT
both on
does c tcp
ok "connects" connects
is_session "the listener is off" 0
is "it is counted" "$(count s skip_off)" 1
app s "its child has no mode of its own" 0 get mode
does s listener
app s "a listener changes its mind" ok set mode 0
does c tcp
app c "a client that wants no part" ok set mode 1
ok "connects" connects
is_session "the client is off" 0
is "it is counted" "$(count c skip_off)" 1
app c "a plain connection tells of no moves" ENOTCONN set notify 1
app c "its mode stays" EISCONN set mode 0
does c disconnect
app c "also when the connection has ended" 1 get mode
ok "connects again" connects
is_session "the next connection is off, too" 0
does c disconnect
app c "the client changes its mind" ok set mode 0
ok "connects" connects
is_session "neither is off" 2

# --- where is it, and where to -----------------------------------------------------------------------------------

app c "where is it?" "0 0 $A $C" info
app s "seen from the server" "0 0 $C $A" info
app c "fewer bytes are cut" "4 bytes, no more" cut
app c "be told of moves" ok set notify 1
app c "is to be told" 1 get notify
app c "nothing yet" EAGAIN note
id=$(ask c '.[-1].id')
c session move "$id" next
ok "poll says there is something" wait_for told c
talks "the connection works meanwhile"
app c "and has no error" 0 error
app c "what it was" "1 0 $B $D" note
app c "no more" EAGAIN note
not_ok "poll says so" told c
app c "where is it?" "1 0 $B $D" info
ok "the server follows" wait_for on_pair s "$D $B"
app s "the server has not asked" EAGAIN note
app s "but knows" "1 3 $D $B" info
is "one message" "$(count c notified) $(count s notified)" "1 0"
app c "no more, please" ok set notify 0
c session move "$id" next
app c "nothing" EAGAIN note
does c close

# --- inherited ---------------------------------------------------------------------------------------------------

does s listener
app s "a listener wants to be told" ok set notify 1
does c tcp
app c "a client, before it connects" ok set notify 1
ok "connects" connects
is_session "both want to be told" 2
app s "the child has it from its listener" 1 get notify
id=$(ask c '.[-1].id')
ip -n "$CLIENT" addr del $A/64 dev eth0
ok "its address goes: the client is told" wait_for told c
app c "why, and where to" "1 1 $B $D" note
ok "the server follows, and is told" wait_for told s
app s "why, and where to" "1 3 $D $B" note
ip -n "$CLIENT" addr add $A/64 dev eth0 nodad
routes "$CLIENT" 2001:db8:a: 2001:db8:b:

for ((i = 0; i < 20; i++)); do
	c session move "$id" next
done
does c info
ok "moved twenty times, and asked nothing" [ "${SAID%% *}" -ge 21 ]
for ((n = 0; n < 40; n++)); do
	does c note
	[ "$SAID" != EAGAIN ] || break
done
is "sixteen messages wait, no more" $n 16
ok "the others are counted" [ "$(count c not_notified)" -ge 4 ]
talks "the connection works"
does c close

# --- more than the namespace has ---------------------------------------------------------------------------------

does c tcp
does c bind $A
ok "connects" connects
is_session "bound to an address" 0
does c tcp
does c bind $A
app c "bound, and wants to take part" ok set mode 2
ok "connects" connects
is_session "bound" 2
does c close

# --- the module goes ---------------------------------------------------------------------------------------------

# umx.ko would go on asking about the first of them, which is not connected
unload umx || bail "nobody else has to do with the sockets"
does c tcp
app c "a socket with something to say" ok set mode 1
does s listener
app s "and a listener" ok set mode 1
unloads()
{
	both off abort && rmmod umx_preserve
}
ok "hold no module" wait_for -t 30 unloads
app c "the option has gone" ENOPROTOOPT get mode
ok "nor the one below" unload umx umx_tcp
load umx_preserve
app c "what was said has gone with it" 0 get mode
app s "and of the listener" 0 get mode
both on
ok "connects" connects
talks "and they work"

finish

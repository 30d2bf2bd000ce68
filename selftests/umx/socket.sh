#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the socket options: an application that wants an EA or none, names a pool, and asks what
# its address is; and who may have what. wisher.c is that application, as root (r) and as a user (u). The hosts are drawn
# in topology.sh.

. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/../app.sh"
need setpriv unshare
topology
serve echo "$SERVER" 7
serve dual "$SERVER" 8 -dual
drop=(setpriv --reuid=1000 --regid=1000 --clear-groups)
application r ip netns exec "$CLIENT" "$here/wisher"
application u ip netns exec "$CLIENT" "${drop[@]}" "$here/wisher"

default=0 never=1 always=2 require=3	# enum umx_socket_ea
LEGACY="^0 0 - $C\$" FROM_EA="^1 2 ea 2001:db8:ea:0:" FROM_ALT="^1 2 alt 2001:db8:ea:1:"
GONE='^EADDRNOTAVAIL$'

# fresh WHO [MODE [POOL]]: a new socket that has this to say.
fresh()
{
	does "$1" tcp && [ "$SAID" = ok ] || bail "$1 has a socket"
	[ -z "${2-}" ] || { does "$1" set ea "$2" && [ "$SAID" = ok ]; } || bail "$1 may say $2: $SAID"
	[ -z "${3-}" ] || { does "$1" set pool "$3" && [ "$SAID" = ok ]; } || bail "$1 may name $3: $SAID"
}

# goes WHO TEXT REGEX [ADDRESS PORT]: it connects; what it is told of its address, or the error, matches.
goes()
{
	does "$1" connect "${4-$S}" "${5-7}"
	[ "$SAID" != ok ] || does "$1" info
	like "$2" "$SAID" "$3"
}

# --- what may be said ----------------------------------------------------------------------------------------

does u udp
app u "a UDP socket has no mode" ENOPROTOOPT set ea $always
app u "nor a pool" ENOPROTOOPT set pool ea
app u "nor to be asked for" ENOPROTOOPT get ea
app u "what is the address of one that is not connected?" ENOTCONN info
fresh u
app u "a mode there is not" EINVAL set ea 4
app u "below zero" EINVAL set ea -1
app u "too few bytes" EINVAL short
app u "a pool there is not" ENOENT set pool ea
app u "a name of 32 bytes" EINVAL set pool 12345678901234567890123456789012
app u "what it is cannot be set" ENOPROTOOPT set info 1
app u "by default" 0 get ea
app u "and of no pool" '"" 1' get pool
app u "no pool, please" ok set pool
app u "what is the address of a socket that is not connected?" ENOTCONN info
goes u "a namespace that has nothing to do with umx" "$LEGACY"
fresh u $always
goes u "always, without a pool" "$LEGACY"
fresh u $require
goes u "required, without a pool" "$GONE"
ok "which is counted" counts "$CLIENT" ea_required 1 does u connect $S 7
app u "nobody is put between it and us" EBUSY ulp tls
app u "another mode" ok set ea $default
goes u "and it goes" "$LEGACY"

# --- no rule -------------------------------------------------------------------------------------------------

ok "a pool, no rule" c pool add ea prefix 2001:db8:ea::/64
fresh r
goes r "nothing said" "$LEGACY"
fresh r $always
app r "is kept" $always get ea
goes r "root, always" "$FROM_EA"
first=$SAID
app r "its mode stays while it is connected" EISCONN set ea $never
app r "its pool too" EISCONN set pool ea
app r "fewer bytes are cut" "2 bytes, no more" cut
does r disconnect
app r "no connection" ENOTCONN info
app r "what was said is kept" $always get ea
goes r "for the next connection" "$FROM_EA"
not_ok "another address" test "$SAID" = "$first"
fresh r $require
goes r "root, required" "$FROM_EA"
fresh r $require
goes r "required, to this host" "$GONE" $C 7
goes r "required, to loopback" "$GONE" ::1 7
goes r "required, IPv4" "$GONE" ::ffff:10.0.2.1 8
app r "required, Fast Open" EADDRNOTAVAIL fastopen ::1 7
goes r "and after all that to the server" "$FROM_EA"
fresh r $require
does r bind $C
goes r "required, but bound" "$GONE"
fresh r $always
does r bind $C
goes r "always, but bound" "$LEGACY"
fresh r $require
does r public
goes r "required, but a public address asked for" "$GONE"
fresh r $always
does r connect ::ffff:10.0.2.1 8
does r info
is "always, IPv4: goes" "$SAID" "0 0 - ::ffff:10.0.1.1"
app r "becomes an IPv4 socket" ok family
app r "which has no mode" ENOPROTOOPT set ea $never
does r info
like "nor anything to tell" "$SAID" '^(ENOPROTOOPT|EOPNOTSUPP)$'

fresh u $always
goes u "a user, always: no rule offers him anything" "$LEGACY"
fresh u $require
goes u "a user, required" "$GONE"
app u "a pool that no rule offers" EPERM set pool ea
ok "which is counted" counts "$CLIENT" ea_not_offered 1 does u set pool ea
app u "changes nothing" '"" 1' get pool
application n ip netns exec "$CLIENT" "${drop[@]}" unshare -Ur "$here/wisher"
does n tcp
app n "root of another user namespace is nobody here" EPERM set pool ea

# --- which pool ----------------------------------------------------------------------------------------------

ok "another pool" c pool add alt prefix 2001:db8:ea:1::/64
fresh r $always
goes r "root, always: which of two?" "$LEGACY"
fresh r $require
goes r "root, required: which of two?" "$GONE"
fresh r $require alt
app r "is kept" '"alt" 4' get pool
app r "a name needs its room" EINVAL room
app r "with its NUL" ok nul ea
app r "is kept too" '"ea" 3' get pool
goes r "root, required, of the first" "$FROM_EA"
fresh r "" alt
goes r "a pool alone is no reason" "$LEGACY"
fresh r $require alt
goes r "root, required, of the other" "$FROM_ALT"

ok "a rule about somewhere else" c ea add pool ea to 2001:db8:99::/48 uid 1000
fresh u
goes u "nothing said" "$LEGACY"
fresh u $always
goes u "a user, always: it offers its pool" "$FROM_EA"
fresh u $require ea
goes u "by name" "$FROM_EA"
fresh u
app u "but no other" EPERM set pool alt
ok "another one" c ea add pool alt to 2001:db8:98::/48
fresh u $always
goes u "a user, always: which of two?" "$LEGACY"
fresh u $always alt
goes u "by name" "$FROM_ALT"
does u disconnect
ok "it is not offered any more" c ea del pool alt to 2001:db8:98::/48
goes u "refused" "$GONE"
ok "which is counted" counts "$CLIENT" ea_not_offered 1 does u connect $S 7
app u "no pool, please" ok set pool
goes u "without a name" "$FROM_EA"

# --- rules that decide ---------------------------------------------------------------------------------------

ok "all leave from one pool" c ea flush
ok "all leave from one pool" c ea add pool ea
ok "or another" c ea add pool alt to 2001:db8:98::/48
fresh u
goes u "nothing said" "$FROM_EA"
fresh u "" alt
goes u "a pool that is offered, too" "$FROM_ALT"
fresh u $never
goes u "never" "$LEGACY"
does u disconnect
ok "which is counted" counts "$CLIENT" ea_never 1 does u connect $S 7
fresh u $never
does u freebind
does u bind 2001:db8:ea::1
goes u "never is no way to a pool's address" "$GONE"
ok "some destinations are legacy" c ea add legacy to 2001:db8:5::/48 index 0
fresh u
goes u "nothing said" "$LEGACY"
fresh u $always
goes u "always goes past that" "$FROM_EA"
ok "a user is" c ea add legacy uid 1000 index 0
fresh u $always
goes u "always does not go past that" "$LEGACY"
fresh u $require
goes u "required: no way" "$GONE"
app u "nor by name" EPERM set pool alt
fresh r $require alt
goes r "others are not concerned" "$FROM_ALT"
ok "only somewhere else" c ea del legacy uid 1000
ok "only somewhere else" c ea add legacy uid 1000 to 2001:db8:97::/48 index 0
fresh u $always alt
goes u "which does not hold here" "$FROM_ALT"

# --- no address ----------------------------------------------------------------------------------------------

ok "one address for each user, or none" c ea flush
ok "one address for each user, or none" c ea add pool ea fallback legacy
ok "one address for each user, or none" c limit set uid 1000 ea 1
does r tcp
does u tcp
ok "all have ended" wait_for none_live "$CLIENT"
application v ip netns exec "$CLIENT" "${drop[@]}" "$here/wisher"
fresh v $always
goes v "the first" "$FROM_EA"
fresh u $always
goes u "always: the rule says fallback" "$LEGACY"
fresh u $require
goes u "required: it does not" "$GONE"
does v close
ok "one ends" wait_for none_live "$CLIENT"
goes u "and the other has it" "$FROM_EA"
does u disconnect
ok "a pool goes" c pool del ea
goes u "required: gone with it" "$GONE"
ok "it comes again" c pool add ea prefix 2001:db8:ea:2::/64
goes u "and is found" "^1 2 ea 2001:db8:ea:2:"
does u close
ok "no limit" c limit flush

# --- others that connect, and are connected to ---------------------------------------------------------------

ok "a rule about UDP" c ea add pool ea proto udp
does r udp
does r connect $S 9
does r info
like "a connected UDP socket knows what it has" "$SAID" "^1 2 ea 2001:db8:ea:2:"
does r udp
does r bind $C
does r connect $S 9
does r info
like "or has not" "$SAID" "$LEGACY"

pool_ssa
application s ip netns exec "$SERVER" "$here/wisher"
fresh s $require ssa
does s listen 80
app s "a listener has nothing to say" EOPNOTSUPP set ea $default
app s "and is none" ENOTCONN info
fresh r $never
app r "connects" ok connect $S 80
app s "accepts" ok accept
app s "its child has inherited nothing" "$default" get ea
app s "no pool either" '"" 1' get pool
app s "and knows that its address is nothing special" "0 0 - $S" info
does s listener
ok "SSAs only" s listener set port 80 mode das pool ssa
A=$(ssa port 80)
fresh r $require
app r "connects to one" ok connect "$A" 80
app s "accepts" ok accept
app s "its child knows what it has" "2 2 ssa $A" info
does r tcp
does s listener

# a socket is its namespace's, wherever who holds it is
fresh r
app r "elsewhere" ok enter "/run/netns/$SERVER"
app r "the pools there" ENOENT set pool ssa
app r "are not those of the socket" ok set pool ea
app r "and a mode" ok set ea $require
goes r "it connects from home" "^1 2 ea 2001:db8:ea:2:"
does r tcp

# --- the module goes -----------------------------------------------------------------------------------------

fresh u $require ea
does s close
fresh s $require ssa
does s listen 81
unloads()
{
	c drain --abort && s drain --abort && rmmod umx
}
does r close
does v close
does n close
ok "what was said holds no module" wait_for -t 60 unloads
app u "the options have gone" ENOPROTOOPT get ea
goes u "it connects" '^ENOPROTOOPT$'
app s "and the listener accepts nobody's orders" ENOPROTOOPT get pool
ok "nor the one below" unload umx_preserve umx_tcp
load umx
app u "what was said has gone with it" '"" 1' get pool
does u tcp
app s "and of the listener" 0 get ea
goes u "and it works" "$LEGACY"

finish

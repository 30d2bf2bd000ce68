#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of EAs for connected UDP sockets. The hosts are drawn in topology.sh; the server has no
# pool: it is any host on the internet.

. "$(dirname "$0")/udp_world.sh"
need ss
topology
c pool add ea prefix 2001:db8:ea::/64 || bail "the client's pool can be added"

udp_serve "$SERVER" 7
udp_serve "$SERVER" 8
udp_serve "$STRANGER" 7

# --- who gets one --------------------------------------------------------------------------------------------

c ea add pool ea || bail "a rule can be added"
is "a rule is about TCP unless it says otherwise" "$(call $S 7 name | cut -d' ' -f1)" $C
is "no UDP socket is ours" "$(cat /sys/module/umx_udp/refcnt)" 1
c ea flush
ok "ea add proto udp" c ea add pool ea proto udp
is "the rule says so" "$(c ea show)" "0 pool ea to ::/0 hits 0 proto udp"
is "and in JSON" "$(c -j ea show | jq -r '.[0].proto')" udp
is "and is saved with it" "$(c save - | grep "^ea")" "ea add pool ea to ::/0 proto udp"
status_is "the same rule for TCP is another one" 2 c ea del pool ea
serve tcp "$SERVER" 77
is "a rule about UDP is not about TCP" "$(peer "$CLIENT" call $S 77 name close | cut -d' ' -f1)" $C

calling held $S 7 name echo seen hold
held=$PID
like "a connected socket has an EA" "$LOCAL" "$IN_EA"
is "the server sees that" "$(sed -n 3p "$TMP/held")" "$LOCAL $LPORT"
is "ss shows it" "$(in_ns "$CLIENT" ss -Hun dst "[$S]" | awk '{ print $3 }')" "[$LOCAL]:$LPORT"
is "session show" "$(c -j session show | jq -c '.[] | [.role, .proto, .local, .local_port, .peer, .peer_port, .state, .pid]')" \
	"[\"ea\",\"udp\",\"$LOCAL\",$LPORT,\"$S\",7,\"valid\",$held]"
is "counted" "$(counter "$CLIENT" udp_created) $(counter "$CLIENT" ea_created)" "1 1"
is "two sessions, two EAs" "$(call $S 7 name | cut -d' ' -f1 | grep -v "$LOCAL" | grep -c "$IN_EA")" 1

is "left alone: no connect(), bind(), IPV6_PKTINFO, RFC 5014 public; IPv4, ::1, this host's own address" "$(call -unconnected $S 7 seen -- -bind=$C,0 $S 7 name -- \
	-pktinfo=$C $S 7 seen -- -prefer=2 $S 7 name -- ::ffff:10.0.2.1 7 name -- ::1 7 name -- $C 7 name |
	cut -d' ' -f1 | lines)" "$C $C $C $C ::ffff:10.0.1.1 ::1 $C"
is "bind to a port, and to no address, is no choice of a source" \
	"$(call -bind=::,4444 $S 7 name seen | sort -u | grep -c "$IN_EA.* 4444$")" 1
is "a pool address is nobody's to bind" "$(call -freebind -bind=${EA}::77,0 $S 7 | lines)" EADDRNOTAVAIL
like "nor to send from" "$(call -freebind -bind=${EA}::77,0 -unconnected $S 7 echo | lines)" EPERM
c ea add legacy to $D/128 proto udp index 0
is "a legacy rule" "$(call $D 7 name | cut -d' ' -f1)" $C
c ea del 0

# --- how it ends ---------------------------------------------------------------------------------------------

stop "$held"
gone "the process ends"
is "close" "$(call $S 7 echo close | lines)" echoed
gone "close"

out=$(call $S 7 name echo "again=$D,7" name echo "again=$S,8" name echo)
is "connect() again: each time another EA, and it works" \
	"$(grep "$IN_EA" <<<"$out" | cut -d' ' -f1 | sort -u | wc -l) $(grep -c echoed <<<"$out")" "3 3"
is "at the same port" "$(grep "$IN_EA" <<<"$out" | cut -d' ' -f2 | sort -u | wc -l)" 1
gone "connect() again"
calling again $S 7 name echo "again=$D,7" name hold
wait_for eval "[ \"\$(c -j session show | jq -r '.[].peer')\" = $D ]"
is "connect() again: one session is left" "$(c -j session show | jq -c 'map(.peer)')" "[\"$D\"]"
stop "$PID"
is "connect() to IPv4 afterwards" "$(call $S 7 echo again=::ffff:10.0.2.1,7 name | lines | cut -d' ' -f1,2)" \
	"echoed ::ffff:10.0.1.1"
is "connect() that has no route, afterwards" \
	"$(ip -n "$CLIENT" -6 route add unreachable 2001:db8:bad::/64; call $S 7 echo again=2001:db8:bad::1,7 echo | lines)" \
	"echoed EHOSTUNREACH EDESTADDRREQ"
gone "connect() that has no route"
is "AF_UNSPEC" "$(call $S 7 echo unspec name | lines)" "echoed :: 0"
calling unspec $S 7 name echo unspec name hold
gone "AF_UNSPEC, the descriptor open"
stop "$PID"
calling unspec -bind=::,4445 $S 7 name echo unspec name hold
gone "AF_UNSPEC, at a port of its own choice"
is "which it keeps" "$(sed -n '$p' "$TMP/unspec")" ":: 4445"
stop "$PID"
is "AF_UNSPEC and connect()" "$(call $S 7 name unspec "again=$S,7" name echo | cut -d' ' -f1 | sort -u | grep -c "$IN_EA")" 2
calling shared $S 7 name echo fork "wait=$TMP/forked" echo hold
wait_for not kill -0 "$PID"
is "fork: it lives as long as one has it" "$(c -j session show | jq length)" 1
touch "$TMP/forked"
ok "and works there" wait_for eval "[ \"\$(grep -c echoed '$TMP/shared')\" = 2 ]"
ip netns pids "$CLIENT" | xargs -r kill
gone "fork"
out=$(call $S 7 name pass name echo)
is "SCM_RIGHTS: another process goes on" "$(grep "$IN_EA" <<<"$out" | sort -u | wc -l) $(grep -c echoed <<<"$out")" "1 1"
gone "SCM_RIGHTS"
calling diag $S 7 name echo wait="$TMP/diag.go" echo hold
in_ns "$CLIENT" ss -KHun "src [$LOCAL]" >/dev/null
gone "ss -K"
touch "$TMP/diag.go"
stop "$PID"
# the memory of a socket goes after a grace period
refs_idle()
{
	[ "$(cat /sys/module/umx_udp/refcnt)" = 1 ]
}
ok "used references" wait_for refs_idle || diag "$(cat /sys/module/umx_udp/refcnt)"

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of servers behind SSAs: LISTEN_0, LISTEN_U, Delayed Address Setting.
# The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need nginx sshd ssh curl tcpdump nft
topology
pool_ssa

# call ADDR PORT [OPTION...]: what a client hears within $QUIET seconds: a SYN and its retransmission.
QUIET=1.2
[ "$SLOW" = 1 ] || QUIET=3
call()
{
	local addr=$1 port=$2

	shift 2
	peer "$CLIENT" call -timeout=$QUIET "$@" "$addr" "$port" echo rst
}

# reached TEXT WHO..., silent TEXT WHO...: as call.
reached()
{
	local text=$1

	shift
	is "$text" "$(call "$@" -timeout=$((10 * SLOW)))" echoed
}

silent()
{
	local text=$1

	shift
	is "$text" "$(call "$@")" ETIMEDOUT
}

# refused TEXT REGEX WORD...: umctl at the server ends with status 2 and a sentence.
refused()
{
	local text=$1 regex=$2

	shift 2
	status_is "$text" 2 s "$@" && like "$text: said" "$OUT" "$regex"
}

# --- nginx and sshd as they are ------------------------------------------------------------------------------

cat >"$TMP/nginx.conf" <<CONF
daemon off; pid $TMP/nginx.pid; error_log stderr; worker_processes 2;
events {}
http { access_log off; server { listen [::]:80; location / { return 200 "\$server_addr\n"; } } }
CONF
nginx=(nginx -c "$TMP/nginx.conf")
spawn_listener nginx "$SERVER" 80 "${nginx[@]}"
nginx_pid=$PID
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$TMP/host"
ssh-keygen -q -t ed25519 -N '' -f "$TMP/key"
spawn_listener sshd "$SERVER" 22 /usr/sbin/sshd -D -e -h "$TMP/host" -o PidFile=none -o UsePAM=no \
	-o StrictModes=no -o AuthorizedKeysFile="$TMP/key.pub" -o PermitRootLogin=yes
ssh=(ssh -i "$TMP/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes)
# web ADDR [PORT [SECONDS]]: what the client's curl gets.
web()
{
	in_ns "$CLIENT" curl -sgm "${3:-$((20 * SLOW))}" "http://[$1]:${2:-80}/"
}

is "before: nginx answers on its legacy address" "$(web $S)" $S
capture legacy eth1 "src net 2001:db8:5::/64 and (tcp or icmp6[icmp6type] < 128)"
ok "das: port 80" s listener set port 80 mode das pool ssa
ok "das: port 22" s listener set port 22 mode das
before=$(counter "$SERVER" in_listen0)
not_ok "LISTEN_0: curl hears nothing" web $S 80 $((3 * SLOW))
not_ok "LISTEN_0: ssh hears nothing" in_ns "$CLIENT" "${ssh[@]}" -o ConnectTimeout=1 root@$S true
is "not a single reply left" "$(captured legacy eth1)" 0
ok "each SYN is counted" test "$(counter "$SERVER" in_listen0)" -ge $((before + 2))
like "it still looks like a listener" "$(in_ns "$SERVER" ss -Hltn 'sport = :80')" LISTEN

addr=$(ssa port 80)
like "ssa add prints an address of the pool" "$addr" $IN_SSA
is "nginx answers on it, and sees it" "$(web "$addr")" "$addr"
not_ok "a second time: nothing" web "$addr" 80 $((3 * SLOW))
for port in 22 4242 1; do
	addr=$(ssa port 80)
	is "an SSA of port 80 reached on port $port" "$(web "$addr" $port)" "$addr"
done
addr=$(ssa port 22)
# shellcheck disable=SC2016
like "sshd lets in on an SSA" "$(in_ns "$CLIENT" "${ssh[@]}" "root@$addr" 'echo $SSH_CONNECTION')" "$addr"
is "legacy addresses were silent all the time" "$(captured legacy eth1)" 0

addr=$(ssa port 80)
stop "$nginx_pid"
wait_for not listening "$SERVER" 80
spawn_listener nginx "$SERVER" 80 "${nginx[@]}"
nginx_pid=$PID
is "by port: the SSA survives a restart of the server" "$(web "$addr")" "$addr"
not_ok "after the restart: the legacy address is silent" web $S 80 $((3 * SLOW))
stop "$nginx_pid"

# --- one SSA, one connection ---------------------------------------------------------------------------------

serve echo "$SERVER" 7
echo_pid=$PID
ok "das: port 7, set while it listens" s listener set port 7 mode das
addr=$(ssa port 7)
hold first "$CLIENT" "$addr" 7
is "getsockname() of the accepted socket is the SSA" "$(peer "$CLIENT" call "$(ssa port 7)" 7 far=name rst | cut -d: -f1-3)" \
	2001:db8:55a
is "session show" "$(s -j session show | jq -r --arg a "$addr" '.[] | select(.local == $a) |
	"\(.role) \(.state) \(.pool) \(.peer) \(.peer_port) \(.listener_port) \(.local_port)"')" \
	"ssa valid ssa $LOCAL $LPORT 7 7"
silent "a live one: a second client hears nothing" "$addr" 7
is "a live one, from the same port elsewhere" "$(peer "$STRANGER" call -timeout=$QUIET -sport="$LPORT" "$addr" 7 echo rst)" ETIMEDOUT
ok "and is counted" counts "$SERVER" in_other 1+ call "$addr" 7
stop "$PID" KILL
silent "a closed one" "$addr" 7

capture reply eth1 "src net 2001:db8:55a::/48"
silent "an SSA never made" ${SSA}::1234 7
addr=$(ssa port 7 lifetime 1)
wait_for none_live "$SERVER"
silent "an expired one" "$addr" 7
is "the expired and the unknown say nothing" "$(captured reply eth1 "$addr|::1234")" 0
ok "expiry is counted" test "$(counter "$SERVER" ssa_expired)" -ge 1
addr=$(ssa port 7)
ok "ssa del" s ssa del "$addr"
silent "a deleted one" "$addr" 7

addr=$(ssa port 7 from 2001:db8:d::/64)
silent "from: another client hears nothing" "$addr" 7
ok "from: counted" counts "$SERVER" in_from 1+ call "$addr" 7
is "from: the true client is let in" "$(peer "$STRANGER" call "$addr" 7 echo rst)" echoed
addr=$(ssa port 7 from $C/128 lifetime 600)
reached "from: a host" "$addr" 7

ip -n "$SERVER" link add dum0 type dummy
ip -n "$SERVER" link set dum0 up
addr=$(ssa port 7 dev dum0)
silent "dev: it came in on another" "$addr" 7
ok "dev: counted" counts "$SERVER" in_device 1+ call "$addr" 7
reached "dev: the right one" "$(ssa port 7 dev eth0)" 7

# Two handshakes, the first SYN-ACK lost: the second client completes first and has it.
addr=$(ssa port 7)
drop "$STRANGER" "ip6 saddr $addr tcp flags & (syn | ack) == (syn | ack)"
spawn loser in_ns "$STRANGER" python3 "$here/peer.py" call -timeout=$((6 * SLOW)) "$addr" 7 echo
loser=$PID
half_open()
{
	prints . in_ns "$SERVER" ss -Htn state syn-recv
}
ok "a handshake is half open" wait_for half_open
hold winner "$CLIENT" "$addr" 7
point 0 "another client completes its handshake"
winner=$PID
in_ns "$STRANGER" nft flush ruleset
wait "$loser" 2>/dev/null
is "the half-open one gets nothing" "$(cat "$TMP/loser")" ETIMEDOUT
is "the winner goes on" "$(s -j session show | jq -r --arg a "$addr" '.[] | select(.local == $a) | .peer')" "$LOCAL"
stop "$winner" KILL

# Both have their SYN-ACK, both ACKs are held back, both are let go: one session.
addr=$(ssa port 7)
drop "$SERVER" "ip6 daddr $addr tcp flags & (syn | ack) == ack"
racers=()
for i in 1 2 3 4; do
	spawn "race$i" in_ns "$CLIENT" python3 "$here/peer.py" call -timeout=$((8 * SLOW)) "$addr" 7 echo hold
	racers+=("$PID")
done
all_half_open()
{
	[ "$(in_ns "$SERVER" ss -Htn state syn-recv | wc -l)" = 4 ]
}
ok "four handshakes are half open" wait_for all_half_open
in_ns "$SERVER" nft flush ruleset
ok "one is let in" wait_for -t 20 grep -q echoed "$TMP"/race?
all_ended()
{
	[ "$(cat "$TMP"/race? | grep -c .)" = 4 ]
}
wait_for -t 20 all_ended
is "one alone" "$(sort "$TMP"/race? | uniq -c | tr -s ' ' | paste -sd,)" " 3 ETIMEDOUT, 1 echoed"
for pid in "${racers[@]}"; do
	stop "$pid" KILL
done

# --- by process ----------------------------------------------------------------------------------------------

serve other "$SERVER" 700 701
other=$PID
wait_for listening "$SERVER" 701
ok "das: port 700" s listener set port 700 mode das
refused "a process with several ports" '700 701|701 700' ssa add pid "$other"
refused "listener set, the same" '700 701|701 700' listener set pid "$other" mode das
refused "a process without a listener" listening ssa add pid $$
refused "no such process" process ssa add pid 4194000
refused "a port in mode legacy" legacy ssa add pid "$other" port 701
addr=$(ssa pid "$other" port 700)
reached "by pid, with its port" "$addr" 700
ok "das" in_ns "$SERVER" umctl das "$other" eth0 ${SSA}::da5 port 700
reached "das: that address" ${SSA}::da5 700
ok "the link das" in_ns "$SERVER" das "$other" eth0 ${SSA}::da6 port 700
reached "the link das: that address" ${SSA}::da6 700
by_pid=$(ssa pid "$other" port 700)
by_port=$(ssa port 700)
stop "$other"
not_waiting()
{
	! prints "$1" s ssa show
}
ok "by pid: it ends with the process" wait_for not_waiting "$by_pid"
ok "by port: it stays" s -j ssa show port 700
like "by port: it stays" "$(s ssa show port 700)" "$by_port"
silent "no server: nothing is heard" "$by_port" 700
serve other "$SERVER" 700
reached "by port: the next server has it" "$by_port" 700
ok "by pid with one port" s listener set pid "$PID" mode das
stop "$PID"

# --- what a legacy address still may -------------------------------------------------------------------------

serve dual "$SERVER" 8 -dual
is "dual-stack: IPv4 before" "$(peer "$CLIENT" call ::ffff:10.0.2.1 8 echo rst)" echoed
status_is "dual-stack: das draws a warning" 0 s listener set port 8 mode das
like "dual-stack: it says so" "$OUT" "IPv4"
silent "dual-stack: IPv4 is dropped" ::ffff:10.0.2.1 8
ok "dual-stack: counted" counts "$SERVER" in_listen0_ipv4 1+ call ::ffff:10.0.2.1 8
reached "dual-stack: an SSA" "$(ssa port 8)" 8
ok "ipv4 keep" s listener set port 8 mode das ipv4 keep
reached "ipv4 keep: IPv4 is let in" ::ffff:10.0.2.1 8
silent "ipv4 keep: IPv6 is not" $S 8
ok "ipv4 drop" s listener set port 8 mode das ipv4 drop
silent "ipv4 drop: IPv4 is dropped again" ::ffff:10.0.2.1 8
is "local: ::1 is let in" "$(peer "$SERVER" call ::1 8 echo rst)" echoed
is "local: the host's own address, too" "$(peer "$SERVER" call $S 8 echo rst)" echoed
is "local: 127.0.0.1, too" "$(peer "$SERVER" call ::ffff:127.0.0.1 8 echo rst)" echoed
ok "local deny" s listener set port 8 mode das local deny
for to in ::1 $S ::ffff:127.0.0.1; do
	is "local deny: $to" "$(peer "$SERVER" call -timeout=$QUIET $to 8 echo rst)" ETIMEDOUT
done
ok "local allow" s listener set port 8 mode das local allow
is "local allow: ::1" "$(peer "$SERVER" call ::1 8 echo rst)" echoed

spawn one in_ns "$SERVER" python3 "$here/peer.py" serve -addr=$S 9
wait_for listening "$SERVER" 9
one=$PID
reached "bound to one legacy address: before" $S 9
ok "bound to one legacy address: das" s listener set port 9 mode das
silent "bound to one legacy address: silent" $S 9
reached "bound to one legacy address: an SSA" "$(ssa port 9)" 9
addr=$(ssa pid "$one")
reached "bound to one legacy address: an SSA by pid" "$addr" 9

hold old "$CLIENT" "$(ssa port 9)" 9
ok "back to legacy" s listener set port 9 mode legacy
reached "back to legacy: open" $S 9
is "back to legacy: sessions go on" "$(s -j session show | jq 'map(select(.listener_port == 9 and .state == "valid")) | length')" 1
ok "legacy for all" s listener flush
reached "legacy for all: open" $S 7
stop "$echo_pid"

# --- the listener of a namespace that has no pool ------------------------------------------------------------

serve nopool "$STRANGER" 7
ok "das without any pool" umctl -n "$STRANGER" listener set port 7 mode das
is "local connections without any pool" "$(peer "$STRANGER" call ::1 7 echo rst)" echoed
is "nobody else" "$(peer "$CLIENT" call -timeout=$QUIET $D 7 echo rst)" ETIMEDOUT

finish

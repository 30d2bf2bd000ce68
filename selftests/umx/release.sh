#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the end of sessions: whatever way one ends, its address, its references and every trace
# of it are gone. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need nft ss
topology
pool_ea
pool_ssa
serve echo "$SERVER" 7
s listener set port 7 mode das || bail "port 7 in mode das"
serve plain "$SERVER" 77
# no TIME_WAIT where it is not the point: an address that does not end at once is one that leaks
in_ns "$CLIENT" sysctl -qw net.ipv4.tcp_max_tw_buckets=0
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_max_tw_buckets=0

refs()
{
	echo "$(cat /sys/module/umx/refcnt) $(cat /sys/module/umx_tcp/refcnt)"
}

all_gone()
{
	none_live "$CLIENT" && none_live "$SERVER" && [ "$(refs)" = "$idle" ]
}

# gone TEXT: no address lives, and the modules' use counts are what they were before.
gone()
{
	ok "$1: nothing is left" wait_for all_gone ||
		diag "$(refs), idle $idle"$'\n'"$(c addr show)"$'\n'"$(s addr show)"
}

# ended TEXT WANTED WORD...: an EA session to an SSA that does WORDs and prints WANTED after its first echo.
ended()
{
	local text=$1 wanted=$2

	shift 2
	is "$text" "$(peer "$CLIENT" call "$(ssa port 7)" 7 echo "$@" | paste -sd' ')" "echoed${wanted:+ $wanted}"
	gone "$text"
}

idle=$(refs)
ended "close" "" close
ended "the far end closes" eof far=close eof
ended "half-close" eof shut eof
ended "half-close at the far end" eof far=shut eof
ended "RST" "" rst
ended "RST from the far end" ECONNRESET far=rst eof
ended "AF_UNSPEC" "" unspec close
ended "AF_UNSPEC and exit" "" unspec
ended "exit without close" ""

# the same socket again gets another EA
out=$(peer "$CLIENT" call $S 77 name unspec again name echo close)
is "AF_UNSPEC and connect() again: both are EAs" "$(grep -c $IN_EA <<<"$out")" 2
is "AF_UNSPEC and connect() again: not the same" "$(grep $IN_EA <<<"$out" | cut -d' ' -f1 | sort -u | wc -l)" 2
gone "AF_UNSPEC and connect() again"

is "refused" "$(peer "$CLIENT" call $S 4)" ECONNREFUSED
gone "refused"
is "unreachable" "$(peer "$CLIENT" call 2001:db8:bad::1 7)" ENETUNREACH
gone "unreachable"
in_ns "$CLIENT" sysctl -qw net.ipv4.tcp_syn_retries=1
drop "$SERVER" "tcp dport 77"
out=$(peer "$CLIENT" call -timeout=$((30 * SLOW)) $S 77)
is "timed out" "$out" ETIMEDOUT
gone "timed out"
is "given up by the program" "$(peer "$CLIENT" call -timeout=0.5 $S 77)" ETIMEDOUT
gone "given up by the program"
in_ns "$SERVER" nft flush ruleset
ip -n "$CLIENT" -6 route add unreachable 2001:db8:bad:1::/64
like "no route from here" "$(peer "$CLIENT" call 2001:db8:bad:1::1 7)" 'EHOSTUNREACH|ENETUNREACH'
gone "no route from here"

hold killed "$CLIENT" "$(ssa port 7)" 7
stop "$PID" KILL
gone "SIGKILL"

# the far end falls silent: orphan timeout after close, retransmission timeout while open
hold orphan "$CLIENT" "$(ssa port 7)" 7
in_ns "$CLIENT" sysctl -qw net.ipv4.tcp_orphan_retries=1
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_orphan_retries=1 net.ipv4.tcp_fin_timeout=1
in_ns "$CLIENT" sysctl -qw net.ipv4.tcp_fin_timeout=1
drop "$ROUTER" "meta l4proto tcp"
stop "$PID" KILL
ok "closed into the void: the client's side" wait_for -t 20 none_live "$CLIENT"
in_ns "$ROUTER" nft flush ruleset
in_ns "$SERVER" ss -KHtn state established 'sport = :7' >/dev/null
gone "closed into the void, ss -K at the server"

hold tcpkill "$CLIENT" "$(ssa port 7)" 7
in_ns "$CLIENT" ss -KHtn "src [$LOCAL]" >/dev/null
wait_for none_live "$CLIENT"
stop "$PID"
gone "ss -K"

# a server that dies with its session, and with SSAs that wait
serve dying "$SERVER" 8
dying=$PID
s listener set port 8 mode das
before=$(refs)
hold client "$CLIENT" "$(ssa port 8)" 8
client=$PID
ssa pid "$dying" port 8 >/dev/null
stop "$dying" KILL
stop "$client" KILL
s listener set port 8 mode legacy
gone "the server is killed"

# a connection nobody has accepted, then no server any more
spawn lazy in_ns "$SERVER" python3 -c '
import signal, socket
s = socket.socket(socket.AF_INET6)
s.bind(("::", 9))
s.listen(2)
signal.pause()'
lazy=$PID
wait_for listening "$SERVER" 9
s listener set port 9 mode das
for i in 1 2 3 4; do
	spawn "unaccepted$i" in_ns "$CLIENT" python3 "$here/peer.py" call -timeout=600 "$(ssa port 9)" 9 hold
	unaccepted[i]=$PID
done
waits_in_queue()
{
	[ "$(s -j session show | jq 'map(select(.listener_port == 9)) | length')" -ge 2 ]
}
ok "connections wait to be accepted" wait_for waits_in_queue
stop "$lazy" KILL
for i in 1 2 3 4; do
	stop "${unaccepted[i]}" KILL
done
s listener set port 9 mode legacy
gone "never accepted"

# closing NS: what lives there is one address, CLOSING: the last FIN has come.
closing()
{
	[ "$(umctl -n "$1" -j addr show | jq -r '.[].state')" = closing ]
}

# --- TIME_WAIT -----------------------------------------------------------------------------------------------

in_ns "$CLIENT" sysctl -qw net.ipv4.tcp_max_tw_buckets=1000
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_max_tw_buckets=1000 net.ipv4.tcp_fin_timeout=60
is "a session that leaves TIME_WAIT here" "$(peer "$CLIENT" call $S 77 name echo close | tail -n 1)" echoed
wait_for closing "$CLIENT"
is "the EA is CLOSING" "$(c -j addr show | jq -c 'map([.state, .role])')" '[["closing","ea"]]'
is "and shown as a session" "$(c -j session show | jq -r '.[].state')" closing
to=$(ssa port 7)
is "a session that leaves TIME_WAIT there" "$(peer "$CLIENT" call "$to" 7 echo far=close eof | tail -n 1)" eof
wait_for closing "$SERVER"
is "the SSA is CLOSING" "$(s -j addr show | jq -c 'map([.state, .role])')" '[["closing","ssa"]]'
is "statistics say so" "$(s -j pool show | jq -c '.[0].stats | [.valid, .closing]')" "[0,1]"
# what may be remembered of them
to=$(ssa port 7)
peer "$CLIENT" call "$to" 7 echo up=300000 down=300000 far=close eof >/dev/null
peer "$CLIENT" call "$(ssa port 7)" 7 echo up=300000 down=300000 close >/dev/null
is "the client's cache of TCP metrics names no address of its own pool" \
	"$(in_ns "$CLIENT" ip -6 tcp_metrics show | grep -c 2001:db8:ea:)" 0
is "the server's cache of TCP metrics names no address of its own pool" \
	"$(in_ns "$SERVER" ip -6 tcp_metrics show | grep -c 2001:db8:55a:)" 0
ok "TIME_WAIT over: CLOSING over" wait_for -t 90 all_gone
is "used references" "$(refs)" "$idle"
is "no trace in the routes" "$(in_ns "$SERVER" ip -6 route show cache | grep -c 2001:db8:55a:)" 0

# --- the namespace goes away ---------------------------------------------------------------------------------

hold last "$CLIENT" "$(ssa port 7)" 7
last=$PID
ssa port 7 lifetime 600 >/dev/null
s listener set port 77 mode das
peer "$CLIENT" call "$(ssa port 77)" 77 echo close >/dev/null
drop "$ROUTER" "meta l4proto tcp"
stop "$last" KILL
ip netns pids "$SERVER" | xargs -r kill -KILL
ip netns pids "$CLIENT" | xargs -r kill -KILL
del_ns "$SERVER"
del_ns "$CLIENT"
refs_idle()
{
	[ "$(refs)" = "0 $(lsmod | grep -c '^umx ')" ]
}
ok "namespaces deleted with sessions, waiting SSAs and TIME_WAITs: use counts are zero" wait_for -t 60 refs_idle ||
	diag "$(refs)"
ok "the module can be unloaded" rmmod umx
ok "and the one below it" rmmod umx_tcp

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of rules that close the port of a server when it calls listen(): by user, by control group.
# The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need nginx sshd ssh-keygen curl setpriv
topology
pool_ssa
in_ns "$SERVER" sysctl -qw net.ipv4.ip_unprivileged_port_start=0

# quiet ADDR PORT: what a client hears within $QUIET seconds: a SYN and its retransmission.
QUIET=1.2
[ "$SLOW" = 1 ] || QUIET=3
quiet()
{
	peer "$CLIENT" call -timeout=$QUIET "$1" "$2" echo rst
}

silent()
{
	is "$1" "$(quiet "$2" "$3")" ETIMEDOUT
}

reached()
{
	is "$1" "$(peer "$CLIENT" call "$2" "$3" echo rst)" echoed
}

# refused TEXT REGEX WORD...: umctl at the server ends with status 2 and a sentence.
refused()
{
	local text=$1 regex=$2

	shift 2
	status_is "$text" 2 s "$@" && like "$text: said" "$OUT" "$regex"
}

# serve_as UID NAME PORT [OPTION...]: as serve, at the server, as that user.
serve_as()
{
	local uid=$1 name=$2 port=$3

	shift 3
	spawn_listener "$name" "$SERVER" "$port" setpriv --reuid="$uid" --clear-groups python3 "$here/peer.py" serve "$@" "$port"
}

# port N: what "listener show" says of it, in JSON; nothing if it is in mode legacy.
port()
{
	s -j listener show | jq -c --argjson n "$1" '.[] | select(.port == $n) | {ipv4, local, mode, pool, rule, ruled, sockets}'
}

port_is()
{
	[ "$(port "$1")" = "$2" ]
}

# web ADDR PORT [SECONDS]: the status the client's curl gets; 000 if it hears nothing.
web()
{
	in_ns "$CLIENT" curl -sgm "${3:-$((20 * SLOW))}" -o /dev/null -w '%{http_code}' "http://[$1]:$2/"
}

# --- a user --------------------------------------------------------------------------------------------------

serve_as 1000 older 8079
ok "a rule for a user" s listener rule add uid 1000 mode das pool ssa
reached "his server that listens already is left alone" $S 8079
mkdir "$TMP/www"
spawn events in_ns "$SERVER" umctl monitor
wait_for eval 's listener set port 9 mode das; s listener set port 9 mode legacy; grep -q . "$TMP/events"' || bail "monitor runs"
spawn_listener web "$SERVER" 8080 setpriv --reuid=1000 --clear-groups python3 -m http.server -d "$TMP/www" --bind :: 8080
web_pid=$PID
is "his next server: its port is closed" "$(port 8080)" \
	'{"ipv4":false,"local":true,"mode":"das","pool":"ssa","rule":0,"ruled":true,"sockets":1}'
like "in words" "$(s listener show)" 'port 8080 mode das pool ssa .* by rule 0 '
capture legacy eth1 "(src net 2001:db8:5::/64 or src net 10.0.2.0/24) and tcp"
is "a stranger hears nothing" "$(web $S 8080 $((3 * SLOW)))" 000
is "nor over IPv4" "$(web ::ffff:10.0.2.1 8080 $((3 * SLOW)))" 000
is "not a single segment left" "$(captured legacy eth1)" 0
ok "each SYN is counted" test "$(counter "$SERVER" in_listen0)" -ge 1
is "an SSA: the server answers" "$(web "$(ssa port 8080)" 8080)" 200
is "from the host itself" "$(in_ns "$SERVER" curl -sgm $((5 * SLOW)) -o /dev/null -w '%{http_code}' "http://[::1]:8080/")" 200
ok "an event said so" wait_for grep -q 'listener.set.*8080.*das' "$TMP/events"
is "listener rule show" "$(s listener rule show)" "0 uid 1000 mode das pool ssa hits 1"
is "in JSON" "$(s -j listener rule show | jq -c .)" '[{"hits":1,"index":0,"mode":"das","pool":"ssa","uid":1000,"uid_end":1000}]'
is "counted" "$(counter "$SERVER" listen_ruled)" 1

serve_as 1001 other 8081
reached "another user's server is reached" $S 8081
is "his port has no entry" "$(port 8081)" ""
stop "$PID"
waiting=$(ssa port 8080 lifetime 600)
stop "$web_pid"
ok "the port goes with its server" wait_for port_is 8080 ""
is "and what waited there" "$(s -j ssa show)" '[]'
ok "an event says that, too" wait_for grep -q 'listener.set.*8080.*legacy' "$TMP/events"
serve_as 1001 other 8080
reached "the same port, another user" $S 8080
stop "$PID"
wait_for not listening "$SERVER" 8080
serve_as 1000 again 8080
silent "the user again: closed again" $S 8080
silent "an SSA of the server before is none" "$waiting" 8080
reached "a new SSA" "$(ssa port 8080)" 8080
again=$PID

# --- several sockets of a port -------------------------------------------------------------------------------

ip -n "$SERVER" addr add 2001:db8:5::2/64 dev eth0 nodad
serve_as 1000 first 7000 -addr=$S
first=$PID
spawn second in_ns "$SERVER" setpriv --reuid=1001 --clear-groups python3 "$here/peer.py" serve -addr=2001:db8:5::2 7000
second=$PID
two_listen()
{
	[ "$(in_ns "$SERVER" ss -Hltn 'sport = :7000' | wc -l)" = 2 ]
}
ok "another user listens on the same port, another address" wait_for two_listen
silent "he is behind the gate of the port, too" 2001:db8:5::2 7000
stop "$first"
sockets_are()
{
	[ "$(port "$1" | jq .sockets)" = "$2" ]
}
ok "the user's own ends" wait_for sockets_are 7000 1
silent "the other one is still behind it" 2001:db8:5::2 7000
stop "$second"
ok "the last one ends, and the port is free" wait_for port_is 7000 ""

cat >"$TMP/listens.py" <<'PY'
import os, socket, sys, time
def step(name):
    print(name, flush=True)
    while not os.path.exists(os.path.join(sys.argv[2], name)):
        time.sleep(0.02)
port = int(sys.argv[1])
socks = []
for i in range(3):
    s = socket.socket(socket.AF_INET6)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind(("::", port))
    s.listen(4)
    socks.append(s)
socks[0].listen(9)
socks[0].listen(4)
step("group")
if os.fork() == 0:
    time.sleep(1000)
for s in socks[1:]:
    s.shutdown(socket.SHUT_RD)
    s.close()
socks[0].shutdown(socket.SHUT_RD)
step("shut")
socks[0].listen(4)
step("once more")
PY
mkdir "$TMP/steps"
spawn group in_ns "$SERVER" setpriv --reuid=1000 --clear-groups python3 "$TMP/listens.py" 7001 "$TMP/steps"
ok "a group of sockets, one listens again and again" wait_for grep -q group "$TMP/group"
is "one port, three sockets" "$(port 7001 | jq -c '[.ruled, .sockets]')" '[true,3]'
is "a rule decided once" "$(s -j listener rule show | jq '.[0].hits')" 4
touch "$TMP/steps/group"
ok "shut down, though a child has them open" wait_for grep -q shut "$TMP/group"
ok "and the port is free" wait_for port_is 7001 ""
touch "$TMP/steps/shut"
ok "one listens once more" wait_for grep -q 'once more' "$TMP/group"
is "and is closed once more" "$(port 7001 | jq -c '[.ruled, .sockets]')" '[true,1]'
ip netns pids "$SERVER" | xargs -r -I{} sh -c 'grep -q listens.py /proc/{}/cmdline && kill -KILL {}'
ok "killed" wait_for port_is 7001 ""

# --- by hand -------------------------------------------------------------------------------------------------

ok "an entry by hand, before the server" s listener set port 81 mode das ipv4 keep
serve_as 1000 hand 81 -dual
hand=$PID
is "it is as the operator has said" "$(port 81)" \
	'{"ipv4":true,"local":true,"mode":"das","pool":null,"rule":null,"ruled":false,"sockets":1}'
reached "so that IPv4 is let in" ::ffff:10.0.2.1 81
ok "a rule's port is taken by hand" s listener set port 8080 mode das local deny
is "with what he says, and nothing of the rule's" "$(port 8080)" \
	'{"ipv4":false,"local":false,"mode":"das","pool":null,"rule":null,"ruled":false,"sockets":1}'
stop "$hand"
stop "$again"
ok "both servers are gone" wait_for sockets_are 81 0
wait_for sockets_are 8080 0
is "what was set by hand stays" "$(s -j listener show | jq -c 'map(.port)')" '[81,8080]'
ok "back to legacy" s listener set port 81 mode legacy
ok "all of them" s listener flush

ok "an exception in front" s listener rule add uid 1000 port 82 mode legacy index 0
serve_as 1000 except 82
reached "first match wins" $S 82
stop "$PID"
ok "away with it" s listener rule del mode legacy uid 1000 port 82
wait_for not listening "$SERVER" 82
serve_as 1000 rule 82
silent "the next rule decides" $S 82
ok "a rule's port is opened by hand" s listener set port 82 mode legacy
reached "open for this server" $S 82
stop "$PID"
cat >"$TMP/four.py" <<'PY'
import socket, time
s = socket.socket()
s.bind(("", 83))
s.listen()
time.sleep(1000)
PY
spawn_listener four "$SERVER" 83 setpriv --reuid=1000 --clear-groups python3 "$TMP/four.py"
is "a socket of IPv4 alone is not asked about" "$(port 83)" ""
stop "$PID"

# --- MPTCP: closed at the first SYN, before it is answered ---------------------------------------------------

serve_as 1000 mptcp 86 -mptcp -dual
mptcp=$PID
silent "MPTCP: a stranger hears nothing" $S 86
is "the port is closed; it takes no SSAs" "$(port 86 | jq -c '[.mode, .ruled, .rule, .sockets]')" '["das",true,0,0]'
is "from the host itself" "$(peer "$SERVER" call ::1 86 echo rst)" echoed
stop "$mptcp"
wait_for not listening "$SERVER" 86
gone()
{
	[ "$(quiet $S 86)" = ECONNREFUSED ] && port_is 86 ""
}
ok "when it has ended, who asks for it opens the port" wait_for gone
serve_as 1000 mptcp 86 -mptcp -dual
silent "MPTCP over IPv4 first" ::ffff:10.0.2.1 86
is "closed, too" "$(port 86 | jq .ruled)" true
stop "$PID"
serve_as 1001 mptcp 87 -mptcp
reached "another user's MPTCP server is reached" $S 87
stop "$PID"
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_syncookies=2
serve_as 1000 mptcp 88 -mptcp
silent "MPTCP with SYN cookies" $S 88
stop "$PID"
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_syncookies=1

# --- auto, more settings -------------------------------------------------------------------------------------

ok "a rule in mode auto for a range of users" s listener rule add uid 2000-2999 port 84 mode auto pool ssa ipv4 keep local deny half_open 2 \
	cookie_rate 7
serve_as 2500 auto 84 -backlog=4
ready()
{
	s -j listener show | jq -e --argjson n "$1" 'any(.[]; .port == 84 and .ready == $n)'
}
ok "as many are ready as the backlog is long" wait_for ready 4
is "all settings" "$(s -j listener show | jq -c '.[] | select(.port == 84) | [.mode, .ipv4, .local, .half_open, .cookie_rate, .rule]')" \
	'["auto",true,false,2,7,1]'
reached "a lease" "$(s ssa lease port 84)" 84
stop "$PID"
ok "they go with the server" wait_for port_is 84 ""
is "all of them" "$(s -j addr show state uncertain)" '[]'
serve_as 2500 elsewhere 85
reached "the rule is about that port only" $S 85
stop "$PID"

# --- control groups ------------------------------------------------------------------------------------------

mkdir "$TMP/cgroup"
mount -t cgroup2 none "$TMP/cgroup" || bail "control groups can be mounted"
group=$TMP/cgroup/umx-listen
mkdir -p "$group/web"
cat >"$TMP/nginx.conf" <<CONF
daemon off; pid $TMP/nginx.pid; error_log stderr; worker_processes 2;
events {}
http { access_log off; server { listen [::]:80 ipv6only=off; location / { return 200 "\$server_addr\n"; } } }
CONF
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$TMP/host"
ok "a rule for a group" s listener rule add cgroup /umx-listen mode das
# shellcheck disable=SC2016
spawn_listener nginx "$SERVER" 80 bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group/web" nginx -c "$TMP/nginx.conf"
nginx=$PID
is "nginx in a group below" "$(port 80 | jq -c '[.mode, .ruled, .rule]')" '["das",true,2]'
is "silent" "$(web $S 80 $((3 * SLOW)))" 000
is "over IPv4, too" "$(web ::ffff:10.0.2.1 80 $((3 * SLOW)))" 000
addr=$(ssa port 80)
is "on an SSA it answers, and sees it" "$(in_ns "$CLIENT" curl -sgm $((20 * SLOW)) "http://[$addr]/")" "$addr"
# shellcheck disable=SC2016
spawn_listener sshd "$SERVER" 22 bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" \
	/usr/sbin/sshd -D -e -h "$TMP/host" -o PidFile=none
sshd=$PID
silent "sshd in the group itself" $S 22
like "on an SSA it answers" "$(peer "$CLIENT" call "$(ssa port 22)" 22 eof rst)" data
spawn_listener outside "$SERVER" 8022 /usr/sbin/sshd -D -e -p 8022 -h "$TMP/host" -o PidFile=none
like "sshd outside is reached" "$(peer "$CLIENT" call $S 8022 eof rst)" data
stop "$PID"
stop "$nginx"
stop "$sshd"
ok "their ports go with them" wait_for port_is 80 ""
ok "both" wait_for port_is 22 ""
ok "the group is removed" wait_for rmdir "$group/web" "$group"
like "its rule stays and says so" "$(s listener rule show)" '2 cgroup /umx-listen gone mode das hits 2'
ok "and goes by its position" s listener rule del 2
umount "$TMP/cgroup"

# --- a drain -------------------------------------------------------------------------------------------------

serve_as 1000 before 90
before=$PID
ok "drain" s drain
is "listeners are given back, the rule's port stays" "$(port 90 | jq -c '[.ruled, .sockets]')" '[true,0]'
silent "closed" $S 90
serve_as 1000 meanwhile 91
silent "a server that starts meanwhile is closed, too" $S 91
stop "$before"
wait_for not listening "$SERVER" 90
is "the end of a server is not seen meanwhile" "$(port 90 | jq .ruled)" true
ok "drain off" s drain off
ok "it is now" wait_for port_is 90 ""
reached "the other one takes SSAs" "$(ssa port 91)" 91
stop "$PID"
ok "and ends" wait_for port_is 91 ""

# --- saved, and what is not ----------------------------------------------------------------------------------

serve_as 1000 saved 92
saved=$PID
ok "a port by hand beside it" s listener set port 93 mode das
s save "$TMP/saved"
is "rules are saved, and ports that were set by hand" "$(grep listener "$TMP/saved")" \
	"listener set port 93 mode das ipv4 drop local allow half_open 4 cookie_rate 50000
listener rule add uid 1000 mode das pool ssa
listener rule add port 84 uid 2000-2999 mode auto pool ssa ipv4 keep local deny half_open 2 cookie_rate 7"
is "sync to what is: nothing to do" "$(s -j sync "$TMP/saved" dry-run)" '[]'
grep -v 'port 84\|port 93' "$TMP/saved" | sed 's/^listener rule add uid 1000/listener rule add uid 7 mode legacy\n&/' >"$TMP/wanted"
ok "sync to something else" s sync "$TMP/wanted"
is "rules in the file's order" "$(s listener rule show | sed 's/ hits.*//')" "0 uid 7 mode legacy
1 uid 1000 mode das pool ssa"
is "a rule's port is left alone, and follows its rule" "$(port 92 | jq -c '[.ruled, .rule]')" '[true,1]'
is "a port by hand went" "$(port 93)" ""
ok "and back" s sync "$TMP/saved"
s save "$TMP/again"
ok "as it was" cmp "$TMP/saved" "$TMP/again"

# --- rules go ------------------------------------------------------------------------------------------------

ok "no rules" s listener rule flush
silent "what a rule has closed stays so" $S 92
is "and says so" "$(port 92 | jq -c '[.ruled, .rule]')" '[true,null]'
serve_as 1000 legacy 94
reached "a new server is reached" $S 94
stop "$PID"
stop "$saved"
ok "the old one's port goes with it" wait_for port_is 92 ""
ok "nothing is left" s listener flush

# --- no more than so many ------------------------------------------------------------------------------------

cat >"$TMP/many.py" <<'PY'
import errno, os, signal, socket, sys
socks = []
for port in range(20000, 20000 + int(sys.argv[1])):
    s = socket.socket(socket.AF_INET6)
    s.bind(("::", port))
    try:
        s.listen()
    except OSError as e:
        print(len(socks), errno.errorcode[e.errno], flush=True)
        break
    socks.append(s)
else:
    print(len(socks), flush=True)
if socks:
    signal.pause()
PY
ok "a rule" s listener rule add uid 1000 mode das pool ssa
spawn many in_ns "$SERVER" bash -c 'ulimit -n 4096 && exec setpriv --reuid=1000 --clear-groups python3 "$0" 1100' "$TMP/many.py"
many=$PID
ok "somebody takes many ports" wait_for -t 60 grep -q . "$TMP/many"
is "beyond so many listen() fails" "$(cat "$TMP/many")" "1024 EADDRNOTAVAIL"
is "counted" "$(counter "$SERVER" listen_refused)" 1
is "all are closed" "$(s -j listener show | jq 'map(select(.ruled)) | length')" 1024
serve_as 1001 free 95
reached "others are untouched" $S 95
stop "$PID"
ok "by hand there is room" s listener set port 20001 mode das
is "which makes room for one more" \
	"$(in_ns "$SERVER" setpriv --reuid=1000 --clear-groups timeout $((30 * SLOW)) python3 "$TMP/many.py" 0)" 0
serve_as 1000 onemore 96
silent "closed" $S 96
stop "$PID"
stop "$many" KILL
only_one()
{
	[ "$(s -j listener show | jq -c 'map(.port)')" = '[20001]' ]
}
ok "they end, and the ports with them" wait_for -t 30 only_one
ok "but what was set by hand" s listener flush

# --- wrong ---------------------------------------------------------------------------------------------------

refused "a rule that exists" 'this rule exists' listener rule add uid 1000 mode das pool ssa
refused "no pool of this name" 'no pool' listener rule add uid 5 mode das pool none
refused "no such position" 'no rule at this index' listener rule add uid 5 mode das index 7
refused "mode legacy has no settings" 'no settings' listener rule add uid 5 mode legacy ipv4 keep
refused "a group that is not there" 'no control group' listener rule add cgroup /no/such mode das
refused "a path from nowhere" 'begins with /' listener rule add cgroup x mode das
refused "a rule that is not there" 'no such rule' listener rule del mode auto
refused "a position that is not there" 'no such rule' listener rule del 7
is "nothing has changed" "$(s listener rule show | sed 's/ hits.*//')" "0 uid 1000 mode das pool ssa"

# --- unloaded ------------------------------------------------------------------------------------------------

serve_as 1000 last 97
silent "a server behind a rule" $S 97
s drain >/dev/null
ok "the module can go" wait_for rmmod umx
reached "the server is a plain one" $S 97
stop "$PID"
finish

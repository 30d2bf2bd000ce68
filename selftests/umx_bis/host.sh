#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of a source the host uses natively, too: IPv4 and IPv6 beside each other at one address,
# ports that are reserved, clashes, servers of either, and comings and goings under traffic.

. "$(dirname "$0")/topology.sh"
need curl socat ping nc
topology

# shared_up [WORD...]: the spool, its source shared, and the server's pair. Sweeps come every second.
shared_up()
{
	b spool add 198.18.0.0/15 source $NATIVE shared idle 1 "$@" || bail "a spool with a shared source can be set"
	b map add $SERVER4 $SERVER6 || bail "a pair can be made"
}

shared_up incoming refuse
is "spool show" "$(b spool)" \
	"198.18.0.0/15 self $SELF4 source $NATIVE shared dev bis0 incoming refuse idle 1 pairs 1"
is "no port is reserved" "$(b port)" ""

# sock NS CODE [ARG...]: Python in that namespace, with a shorthand; its last line is what is printed.
cat >"$TMP/sock.py" <<'PY'
import errno, os, socket, struct, sys, time

TCP, UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM
RST = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

def sock(kind, host, port=0, *options):
    """A socket bound to host and port."""
    six = ":" in host
    s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind)
    if six:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    for option in options:
        s.setsockopt(socket.SOL_SOCKET, option, 1)
    s.settimeout(10)
    if port:
        s.bind((host, port))
    return s

def tried(what, *args):
    try:
        what(*args)
        return "done"
    except OSError as e:
        return errno.errorcode[e.errno] if e.errno else type(e).__name__

def stay(words):
    print(words, flush=True)
    time.sleep(1000)
PY
sock()
{
	local ns=$1 code=$2

	shift 2
	PYTHONPATH=$TMP in_ns "$ns" python3 -c "from sock import *
$code" "$@" 2>&1
}

# held NAME NS CODE [ARG...]: the same, which stays; ready when it has said so.
held()
{
	local name=$1 ns=$2 code=$3

	shift 3
	spawn "$name" in_ns "$ns" env PYTHONPATH="$TMP" python3 -c "from sock import *
$code" "$@"
	wait_for grep -q ready "$TMP/$name" || bail "$name: $(cat "$TMP/$name")"
}

reserved()
{
	prints "^$1 $2( |\$)" b port
}

# swept: a session came and went, and so has its reservation: sweeps have looked at all the others.
swept()
{
	sock "$HOST" "s = sock(TCP, '0.0.0.0', 40900); s.setsockopt(*RST); s.connect(('$SERVER4', 5002))" &&
		wait_for -t 20 not reserved tcp 40900 || bail "a reservation ends"
}

# gained NAME BEFORE: the counter has moved.
gained()
{
	[ "$(since "$1" "$2")" -gt 0 ]
}

mkdir "$TMP/www"
bytes 1000000 "$TMP/www/file"
spawn_listener http "$SERVER" 80 python3 -m http.server --bind $SERVER6 --directory "$TMP/www" 80
spawn_listener echo "$SERVER" 5002 socat TCP6-LISTEN:5002,ipv6only=1,reuseaddr,fork PIPE
spawn_listener peer "$SERVER" 5001 socat TCP6-LISTEN:5001,ipv6only=1,reuseaddr,fork SYSTEM:'echo $SOCAT_PEERADDR'
udp_echo 5353

# --- IPv4 calls ----------------------------------------------------------------------------------------------------

like "the server sees the host's address" "$(in_ns "$HOST" socat -u TCP4:$SERVER4:5001 -)" \
	"2001:0?db8:0?0?0?a:.*0?0?0?1\\]?$"
ok "ping -4" in_ns "$HOST" ping -4 -c 2 -i 0.2 -W 5 $SERVER4
ok "ping -4 in fragments" in_ns "$HOST" ping -4 -c 1 -W 5 -s 5000 $SERVER4
ok "curl -4" in_ns "$HOST" curl -4 -sS -m 60 -o "$TMP/got" http://$SERVER4/file
is "the file is the same" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"
is "nc -4" "$(echo hello | in_ns "$HOST" timeout 20 nc -4 -N $SERVER4 5002)" hello
is "UDP" "$(echo hello | in_ns "$HOST" socat -t 5 - UDP4:$SERVER4:5353)" hello
is "UDP in fragments" "$(sock "$HOST" "s = sock(UDP, '0.0.0.0'); s.connect(('$SERVER4', 5353)); s.send(b'x' * 5000)
print(len(s.recv(65536)))")" 5000
ok "some ports were reserved" prints . b port

# --- IPv6 calls, and is called, at the same address ------------------------------------------------------------------

in=$(count in_packets) out=$(count out_packets) both=$(count in_both)
ok "curl -6" in_ns "$HOST" curl -6 -sS -m 60 -o "$TMP/got" "http://[$SERVER6]/file"
is "from the same address" "$(in_ns "$HOST" ip -6 route get $SERVER6 | grep -o 'src [^ ]*')" "src $NATIVE"
is "UDP" "$(echo hello | in_ns "$HOST" socat -t 5 - "UDP6:[$SERVER6]:5353")" hello
is "UDP in fragments" "$(sock "$HOST" "s = sock(UDP, '::'); s.connect(('$SERVER6', 5353)); s.send(b'x' * 5000)
print(len(s.recv(65536)))")" 5000
spawn_listener native "$HOST" 2200 socat "TCP6-LISTEN:2200,ipv6only=1,reuseaddr,fork" SYSTEM:'echo native'
is "a server of IPv6" "$(in_ns "$SERVER" socat -u "TCP6:[$NATIVE]:2200" -)" native
ok "ping -6 to the host" in_ns "$SERVER" ping -6 -c 1 -W 5 -I $SERVER6 $NATIVE
ok "ping -6 to the host in fragments" in_ns "$SERVER" ping -6 -c 1 -W 5 -s 5000 -I $SERVER6 $NATIVE
is "nothing of that was translated" "$(since in_packets "$in") $(since out_packets "$out")" "0 0"
ok "ping -6" in_ns "$HOST" ping -6 -c 1 -W 5 $SERVER6
is "an echo reply goes to both" "$(since in_both "$both")" 1
spawn pings in_ns "$HOST" ping -4 -q -c 20 -i 0.1 -W 5 $SERVER4
pings=$PID
ok "both ping" in_ns "$HOST" ping -6 -q -c 20 -i 0.1 -W 5 $SERVER6
wait "$pings"
is "each hears its own" "$(grep -cE '20 packets transmitted, 20 received, 0%' "$TMP/pings")" 1
ok "sysctl" in_ns "$HOST" sysctl -qw net.ipv4.ip_early_demux=0
ok "curl -6 without early demux" in_ns "$HOST" curl -6 -sS -m 60 -o "$TMP/got" "http://[$SERVER6]/file"
ok "curl -4 without early demux" in_ns "$HOST" curl -4 -sS -m 60 -o "$TMP/got" http://$SERVER4/file
in_ns "$HOST" sysctl -qw net.ipv4.ip_early_demux=1

# --- a reservation -------------------------------------------------------------------------------------------------

held session "$HOST" "s = sock(TCP, '0.0.0.0', 40000, socket.SO_REUSEADDR); s.setsockopt(*RST)
s.connect(('$SERVER4', 5002)); s.send(b'x'); s.recv(1); stay('ready')"
session=$PID
ok "a session of TCP has its port reserved" reserved tcp 40000
ok "for as long as its socket is there" prints '^tcp 40000 local' b port
for address in $NATIVE ::; do
	is "bind to $address: in use" "$(sock "$HOST" "print(tried(sock, TCP, '$address', 40000))")" EADDRINUSE
	is "with SO_REUSEADDR, too" \
		"$(sock "$HOST" "print(tried(sock, TCP, '$address', 40000, socket.SO_REUSEADDR))")" EADDRINUSE
	is "with SO_REUSEPORT, too" \
		"$(sock "$HOST" "print(tried(sock, TCP, '$address', 40000, socket.SO_REUSEPORT))")" EADDRINUSE
done
is "another address of the host: free" "$(sock "$HOST" "print(tried(sock, TCP, '$SOURCE', 40000))")" "done"
is "the port of UDP: free" "$(sock "$HOST" "print(tried(sock, UDP, '$NATIVE', 40000))")" "done"
is "the port again, by IPv4, as both agree" \
	"$(sock "$HOST" "print(tried(sock, TCP, '0.0.0.0', 40000, socket.SO_REUSEADDR))")" "done"
in_ns "$HOST" sysctl -qw net.ipv4.ip_local_port_range="40000 40003"
is "connect() of IPv6 never gets it" "$(sock "$HOST" "
ports = set()
for i in range(60):
    s = sock(TCP, '::'); s.setsockopt(*RST); s.connect(('$SERVER6', 5002)); ports.add(s.getsockname()[1]); s.close()
print(40000 in ports, len(ports) > 0)")" "False True"
in_ns "$HOST" sysctl -qw net.ipv4.ip_local_port_range="32768 60999"
swept
ok "a silent session keeps it" reserved tcp 40000
stop "$session" KILL
ok "the session ends, and the reservation" wait_for -t 20 not reserved tcp 40000
is "the port is free" "$(sock "$HOST" "print(tried(sock, TCP, '$NATIVE', 40000))")" "done"

held session "$HOST" "s = sock(UDP, '0.0.0.0', 40000); s.sendto(b'x', ('$SERVER4', 5353)); s.recv(1); stay('ready')"
session=$PID
ok "a session of UDP has its port reserved" reserved udp 40000
is "bind: in use" "$(sock "$HOST" "print(tried(sock, UDP, '::', 40000))")" EADDRINUSE
is "with SO_REUSEADDR, too" "$(sock "$HOST" "print(tried(sock, UDP, '::', 40000, socket.SO_REUSEADDR))")" EADDRINUSE
swept
ok "a silent one keeps it" reserved udp 40000
stop "$session" KILL
ok "the socket is closed, and the reservation ends" wait_for -t 20 not reserved udp 40000
is "more sessions than sockets were ready for" "$(sock "$HOST" "
all = [sock(UDP, '0.0.0.0') for i in range(100)]
for s in all: s.sendto(b'x', ('$SERVER4', 5353))
print(sum(len(s.recv(1)) for s in all))")" 100
is "none was too many" "$(count out_port_late)" 0

# --- clashes -------------------------------------------------------------------------------------------------------

# clash TEXT KIND PORT: IPv4 cannot talk from that port, is told at once, and it is counted.
clash()
{
	local before

	before=$(count out_port_clash)
	is "$1" "$(sock "$HOST" "s = sock($2, '0.0.0.0', $3); s.settimeout($((8 * SLOW))); s.connect(('$SERVER4', 5002))
print('connected' if $2 == TCP else tried(lambda: (s.send(b'x'), s.recv(1))))" | tail -n 1 |
		grep -o 'EHOSTUNREACH\|No route to host' | sed 's/.*/unreachable/')" unreachable
	ok "and it is counted" gained out_port_clash "$before"
}

for address in $NATIVE ::; do
	held "bound-$address" "$HOST" "s = sock(TCP, '$address', 41000); u = sock(UDP, '$address', 41000); stay('ready')"
	bound=$PID
	clash "TCP from a port of [$address]" TCP 41000
	clash "UDP from a port of [$address]" UDP 41000
	is "which is not reserved" "$(b port | grep -c ' 41000')" 0
	stop "$bound" KILL
done

in_ns "$HOST" sysctl -qw net.ipv4.ip_local_port_range="42000 42000"
held native6 "$HOST" "s = sock(TCP, '::'); s.setsockopt(*RST); s.connect(('$SERVER6', 5002)); print('ready', flush=True)
while True:
    time.sleep(0.2); s.send(b'x'); s.recv(1); print('lives', flush=True)"
native=$PID
before=$(count out_port_shared)
is "a port connect() has given to IPv6 and then to IPv4" "$(sock "$HOST" "s = sock(TCP, '0.0.0.0'); s.setsockopt(*RST)
s.connect(('$SERVER4', 80)); s.send(b'GET / HTTP/1.0\r\n\r\n'); print(s.recv(4), s.getsockname()[1])")" "b'HTTP' 42000"
is "both ends tell them apart" "$(since out_port_shared "$before")" 1
before=$(count out_port_clash)
is "not if they are the same" "$(sock "$HOST" "s = sock(TCP, '0.0.0.0'); s.settimeout($((8 * SLOW)))
print(tried(s.connect, ('$SERVER4', 5002)))")" EHOSTUNREACH
ok "that is a clash" gained out_port_clash "$before"
: >"$TMP/native6"
ok "the connection of IPv6 lives" wait_for grep -q lives "$TMP/native6"
stop "$native" KILL
in_ns "$HOST" sysctl -qw net.ipv4.ip_local_port_range="32768 60999"

# --- servers -------------------------------------------------------------------------------------------------------

spawn_listener web4 "$HOST" 8080 socat TCP4-LISTEN:8080,reuseaddr,fork EXEC:cat
held visitor "$SERVER" "s = sock(TCP, '$SERVER6', 50000); s.connect(('$NATIVE', 8080)); s.send(b'x'); s.recv(1)
print('ready', flush=True)
while True:
    time.sleep(0.2); s.send(b'x'); s.recv(1); print('lives', flush=True)"
visitor=$PID
ok "an IPv6 client reaches an IPv4-only server, which sees the pair's address" \
	prints "$SELF4:8080 +$SERVER4:50000" in_ns "$HOST" ss -Htn state established
is "no port is reserved for it" "$(b port | grep -c ' 8080')" 0
not_ok "a host without a pair is refused" in_ns "$SERVER" timeout 10 \
	socat -u "TCP6:[$NATIVE]:8080,bind=[2001:db8:b::2],connect-timeout=5" -
spawn_listener web6 "$HOST" 8080 socat TCP6-LISTEN:8080,ipv6only=1,reuseaddr,fork SYSTEM:'echo six'
is "IPv6 has a server there, too, now: it is reached" \
	"$(in_ns "$SERVER" socat -u "TCP6:[$NATIVE]:8080,bind=[$SERVER6]" -)" six
: >"$TMP/visitor"
ok "the session with the other one lives" wait_for grep -q lives "$TMP/visitor"
stop "$visitor" KILL
before=$(count in_packets)
not_ok "nobody listens: refused" in_ns "$SERVER" socat -u "TCP6:[$NATIVE]:8099,connect-timeout=5" -
is "by IPv6" "$(since in_packets "$before")" 0
held udp4 "$HOST" "s = sock(UDP, '0.0.0.0', 5454); s.settimeout(None); print('ready', flush=True)
while True: s.sendto(*s.recvfrom(65536))"
is "a UDP server of IPv4" "$(echo hello | in_ns "$SERVER" socat -t 5 - "UDP6:[$NATIVE]:5454,bind=[$SERVER6]")" hello
is "in fragments" "$(sock "$SERVER" "s = sock(UDP, '$SERVER6', 50000); s.connect(('$NATIVE', 5454)); s.send(b'x' * 5000)
print(len(s.recv(65536)))")" 5000
held udp6 "$HOST" "s = sock(UDP, '::', 5455); t = sock(UDP, '0.0.0.0', 5455); s.settimeout(None); print('ready', flush=True)
while True: s.sendto(*s.recvfrom(65536))"
is "one of IPv6 comes first" "$(echo hello | in_ns "$SERVER" socat -t 5 - "UDP6:[$NATIVE]:5455,bind=[$SERVER6]")" hello

# --- errors --------------------------------------------------------------------------------------------------------

for to in 0.0.0.0/$SERVER4 ::/$SERVER6; do
	is "port unreachable comes to ${to#*/}" "$(sock "$HOST" "s = sock(UDP, '${to%/*}'); s.connect(('${to#*/}', 9))
print(tried(lambda: (s.send(b'x'), s.recv(1))))")" ECONNREFUSED
done
before=$(count out_port_none)
sock "$HOST" "s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47); s.sendto(b'12345678', ('$SERVER4', 0))" >/dev/null
is "a protocol without ports is refused" "$(since out_port_none "$before")" 1
ip -n "$ROUTER" -6 route add 2001:db8:b::/64 dev eth1 metric 10 mtu lock 1280
spawn_listener sink "$SERVER" 6001 socat -u TCP6-LISTEN:6001,ipv6only=1,reuseaddr,fork OPEN:/dev/null
ok "IPv4 through a link of 1280" in_ns "$HOST" timeout $((60 * SLOW)) socat -u "OPEN:$TMP/www/file" TCP4:$SERVER4:6001
like "IPv4 knows: 1260" "$(ip -n "$HOST" -4 route get $SERVER4)" 'mtu 1260'
ok "IPv6, too" in_ns "$HOST" timeout $((60 * SLOW)) socat -u "OPEN:$TMP/www/file" "TCP6:[$SERVER6]:6001"
is "nothing was dropped but what was to be" "$(umctl -n "$HOST" -j bis stats show |
	jq -r '.[] | select(.value > 0 and (.name | test("^in_(packets|direct|native|both|fragment|pmtu)$|^out_(packets|direct|fragment|not_ipv4|too_big)$|^out_port_(clash|shared|wait|none)$") | not)) | .name')" ""

# --- any host may call ---------------------------------------------------------------------------------------------

b spool del
is "no reservation outlives the spool" "$(b port)" ""
shared_up
not_ok "a stranger who finds nobody" in_ns "$SERVER" timeout 10 \
	socat -u "TCP6:[$NATIVE]:8099,bind=[2001:db8:b::2],connect-timeout=5" -
is "makes no pair" "$(b map | wc -l)" 1
spawn_listener again "$HOST" 8090 socat TCP4-LISTEN:8090,reuseaddr,fork SYSTEM:'echo $SOCAT_PEERADDR'
like "one who finds an IPv4-only server has a pair" \
	"$(in_ns "$SERVER" socat -u "TCP6:[$NATIVE]:8090,bind=[2001:db8:b::2]" -)" '^198\.18\.'

# --- comings and goings --------------------------------------------------------------------------------------------

# load_start: sessions of both versions, for as long as they work or not.
load_start()
{
	spawn udp4 env PYTHONPATH="$TMP" ip netns exec "$HOST" python3 -c "from sock import *
while True:
    s = sock(UDP, '0.0.0.0'); s.settimeout(0.05)
    tried(lambda: (s.sendto(b'x' * 3000, ('$SERVER4', 5353)), s.recv(1)))"
	spawn tcp4 env PYTHONPATH="$TMP" ip netns exec "$HOST" python3 -c "from sock import *
while True:
    s = sock(TCP, '0.0.0.0'); s.settimeout(1); s.setsockopt(*RST)
    tried(lambda: (s.connect(('$SERVER4', 5002)), s.send(b'x'), s.recv(1)))"
	spawn tcp6 env PYTHONPATH="$TMP" ip netns exec "$HOST" python3 -c "from sock import *
while True:
    s = sock(TCP, '::'); s.settimeout(1); s.setsockopt(*RST)
    tried(lambda: (s.connect(('$SERVER6', 5002)), s.send(b'x'), s.recv(1)))"
}

works()
{
	[ "$(echo hello | in_ns "$HOST" timeout 20 nc -4 -N $SERVER4 5002)" = hello ]
}

load_start
for _ in 1 2 3 4 5; do
	b spool del
	shared_up incoming refuse
done
ok "a spool that went and came five times works" wait_for works
b spool del
b spool add 198.18.0.0/15 source $SOURCE && b map add $SERVER4 $SERVER6
ok "so does one with a source of its own" wait_for works
is "which reserves nothing" "$(b port)" ""
b spool del
shared_up incoming refuse
wait_for works
for _ in 1 2 3; do
	setup_ns GOES
	link_ns "$GOES" eth0 2001:db8:c::1/64 "$ROUTER" eth2 2001:db8:c::fe/64
	ip -n "$GOES" -6 route add default via 2001:db8:c::fe
	umctl -n "$GOES" bis spool add 198.18.0.0/15 source 2001:db8:c::1 shared
	umctl -n "$GOES" bis map add $SERVER4 $SERVER6
	wait_for in_ns "$GOES" ping -4 -c 1 -W 1 $SERVER4
	echo hello | in_ns "$GOES" socat -t 1 - UDP4:$SERVER4:5353 >/dev/null
	prints udp umctl -n "$GOES" bis port || bail "a port is reserved in the namespace that goes"
	ip netns pids "$GOES" | xargs -r kill -KILL
	del_ns "$GOES"
done
ok "namespaces went with reservations" wait_for not ip -n "$ROUTER" link show eth2
ok "rmmod under traffic" rmmod umx_bis
load umx_bis
shared_up
ok "loaded again it works" wait_for works
finish

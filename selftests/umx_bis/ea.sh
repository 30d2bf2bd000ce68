#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of IPv4 sessions that leave from addresses of their own: umx_bis with a pool of umx beside.
# The hosts are drawn in topology.sh; 2001:db8:ea::/64 is routed to $HOST.

. "$(dirname "$0")/topology.sh"
need curl socat ping tcpdump nc nft ss
topology
load umx
bis_up
ip -n "$ROUTER" route add 2001:db8:ea::/64 via $NATIVE

# u WORD...: umctl on the host.
u()
{
	umctl -n "$HOST" "$@"
}

# live: addresses of the pool that live.
live()
{
	u -j addr show | jq -r '.[].address'
}

none_live()
{
	[ -z "$(live)" ]
}

# asked: the address that the server sees a new IPv4 session come from, as IPv6 writes it.
asked()
{
	in_ns "$HOST" curl -4 -sS -m 30 http://$SERVER4:8000/
}

# held: an IPv4 session that stays, in the background; its pid in $HELD.
held()
{
	spawn "held$RANDOM" in_ns "$HOST" socat -u TCP4:$SERVER4:5002 STDOUT
	HELD=$PID
	wait_for is_held
}

is_held()
{
	prints "$SERVER4:5002" in_ns "$HOST" ss -Htn state established
}

# more NAME BEFORE: the counter of umx has gone up.
more()
{
	[ "$(counter "$HOST" "$1" stats show)" -gt "$2" ]
}

# more_here NAME BEFORE: that of umx_bis has.
more_here()
{
	[ "$(since "$1" "$2")" -gt 0 ]
}

# A server that tells each client which address it comes from; it closes first, so that the client has no TIME_WAIT.
cat >"$TMP/tell.py" <<'PY'
import http.server, socket, sys
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
class Tell(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        said = self.client_address[0].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
    def log_message(self, *what):
        pass
Server((sys.argv[1], 8000), Tell).serve_forever()
PY
spawn_listener tell "$SERVER" 8000 python3 "$TMP/tell.py" $SERVER6
spawn_listener hold "$SERVER" 5002 socat TCP6-LISTEN:5002,ipv6only=1,fork,reuseaddr PIPE

# --- no rule, no EA --------------------------------------------------------------------------------------------------

is "without a rule a session leaves from the source" "$(asked)" $SOURCE
is "and nothing is lent" "$(count out_ea)" 0

# --- a rule ----------------------------------------------------------------------------------------------------------

ok "a pool" u pool add out prefix 2001:db8:ea::/64
ok "a rule" u ea add pool out
first=$(asked)
like "an IPv4 program leaves from an EA" "$first" '^2001:db8:ea:'
second=$(asked)
like "so it does the next time" "$second" '^2001:db8:ea:'
isnt()
{
	[ "$1" != "$2" ]
}
ok "from another one" isnt "$first" "$second"
is "both are counted, here" "$(count out_ea)" 2
is "and by umx" "$(counter "$HOST" ea_lent stats show)" 2
ok "they are disposed after their sessions, TIME_WAIT included" wait_for -t 90 none_live
is "and never drawn again" "$(counter "$HOST" ea_released stats show)" 2
like "ping has no session: it leaves from the source" "$(in_ns "$HOST" ping -4 -c 1 -W 5 $SERVER4)" "1 received"
is "an IPv6 program beside gets one, as before" \
	"$(in_ns "$HOST" curl -6 -sS -m 30 "http://[$SERVER6]:8000/" | grep -c '^2001:db8:ea:')" 1

mkdir "$TMP/www"
bytes 3000000 "$TMP/www/file"
spawn_listener http "$SERVER" 80 python3 -m http.server --bind $SERVER6 --directory "$TMP/www" 80
ok "3 MB by curl" in_ns "$HOST" curl -4 -sS -m 60 -o "$TMP/got" http://$SERVER4/file
is "whole" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"

# A program that knows IPv6 and reaches the address by a mapped one.
like "an IPv6 socket with a mapped address, too" "$(in_ns "$HOST" python3 -c "
import socket
s = socket.create_connection(('::ffff:$SERVER4', 8000), 30)
s.sendall(b'GET / HTTP/1.0\r\n\r\n')
print(s.makefile().read().split()[-1])")" '^2001:db8:ea:'

# The next session is in the same ports before anybody has found that the last one has ended.
is "ten sessions from one port, each from an EA of its own" "$(in_ns "$HOST" python3 -c "
import socket, struct
said = set()
for i in range(10):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    s.bind(('', 41000))
    s.connect(('$SERVER4', 8000))
    s.sendall(b'GET / HTTP/1.0\r\n\r\n')
    said.add(s.makefile().read().split()[-1])
    s.close()
print(len(said))")" 10

# --- who is who ------------------------------------------------------------------------------------------------------

held
session=$(u -j session show | jq -c '.[] | select(.peer_port == 5002)')
ea=$(jq -r .local <<<"$session")
like "the session is umx's, too" "$ea" '^2001:db8:ea:'
is "with its peer" "$(jq -r .peer <<<"$session")" $SERVER6
is "and its user" "$(jq .uid <<<"$session")" 0
ok "the server sees that address" prints "\\[$SERVER6\\]:5002 +\\[$ea\\]" in_ns "$SERVER" ss -Htn state established
ok "IPv4 sees the host's" is_held

# --- strangers -------------------------------------------------------------------------------------------------------

port=$(jq -r .local_port <<<"$session")
before=$(counter "$HOST" in_other stats show)
in_ns "$SERVER" timeout 3 socat -u "TCP6:[$ea]:$port,bind=[2001:db8:b::2],connect-timeout=2" - >/dev/null 2>&1
ok "another host does not reach the session's address" more in_other "$before"
before=$(counter "$HOST" in_other stats show)
in_ns "$SERVER" timeout 3 socat -u "TCP6:[$ea]:$((port ^ 1)),bind=[$SERVER6],connect-timeout=2" - >/dev/null 2>&1
ok "nor does the peer on another port" more in_other "$before"
not_ok "ping gets no answer" in_ns "$SERVER" ping -6 -c 1 -W 1 "$ea"
before=$(counter "$HOST" out_owner stats show)
in_ns "$HOST" python3 -c "
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_TCP)
s.setsockopt(socket.IPPROTO_IPV6, 78, 1)    # IPV6_FREEBIND
s.bind(('$ea', 0))
s.sendto(($port).to_bytes(2, 'big') + (5002).to_bytes(2, 'big') + bytes(16), ('$SERVER6', 0))" 2>"$TMP/raw"
ok "what has an IPv6 socket does not leave from it" more out_owner "$before" || diag "$(cat "$TMP/raw")"
ok "the session lives" is_held

# --- path MTU --------------------------------------------------------------------------------------------------------

ip -n "$ROUTER" link set eth1 mtu 1280
before=$(count in_pmtu)
spawn_listener up "$SERVER" 5000 socat -u TCP6-LISTEN:5000,ipv6only=1 "CREATE:$TMP/upload"
ok "nc -4 sends the file through a link of 1280 bytes" in_ns "$HOST" timeout 60 nc -4 -N $SERVER4 5000 <"$TMP/www/file"
uploaded()
{
	[ "$(sum "$TMP/upload")" = "$(sum "$TMP/www/file")" ]
}
ok "whole" wait_for uploaded
ok "told by an ICMPv6 error to the EA" more_here in_pmtu "$before"
ip -n "$ROUTER" link set eth1 mtu 1500

# --- the rules decide ------------------------------------------------------------------------------------------------

u ea flush >/dev/null
ok "a rule for a user" u ea add pool out uid 65534
is "others leave from the source" "$(asked)" $SOURCE
like "he from an EA" "$(in_ns "$HOST" setpriv --reuid 65534 --clear-groups curl -4 -sS -m 30 http://$SERVER4:8000/)" \
	'^2001:db8:ea:'
u ea flush >/dev/null
u ea add pool out >/dev/null
ok "a limit of one" u limit set ea 1
before=$(count out_no_ea)
not_ok "with it reached, a program is refused at once" in_ns "$HOST" timeout 5 curl -4 -sS -m 4 http://$SERVER4:8000/
ok "and that is counted" more_here out_no_ea "$before"
u ea flush >/dev/null
u ea add pool out fallback legacy >/dev/null
is "unless the rule lets it fall back" "$(asked)" $SOURCE
u limit set ea none >/dev/null

# --- datagrams -------------------------------------------------------------------------------------------------------

u ea flush >/dev/null
ok "a rule for UDP" u ea add pool out proto udp
is "it is not about TCP" "$(asked)" $SOURCE
cat >"$TMP/echo.py" <<'PY'
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 5300))
while True:
    data, peer = s.recvfrom(2048)
    s.sendto(peer[0].encode(), peer)
PY
spawn echo in_ns "$SERVER" python3 "$TMP/echo.py" $SERVER6
wait_for udp_listening "$SERVER" 5300
# Three datagrams of a connected socket, one of another, one of a socket that is not connected.
cat >"$TMP/ask.py" <<'PY'
import socket, sys
def talk(s, to=None):
    s.settimeout(20)
    s.sendto(b"?", to) if to else s.send(b"?")
    return s.recv(2048).decode()
to = (sys.argv[1], 5300)
def connected():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(to)
    return s
a = connected()
print(talk(a), talk(a), talk(a))
b = connected()
print(talk(b))
print(talk(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), to))
print("ready", flush=True)
open(sys.argv[2]).readline()
a.close()
open(sys.argv[2]).readline()
PY
mkfifo "$TMP/ask.in"

# asks NAME: that program, in the background; its pid in $PID, what it says in $TMP/NAME.
asks()
{
	spawn "$1" in_ns "$HOST" python3 "$TMP/ask.py" $SERVER4 "$TMP/ask.in"
	wait_for -t 30 grep -q ready "$TMP/$1"
}

asks ask
asker=$PID
mapfile -t said <"$TMP/ask"
like "a connected UDP socket leaves from an EA, all of its datagrams from the same" "${said[0]}" \
	'^(2001:db8:ea:[^ ]*) \1 \1$'
like "another one, too" "${said[1]}" '^2001:db8:ea:'
ok "from its own" isnt "${said[1]}" "${said[0]%% *}"
is "one that is not connected from the source" "${said[2]}" $SOURCE
is "umx has two" "$(u -j session show | jq 'map(select(.proto == "udp")) | length')" 2
echo >"$TMP/ask.in"
one_udp()
{
	[ "$(u -j session show | jq 'map(select(.proto == "udp")) | length')" = 1 ]
}
ok "close() disposes its EA, and only that" wait_for one_udp
stop "$asker"
no_udp()
{
	[ "$(u -j session show | jq 'map(select(.proto == "udp")) | length')" = 0 ]
}
ok "the end of its program disposes the other" wait_for no_udp

# --- what would tell who is behind -----------------------------------------------------------------------------------

# A peer that answers after close(): IPv4 has nobody there, and says so, from the source, if it were let.
cat >"$TMP/late.py" <<'PY'
# late.py ADDRESS: tells each client its address, and sends to it when the next line comes.
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 5301))
data, peer = s.recvfrom(2048)
s.sendto(peer[0].encode(), peer)
open(sys.argv[2]).readline()
for _ in range(5):
    s.sendto(b"still there?", peer)
print("sent", flush=True)
PY
mkfifo "$TMP/late.in"
spawn late in_ns "$SERVER" python3 "$TMP/late.py" $SERVER6 "$TMP/late.in"
wait_for udp_listening "$SERVER" 5301
spawn tap in_ns "$SERVER" tcpdump -lnpi any "icmp6[0] == 1 and src $SOURCE"
tap=$PID
wait_for grep -q 'listening on' "$TMP/tap"
before=$(count out_ea_icmp)
# the datagrams come while the closed session still has its address
in_ns "$HOST" python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('$SERVER4', 5301))
s.settimeout(20)
s.send(b'?')
s.recv(100)
s.close()
open('$TMP/late.in', 'w').write('\n')"
ok "a datagram after close(): the error is held back" wait_for more_here out_ea_icmp "$before"
wait_for grep -q sent "$TMP/late"
stop "$tap"
is "nothing from the source is seen" "$(grep -c "$SOURCE" "$TMP/tap")" 0

# Threads that share a socket, and all send its first datagram.
failed=$(count out_no_ea)
is "threads that send first at once: none fails, all leave from one address" "$(in_ns "$HOST" python3 -c "
import socket, threading
bad = 0
for i in range(20):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(('$SERVER4', 5300))
    s.settimeout(20)
    go = threading.Barrier(4)
    def send():
        global bad
        go.wait()
        try:
            s.send(b'?')
        except OSError:
            bad += 1
    them = [threading.Thread(target=send) for _ in range(4)]
    [t.start() for t in them]
    [t.join() for t in them]
    try:
        bad += len({s.recv(100) for _ in range(4)}) - 1
    except OSError:
        bad += 1
    s.close()
print(bad)")" 0
is "nor was refused" "$(since out_no_ea "$failed")" 0

# What NAT has changed is not its socket's: it leaves from the source, and stays.
u ea flush >/dev/null
u ea add pool out >/dev/null
ip -n "$HOST" addr add 10.9.9.9/32 dev lo
in_ns "$HOST" nft -f - <<-NFT
	table ip nat {
		chain post {
			type nat hook postrouting priority 100
			oifname bis0 ip saddr 10.9.9.9 masquerade
		}
	}
NFT
lent=$(count out_ea)
spawn nat in_ns "$HOST" python3 -c "
import socket, time
s = socket.create_connection(('$SERVER4', 5002), 30, ('10.9.9.9', 0))
for i in range(5):
    s.sendall(b'x')
    assert s.recv(1) == b'x'
    time.sleep(1)
print('fine', flush=True)"
ok "a session behind NAT of this host outlives every look at it" wait_for -t 30 grep -q fine "$TMP/nat"
is "and leaves from the source" "$(since out_ea "$lent")" 0
in_ns "$HOST" nft delete table ip nat
ip -n "$HOST" addr del 10.9.9.9/32 dev lo

# A drain ends what is in TIME_WAIT.
in_ns "$HOST" python3 -c "
import socket
for i in range(5):
    s = socket.create_connection(('$SERVER4', 5002), 30)
    s.shutdown(socket.SHUT_WR)
    s.recv(1)
    s.close()"
ok "sessions in TIME_WAIT have their EAs" test "$(live | wc -l)" -ge 5
u drain --abort >/dev/null
ok "a drain that aborts ends them" wait_for -t 10 none_live
stop "$HELD"
u drain off >/dev/null
held
u ea flush >/dev/null

# --- on the link -----------------------------------------------------------------------------------------------------

# A pool of the link's own prefix has addresses when duplicate address detection has found them free.
u ea flush >/dev/null
ok "a pool on the link" u pool add link prefix 2001:db8:a::/64 type onlink dev eth0
ok "a rule" u ea add pool link
from_link()
{
	case $(asked) in
	"$SOURCE"|"$NATIVE")	return 1 ;;
	2001:db8:a:*)		return 0 ;;
	esac
	return 1
}
ok "an IPv4 program leaves from an address of the link" wait_for -t 60 from_link
u ea flush >/dev/null
ok "the pool goes" wait_for -t 90 u pool del link

# --- the end ---------------------------------------------------------------------------------------------------------

u ea flush >/dev/null
u ea add pool out >/dev/null
not_ok "umx does not unload while a session has an EA" rmmod umx
stop "$HELD"
ok "a session that was killed gives its EA back" wait_for -t 90 none_live
held
u ea add pool out proto udp >/dev/null
asks again
is "drain counts it, and two of UDP" "$(u -j drain | jq ".[0].sessions")" 3
u drain off >/dev/null
ok "and is told to end them" u drain --abort
ended()
{
	not is_held
}
ok "it is over" wait_for ended
ok "all EAs disposed" none_live
u ea del pool out proto udp >/dev/null
u drain off >/dev/null
held
ok "the spool goes" b spool del
ok "and with it the EA" wait_for -t 10 none_live
bis_up
held

# A namespace goes while the address of a session that has just ended is still lent.
setup_ns GOES
ip -n "$GOES" link add dummy0 type dummy
ip -n "$GOES" link set dummy0 up
ip -n "$GOES" addr add $SOURCE/64 dev dummy0 nodad
umctl -n "$GOES" bis spool add 198.18.0.0/15 source $SOURCE
umctl -n "$GOES" bis map add $SERVER4 2001:db8:a::77
umctl -n "$GOES" pool add out prefix 2001:db8:eb::/64
umctl -n "$GOES" ea add pool out
spawn nobody in_ns "$GOES" socat -u TCP4:$SERVER4:9 STDOUT
lent()
{
	[ "$(umctl -n "$GOES" -j addr show | jq length)" = 1 ]
}
ok "an EA is lent for a SYN nobody answers" wait_for lent
kill "$PID"
ok "its namespace goes" del_ns "$GOES"
like "a session at the end of umx_bis" "$(live)" '^2001:db8:ea:'
ip -n "$HOST" link del bis0
ok "umx_bis unloads under it" wait_for rmmod umx_bis
ok "the EA is disposed" none_live
umctl -n "$HOST" pool del out force >/dev/null 2>&1
ok "umx unloads" wait_for -t 20 eval 'umctl -n "$HOST" drain --abort >/dev/null; rmmod umx'
ok "and umx_loan" rmmod umx_loan
finish

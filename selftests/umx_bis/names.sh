#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umx-resolved: IPv4-only programs find an IPv6-only server by its name, on a network
# whose name server is unbound.

. "$(dirname "$0")/resolver.sh"
need curl ssh sshd getent ping nc tcpdump unbound dig umx-resolved
topology
b spool add 198.18.0.0/24 source $SOURCE || bail "a spool can be set"
unbound_up
resolver good "server $SERVER6"

# --- the daemon ----------------------------------------------------------------------------------------------------

is "it is nobody" "$(ps -o user= -p "$RESOLVED")" nobody
is "with one capability, which is CAP_NET_ADMIN" "$(caps "$RESOLVED")" "1000 1000 0 1000 1"
is "resolv.conf is all programs are told" "$(in_ns "$HOST" cat /etc/resolv.conf)" "nameserver 127.0.0.46"
status_is "another one is refused" 2 in_ns "$HOST" umx-resolved -c "$TMP/good.conf"
like "and told why" "$OUT" 'UDP cannot be listened to: Address already in use'

# --- originator behaviour, step by step (RFC 2767, 4.1) ------------------------------------------------------------

spawn wire in_ns "$HOST" tcpdump -nli any "port 53 or icmp or (icmp6 and host $SOURCE)"
wait_for grep -q listening "$TMP/wire"
got=$(in_ns "$HOST" getent ahostsv4 six.example.net | awk 'NR == 1 { print $1 }')
like "getent: a name with nothing but AAAA has an address of the spool" "$got" '^198\.18\.0\.[0-9]+$'
is "which stands for the host" "$(b map find "$got")" "$got $SERVER6"
# tells REGEX: tcpdump has seen it.
tells()
{
	grep -qE "$1" "$TMP/wire"
}
ok "1. the program asks for A" wait_for tells '127\.0\.0\.1\.[0-9]+ > 127\.0\.0\.46\.53: .* A\? six'
ok "2. the resolver asks for A" wait_for tells "IP6 $NATIVE\\.[0-9]+ > $SERVER6\\.53: .* A\\? six"
ok "   and for AAAA" wait_for tells "IP6 $NATIVE\\.[0-9]+ > $SERVER6\\.53: .* AAAA\\? six"
ok "3. only AAAA is there" wait_for tells "$SERVER6\\.53 > .* AAAA $SERVER6"
ok "4. the program gets A" wait_for tells "127\\.0\\.0\\.46\\.53 > .* A $got"
ok "ping -4 NAME" in_ns "$HOST" ping -4 -c 1 -W 5 six.example.net
ok "5. IPv4 to the device" wait_for tells "bis0 .*IP $SELF4 > $got: ICMP echo request"
ok "6. IPv6 on the link" wait_for tells "eth0 .*IP6 $SOURCE > $SERVER6: ICMP6, echo request"
stop "$PID"

# --- programs ------------------------------------------------------------------------------------------------------

mkdir "$TMP/www"
bytes 300000 "$TMP/www/file"
spawn_listener http "$SERVER" 80 python3 -m http.server --bind $SERVER6 --directory "$TMP/www" 80
ok "curl -4 NAME" in_ns "$HOST" curl -4 -sS -m 60 -o "$TMP/got" http://six.example.net/file
is "the file is the same" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"
is "a program with AF_INET sockets and gethostbyname()" "$(in_ns "$HOST" python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect((socket.gethostbyname("six.example.net"), 80))
s.sendall(b"GET /file HTTP/1.0\r\n\r\n")
f = s.makefile("rb")
print(f.readline().split()[1].decode())')" 200
spawn_listener echo "$SERVER" 5000 socat TCP6-LISTEN:5000,ipv6only=1,fork PIPE
is "nc -4 NAME" "$(echo hello | in_ns "$HOST" timeout $((20 * SLOW)) nc -4 -N six.example.net 5000)" hello
login
is "ssh -4 NAME" "$(in_ns "$HOST" ssh -4 -F "$TMP/ssh.conf" six.example.net 'set -- $SSH_CONNECTION; echo $1 $3')" \
	"$SOURCE $SERVER6"
is "DNS by UDP through the translator, to a name server by name" \
	"$(in_ns "$HOST" dig -4 +short +time=5 @six.example.net four.example.net A)" 192.0.2.4
is "by TCP, too" "$(in_ns "$HOST" dig -4 +tcp +short +time=5 @six.example.net four.example.net A)" 192.0.2.4
ok "curl to an alias" in_ns "$HOST" curl -4 -sS -m 60 -o "$TMP/got" http://alias2.example.net/file

# --- the end -------------------------------------------------------------------------------------------------------

b spool del
like "without a spool the answer is the network's: NODATA" "$(dig_at six A)" 'status: NOERROR.*ANSWER: 0,'
is "and counted" "$(($(stat_of no_spool) > 0))" 1
is "-s -j is JSON" "$(in_ns "$HOST" umx-resolved -s -e -j | jq -r '.[] | select(.name == "no_spool") | .explain')" \
	"answers left as they were: the kernel has no spool"
stop "$RESOLVED"
status_is "-s when it does not run" 2 in_ns "$HOST" umx-resolved -s
is "nothing is left in /run" "$(ls /run/umx-resolved)" ""
finish

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the hosts the tests of umx_bis.ko play on, and shorthands for asking about them.
#
#   [ $HOST ] eth0 ------------------ eth0 [ $ROUTER ] eth1 ------------------ eth0 [ $SERVER ]
#    2001:db8:a::1                     2001:db8:a::fe   2001:db8:b::fe               2001:db8:b::1
#    2001:db8:a::46 the source                                                       2001:db8:b::2 no pair
#    bis0: 198.18.0.1; 198.18.0.10 stands for 2001:db8:b::1
#
# Nobody but $HOST has IPv4, and $HOST has it on bis0 only.

. "$(dirname "$0")/../lib.sh"

here=$(cd "$(dirname "$0")" && pwd)
NATIVE=2001:db8:a::1 SOURCE=2001:db8:a::46 SERVER6=2001:db8:b::1 SERVER4=198.18.0.10 SELF4=198.18.0.1

topology()
{
	need umctl jq python3
	load umx_bis
	setup_ns HOST ROUTER SERVER
	router_ns "$ROUTER"
	link_ns "$HOST" eth0 $NATIVE/64 "$ROUTER" eth0 2001:db8:a::fe/64
	link_ns "$ROUTER" eth1 2001:db8:b::fe/64 "$SERVER" eth0 $SERVER6/64
	ip -n "$SERVER" addr add 2001:db8:b::2/64 dev eth0 nodad
	ip -n "$HOST" addr add $SOURCE/64 dev eth0 nodad preferred_lft 0
	ip -n "$HOST" -6 route add default via 2001:db8:a::fe
	ip -n "$SERVER" -6 route add default via 2001:db8:b::fe
	wait_for in_ns "$HOST" ping -6 -c 1 -W 1 $SERVER6 || bail "IPv6 works"
}

# b WORD...: umctl bis on the host.
b()
{
	umctl -n "$HOST" bis "$@"
}

# bis_up: the spool, and the server's pair.
bis_up()
{
	b spool add 198.18.0.0/15 source $SOURCE incoming refuse || bail "a spool can be set"
	b map add $SERVER4 $SERVER6 || bail "a pair can be made"
}

# count NAME: the host's counter.
count()
{
	counter "$HOST" "$1" bis stats show
}

# since NAME BEFORE: what a counter has gained.
since()
{
	echo $(($(count "$1") - $2))
}

# tcp_server PORT FILE: an IPv6-only server in $SERVER that sends FILE to whoever connects.
tcp_server()
{
	spawn_listener "server$1" "$SERVER" "$1" \
		socat -U "TCP6-LISTEN:$1,ipv6only=1,reuseaddr,fork" "SYSTEM:cat $2"
}

# udp_echo PORT: a server in $SERVER that sends every datagram back.
udp_echo()
{
	spawn "echo$1" in_ns "$SERVER" python3 -c "
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
s.bind(('$SERVER6', $1))
while True:
    s.sendto(*s.recvfrom(65536))"
	wait_for udp_listening "$SERVER" "$1" || bail "a UDP server on port $1"
}

udp_listening()
{
	prints . in_ns "$1" ss -Hlun "sport = :$2"
}

# sum FILE
sum()
{
	sha256sum <"$1" | cut -d' ' -f1
}

# bytes COUNT FILE: that many that are not compressible.
bytes()
{
	head -c "$1" /dev/urandom >"$2"
}

# mtu MTU: of every link, and of bis0 20 less.
mtu()
{
	ip -n "$HOST" link set eth0 mtu "$1"
	ip -n "$ROUTER" link set eth0 mtu "$1"
	ip -n "$ROUTER" link set eth1 mtu "$1"
	ip -n "$SERVER" link set eth0 mtu "$1"
	ip -n "$HOST" link set bis0 mtu $(($1 - 20))
}

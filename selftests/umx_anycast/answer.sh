#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the answer: that it comes within one round trip where it is switched on, from where,
# and quoting what; that without it there is silence. The hosts are drawn in topology.sh.
#
# With ANYCAST_SYN_RETRIES=6 the silence is waited for as long as an ordinary client would: two minutes.

. "$(dirname "$0")/topology.sh"
topology
no_module

# 100 ms each way, so that a round trip is longer than whatever the machine takes for it
in_ns "$CLIENT" tc qdisc add dev eth0 root netem delay 100ms
in_ns "$ROUTER" tc qdisc add dev eth0 root netem delay 100ms
RTT=$(in_ns "$CLIENT" ping -6 -qc 5 -i 0.3 $R | sed -n 's,^rtt .* = [0-9.]*/\([0-9]*\).*,\1,p')

# answered TEXT ADDRESS SOURCE: connect() fails with EHOSTUNREACH before a second SYN could have been answered.
answered()
{
	local before out

	in_ns "$CLIENT" ping -6 -c 1 -W 5 "$2" >/dev/null # so that no neighbour has to be found
	before=$(count answered)
	out=$(dial 10 "$2")
	read -r result ms <<<"$out"
	is "$1: connect() fails with EHOSTUNREACH" "$result" EHOSTUNREACH
	ok "$1: after one round trip, before a second SYN leaves ($ms ms; a round trip is $RTT ms)" \
		[ "$ms" -lt $((RTT + 750)) ]
	is "$1: by one ICMPv6 1/3, from a unicast address, quoting the SYN" "$(sed -n 2p <<<"$out")" "1 3 $3 same 1"
	is "$1: counted" "$(since answered "$before")" 1
}

# silent TEXT LIMIT ADDRESS [PORT]
silent()
{
	local out

	out=$(dial "${@:2}")
	like "$1" "$out" '^silence [0-9]+$'
}

# --- silence ---------------------------------------------------------------------------------------------------

# Elsewhere, for as long as it takes, while the rest goes on.
setup_ns STOCK
link_ns "$STOCK" eth0 2001:db8:dead::1/64 "$ROUTER" eth2 2001:db8:dead::fe/64
wait_for is_anycast "$ROUTER" 2001:db8:dead::
in_ns "$STOCK" sysctl -qw net.ipv4.tcp_syn_retries="${ANYCAST_SYN_RETRIES:-3}"
[ -n "${ANYCAST_SYN_RETRIES:-}" ] || ! [ -e /proc/sys/net/ipv4/tcp_syn_linear_timeouts ] ||
	in_ns "$STOCK" sysctl -qw net.ipv4.tcp_syn_linear_timeouts=0
spawn stock in_ns "$STOCK" python3 "$here/dial.py" 300 2001:db8:dead::
stock=$PID

silent "without the module a client hears nothing for 10 s" 10 $ANYCAST
load umx_anycast
silent "nor with the module loaded and not switched on" 3 $ANYCAST

# --- on --------------------------------------------------------------------------------------------------------

a on addr $ANYCAST
answered "its subnet-router anycast address" $ANYCAST $R
silent "switched on for one address, another is silent" 3 2001:db8:5::
a on dev eth0
answered "switched on for a device, all addresses" 2001:db8:5:: $R
answered "link-local" fe80::%eth0 fe80::fe
a off addr $ANYCAST
a off dev eth0
silent "off again" 3 $ANYCAST
a on dev eth1
silent "switched on for another device" 3 $ANYCAST
a off
a on dev eth0 addr $ANYCAST
silent "on for one address on one device, another address is silent" 3 2001:db8:5::
answered "on for one address on one device, that one is not" $ANYCAST $R
a off

a on addr 2001:db8:c::a
a on addr $ANYCAST
spawn join in_ns "$ROUTER" python3 -uc '
import socket, struct, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
IPV6_JOIN_ANYCAST = 27
s.setsockopt(socket.IPPROTO_IPV6, IPV6_JOIN_ANYCAST,
             socket.inet_pton(socket.AF_INET6, "2001:db8:c::a") + struct.pack("i", socket.if_nametoindex("eth0")))
print("joined")
time.sleep(600)'
wait_for grep -q joined "$TMP/join" || bail "an anycast address can be joined"
answered "a joined anycast address" 2001:db8:c::a $R

# The address the kernel prefers for this client is the source, as for a connect().
ip -n "$ROUTER" addr add 2001:db8:99::1/128 dev lo
ip -n "$ROUTER" route replace 2001:db8:c::/64 dev eth0 proto kernel metric 256 src 2001:db8:99::1
ip -n "$ROUTER" route add $C/128 dev eth0 src 2001:db8:99::1
answered "a route with a preferred source" $ANYCAST 2001:db8:99::1
ip -n "$ROUTER" route del $C/128 dev eth0

need curl
out=$(in_ns "$CLIENT" curl -sSgm 10 -w '%{time_total}' "http://[$ANYCAST]/" 2>&1)
like "curl: $out" "$out" 'ailed to connect.*0\.[0-9]+$|o route to host.*0\.[0-9]+$'

# --- without and with, in one run ------------------------------------------------------------------------------

limit=$((${ANYCAST_SYN_RETRIES:+300} + 40))
ok "the client that nobody answered has given up" wait_for -t $limit grep -q . "$TMP/stock"
read -r result without <"$TMP/stock"
is "with ETIMEDOUT" "$result" ETIMEDOUT
ok "after more than 10 s ($without ms)" [ "$without" -gt 10000 ]
diag "connect() to an anycast address failed after $without ms without ($(in_ns "$STOCK" sysctl -n net.ipv4.tcp_syn_retries) retries of the SYN), $ms ms with umx_anycast; round trip $RTT ms"
kill "$stock" 2>/dev/null

# Where there is no network between them, the SYN arrives within the client's own system call: an error that came at
# once would find the socket in use and be heard only with the second SYN, after a second.
a on

# near TEXT NAMESPACE ADDRESS: three times at most. A connect() that loses its processor to somebody else before it lets
# go of the socket is told with its second SYN after all.
near()
{
	local result ms try

	for try in 1 2 3; do
		read -r result ms < <(in_ns "$2" python3 "$here/dial.py" 10 "$3")
		[ "$ms" -ge 900 ] || break
		diag "try $try: $ms ms"
	done
	is "$1: connect() fails with EHOSTUNREACH" "$result" EHOSTUNREACH
	ok "$1: before a second SYN ($ms ms)" [ "$ms" -lt 900 ]
}

near "a client on the same machine" "$STOCK" 2001:db8:dead::
near "a client on the node itself" "$ROUTER" 2001:db8:5::

finish

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the hosts the tests of umx_anycast.ko play on, and shorthands for asking about them.
#
#   [ $CLIENT ]eth0 ---------------- eth0[ $ROUTER ]eth1 ---------------- eth0[ $SERVER ]
#    2001:db8:c::1                    ::fe         ::fe                     2001:db8:5::1
#    fe80::c                          fe80::fe     anycast: 2001:db8:c::    forwards too; anycast: 2001:db8:5::,
#                                                  2001:db8:5::  fe80::     2001:db8:e:: on lo1

. "$(dirname "$0")/../lib.sh"

here=$(cd "$(dirname "$0")" && pwd)
C=2001:db8:c::1 R=2001:db8:c::fe S=2001:db8:5::1 ANYCAST=2001:db8:c::

topology()
{
	need umctl jq python3
	setup_ns CLIENT ROUTER SERVER
	router_ns "$ROUTER"
	router_ns "$SERVER"
	link_ns "$CLIENT" eth0 $C/64 "$ROUTER" eth0 $R/64
	link_ns "$ROUTER" eth1 2001:db8:5::fe/64 "$SERVER" eth0 $S/64
	ip -n "$CLIENT" addr add fe80::c/64 dev eth0 nodad
	ip -n "$ROUTER" addr add fe80::fe/64 dev eth0 nodad
	ip -n "$SERVER" link add lo1 type dummy
	ip -n "$SERVER" addr add 2001:db8:e::1/64 dev lo1 nodad
	ip -n "$SERVER" link set lo1 up
	ip -n "$CLIENT" route add default via $R
	ip -n "$SERVER" route add default via 2001:db8:5::fe
	ip -n "$ROUTER" route add 2001:db8:e::/64 via $S
	# the sources segment forges
	ip -n "$ROUTER" route add 2001:db8:f000::/36 via $C
	wait_for is_anycast "$ROUTER" $ANYCAST || bail "a forwarding router has its subnet-router anycast address"
	in_ns "$CLIENT" ping -6 -c 1 -W 5 $S >/dev/null
	MAC=$(in_ns "$ROUTER" cat /sys/class/net/eth0/address)
}

is_anycast()
{
	prints "anycast $2 " ip -n "$1" -6 route show table local type anycast
}

# a WORD...: umctl anycast on the router.
a()
{
	umctl -n "$ROUTER" anycast "$@"
}

# count NAME: the router's counter.
count()
{
	counter "$ROUTER" "$1" anycast stats
}

# since NAME BEFORE: what a counter has gained.
since()
{
	echo $(($(count "$1") - $2))
}

# dial LIMIT ADDRESS [PORT]: an ordinary client's connect() from $CLIENT: prints "ERRNO MILLISECONDS", "silence ..."
# when it has not returned after LIMIT seconds.
dial()
{
	in_ns "$CLIENT" python3 "$here/dial.py" "$@"
}

# segment OPTION... DESTINATION: raw segments from $CLIENT to the router, port 7777.
segment()
{
	in_ns "$CLIENT" "$here/../wire/segment" "${@:1:$#-1}" eth0 "$MAC" "${*: -1}" 7777
}

# no_module: the module is not there.
no_module()
{
	! loaded umx_anycast || rmmod umx_anycast || bail "the module can be unloaded"
}

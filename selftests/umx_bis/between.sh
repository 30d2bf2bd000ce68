# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the hosts the tests of the router play on: some have IPv4 only, some have IPv6 only, and the
# translator between them has no pair and no spool. Also shorthands for asking about it.
#
#   [ $FOUR ] eth0 ---- eth0 [ $XLAT ] eth1 ------------ eth0 [ $SIX ]
#    198.51.100.1              bis0    2001:db8:b::fe          2001:db8:b::2: 192.0.2.2 by a mapping
#                              198.51.100.254                  2001:db8:64::192.0.2.33 by the prefix
#                                      eth2 ------------ eth0 [ $PEER ]
#                                      2001:db8:c::fe          2001:db8:c::13: 192.0.2.19 by a mapping of prefixes

. "$(dirname "$0")/../lib.sh"
need umctl jq python3 ping
load umx_bis
setup_ns FOUR XLAT SIX PEER
PREFIX=2001:db8:64::
HOST4=198.51.100.1 HOST46=${PREFIX}198.51.100.1 GATE4=198.51.100.254
SIX6=2001:db8:b::2 SIX4=192.0.2.2 BY_PREFIX4=192.0.2.33 BY_PREFIX6=${PREFIX}192.0.2.33
PEER6=2001:db8:c::13 PEER4=192.0.2.19

router_ns "$XLAT"
in_ns "$XLAT" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
link_ns "$FOUR" eth0 $HOST4/24 "$XLAT" eth0 $GATE4/24 2>/dev/null
link_ns "$XLAT" eth1 2001:db8:b::fe/64 "$SIX" eth0 $SIX6/64
link_ns "$XLAT" eth2 2001:db8:c::fe/64 "$PEER" eth0 $PEER6/64
ip -n "$SIX" addr add $BY_PREFIX6/128 dev eth0 nodad
ip -n "$FOUR" -4 route add default via $GATE4
ip -n "$SIX" -6 route add default via 2001:db8:b::fe
ip -n "$PEER" -6 route add default via 2001:db8:c::fe
in_ns "$XLAT" sysctl -qw net.ipv4.icmp_ratelimit=0
for ns in "$XLAT" "$SIX" "$PEER"; do
	in_ns "$ns" sysctl -qw net.ipv6.icmp.ratelimit=0
done

b()
{
	umctl -n "$XLAT" bis "$@"
}

count()
{
	counter "$XLAT" "$1" bis stats show
}

since()
{
	echo $(($(count "$1") - $2))
}

sum()
{
	sha256sum <"$1" | cut -d' ' -f1
}

# router_up: the device, its routes, the prefix, a mapping of two addresses and one of prefixes.
router_up()
{
	router_device
	b prefix add $PREFIX/96 || bail "a prefix can be set"
	b eam add $SIX4 $SIX6 || bail "a mapping can be made"
	b eam add 192.0.2.16/28 2001:db8:c::10/124
	ip -n "$XLAT" -4 route add 192.0.2.0/24 dev bis0
	ip -n "$XLAT" -6 route add $PREFIX/96 dev bis0
	ip -n "$XLAT" -6 route add $BY_PREFIX6/128 via $SIX6 dev eth1
	for to in $BY_PREFIX4 $SIX4 $PEER4; do
		wait_for in_ns "$FOUR" ping -4 -c 1 -W 2 $to || bail "IPv4 reaches IPv6"
	done
}

router_device()
{
	ip -n "$XLAT" link add bis0 type umx_bis
	ip -n "$XLAT" link set bis0 mtu 1500 up
}

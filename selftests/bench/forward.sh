# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the hosts with a router between them, and the translators that run on it.
#
#	client               router                                           server
#	2001:db8:c::1        2001:db8:c::fe  eth0      eth1  2001:db8:5::fe   2001:db8:5::1, load serve on port 7
#	192.0.2.1            192.0.2.254
#
# plain is IPv6 forwarded as it is. To an IPv4 client the server is 198.51.100.10, or by the NAT64 the router itself; to
# the server an IPv4 host w.x.y.z is 2001:db8:64::w.x.y.z.

PREFIX=2001:db8:64::
SERVER_AS4=198.51.100.10

forward_topology()
{
	setup_ns CLIENT ROUTER SERVER
	router_ns "$ROUTER"
	link_ns "$CLIENT" eth0 $CLIENT_ADDRESS/64 "$ROUTER" eth0 2001:db8:c::fe/64
	link_ns "$ROUTER" eth1 2001:db8:5::fe/64 "$SERVER" eth0 $SERVER_ADDRESS/64
	ip -n "$CLIENT" addr add 192.0.2.1/24 dev eth0
	ip -n "$ROUTER" addr add 192.0.2.254/24 dev eth0
	ip -n "$CLIENT" route add default via 192.0.2.254
	ip -n "$CLIENT" -6 route add default via 2001:db8:c::fe
	ip -n "$SERVER" -6 route add default via 2001:db8:5::fe
	in_ns "$CLIENT" ping -6 -c 1 -W 5 $SERVER_ADDRESS >/dev/null || bail "the hosts see each other"
	serve
}

server_as4() { echo $SERVER_AS4; }
server_as_router() { echo 192.0.2.254; }

# reached: the way there works before anything is measured.
reached()
{
	wait_for in_ns "$CLIENT" ping -4 -c 1 -W 1 $SERVER_AS4
}

config_router()
{
	load umx_bis && ip -n "$ROUTER" link add bis0 type umx_bis && ip -n "$ROUTER" link set bis0 mtu 1500 up &&
		in_ns "$ROUTER" umctl bis prefix add $PREFIX/96 &&
		in_ns "$ROUTER" umctl bis eam add $SERVER_AS4 $SERVER_ADDRESS &&
		ip -n "$ROUTER" route add $SERVER_AS4 dev bis0 && ip -n "$ROUTER" -6 route add $PREFIX/96 dev bis0 || return
	TO=server_as4
	reached
}

undo_router()
{
	in_ns "$ROUTER" umctl bis eam del $SERVER_AS4 && in_ns "$ROUTER" umctl bis prefix del &&
		ip -n "$ROUTER" link del bis0 && wait_for rmmod umx_bis
}

# A chain where both versions are forwarded: every packet goes through both.
config_router_rules()
{
	config_router && in_ns "$ROUTER" nft 'add table inet bench' &&
		in_ns "$ROUTER" nft 'add chain inet bench forward { type filter hook forward priority 0; }'
}

undo_router_rules()
{
	in_ns "$ROUTER" nft 'delete table inet bench' && undo_router
}

# jool MODULE: the module and what it needs, and its command.
jool()
{
	local tree=/mnt/share

	modprobe -a nf_defrag_ipv4 nf_defrag_ipv6 nf_conntrack x_tables
	insmod $tree/jool_common.ko && insmod "$tree/$1.ko" || return
	JOOL=$tree/usr/bin/$1
}

unjool()
{
	wait_for rmmod "$1" && wait_for rmmod jool_common
}

config_siit()
{
	jool jool_siit && in_ns "$ROUTER" "$JOOL" instance add bench --netfilter --pool6 $PREFIX/96 &&
		in_ns "$ROUTER" "$JOOL" -i bench eamt add $SERVER_AS4 $SERVER_ADDRESS || return
	TO=server_as4
	reached
}

undo_siit()
{
	in_ns "$ROUTER" "$JOOL" instance remove bench && unjool jool_siit
}

config_nat64()
{
	jool jool && in_ns "$ROUTER" "$JOOL" instance add bench --netfilter --pool6 $PREFIX/96 &&
		in_ns "$ROUTER" "$JOOL" -i bench pool4 add --tcp 192.0.2.254 $PORT &&
		in_ns "$ROUTER" "$JOOL" -i bench pool4 add --udp 192.0.2.254 $PORT &&
		in_ns "$ROUTER" "$JOOL" -i bench bib add 192.0.2.254#$PORT $SERVER_ADDRESS#$PORT --tcp &&
		in_ns "$ROUTER" "$JOOL" -i bench bib add 192.0.2.254#$PORT $SERVER_ADDRESS#$PORT --udp || return
	TO=server_as_router
}

undo_nat64()
{
	in_ns "$ROUTER" "$JOOL" instance remove bench && unjool jool
}

config_tayga()
{
	local tree=/mnt/share

	cat >"$TMP/tayga.conf" <<-CONF
	tun-device nat64
	ipv4-addr 192.0.2.253
	ipv6-addr 2001:db8:c::fd
	prefix $PREFIX/96
	map $SERVER_AS4 $SERVER_ADDRESS
	data-dir $TMP
	CONF
	modprobe tun && in_ns "$ROUTER" $tree/usr/sbin/tayga -c "$TMP/tayga.conf" --mktun && ip -n "$ROUTER" link set nat64 up &&
		ip -n "$ROUTER" route add $SERVER_AS4 dev nat64 && ip -n "$ROUTER" -6 route add $PREFIX/96 dev nat64 &&
		spawn tayga in_ns "$ROUTER" $tree/usr/sbin/tayga -c "$TMP/tayga.conf" -d || return
	TAYGA=$PID
	TO=server_as4
	reached
}

undo_tayga()
{
	stop "$TAYGA"
	in_ns "$ROUTER" ip link del nat64
}

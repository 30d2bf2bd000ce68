# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the configurations: how each is made, and unmade so that the next one finds a plain host.
#
# config_NAME may set SOURCE, where the application takes its source address from (source.c), TO, a function
# "TO TEST N" that prints the destination of a test, CONNECTIONS, how many crr makes, and FLAGS, more options
# of the load program, at both ends.

topology()
{
	setup_ns CLIENT SERVER
	link_ns "$CLIENT" eth0 $CLIENT_ADDRESS/64 "$SERVER" eth0 $SERVER_ADDRESS/64
	route "$CLIENT" "$SERVER" 2001:db8:5::/64 $ROUTED_SSA/64
	route "$SERVER" "$CLIENT" 2001:db8:c::/64 $ROUTED_EA/64
	in_ns "$CLIENT" ping -6 -c 1 -W 5 $SERVER_ADDRESS >/dev/null || bail "the hosts see each other"
	serve
}

# route FROM TO PREFIX...: FROM reaches PREFIXes by TO's link-local address, whose neighbour entry does not age.
route()
{
	local gateway mac prefix

	gateway=$(ip -n "$2" -j -6 addr show dev eth0 scope link | jq -r '.[].addr_info[]?.local // empty')
	mac=$(ip -n "$2" -j link show dev eth0 | jq -r '.[].address // empty')
	ip -n "$1" neigh replace "$gateway" dev eth0 lladdr "$mac" nud permanent
	for prefix in "${@:3}"; do
		ip -n "$1" -6 route add "$prefix" via "$gateway" dev eth0
	done
}

serve()
{
	spawn_listener server "$SERVER" $PORT "$LOAD" serve $FLAGS $PORT
	SERVER_PID=$PID
}

# A second link between the hosts, in these tables in plain, too.
second_link()
{
	link_ns "$CLIENT" eth1 2001:db8:c2::2/64 "$SERVER" eth1 2001:db8:52::2/64 &&
		ip -n "$CLIENT" -6 route add 2001:db8:52::/64 dev eth1 &&
		ip -n "$SERVER" -6 route add 2001:db8:c2::/64 dev eth1 &&
		in_ns "$CLIENT" ping -6 -c 1 -W 5 2001:db8:52::2 >/dev/null
}

# --- without us ----------------------------------------------------------------------------------------------

config_plain() { ! loaded umx; }
undo_plain() { :; }

# --- umx -----------------------------------------------------------------------------------------------------

config_off() { load umx; restart; }
undo_off() { unload; restart; }

config_ea()
{
	load umx
	ea_on
}

undo_ea()
{
	ea_off
	unload
}

config_ssa()
{
	load umx
	ssa_on
}

undo_ssa()
{
	ssa_off
	unload
}

config_both()
{
	load umx
	ea_on
	ssa_on
}

undo_both()
{
	ea_off
	ssa_off
	unload
}

ea_on()
{
	in_ns "$CLIENT" umctl pool add ea prefix $ROUTED_EA/64 &&
		in_ns "$CLIENT" umctl ea add pool ea
}

ea_off()
{
	in_ns "$CLIENT" umctl ea flush &&
		wait_for in_ns "$CLIENT" umctl pool flush
}

ssa_on()
{
	in_ns "$SERVER" umctl pool add ssa prefix $ROUTED_SSA/64 &&
		in_ns "$SERVER" umctl listener set port $PORT mode das pool ssa
	TO=ssa_to
}

ssa_off()
{
	in_ns "$SERVER" umctl listener flush &&
		wait_for in_ns "$SERVER" umctl pool flush
}

# SSAs for a test, made beforehand: one per connection, warming up included.
ssa_to()
{
	local i n=1

	[ "$1" != crr ] || n=$(($2 + $2 / 10))
	for ((i = 0; i < n; i++)); do
		echo "ssa add port $PORT lifetime 3600"
	done >"$TMP/batch"
	in_ns "$SERVER" umctl -b "$TMP/batch" >"$TMP/to" || return
	[ "$(wc -l <"$TMP/to")" = "$n" ] || return
	echo "@$TMP/to"
}

# The server's sockets are as old as the configuration: a listener made before the modules came is not theirs.
restart()
{
	stop "$SERVER_PID"
	serve
}

unload()
{
	wait_for rmmod umx && wait_for rmmod umx_tcp
}

# --- umx_preserve --------------------------------------------------------------------------------------------

config_idle() { load umx_preserve && restart; }

undo_idle() { unload_preserve && restart; }

config_preserve()
{
	config_idle &&
		in_ns "$CLIENT" umctl preserve on && in_ns "$SERVER" umctl preserve on
}

# Nobody believes a figure of connections that were plain.
undo_preserve()
{
	[ "$(counter "$SERVER" agreed preserve stats show)" -gt "$CONNECTIONS" ] || bail "connections with a set"
	in_ns "$CLIENT" umctl preserve off && in_ns "$SERVER" umctl preserve off && undo_idle
}

unload_preserve()
{
	wait_for -t 90 rmmod umx_preserve && wait_for rmmod umx_tcp
}

# The thesis's form of the same.
config_thesis()
{
	config_preserve && in_ns "$CLIENT" umctl preserve set option thesis
}

undo_thesis() { undo_preserve; }

# The kernel's own answer to the same question: a subflow on the second link.
config_mptcp()
{
	in_ns "$SERVER" ip mptcp limits set subflow 1 add_addr_accepted 1 &&
		in_ns "$CLIENT" ip mptcp limits set subflow 1 add_addr_accepted 1 &&
		in_ns "$SERVER" ip mptcp endpoint add 2001:db8:52::2 signal &&
		FLAGS=-m && restart
}

undo_mptcp()
{
	in_ns "$SERVER" ip mptcp endpoint flush
	FLAGS='' && restart
}

# --- umx_bis -------------------------------------------------------------------------------------------------

config_bis_idle() { load umx_bis; }
undo_bis_idle() { wait_for rmmod umx_bis; }

# The same path, and a program that knows IPv4 only.
config_bis()
{
	load umx_bis && ip -n "$CLIENT" addr add 2001:db8:c::46/64 dev eth0 nodad preferred_lft 0 &&
		in_ns "$CLIENT" umctl bis spool add 198.18.0.0/15 source 2001:db8:c::46 incoming refuse &&
		in_ns "$CLIENT" umctl bis map add 198.18.0.10 $SERVER_ADDRESS || return
	TO=bis_to
}

bis_to() { echo 198.18.0.10; }

undo_bis()
{
	in_ns "$CLIENT" umctl bis spool del && ip -n "$CLIENT" link del bis0 &&
		ip -n "$CLIENT" addr del 2001:db8:c::46/64 dev eth0 && wait_for rmmod umx_bis
}

# Chains where IPv4 sends and receives: every packet passes the device.
config_bis_rules()
{
	config_bis && in_ns "$CLIENT" nft 'add table ip bench' &&
		in_ns "$CLIENT" nft 'add chain ip bench out { type filter hook postrouting priority 0; }' &&
		in_ns "$CLIENT" nft 'add chain ip bench in { type filter hook prerouting priority 0; }'
}

undo_bis_rules()
{
	in_ns "$CLIENT" nft 'delete table ip bench' && undo_bis
}

# --- peers ---------------------------------------------------------------------------------------------------

config_snat()
{
	in_ns "$CLIENT" nft -f - <<-NFT
	table ip6 bench {
		chain post {
			type nat hook postrouting priority srcnat
			oifname eth0 snat to 2001:db8:ea::1-2001:db8:ea:0:ffff:ffff:ffff:ffff fully-random
		}
	}
	NFT
}

undo_snat()
{
	in_ns "$CLIENT" nft flush ruleset &&
		rmmod_conntrack
}

config_conntrack()
{
	in_ns "$CLIENT" nft -f - <<-NFT
	table ip6 bench {
		chain out {
			type filter hook output priority filter
			ct state new,established accept
		}
	}
	NFT
}

undo_conntrack() { undo_snat; }

# The table's modules stay loaded otherwise, with hooks of their own.
rmmod_conntrack()
{
	wait_for modprobe -r nft_ct nft_nat nft_chain_nat nf_tables nf_nat nf_conntrack
}

config_freebind()
{
	ip -n "$CLIENT" -6 route add local $ROUTED_EA/64 dev lo
	SOURCE=freebind,$ROUTED_EA
}

undo_freebind() { ip -n "$CLIENT" -6 route del local $ROUTED_EA/64 dev lo; }

config_address() { SOURCE=address,eth0,$ROUTED_EA CONNECTIONS=500; }
undo_address() { :; }

config_thousand()
{
	local i

	CONNECTIONS=100
	for ((i = 0; i < 1000; i++)); do
		printf 'addr add 2001:db8:c:0:1::%x/128 dev eth0 nodad noprefixroute\n' $((i + 1))
	done | ip -n "$CLIENT" -6 -batch -
}

undo_thousand() { ip -n "$CLIENT" -6 addr flush dev eth0 to 2001:db8:c:0:1::/80; }

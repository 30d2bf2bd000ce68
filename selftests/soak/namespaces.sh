#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the soak of network namespaces that are deleted while connections come and go in them, before, after
# and while the program that makes these ends.
#
# As in the test of umx_tcp each has one end of a veth pair whose other end is in $PLAIN, and is gone when that is.

. "$(dirname "$0")/world.sh"
setup_ns PLAIN
rounds=$(scaled 100)

# no_probe: what was deleted has been taken apart
no_probe()
{
	! prints ' [cs][0-9]+@' ip -n "$PLAIN" -o link show
}

doom()
{
	local ns

	setup_ns CLIENT SERVER
	link_ns "$CLIENT" eth0 2001:db8::1/64 "$SERVER" eth0 2001:db8::2/64
	ip -n "$CLIENT" route add 2001:db8:55a::/64 via 2001:db8::2
	ip -n "$SERVER" route add 2001:db8:ea::/64 via 2001:db8::1
	# orphans whose peer has gone would keep a namespace for minutes, umx or not
	for ns in "$CLIENT" "$SERVER"; do
		in_ns "$ns" sysctl -qw net.ipv4.tcp_orphan_retries=1
	done
	ip link add probe netns "$CLIENT" type veth peer name "c$1" netns "$PLAIN"
	ip link add probe netns "$SERVER" type veth peer name "s$1" netns "$PLAIN"
	export CLIENT SERVER
	roads
	rules
	beside
	rough 0
	feed 0
	wait_for -t 30 all_used && move_some 8
}

gone=0
for ((i = 1; i <= rounds; i++)); do
	doom "$i" || { diag "round $i: something is not used: $(usage)"; break; }
	case $((i % 3)) in
	0)	stop "$PID" KILL
		del_ns "$CLIENT"
		del_ns "$SERVER" ;;
	1)	del_ns "$SERVER"
		del_ns "$CLIENT"
		stop "$PID" KILL ;;
	2)	del_ns "$CLIENT"
		stop "$PID" KILL
		del_ns "$SERVER" ;;
	esac
	wait_for -t 30 no_probe || { diag "round $i: $(ip -n "$PLAIN" -o link show)"; break; }
	gone=$i
	diag "round $i: gone after $SECONDS s"
done
is "rounds after which both namespaces were gone" "$gone" "$rounds"
for m in $MODULES; do
	ok "$m unloads" wait_for rmmod "$m"
done
finish

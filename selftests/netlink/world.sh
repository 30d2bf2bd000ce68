# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the namespace the netlink tests send to, with something of everything in it.
#
#   [ $NS ] lo; pools ea 2001:db8:1:ea::/64, ssa 2001:db8:2:55a::/64; a rule; a limit; port 80 in mode das with two SSAs;
#           port 82 in mode auto with a server; a rule of umx_anycast; a prefix excluded and one with a key of
#           umx_preserve; a spool with a pair, a mapping and a prefix of umx_bis

. "$(dirname "$0")/../lib.sh"
need umctl jq

world()
{
	load umx umx_anycast umx_preserve umx_bis
	setup_ns NS
	(umask 077; echo 00112233445566778899aabbccddeeff >"$TMP/key")
	umctl -n "$NS" -b - <<-BATCH >/dev/null || bail "there is something to be left alone"
		pool add ea prefix 2001:db8:1:ea::/64
		pool add ssa prefix 2001:db8:2:55a::/64
		ea add pool ea to 2001:db8:80::/48
		listener set port 80 mode das pool ssa
		ssa add port 80 addr 2001:db8:2:55a::77 lifetime 6000
		ssa add port 80 lifetime 6000
		listener set port 82 mode auto pool ssa
		limit set uid 5 ea 100
		anycast on addr 2001:db8:5::
		preserve exclude add 2001:db8:e::/48
		preserve key add 2001:db8:e::/48 file $TMP/key
		bis spool add 198.18.0.0/15 source 2001:db8::46
		bis map add 198.18.0.10 2001:db8:b::1
		bis eam add 192.0.2.0/24 2001:db8:b:1::/120
		bis prefix add 2001:db8:b:2::/96
	BATCH
	spawn_listener auto "$NS" 82 python3 ../umx/peer.py serve -backlog=8 82
	wait_for prints '"ready":8' umctl -n "$NS" -j listener show || bail "eight SSAs are ready"
}

# snapshot: everything that is configured or lives, but what moves by itself
snapshot()
{
	printf '%s show\n' pool ea limit listener ssa addr session anycast "preserve exclude" "preserve key" "bis spool" \
		"bis map" "bis eam" "bis prefix" preserve | umctl -n "$NS" -j -b - |
		jq -c 'map(del(.stats, .next, .hits, .lifetime, .age, .ea_live, .ssa_live))'
}

# leave: nothing of it holds a module
leave()
{
	like "drain --abort leaves nothing" "$(umctl -n "$NS" drain --abort)" 'sessions 0 closing 0'
	is "no address is live" "$(umctl -n "$NS" -j addr show)" "[]"
	umctl -n "$NS" preserve off abort
	for m in umx_preserve umx umx_udp umx_tcp umx_anycast umx_bis; do
		ok "$m unloads" wait_for rmmod $m
	done
}

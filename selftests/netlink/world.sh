# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the namespace the netlink tests send to, with something of everything in it.
#
#   [ $NS ] lo; pools ea 2001:db8:1:ea::/64, ssa 2001:db8:2:55a::/64; a rule; a limit; port 80 in mode das with two SSAs;
#           port 82 in mode auto with a server; a rule of umx_anycast

. "$(dirname "$0")/../lib.sh"
need umctl jq

world()
{
	load umx umx_anycast
	setup_ns NS
	umctl -n "$NS" -b - <<-'BATCH' >/dev/null || bail "there is something to be left alone"
		pool add ea prefix 2001:db8:1:ea::/64
		pool add ssa prefix 2001:db8:2:55a::/64
		ea add pool ea to 2001:db8:80::/48
		listener set port 80 mode das pool ssa
		ssa add port 80 addr 2001:db8:2:55a::77 lifetime 6000
		ssa add port 80 lifetime 6000
		listener set port 82 mode auto pool ssa
		limit set uid 5 ea 100
		anycast on addr 2001:db8:5::
	BATCH
	spawn_listener auto "$NS" 82 python3 ../umx/peer.py serve -backlog=8 82
	wait_for prints '"ready":8' umctl -n "$NS" -j listener show || bail "eight SSAs are ready"
}

# snapshot: everything that is configured or lives, but what moves by itself
snapshot()
{
	printf '%s show\n' pool ea limit listener ssa addr session anycast | umctl -n "$NS" -j -b - |
		jq -c 'map(del(.stats, .next, .hits, .lifetime, .age, .ea_live, .ssa_live))'
}

# leave: nothing of it holds a module
leave()
{
	like "drain --abort leaves nothing" "$(umctl -n "$NS" drain --abort)" 'sessions 0 closing 0'
	is "no address is live" "$(umctl -n "$NS" -j addr show)" "[]"
	ok "umx unloads" rmmod umx
	wait_for [ "$(cat /sys/module/umx_tcp/refcnt)" = 0 ]
	ok "umx_tcp unloads" rmmod umx_tcp
	ok "umx_anycast unloads" rmmod umx_anycast
}

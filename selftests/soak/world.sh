# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what the parts of the soak share: how much of it is wanted, and the hosts of mix.py.
#
# The world is that of the tests of umx_tcp, and the server has a second pool, which the client reaches from its legacy
# address: 2001:db8:55a:1::/64. Ports 100 to 103 are in mode das. 2001:db8:b1ac::/48 answers nothing.
#
# With the modules beside umx the client's UDP sockets have EAs, too; sessions of both hosts have an address of a second
# pool to move to, 2001:db8:ea:1::/64 the client's; and 198.18.0.10 is the server to IPv4-only programs of the client,
# who speak from 2001:db8::46.

. "$(dirname "$0")/../umx_tcp/world.sh"
export PYTHONPATH=$HERE/../umx_tcp TMP

# scaled N: that many in a whole soak; $SOAK_PERCENT of it are wanted.
scaled()
{
	local n=$(($1 * ${SOAK_PERCENT:-100} / 100))

	echo $((n > 0 ? n : 1))
}

# roads: between $CLIENT and $SERVER; once per pair of namespaces.
roads()
{
	ip -n "$CLIENT" route add 2001:db8:55a:1::/64 via 2001:db8::2
	ip -n "$CLIENT" route add 2001:db8:b1ac::/48 via 2001:db8::2
	ip -n "$SERVER" route add blackhole 2001:db8:b1ac::/48
	ip -n "$SERVER" route add 2001:db8:ea:1::/64 via 2001:db8::1
	ip -n "$CLIENT" addr add 2001:db8::46/64 dev eth0 nodad preferred_lft 0
}

# rules: the modules and the policy, again after every unload.
rules()
{
	load umx
	umctl -n "$CLIENT" -b - <<-'BATCH' || bail "the client can be configured"
		pool add ea prefix 2001:db8:ea::/64
		ea add legacy to 2001:db8:55a:1::/64
		ea add pool ea
	BATCH
	umctl -n "$SERVER" -b - <<-'BATCH' || bail "the server can be configured"
		pool add ssa prefix 2001:db8:55a::/64
		pool add plain prefix 2001:db8:55a:1::/64
		listener set port 100 mode das pool ssa
		listener set port 101 mode das pool ssa
		listener set port 102 mode das pool ssa
		listener set port 103 mode das pool ssa
	BATCH
}

# beside: the other modules and theirs, after rules.
beside()
{
	load umx_anycast umx_preserve umx_bis
	umctl -n "$CLIENT" -b - <<-'BATCH' >/dev/null || bail "the client can be configured further"
		pool add spare prefix 2001:db8:ea:1::/64
		ea add pool ea proto udp
		preserve on
		bis spool add 198.18.0.0/15 source 2001:db8::46
		bis map add 198.18.0.10 2001:db8::2
	BATCH
	umctl -n "$SERVER" -b - <<-'BATCH' || bail "the server can be configured further"
		anycast on
		preserve on
	BATCH
}

# move_some MAX: so many sessions at most move that can, by either end.
move_some()
{
	local ns id

	for ns in "$CLIENT" "$SERVER"; do
		for id in $(umctl -n "$ns" -j preserve session show | jq '.[].id' | shuf -n $(($1 / 2))); do
			umctl -n "$ns" preserve session move "$id" next 2>/dev/null
		done
	done
	return 0
}

# let_go: nothing that is left of a session holds a module.
let_go()
{
	local ns

	for ns in "$CLIENT" "$SERVER"; do
		! loaded umx_preserve || umctl -n "$ns" preserve off abort
		! loaded umx || umctl -n "$ns" drain --abort
	done >"$TMP/drain"
}

# away [MODULE...]: let go of what is loaded and unload it, in this order; who listens meanwhile is asked again. Prints
# what cannot be unloaded.
MODULES="umx_preserve umx umx_udp umx_bis umx_anycast umx_tcp"
away()
{
	local m

	# shellcheck disable=SC2086
	[ $# -gt 0 ] || set -- $MODULES
	for m; do
		! loaded "$m" || wait_for goes "$m" || { rmmod "$m" 2>&1; lsmod | grep '^umx'; return 1; }
	done
}

goes()
{
	let_go
	rmmod "$1"
}

# feed WORKER: SSAs for a rough worker.
feed()
{
	yes "ssa add port $((100 + $1))"$'\n'"ssa add port $((100 + $1)) pool plain" | head -n 40 | umctl -n "$SERVER" -b - >"$TMP/ssas.new" 2>/dev/null
	mv "$TMP/ssas.new" "$TMP/ssas.$1"
}

# rough WORKER [short]: connections in the background, whatever comes of them; the pid is in $PID. With "short" one in
# a hundred of the process's allocations may fail.
rough()
{
	spawn "mix$1" python3 -u "$HERE/mix.py" "$1" rough "${@:2}"
	wait_for grep -q ready "$TMP/mix$1" || bail "mix.py runs: $(cat "$TMP/mix$1")"
}

# used: EAs and SSAs have been used since the counters began.
used()
{
	[ "$(counter "$CLIENT" ea_created)" -ge 5 ] && [ "$(counter "$SERVER" ssa_claimed)" -ge 1 ]
}

# all_used: so has everything else.
all_used()
{
	used && [ "$(counter "$CLIENT" udp_created)" -ge 1 ] &&
		[ "$(counter "$CLIENT" agreed preserve stats show)" -ge 1 ] &&
		[ "$(counter "$CLIENT" spare_created)" -ge 1 ] &&
		[ "$(counter "$CLIENT" in_packets bis stats show)" -ge 1 ]
}

# usage: what all_used looks at.
usage()
{
	counters "$CLIENT"
	counters "$SERVER"
	umctl -n "$CLIENT" preserve stats show
	umctl -n "$CLIENT" bis stats show
	umctl -n "$SERVER" preserve stats show
}

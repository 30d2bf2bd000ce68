# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what the parts of the soak share: how much of it is wanted, and the hosts of mix.py.
#
# The world is that of the tests of umx_tcp, and the server has a second pool, which the client reaches from its legacy
# address: 2001:db8:55a:1::/64. Ports 100 to 103 are in mode das. 2001:db8:b1ac::/48 answers nothing.

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

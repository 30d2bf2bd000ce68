# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what the tests of umx_tcp share: a client, a server, a namespace that knows nothing of umx, and
# the proof that nothing is left of a session.
#
#   [ $CLIENT ] 2001:db8::1 ---- 2001:db8::2 [ $SERVER ]          [ $PLAIN ] lo only
#    pool ea  2001:db8:ea::/64    pool ssa 2001:db8:55a::/64
#    every connect() gets an EA   ports 80 and 443 in mode das
#
# umx_tcp has no policy of its own, so that it is driven through umx.

. "$(dirname "$0")/../lib.sh"
need umctl jq python3

HERE=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH=$HERE PYTHONDONTWRITEBYTECODE=1

# world: the namespaces and links; configure: the modules and the policy, again after every unload.
world()
{
	setup_ns CLIENT SERVER PLAIN
	link_ns "$CLIENT" eth0 2001:db8::1/64 "$SERVER" eth0 2001:db8::2/64
	ip -n "$CLIENT" addr add 192.0.2.1/24 dev eth0
	ip -n "$SERVER" addr add 192.0.2.2/24 dev eth0
	ip -n "$CLIENT" route add 2001:db8:55a::/64 via 2001:db8::2
	ip -n "$SERVER" route add 2001:db8:ea::/64 via 2001:db8::1
	export CLIENT SERVER PLAIN
}

configure()
{
	load umx
	umctl -n "$CLIENT" -b - <<-'BATCH' || bail "the client can be configured"
		pool add ea prefix 2001:db8:ea::/64
		ea add pool ea
	BATCH
	umctl -n "$SERVER" -b - <<-'BATCH' || bail "the server can be configured"
		pool add ssa prefix 2001:db8:55a::/64
		listener set port 80 mode das pool ssa
		listener set port 443 mode das pool ssa
	BATCH
}

# ssas N PORT [WORD...]: N fresh addresses, one a line.
ssas()
{
	local n=$1
	shift
	yes "ssa add port $*" | head -n "$n" | umctl -n "$SERVER" -b -
}

# live NS [STATE]: how many addresses are live there.
live()
{
	umctl -j -n "$1" addr show ${2:+state "$2"} | jq length
}

# none_valid: no session is bound and no SSA waits, on either side. To be used with wait_for.
none_valid()
{
	[ "$(live "$CLIENT" valid)" = 0 ] && [ "$(live "$SERVER" valid)" = 0 ]
}

# refs: sockets that hold umx_tcp, over all namespaces; those of umx itself do not count.
refs()
{
	echo "$(($(cat /sys/module/umx_tcp/refcnt) - 1))"
}

# unheld: no socket holds umx_tcp. To be used with wait_for.
unheld()
{
	[ "$(refs)" = 0 ]
}

# unload TEXT: the sessions have ended: nothing is left of them, and both modules can go.
unload()
{
	local ns created released

	wait_for none_valid
	is "$1: no address is VALID" "$(for ns in "$CLIENT" "$SERVER"; do umctl -n "$ns" addr show state valid; done | head -n 5)" ""
	for ns in "$CLIENT" "$SERVER"; do
		umctl -n "$ns" drain >"$TMP/drain" || bail "$1: drain"
		is "$1: no address is live after the drain" "$(umctl -n "$ns" addr show | head -n 5)" "" || diag "$(cat "$TMP/drain")"
		created=$(($(counter "$ns" ea_created) + $(counter "$ns" ssa_claimed)))
		released=$(($(counter "$ns" ea_released) + $(counter "$ns" ssa_released)))
		is "$1: each of $created sessions was released once" "$released" "$created"
	done
	wait_for unheld
	ok "$1: umx unloads, $(lsmod | awk '$1 ~ /^umx/ { printf "%s %s ", $1, $3 }')" rmmod umx
	ok "$1: umx_tcp unloads" rmmod umx_tcp
}

# py [ARG...] <<'PY': points stated by a program in python that knows pair.py.
py()
{
	points python3 -u - "$@"
}

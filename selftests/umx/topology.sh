# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the hosts most tests of umx.ko play on, and shorthands for asking about them.
#
#   [ $CLIENT ]eth0 ------------ eth0[ $ROUTER ]eth1 ------------ eth0[ $SERVER ]
#    2001:db8:c::1                ::fe  eth2  ::fe                 2001:db8:5::1
#    10.0.1.1                           |                          10.0.2.1
#    pool ea 2001:db8:ea::/64           | 2001:db8:d::/64          pool ssa 2001:db8:55a::/64
#    routed to it                       |                          routed to it
#                                 eth0[ $STRANGER ] 2001:db8:d::1

. "$(dirname "$0")/../lib.sh"

here=$(cd "$(dirname "$0")" && pwd)
C=2001:db8:c::1 S=2001:db8:5::1 D=2001:db8:d::1
EA=2001:db8:ea:0 SSA=2001:db8:55a:0
IN_EA='^2001:db8:ea:' IN_SSA='^2001:db8:55a:'

topology()
{
	need umctl jq python3
	load umx
	setup_ns CLIENT ROUTER SERVER STRANGER
	link_ns "$CLIENT" eth0 $C/64 "$ROUTER" eth0 2001:db8:c::fe/64
	link_ns "$ROUTER" eth1 2001:db8:5::fe/64 "$SERVER" eth0 $S/64
	link_ns "$ROUTER" eth2 2001:db8:d::fe/64 "$STRANGER" eth0 $D/64
	router_ns "$ROUTER"
	ip -n "$CLIENT" route add default via 2001:db8:c::fe
	ip -n "$SERVER" route add default via 2001:db8:5::fe
	ip -n "$STRANGER" route add default via 2001:db8:d::fe
	ip -n "$ROUTER" route add 2001:db8:ea::/48 via $C
	ip -n "$ROUTER" route add 2001:db8:55a::/48 via $S
	ip -n "$CLIENT" addr add 10.0.1.1/24 dev eth0
	ip -n "$ROUTER" addr add 10.0.1.254/24 dev eth0
	ip -n "$ROUTER" addr add 10.0.2.254/24 dev eth1
	ip -n "$SERVER" addr add 10.0.2.1/24 dev eth0
	ip -n "$CLIENT" -4 route add default via 10.0.1.254
	ip -n "$SERVER" -4 route add default via 10.0.2.254
}

# pool_ea: the client's pool, and a rule that draws from it for every destination. pool_ssa: the server's.
pool_ea()
{
	umctl -n "$CLIENT" pool add ea prefix 2001:db8:ea::/64 "$@" || bail "the client's pool can be added"
	umctl -n "$CLIENT" ea add pool ea || bail "a rule can be added"
}

pool_ssa()
{
	umctl -n "$SERVER" pool add ssa prefix 2001:db8:55a::/64 "$@" || bail "the server's pool can be added"
}

# c, s WORD...: umctl for the client, for the server.
c()
{
	umctl -n "$CLIENT" "$@"
}

s()
{
	umctl -n "$SERVER" "$@"
}

# ssa WORD...: a new SSA of the server.
ssa()
{
	umctl -n "$SERVER" ssa add "$@"
}

# peer NS WORD...: see peer.py.
peer()
{
	local ns=$1

	shift
	ip netns exec "$ns" python3 "$here/peer.py" "$@"
}

# serve NAME NS PORT [WORD...]: a server in the background; its pid in $PID.
serve()
{
	local name=$1 ns=$2 port=$3

	shift 3
	spawn_listener "$name" "$ns" "$port" python3 "$here/peer.py" serve "$@" "$port"
}

# hold NAME NS ADDR PORT [OPTION...] [WORD...]: a connection in the background that is up when this returns, does
# the words and stays; its own address is in $LOCAL, its port in $LPORT, its pid in $PID.
hold()
{
	local name=$1 ns=$2 addr=$3 port=$4 then=()

	shift 4
	while [ $# -gt 0 ] && [[ ${!#} != -* ]]; do
		then=("${!#}" "${then[@]}")
		set -- "${@:1:$#-1}"
	done
	: >"$TMP/$name"
	spawn "$name" in_ns "$ns" python3 "$here/peer.py" call "$@" "$addr" "$port" name echo "${then[@]}" hold
	wait_for grep -q echoed "$TMP/$name" || bail "$name is connected: $(cat "$TMP/$name")"
	read -r LOCAL LPORT <"$TMP/$name"
}

# drop NS MATCH: packets that come in and match are lost, until "nft flush ruleset".
drop()
{
	printf 'table ip6 lost {\nchain in {\ntype filter hook prerouting priority -300\n%s counter drop\n}\n}\n' "$2" |
		in_ns "$1" nft -f - || bail "nft takes $2"
}

# live NS: how many addresses live there.
live()
{
	umctl -n "$1" -j addr show | jq length
}

none_live()
{
	[ "$(live "$1")" = 0 ]
}

state_is()
{
	umctl -n "$1" -j addr show | jq -e --arg a "$2" --arg s "$3" 'any(.[]; .address == $a and .state == $s)'
}

# counts NS NAME MORE COMMAND...: run COMMAND; did counter NAME grow by MORE (by a number or more, with +)?
counts()
{
	local ns=$1 name=$2 more=$3 before after

	shift 3
	before=$(counter "$ns" "$name")
	"$@" >/dev/null 2>&1
	after=$(counter "$ns" "$name")
	if [[ $more == *+ ]]; then
		[ $((after - before)) -ge "${more%+}" ]
	else
		[ $((after - before)) = "$more" ]
	fi || {
		echo "$name: $before -> $after, wanted $more more"
		return 1
	}
}

# capture NAME IF FILTER: print what passes the router's IF from now on to $TMP/NAME. captured NAME IF [REGEX]: how
# many packets (that match) have been seen so far; a marker from the host on that link comes after all it has sent.
capture()
{
	spawn "$1" in_ns "$ROUTER" tcpdump -lni "$2" --immediate-mode "($3) or udp dst port 9999"
	wait_for grep -q 'listening on' "$TMP/$1" || bail "tcpdump runs: $(cat "$TMP/$1")"
}

mark()
{
	local n host

	case $2 in
	eth0) host=$CLIENT ;;
	eth1) host=$SERVER ;;
	eth2) host=$STRANGER ;;
	esac
	n=$(grep -c '\.9999: ' "$TMP/$1" || :)
	ip netns exec "$host" bash -c 'echo x >/dev/udp/ff02::1%eth0/9999'
	wait_for marked "$1" "$n" || bail "tcpdump sees the marker"
}

marked()
{
	[ "$(grep -c '\.9999: ' "$TMP/$1")" -gt "$2" ]
}

captured()
{
	mark "$1" "$2"
	grep -E ' IP6? .* > ' "$TMP/$1" | grep -v '\.9999: ' | grep -cE "${3:-.}" || :
}

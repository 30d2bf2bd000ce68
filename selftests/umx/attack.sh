# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the attacker of the tests of a hostile network: $STRANGER, what he sends and what he hears.
#
#   [ $STRANGER ]eth0 -------- eth2[ $ROUTER ]eth1 -------- eth0[ $SERVER ]
#    pretends to be everybody in    sends him what the server answers:
#    2001:db8:f000::/36 and         both links are watched
#    198.18.0.0/15

. "$(dirname "$0")/topology.sh"

# A kernel full of checks gets its share of them; no figure is taken from it.
SYNS=$((100000 / SLOW)) RATE=$((20000 / SLOW))

attacker()
{
	topology
	ip -n "$STRANGER" addr add 10.0.3.1/24 dev eth0
	ip -n "$ROUTER" addr add 10.0.3.254/24 dev eth2
	ip -n "$STRANGER" -4 route add default via 10.0.3.254
	ip -n "$ROUTER" route add 2001:db8:f000::/36 via $D
	ip -n "$ROUTER" route add 198.18.0.0/15 via 10.0.3.1
	ROUTER_MAC=$(in_ns "$ROUTER" cat /sys/class/net/eth2/address)
	# neighbours know each other before anybody counts packets
	in_ns "$STRANGER" ping -c 1 -W 5 $S >/dev/null || bail "the stranger reaches the server"
	in_ns "$STRANGER" ping -c 1 -W 5 10.0.2.1 >/dev/null || bail "the stranger reaches the server over IPv4"
	in_ns "$CLIENT" ping -c 1 -W 5 $S >/dev/null || bail "the client reaches the server"
}

# attack OPTION... DESTINATION PORT: segments with forged sources, see segment.c; prints how many, and in how many ms.
# spawn_attack NAME WORD...: the same in the background.
attack()
{
	in_ns "$STRANGER" "$here/../wire/segment" "${@:1:$#-2}" eth0 "$ROUTER_MAC" "${@: -2}"
}

spawn_attack()
{
	local name=$1

	shift
	spawn "$name" in_ns "$STRANGER" "$here/../wire/segment" "${@:1:$#-2}" eth0 "$ROUTER_MAC" "${@: -2}"
}

# paced TEXT LINE: it says that all SYNs were sent, and how fast. An emulator on a busy machine does not keep the pace,
# neither does the server it emulates.
paced()
{
	local n ms

	read -r n ms <<<"$2"
	is "$1: all SYNs were sent" "$n" "$SYNS"
	ok "$1: at $((n * 1000 / (ms + 1))) a second" [ $((n * 1000 / (ms + 1))) -ge $((RATE / 20)) ]
}

# watch: what the server says from now on on TCP, UDP and ICMPv6, neighbour discovery apart, on both links. heard
# [REGEX]: how many packets (that match) that was.
watched=()
watch()
{
	local if pid

	for pid in "${watched[@]}"; do
		stop "$pid"
	done
	watched=()
	for if in eth1 eth2; do
		capture "watch-$if" $if "(src net 2001:db8:55a::/48 or ((src host $S or src host 10.0.2.1) and \
not (icmp6 and (ip6[40] == 135 or ip6[40] == 136)))) and not udp port 9999"
		watched+=("$PID")
	done
}

heard()
{
	echo $(($(captured watch-eth1 eth1 "$@") + $(captured watch-eth2 eth2 "$@")))
}

# said: for the reader, the first of it.
said()
{
	diag "$(grep -hE ' IP6? ' "$TMP/watch-eth1" | grep -v '\.9999: ' | head -n 8)"
}

# drops NS: how many packets it has dropped, for all reasons together.
drops()
{
	umctl -n "$1" -j stats show | jq '[.[] | select(.kind == "drop") | .value] | add'
}

# why NS BEFORE: for the reader, the counters that have changed since "counters NS" printed BEFORE.
why()
{
	diag "$(diff <(echo "$2") <(counters "$1") | grep '^[<>]')"
}

# exactly TEXT NS COMMAND...: COMMAND prints how many packets it has sent; so many has NS dropped, and counted.
exactly()
{
	local text=$1 ns=$2 before all sent

	shift 2
	before=$(drops "$ns") all=$(counters "$ns")
	sent=$("$@" | awk 'NR == 1 { print $1 }')
	wait_for still drops "$ns"
	is "$text: each of ${sent:-no} counted by its reason" "$(($(drops "$ns") - before))" "${sent:-some}" ||
		why "$ns" "$all"
}

# still COMMAND...: it prints the same twice.
still()
{
	local first

	first=$("$@")
	sleep 0.1
	[ "$("$@")" = "$first" ]
}

# client NAME PORT N: a client that connects when it is told to, N times; its pid in $PID. go NAME I ADDR: now, for
# the I-th time. went NAME I: what came of it, see stopwatch.py.
client()
{
	local i files=()

	for ((i = 1; i <= $3; i++)); do
		files+=("$TMP/$1.go.$i")
	done
	spawn "$1" in_ns "$CLIENT" python3 "$here/stopwatch.py" $((4 * SLOW)) "$2" "${files[@]}"
	wait_for grep -q ready "$TMP/$1" || bail "a client is ready: $(cat "$TMP/$1")"
}

go()
{
	echo "$3" >"$TMP/$1.go"
	mv "$TMP/$1.go" "$TMP/$1.go.$2"
}

went()
{
	wait_for -t 25 has_lines "$TMP/$1" $(($2 + 1))
	sed -n "$(($2 + 1))p" "$TMP/$1"
}

has_lines()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# arrived: packets that have come in at the server. more_arrived BEFORE N: so many more since.
arrived()
{
	in_ns "$SERVER" cat /sys/class/net/eth0/statistics/rx_packets
}

more_arrived()
{
	[ "$(arrived)" -ge $(($1 + $2)) ]
}

# within TEXT WENT: the client was connected, and within a second (the limit is stretched on a kernel full of checks).
within()
{
	ok "$1: $2 ms" quick "${2%% *}"
}

quick()
{
	[[ $1 =~ ^[0-9]+$ ]] && [ "$1" -le $((1000 * SLOW)) ]
}

# memory NAME: kB of /proc/meminfo. requests: request sockets of TCP over IPv6 in the machine.
memory()
{
	awk -v name="$1:" '$1 == name { print $2 }' /proc/meminfo
}

requests()
{
	awk '$1 == "request_sock_TCPv6" { print $2 }' /proc/slabinfo
}

# sample: keep the extremes of memory in $SLABS_MAX (kB), $AVAILABLE_MIN (kB), $REQUESTS_MAX. sample_from_now: forget
# them; what is now is what later is compared with.
sample()
{
	local slabs available requests

	slabs=$(memory SUnreclaim) available=$(memory MemAvailable) requests=$(requests)
	[ "$slabs" -le "$SLABS_MAX" ] || SLABS_MAX=$slabs
	[ "$available" -ge "$AVAILABLE_MIN" ] || AVAILABLE_MIN=$available
	[ "$requests" -le "$REQUESTS_MAX" ] || REQUESTS_MAX=$requests
}

sample_from_now()
{
	SLABS=$(memory SUnreclaim) AVAILABLE=$(memory MemAvailable)
	SLABS_MAX=$SLABS AVAILABLE_MIN=$AVAILABLE REQUESTS_MAX=0
}

# flat TEXT: it has hardly changed. 100,000 request sockets would take 31 MB.
flat()
{
	local more less

	sample
	more=$((SLABS_MAX - SLABS)) less=$((AVAILABLE - AVAILABLE_MIN))
	diag "$1: at most $more kB of slabs more, $less kB less available, $REQUESTS_MAX request sockets"
	[ "$SLOW" = 1 ] || return 0 # this kernel keeps what was freed for a while
	ok "$1: slabs are flat" [ $more -lt 4096 ]
	ok "$1: available memory is flat" [ $less -lt 16384 ]
	ok "$1: few request sockets" [ "$REQUESTS_MAX" -le 256 ]
}

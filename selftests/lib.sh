# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what the test programs share: TAP, namespaces, links, waiting, background programs, counters.
#
# A test program sources it, states points with ok/not_ok/is/skip, and ends with finish:
#
#	. "$(dirname "$0")/../lib.sh"
#	need tcpdump
#	setup_ns CLIENT SERVER
#	link_ns "$CLIENT" eth0 2001:db8::1/64 "$SERVER" eth0 2001:db8::2/64
#	ok "the server answers" in_ns "$CLIENT" ping -6 -c 1 2001:db8::2
#	finish
#
# Everything made here (namespaces, background programs, the directory $TMP) goes away with the program,
# however it ends. A program that ends without finish has failed.

set -uo pipefail

readonly KSFT_SKIP=4

TMP=$(mktemp -d "${TMPDIR:-/tmp}/umx-test.XXXXXX")
chmod 755 "$TMP"	# servers give up root
lib_pids=()
lib_ns=()
lib_n=0
lib_failed=0
lib_finished=0

# A kernel full of checks is 5 to 10 times slower: limits, not steps, are stretched.
SLOW=1
[ ! -e /sys/kernel/debug/kmemleak ] || SLOW=8

echo "TAP version 13"

# --- points --------------------------------------------------------------------------------------------------

# diag TEXT: a line for the reader.
diag()
{
	local line

	while IFS= read -r line; do
		printf '# %s\n' "$line"
	done <<<"$*"
}

# point STATUS TEXT: one result; everything below ends here.
point()
{
	lib_n=$((lib_n + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d %s\n' "$lib_n" "$2"
	else
		lib_failed=$((lib_failed + 1))
		printf 'not ok %d %s\n' "$lib_n" "$2"
	fi
	return "$1"
}

# ok TEXT COMMAND...: passes when COMMAND succeeds; what it printed is shown when it does not.
ok()
{
	local text=$1 out status=0

	shift
	out=$("$@" 2>&1) || status=$?
	point $((status != 0)) "$text" || diag "$* -> status $status"$'\n'"$out"
	return $((status != 0))
}

# not_ok TEXT COMMAND...: passes when COMMAND fails (but not by a signal or for want of the command).
not_ok()
{
	local text=$1 out status=0

	shift
	out=$("$@" 2>&1) || status=$?
	if [ "$status" = 0 ] || { [ "$status" -ge 126 ] && [ "$status" != 255 ]; }; then
		point 1 "$text" || diag "$* -> status $status"$'\n'"$out"
		return 1
	fi
	point 0 "$text"
}

# status_is TEXT STATUS COMMAND...: passes when COMMAND ends with STATUS; leaves its output in $OUT.
status_is()
{
	local text=$1 wanted=$2 status=0

	shift 2
	OUT=$("$@" 2>&1) || status=$?
	point $((status != wanted)) "$text" || diag "$* -> status $status, not $wanted"$'\n'"$OUT"
	return $((status != wanted))
}

# is TEXT GOT WANTED
is()
{
	if [ "$2" = "$3" ]; then
		point 0 "$1"
	else
		point 1 "$1" || diag "got:    $2"$'\n'"wanted: $3"
		return 1
	fi
}

# like TEXT GOT REGEX (extended)
like()
{
	if [[ $2 =~ $3 ]]; then
		point 0 "$1"
	else
		point 1 "$1" || diag "got:     $2"$'\n'"no match of: $3"
		return 1
	fi
}

# points COMMAND...: its lines "ok TEXT" and "not ok TEXT" become points, all else becomes remarks.
points()
{
	local line status=

	while IFS= read -r line; do
		case $line in
		"ok "*)		point 0 "${line#ok }" ;;
		"not ok "*)	point 1 "${line#not ok }" ;;
		"@status "*)	status=${line#@status } ;;
		*)		diag "$line" ;;
		esac
	done < <("$@" 2>&1; echo "@status $?")
	[ "$status" = 0 ] || point 1 "$1 ended with status $status"
}

# skip TEXT WHY: a point that could not be tried.
skip()
{
	lib_n=$((lib_n + 1))
	printf 'ok %d %s # SKIP %s\n' "$lib_n" "$1" "$2"
}

# ksft_skip WHY: nothing of this program can be tried here.
ksft_skip()
{
	lib_finished=1
	echo "1..0 # SKIP $*"
	exit $KSFT_SKIP
}

# bail WHY: what the rest stands on does not work.
bail()
{
	point 1 "$*" || :
	diag "ended at line ${BASH_LINENO[0]}"
	finish
}

# finish: print the plan, end with the status that says how it went.
finish()
{
	lib_finished=1
	echo "1..$lib_n"
	[ "$lib_failed" = 0 ] || exit 1
	exit 0
}

# need COMMAND...: skip the program when one is missing.
need()
{
	local c

	for c in "$@"; do
		command -v "$c" >/dev/null || ksft_skip "$c is not installed"
	done
}

lib_exit()
{
	local status=$? pid ns

	trap - EXIT
	for pid in ${lib_pids[@]+"${lib_pids[@]}"}; do
		stop "$pid"
	done
	for ns in ${lib_ns[@]+"${lib_ns[@]}"}; do
		ip netns pids "$ns" 2>/dev/null | xargs -r kill -KILL 2>/dev/null
		ip netns delete "$ns" 2>/dev/null
	done
	rm -rf "$TMP"
	if [ "$lib_finished" = 0 ]; then
		echo "not ok $((lib_n + 1)) the program ended before it was done (status $status)"
		exit 1
	fi
	exit "$status"
}
trap lib_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- namespaces and links ------------------------------------------------------------------------------------

# setup_ns VARIABLE...: a namespace each, with a name nobody else has; lo is up, no router advertisements, no
# duplicate address detection to wait for.
setup_ns()
{
	local var ns

	for var in "$@"; do
		ns=$(mktemp -u "${var,,}-XXXXXX")
		ip netns add "$ns" || bail "a namespace can be made"
		lib_ns+=("$ns")
		printf -v "$var" '%s' "$ns"
		ip -n "$ns" link set lo up
		in_ns "$ns" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.default.accept_ra=0
	done
}

# del_ns NAMESPACE: away with it before the end.
del_ns()
{
	local ns rest=()

	ip netns delete "$1" || return
	for ns in "${lib_ns[@]}"; do
		[ "$ns" = "$1" ] || rest+=("$ns")
	done
	lib_ns=(${rest[@]+"${rest[@]}"})
}

in_ns()
{
	ip netns exec "$@"
}

# prints REGEX COMMAND...: the command's output matches the extended regular expression. Not "COMMAND | grep -q":
# grep leaves at the first match, and under pipefail the SIGPIPE of a command still writing would be the answer.
prints()
{
	local regex=$1 out

	shift
	out=$("$@" 2>/dev/null)
	grep -qE -- "$regex" <<<"$out"
}

# link_ns NS1 IF1 ADDRESS1 NS2 IF2 ADDRESS2: a veth pair, up, with addresses (- for none).
link_ns()
{
	ip link add "$2" netns "$1" type veth peer name "$5" netns "$4" || bail "a veth pair can be made"
	[ "$3" = - ] || ip -n "$1" addr add "$3" dev "$2" nodad
	[ "$6" = - ] || ip -n "$4" addr add "$6" dev "$5" nodad
	ip -n "$1" link set "$2" up
	ip -n "$4" link set "$5" up
	wait_for link_ready "$1" "$2"
	wait_for link_ready "$4" "$5"
}

# link_ready NS IF: carrier, and a link-local address that can be used.
link_ready()
{
	prints fe80 ip -n "$1" -6 addr show dev "$2" scope link &&
		! prints inet6 ip -n "$1" -6 addr show dev "$2" tentative
}

# router_ns NAMESPACE: it forwards.
router_ns()
{
	in_ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
}

# not COMMAND...: its opposite, for wait_for.
not()
{
	! "$@"
}

# --- waiting and background programs -------------------------------------------------------------------------

# wait_for [-t SECONDS] COMMAND...: until COMMAND succeeds; false when it has not within SECONDS (10). What is not there
# soon is looked for less often: in an emulator asking is not free.
wait_for()
{
	local limit=10 end pause n=5

	if [ "$1" = -t ]; then
		limit=$2
		shift 2
	fi
	end=$((SECONDS + limit * SLOW))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		printf -v pause '0.%02d' $n
		sleep $pause
		[ $n -ge 40 ] || n=$((n + 5))
	done
}

# spawn NAME COMMAND...: run COMMAND in the background until the end of the test; its output goes to $TMP/NAME,
# its pid to $PID. With "in_ns NS" before it COMMAND is still what the pid names.
spawn()
{
	local log=$TMP/$1

	shift
	if [ "$1" = in_ns ]; then
		shift
		ip netns exec "$@" >"$log" 2>&1 </dev/null &
	else
		"$@" >"$log" 2>&1 </dev/null &
	fi
	PID=$!
	lib_pids+=("$PID")
	[ "$(type -t "$1")" = function ] || until lib_execed "$PID"; do :; done
}

# lib_execed PID: it is no longer the copy of us that fork() made. A signal before that would run our handlers, or be
# lost.
mapfile -d '' lib_cmdline </proc/$$/cmdline
lib_execed()
{
	local cmdline=()

	{ mapfile -d '' cmdline <"/proc/$1/cmdline"; } 2>/dev/null
	[ "${cmdline[*]}" != "${lib_cmdline[*]}" ]
}

# stop PID [SIGNAL]: end what spawn started, and wait for it.
stop()
{
	kill "-${2:-TERM}" "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	return 0
}

# listening NS PORT: somebody listens on that TCP port there. To be used with wait_for.
listening()
{
	prints . in_ns "$1" ss -Hltn "sport = :$2"
}

# spawn_listener NAME NS PORT COMMAND...: a server in NS, listening when this returns.
spawn_listener()
{
	local name=$1 ns=$2 port=$3

	shift 3
	spawn "$name" in_ns "$ns" "$@"
	wait_for listening "$ns" "$port" || bail "$name listens on port $port"
}

# --- umx -----------------------------------------------------------------------------------------------------

# load MODULE...: modprobe, or the end of the program.
load()
{
	local m

	for m in "$@"; do
		modprobe "$m" || bail "module $m can be loaded"
	done
}

# unload MODULE...: none of them is loaded any more. Sockets of programs before may
# hold one: an orphan's or a TIME_WAIT does for a minute.
unload()
{
	local m

	for m in "$@"; do
		! loaded "$m" || wait_for -t 120 rmmod "$m" || return 1
	done
}

# loaded MODULE
loaded()
{
	[ -d "/sys/module/$1" ]
}

# counter NS NAME [WORD...]: the value of one counter umctl WORD... (stats show) prints, 0 when there is none of that
# name.
counter()
{
	local ns=$1 name=$2

	shift 2
	[ $# -gt 0 ] || set -- stats show
	in_ns "$ns" umctl -j "$@" | jq -r --arg n "$name" '[.. | objects | select(.name? == $n) | .value] | add // 0'
}

# counters NS: "name value" of all that are not zero.
counters()
{
	in_ns "$1" umctl -j stats show | jq -r '.. | objects | select(.name? and .value? != 0) | "\(.name) \(.value)"'
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the soak of memory that runs out: failslab refuses the kernel one allocation in a hundred, or one
# allocation after the other of a single request. Whatever fails then fails cleanly; when there is memory again,
# everything works, drains and unloads.

. "$(dirname "$0")/world.sh"
failslab=/sys/kernel/debug/failslab
[ -d $failslab ] || bail "the kernel has failslab: only the debug kernel has"
world
roads

# short TASKS: one allocation in a hundred fails: of those that cannot wait, everybody's (n); every one of the tasks
# that ask for it, and theirs alone (y). plenty: none.
short()
{
	echo 0 >$failslab/verbose
	echo 0xffffffff >$failslab/times
	echo 1 >$failslab/interval
	echo "$1" >$failslab/task-filter
	[ "$1" = n ] && echo Y >$failslab/ignore-gfp-wait || echo N >$failslab/ignore-gfp-wait
	echo 1 >$failslab/probability
}

plenty()
{
	echo 0 >$failslab/probability
}
trap 'status=$?; plenty; (exit $status); lib_exit' EXIT

# works TEXT: everything is as ever.
works()
{
	local w=$1

	plenty
	stop "$mix"
	diag "$(tail -n 1 "$TMP/mix0")"
	let_go
	is "$w: no address is live" "$(live "$CLIENT") $(live "$SERVER")" "0 0"
	ok "$w: the modules unload" away
	rules
	rm -f "$TMP"/seen.* "$TMP/go"
	touch "$TMP/go"
	points python3 -u "$HERE/mix.py" 3 50
	beside
	rough 0
	mix=$PID
	feed 0
	ok "$w: all of it is used" wait_for -t 30 all_used || diag "$(usage)"
	move_some 8
	stop "$mix"
	ok "$w: the modules unload again" away
}

# strain SECONDS: connections and SSAs, for so long.
strain()
{
	local end=$((SECONDS + $1)) n=0

	while [ $SECONDS -lt $end ]; do
		feed 0
		[ $((n++ % 10)) != 0 ] || move_some 8
		umctl -n "$CLIENT" bis map add 198.18.1.1 2001:db8:b::1 2>/dev/null
		umctl -n "$CLIENT" bis map lease 2001:db8:b::$((n % 1000 + 2)) 2>/dev/null
		umctl -n "$CLIENT" bis map del 198.18.1.1 2>/dev/null
		umctl -n "$CLIENT" bis eam add 192.0.2.0/24 2001:db8:b:1::/120 2>/dev/null
		umctl -n "$CLIENT" bis eam del 192.0.2.0/24 2>/dev/null
		umctl -n "$CLIENT" preserve exclude add 2001:db8:e::/48 2>/dev/null
		umctl -n "$CLIENT" preserve exclude del 2001:db8:e::/48 2>/dev/null
		umctl -n "$SERVER" ssa del port 103 2>/dev/null
		umctl -n "$CLIENT" ea add legacy to 2001:db8:77::/48 2>/dev/null
		umctl -n "$CLIENT" ea del legacy to 2001:db8:77::/48 2>/dev/null
		umctl -n "$SERVER" listener set port 99 mode das pool ssa 2>/dev/null
		umctl -n "$SERVER" listener set port 99 mode legacy 2>/dev/null
	done >/dev/null
}

# --- one request, each of its allocations ---
rules
beside
echo 0 >$failslab/verbose
echo N >$failslab/ignore-gfp-wait
umctl -n "$SERVER" preserve off
points in_ns "$SERVER" "$HERE/../netlink/nlfuzz" starve
umctl -n "$SERVER" preserve on
py <<'PY'
from pair import *

srv = listener(SERVER, 8080)
with inside(SERVER):
    sink = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
sink.bind(("::", 8080))
nth = os.open("/proc/thread-self/fail-nth", os.O_RDWR)


def starve(text, make, call, left):
    """Each allocation of call() fails in turn, until none is left to fail: each time it refuses or does its work."""
    refused, worked, wrong = set(), 0, []
    for n in range(1, 300):
        s = make()
        os.pwrite(nth, b"%d" % n, 0)
        try:
            call(s)
            worked += 1
        except OSError as e:
            refused.add(errno.errorcode[e.errno])
        rest = int(os.pread(nth, 20, 0).strip(b"\0\n") or 0)
        os.pwrite(nth, b"0", 0)
        reset(s)
        if not wait_for(left, 5):
            wrong.append(n)
        if rest:
            break
    point(n > 1 and rest and not wrong, f"{text}: {n - 1} allocations; worked {worked} times, refused with {sorted(refused)}", wrong)


def dial(s):
    s.connect(("198.18.0.10" if s.family == socket.AF_INET else SERVER6, 8080))
    reset(srv.accept()[0])


def udp():
    with inside(CLIENT):
        return socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)


def again(s):
    for _ in range(2):
        s.connect((SERVER6, 8080))
        s.send(b"x")


def hold(s):
    s.bind(("::", 103))
    s.listen()


def none():
    return not live(CLIENT, "valid")


starve("connect()", lambda: tcp(CLIENT), dial, none)
starve("connect() by IPv4", lambda: tcp(CLIENT, socket.AF_INET), dial, none)
starve("connect() of UDP", udp, again, none)
starve("listen()", lambda: tcp(SERVER), hold, lambda: True)
PY

# --- memory that cannot wait ---
rough 0
mix=$PID
feed 0
ok "connections come and go" wait_for -t 30 all_used
short n
strain $(($(scaled 600)))
works "atomic memory"

# --- all memory of the programs ---
rules
beside
rough 0 short
mix=$PID
short y
for ((i = 0; i < $(scaled 100); i++)); do
	strain 5
	kill -0 "$mix" 2>/dev/null || { plenty; rough 0 short; mix=$PID; short y; }
done
works "all memory of a program"

# --- the test programs ---
# all there are, or one in so many
mapfile -t programs < <(cd "$HERE/.." && find umx umx_* umctl netlink -name '*.sh' -perm -u+x | sort)
percent=${SOAK_PERCENT:-100}
for ((i = 0; i < ${#programs[@]}; i += (99 + percent) / percent)); do
	program=${programs[i]}
	cd "$HERE/../${program%/*}" || bail "$program is there"
	short n
	# it may fail, but must end, and leave nothing that holds a module
	timeout -k 10 2400 "./${program##*/}" >"$TMP/program" 2>&1 </dev/null
	status=$?
	plenty
	point $((status >= 124)) "$program ends: $(grep -c '^ok' "$TMP/program") passed, $(grep -c '^not ok' "$TMP/program") for want of memory" ||
		diag "$(tail -n 20 "$TMP/program")"
	ok "$program: the modules unload" away
done
finish

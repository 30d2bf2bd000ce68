#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests with a third host that is not on the path, and forges whatever it likes: no session moves,
# ends, or learns an address; nothing grows; honest clients are served. The hosts are drawn in topology.sh; $EVIL is
# behind a provider that filters nothing.

. "$(dirname "$0")/topology.sh"
topology
both on
setup_ns EVIL
link_ns "$EVIL" eth0 2001:db8:e::1/64 "$RA" eth3 2001:db8:e::fe/64
ip -n "$EVIL" route add default via 2001:db8:e::fe
ip -n "$RB" route add 2001:db8:e::/64 via 2001:db8:ff::a
ip -n "$RA" route add blackhole 2001:db8:ee::/64
serve

# forge WORD...: attack.py as $EVIL.
forge()
{
	in_ns "$EVIL" python3 "$here/attack.py" "$@"
}

# unmoved TEXT: the session is where it was, and works.
unmoved()
{
	is "$1: the session is where it was" "$(current c), $(current s)" "$A $C, $C $A"
	is "$1: it has not moved" "$(ask c '.[0].moved') $(ask s '.[0].moved')" "0 0"
	say "$1: it works" "${1//[^a-z]/}"
}

# kbytes: what the kernel holds in slabs, and in per-CPU and vmalloc memory.
kbytes()
{
	awk '/^(Slab|Percpu|VmallocUsed):/ { sum += $2 } END { print sum }' /proc/meminfo
}

# grown LIMIT: by less than so many KB, as soon as what is on its way to be freed is.
grown()
{
	[ $(($(kbytes) - memory)) -lt "$1" ]
}

dial "a session"
say "works" before
is "is one" "$(ask c length) $(ask s length)" "1 1"
port=$(ask c '.[0].local_port')

# --- somebody who knows addresses and ports ----------------------------------------------------------------------

before=$(count s in_window)
ok "segments on the alternative pair" forge segments 3000 $B "$port" $D $PORT
unmoved "segments"
ok "were counted" [ "$(count s in_window)" -gt "$before" ]
ok "the same to the client" forge segments 3000 $D $PORT $B "$port"
unmoved "segments to the client"
ok "segments on mixed pairs" forge segments 1000 $B "$port" $C $PORT
unmoved "mixed pairs"
ok "ICMPv6 errors about both pairs" forge errors 1000 2001:db8:a::fe $A "$port" $C $PORT
ok "... the other one" forge errors 1000 2001:db8:b::fe $B "$port" $D $PORT
unmoved "errors"

ok "acceptances and offers to the server" forge options 2000 $A "$port" $C $PORT
ok "... to the client" forge options 2000 $C $PORT $A "$port"
unmoved "options"
is "the addresses are those agreed upon" "$(ask c '.[0].sets | [.local, .peer]')" "[[\"$A\",\"$B\"],[\"$C\",\"$D\"]]"
ok "random bytes to both" forge garbage 2000 $A "$port" $C $PORT
ok "... from the server" forge garbage 2000 $C $PORT $A "$port"
unmoved "random bytes"
ok "were noticed" [ "$(count s malformed)" -gt 0 ]

# What tells the peer of a move is an ACK, which may be lost in all this: then its next segment brings the mover back.
moves()
{
	on_pair s "$D $B" && return
	on_pair c "$B $D" || c session move "$(ask c '.[0].id')" next
	return 1
}
ok "it can still move" wait_for moves
ok "resets and data on the original pair" forge segments 3000 $A "$port" $C $PORT
ok "resets and data on the current pair" forge segments 3000 $B "$port" $D $PORT
is "it stays" "$(current c), $(current s)" "$B $D, $D $B"
say "it works" after

# --- somebody who offers the client's address, in more sets than are asked ---------------------------------------

# Connections to the server from hosts that have $B, too, and each time another address besides.
cat >"$TMP/crowd.py" <<'PY'
import socket, subprocess, sys, time
held = []
for i in range(40):
    address = f"2001:db8:e:0:1::{i + 1:x}/64"
    subprocess.run(["ip", "addr", "add", address, "dev", "eth0", "nodad"], check=True)
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.bind(("2001:db8:e::1", 0))
    s.connect((sys.argv[1], int(sys.argv[2])))
    held.append(s)
    subprocess.run(["ip", "addr", "del", address, "dev", "eth0"], check=True)
print("held", flush=True)
time.sleep(1000)
PY
ip -n "$EVIL" addr add $B/128 dev eth0 nodad
umctl -n "$EVIL" preserve on
umctl -n "$EVIL" preserve set header_max 64 bound on	# room for both addresses
spawn crowd in_ns "$EVIL" python3 "$TMP/crowd.py" $C $PORT
crowd=$PID
ok "40 connections" wait_for -t 60 grep -q held "$TMP/crowd"
ok "their sets have the client's address" [ "$(ask s "map(select(.sets.peer | index(\"$B\"))) | length")" -ge 33 ]
say "a session on that pair goes on" crowded
is "where it was" "$(current c)" "$B $D"
stop "$crowd"
umctl -n "$EVIL" preserve off
ip -n "$EVIL" addr del $B/128 dev eth0

# --- a flood of offers -------------------------------------------------------------------------------------------

forge syns 2000 $C $PORT	# what TCP itself keeps of SYNs is there
memory=$(kbytes)
before=$(count s syn_in)
ok "10,000 SYNs with 28 prefixes each" forge syns 10000 $C $PORT
ok "have arrived" [ $(($(count s syn_in) - before)) -gt 8000 ]
ok "no memory grows" wait_for -t 20 grown 8192
is "there is one session" "$(ask s length)" 1
say "it works" flooded
hang_up
ok "and ends" wait_for -t 20 not sessions

dial "an honest client"
say "is served" honest
hang_up

finish

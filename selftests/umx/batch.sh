#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of packets that come in batches, as network cards deliver them: a stranger's to an address
# whose session's segments are in the same batch meet the gate. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need ethtool tc tcpdump
topology
pool_ssa
cat >"$TMP/echo.py" <<'PY'
import socket
l = socket.create_server(("::", 7), family=socket.AF_INET6)
s = l.accept()[0]
while data := s.recv(65536):
    s.sendall(data)
PY
spawn_listener echo "$SERVER" 7 python3 "$TMP/echo.py"
serve open "$SERVER" 9 -dual
s listener set port 7 mode das pool ssa >/dev/null || bail "port 7 in mode das"

# NAPI on the server's link, which veth has where the other end has no TSO, and packets in bursts
in_ns "$ROUTER" ethtool -K eth1 tso off >/dev/null || bail "the other end can be without TSO"
in_ns "$SERVER" ethtool -K eth0 gro on >/dev/null || bail "the link can have GRO"
tc -n "$ROUTER" qdisc add dev eth1 root netem slot 20ms limit 20000 || bail "netem sends in slots"

spawn wire in_ns "$STRANGER" tcpdump -lni eth0 'ip6 and src net 2001:db8:55a::/48'
wait_for grep -q 'listening on' "$TMP/wire" || bail "tcpdump listens"

address=$(ssa port 7 lifetime 600)
cat >"$TMP/talk.py" <<'PY'
import socket, sys
s = socket.create_connection((sys.argv[1], 7))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
s.settimeout(20)
print("connected", flush=True)
sent = 0
while True:                     # a round: 40 small segments, and their echo
    for _ in range(40):
        s.sendall(b"x" * 10)
    left = 400
    while left:
        left -= len(s.recv(left))
    sent += 40
    print(sent, flush=True)
PY
spawn talk in_ns "$CLIENT" python3 "$TMP/talk.py" "$address"
wait_for grep -q connected "$TMP/talk" || bail "a session"
talking=$PID

said()
{
	tail -n 1 "$TMP/talk"
}

more_said()
{
	[ "$(said)" -gt "$1" ]
}

# counted PREFIX: packets the server's gate has dropped, on that way.
counted()
{
	s -j stats show | jq --arg p "$1" '[.[] | select(.kind == "drop" and (.name | startswith($p))) | .value] | add'
}

# strange TEXT PORT: a stranger's connect()s to the session's address, while it talks.
strange()
{
	local before

	before=$(counted in_)
	in_ns "$STRANGER" python3 - "$address" "$2" >"$TMP/strange" <<-'PY'
	import errno, select, socket, sys, time
	ends = time.monotonic() + 6
	got = set()
	while time.monotonic() < ends:
	    socks = []
	    for _ in range(50):
	        s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
	        s.setblocking(False)
	        s.connect_ex((sys.argv[1], int(sys.argv[2])))
	        socks.append(s)
	        time.sleep(0.001)
	    for s in select.select([], socks, [], 0.1)[1]:
	        got.add(errno.errorcode.get(s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), "connected"))
	    for s in socks:
	        s.close()
	print(*sorted(got))
	PY
	is "$1: nobody is there" "$(cat "$TMP/strange")" ""
	ok "$1: the gate has seen them" [ "$(counted in_)" -gt "$before" ]
}

# datagrams: a stranger's to the session's address, while it talks; to nobody but all of ::.
cat >"$TMP/hear.py" <<'PY'
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", 5000))
print("bound", flush=True)
while True:
    print(s.recv(64).decode(), flush=True)
PY
datagrams()
{
	local before

	before=$(counted in_)
	in_ns "$STRANGER" python3 - "$address" <<-'PY'
	import socket, sys, time
	s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
	ends = time.monotonic() + 6
	while time.monotonic() < ends:
	    s.sendto(b"strange", (sys.argv[1], 5000))
	    time.sleep(0.001)
	PY
	ok "datagrams: the gate has seen them" [ "$(counted in_)" -gt "$((before + 100))" ]
	is "and nobody else" "$(grep -c strange "$TMP/hear")" 0
}

spawn hear in_ns "$SERVER" python3 "$TMP/hear.py"
wait_for grep -q bound "$TMP/hear" || bail "a UDP server"
ok "it talks" wait_for more_said 0
answers=$(counted out_)
strange "an open port" 9
strange "a closed port" 10
strange "the session's port" 7
is "nobody has begun to answer" "$(counted out_)" "$answers"
datagrams
ok "it talks still" wait_for more_said "$(said)"
is "not one packet went to the stranger" "$(grep -c '^[0-9].* IP6' "$TMP/wire")" 0
stop "$talking"

finish

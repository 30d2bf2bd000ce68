#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the ways a server can be built: fork per connection, pre-fork on one socket, SO_REUSEPORT groups,
# epoll, a restart. Each is closed to strangers, and every SSA is good for one connection to one of its processes.

. "$(dirname "$0")/world.sh"
world
configure
umctl -n "$SERVER" listener set port 8080 mode legacy

cat >"$TMP/server.py" <<'PY'
from pair import *
import signal

# Each answers a connection with its pid, then what it gets, until the peer closes.
kind, port = sys.argv[1], int(sys.argv[2])
signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def open_socket():
    s = socket.socket(socket.AF_INET6)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if "reuseport" in kind:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind(("::", port))
    s.listen(64)
    return s


def serve(p):
    p.sendall(b"%d\n" % os.getpid())
    with contextlib.suppress(ConnectionResetError):
        while data := p.recv(4096):
            p.sendall(data)
    p.close()


def loop(s):
    while True:
        p, _ = s.accept()
        serve(p)


def children(n, work):
    for i in range(n):
        if not os.fork():
            work()
    while True:
        signal.pause()


if kind == "fork":
    s = open_socket()
    while True:
        p, _ = s.accept()
        if not os.fork():
            s.close()
            serve(p)
            os._exit(0)
        p.close()
elif kind == "prefork":
    s = open_socket()
    children(3, lambda: loop(s))
elif kind == "reuseport":
    children(3, lambda: loop(open_socket()))
elif kind == "epoll":
    s = open_socket()
    s.setblocking(False)
    ep = select.epoll()
    ep.register(s, select.EPOLLIN | select.EPOLLET)
    peers = {}
    while True:
        for fd, what in ep.poll():
            if fd != s.fileno():
                try:
                    data = peers[fd].recv(4096)
                except ConnectionResetError:
                    data = b""
                if data:
                    peers[fd].sendall(data)
                else:
                    peers.pop(fd).close()
                continue
            with contextlib.suppress(BlockingIOError):
                while True:
                    p, _ = s.accept()
                    p.sendall(b"%d\n" % os.getpid())
                    peers[p.fileno()] = p
                    ep.register(p, select.EPOLLIN)
PY

# kill_tree PID: a server and its children.
kill_tree()
{
	# shellcheck disable=SC2046
	kill -KILL $(ps -o pid= --ppid "$1") "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

for kind in fork prefork reuseport epoll; do
	spawn "$kind" in_ns "$SERVER" python3 "$TMP/server.py" "$kind" 80
	server=$PID
	# all members of a group
	members() { [ "$(in_ns "$SERVER" ss -Hltn 'sport = :80' | wc -l)" = "$1" ]; }
	wait_for members "$([ $kind = reuseport ] && echo 3 || echo 1)" || bail "$kind: listens: $(cat "$TMP/$kind")"
	export kind server
	py <<-'PY'
		from pair import *
		kind, server = os.environ["kind"], os.environ["server"]
		N = 12
		before = stat(SERVER, "ssa_claimed")
		point(silence(SERVER6, 80), f"{kind}: closed to strangers")
		pids, open_, good = set(), [], 0
		given = [ssa(80, "lifetime", 600) for i in range(N)]
		for i, a in enumerate(given):
		    c = tcp(CLIENT)
		    c.connect((a, 80))
		    f = c.makefile("rb")
		    pids.add(int(f.readline()))
		    c.sendall(b"%d\n" % i)
		    good += f.readline() == b"%d\n" % i
		    f.close()
		    open_.append(c)
		    if kind in ("prefork", "reuseport") or i % 3 == 2:
		        reset(c)
		same(f"{kind}: each of {N} SSAs is served once", (good, stat(SERVER, "ssa_claimed") - before), (N, N))
		point(len(pids) == N if kind == "fork" else len(pids) == 1 if kind == "epoll" else len(pids) > 1 if kind == "reuseport" else pids,
		      f"{kind}: by {len(pids)} processes", pids)
		point(silence(given[0], 80) and silence(given[-1], 80), f"{kind}: used SSAs are silent")
		for c in open_:
		    reset(c)
		point(wait_for(lambda: not live(SERVER, "valid")), f"{kind}: nothing is bound in the end", live(SERVER, "valid"))
		same(f"{kind}: nothing was lost", [stat(SERVER, n) for n in ("ssa_no_child", "claim_lost")], [0, 0])
	PY
	waiting=$(ssas 1 80 lifetime 600)
	kill_tree "$server"
	export waiting
	spawn "$kind" in_ns "$SERVER" python3 "$TMP/server.py" "$kind" 80
	server=$PID
	wait_for listening "$SERVER" 80
	py <<-'PY'
		from pair import *
		kind = os.environ["kind"]
		c = tcp(CLIENT)
		e = error_of(c.connect, (os.environ["waiting"], 80))
		point(e is None and c.recv(10).strip().isdigit(), f"{kind}: an SSA of the port survives a restart of the server", e)
		reset(c)
	PY
	kill_tree "$server"
done

# A listener that goes takes the children nobody has accepted with it, and their addresses.
py <<'PY'
from pair import *
s = listener(SERVER, 80, backlog=8)
given = [ssa() for i in range(3)]
clients = []
for a in given:
    c = tcp(CLIENT)
    c.connect((a, 80))
    clients.append(c)
wait_for(lambda: sorted(live(SERVER, "valid")) == sorted(given))
same("not accepted yet: bound", sorted(live(SERVER, "valid")), sorted(given))
s.close()
same("the listener closes: the peers are reset", [error_of(c.recv, 1) for c in clients], ["ECONNRESET"] * 3)
same("the listener closes: the addresses are gone", live(SERVER), {})
reset(*clients)

# A full accept queue: the handshake is not complete, the SSA waits on.
s = listener(SERVER, 80, backlog=0)
given = [ssa(80, "lifetime", 600) for i in range(4)]
clients = []
for a in given:
    c = tcp(CLIENT)
    c.setblocking(False)
    c.connect_ex((a, 80))
    clients.append(c)
s.setblocking(False)
got = []


def serve_one():
    """Whoever was turned away must say something to be heard again, before his half-open handshake is given up."""
    for c in select.select([], clients, [], 0)[1]:
        with contextlib.suppress(OSError):
            c.send(b"?")
    with contextlib.suppress(BlockingIOError):
        p, _ = s.accept()
        got.append(here(p))
        reset(p)
    return len(got) == len(given)


wait_for(serve_one, 60)
same("a backlog of 0: all are served in the end", sorted(got), sorted(given))
same("a backlog of 0: nothing is bound", live(SERVER), {})
reset(*clients)
s.close()
PY
unload "servers"
finish

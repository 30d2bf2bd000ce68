#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the ends of a client session while its descriptor lives on: every further connect() of the same
# socket leaves from a new EA, and the old one is gone by then.

. "$(dirname "$0")/world.sh"
world
configure
# 2001:db8:b1ac::/48 answers nothing
ip -n "$SERVER" route add blackhole 2001:db8:b1ac::/48
ip -n "$CLIENT" route add 2001:db8:b1ac::/48 via 2001:db8::2

py <<'PY'
from pair import *

HOLE = "2001:db8:b1ac::1"
srv = listener(SERVER, 8080)
seen = []


def connect(s):
    """Connect s; the server's end. The EA has never been seen before."""
    s.connect((SERVER6, 8080))
    peer, _ = srv.accept()
    ea = here(s)
    if not is_ea(ea) or ea in seen or there(peer) != ea:
        raise AssertionError(f"{ea}{' again' * (ea in seen)}, the server sees {there(peer)}")
    seen.append(ea)
    return peer


def again(text, s, unspec=True):
    """The session of s has ended: its EA is gone, the next connect() has another."""
    point(not live(CLIENT, "valid"), f"{text}: the EA is gone while the descriptor lives", live(CLIENT))
    try:
        if unspec:
            disconnect(s)
        peer = connect(s)
        point(talk(s, peer, 1000), f"{text}: the next connect() leaves from a new EA")
        same(f"{text}: and that is the only one", list(live(CLIENT, "valid")), [here(s)])
    except (OSError, AssertionError) as e:
        return point(False, f"{text}: the next connect() leaves from a new EA", e)
    reset(s, peer)
    return point(not live(CLIENT, "valid"), f"{text}: closed with a RST: gone at once", live(CLIENT))


s = tcp(CLIENT)
same("refused", error_of(s.connect, (SERVER6, 9)), "ECONNREFUSED")
again("refused", s, unspec=False)

s = tcp(CLIENT)
for i in range(5):
    if error_of(s.connect, (SERVER6, 9)) != "ECONNREFUSED":
        point(False, "refused five times")
again("refused five times", s, unspec=False)

s = tcp(CLIENT)
s.setblocking(False)
s.connect_ex((SERVER6, 9))
select.select([], [s], [], 10)
same("refused, non-blocking", s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), errno.ECONNREFUSED)
s.setblocking(True)
same("refused, non-blocking: connect() reports once", error_of(s.connect, (SERVER6, 8080)), "ECONNABORTED")
s.setblocking(True)
again("refused, non-blocking", s, unspec=False)

s = tcp(CLIENT)
peer = connect(s)
disconnect(s)
same("AF_UNSPEC, established: the peer is reset", error_of(peer.recv, 1), "ECONNRESET")
again("AF_UNSPEC, established", s, unspec=False)

s = tcp(CLIENT)
s.setblocking(False)
s.connect_ex((HOLE, 80))
same("AF_UNSPEC, SYN_SENT: an EA until then", len(live(CLIENT, "valid")), 1)
disconnect(s)
s.setblocking(True)
again("AF_UNSPEC, SYN_SENT", s, unspec=False)

s = tcp(CLIENT)
peer = connect(s)
reset(peer)
same("reset by the peer", error_of(s.recv, 1), "ECONNRESET")
again("reset by the peer", s)

s = tcp(CLIENT)
peer = connect(s)
reset(peer)
wait_for(lambda: not live(CLIENT, "valid"))
again("reset by the peer, not read", s)

s = tcp(CLIENT)
s.setsockopt(socket.IPPROTO_TCP, 7, 1)  # TCP_SYNCNT
same("timed out", error_of(s.connect, (HOLE, 80)), "ETIMEDOUT")
s.setblocking(True)
again("timed out", s, unspec=False)

s = tcp(CLIENT)
peer = connect(s)
s.setsockopt(socket.IPPROTO_TCP, 18, 200)  # TCP_USER_TIMEOUT
with inside(SERVER):  # hears nothing for a moment
    subprocess.run("nft add table ip6 t && nft add chain ip6 t c '{ type filter hook input priority 0; policy drop; }'",
                   shell=True, check=True)
s.send(b"x")
same("established, timed out", error_of(s.recv, 1), "ETIMEDOUT")
with inside(SERVER):
    subprocess.run("nft delete table ip6 t", shell=True, check=True)
s.setsockopt(socket.IPPROTO_TCP, 18, 0)
peer.close()
again("established, timed out", s)

s = tcp(CLIENT)
same("no route", error_of(s.connect, ("3fff::1", 80)), "ENETUNREACH")
again("no route", s, unspec=False)

# The descriptor lives on after an orderly end, both ways.
s = tcp(CLIENT)
peer = connect(s)
s.shutdown(socket.SHUT_WR)
same("half-closed by the client: EOF", peer.recv(1), b"")
peer.sendall(b"late")
same("half-closed by the client: data still comes", s.recv(4), b"late")
same("half-closed by the client: still bound", live(CLIENT, "valid"), {here(s): "valid"})
ea = here(s)
peer.close()
same("half-closed by the client: the end", s.recv(1), b"")
wait_for(lambda: not live(CLIENT, "valid"))
same("half-closed by the client: CLOSING as long as TIME_WAIT", live(CLIENT), {ea: "closing"})
again("half-closed by the client", s)

s = tcp(CLIENT)
peer = connect(s)
peer.shutdown(socket.SHUT_WR)
same("half-closed by the server: EOF", s.recv(1), b"")
s.sendall(b"late")
same("half-closed by the server: data still comes", peer.recv(4), b"late")
same("half-closed by the server: still bound", live(CLIENT, "valid"), {here(s): "valid"})
s.shutdown(socket.SHUT_WR)
wait_for(lambda: not live(CLIENT, "valid"))
again("half-closed by the server", s)
peer.close()

# One socket, fifty sessions.
s = tcp(CLIENT)
for i in range(50):
    peer = connect(s)
    disconnect(s)
    peer.close()
again("fifty times on one socket", s, unspec=False)

# A first connect() that gets no EA says nothing about the second.
lo = listener(CLIENT, 8081)
for text, to in (("loopback", ("::1", 8081)), ("loopback, refused", ("::1", 9))):
    s = tcp(CLIENT)
    error_of(s.connect, to)
    again("first " + text, s)
lo.close()

# A listener in das mode becomes a client.
umctl(SERVER, "ea", "add", "pool", "ssa")
s = listener(SERVER, 80)
waits = ssa()
s.shutdown(socket.SHUT_RD)
same("a das listener ends: its port follows no socket", [p["sockets"] for p in umctl(SERVER, "listener") if p["port"] == 80], [0])
lo = listener(CLIENT, 8083)
s.connect((CLIENT6, 8083))
peer, _ = lo.accept()
point(is_ssa(here(s)) and here(s) != waits and talk(s, peer, 100), "a das listener that becomes a client: an EA", here(s))
for x in s, peer, lo:
    x.close()
umctl(SERVER, "ssa", "flush")
umctl(SERVER, "ea", "flush")

umctl(CLIENT, "ea", "add", "legacy", "to", "2001:db8::2/128", "index", 0)
s = tcp(CLIENT)
s.connect((SERVER6, 8080))
srv.accept()[0].close()
same("first by rule on a legacy address", here(s), CLIENT6)
umctl(CLIENT, "ea", "del", 0)
again("first by rule on a legacy address", s)

# A socket that was a client becomes a listener.
s = tcp(CLIENT)
peer = connect(s)
disconnect(s)
peer.close()
s.bind(("::", 8082))
s.listen()
c = tcp(SERVER)
c.connect((CLIENT6, 8082))
a, _ = s.accept()
point(talk(a, c, 100), "a client that becomes a listener")
c.close(); a.close(); s.close()

# Killed.
pid = os.fork()
if not pid:
    s = tcp(CLIENT)
    s.connect((SERVER6, 8080))
    time.sleep(1000)
wait_for(lambda: len(live(CLIENT, "valid")) == 1)
os.kill(pid, 9)
os.waitpid(pid, 0)
peer, _ = srv.accept()
same("SIGKILL: the peer sees the end", peer.recv(1), b"")
peer.close()
point(wait_for(lambda: not live(CLIENT, "valid")), "SIGKILL: no address is bound", live(CLIENT))
PY
unload "after every way to end"
finish

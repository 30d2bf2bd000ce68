#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns SYN cookies: with net.ipv4.tcp_syncookies=2 no half-open handshake leaves a request socket, and the ACK
# that carries the cookie still leads to the listener, for exactly one connection per SSA.

. "$(dirname "$0")/world.sh"
world
configure
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_syncookies=2

py <<'PY'
from pair import *


def cookies():
    """Connections made from a cookie so far."""
    with inside(SERVER), open("/proc/thread-self/net/netstat") as f:
        names, values = [line.split() for line in f if line.startswith("TcpExt:")]
    return int(dict(zip(names, values))["SyncookiesRecv"])


srv = listener(SERVER, 80)
for dport in (80, 4242, 1):
    a = ssa()
    before = cookies()
    c = tcp(CLIENT)
    c.connect((a, dport))
    p, _ = srv.accept()
    same(f"an SSA is reached on port {dport}", (p.getsockname()[:2], is_ea(there(p))), ((a, dport), True))
    point(talk(c, p, 60000), f"and carries data, port {dport}")
    same(f"by a cookie, port {dport}", cookies() - before, 1)
    same(f"and bound, port {dport}", live(SERVER, "valid"), {a: "valid"})
    point(silence(a, dport), f"a second connection hears nothing, port {dport}")
    reset(c, p)
    same(f"released, port {dport}", live(SERVER), {})

# Many handshakes on one SSA at the same time: one is let in.
a = ssa()
many = [tcp(CLIENT) for i in range(20)]
for s in many:
    s.setsockopt(socket.IPPROTO_TCP, 7, 1)
    s.setblocking(False)
    s.connect_ex((a, 80))
p, _ = srv.accept()
srv.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("qq", 2 * SLOW, 0))
same("twenty at once: one is accepted", error_of(srv.accept), "EAGAIN")
same("twenty at once: one is claimed", stat(SERVER, "ssa_claimed"), 4)
# the others believe in a connection until they speak
winner = [s for s in many if there(p) == here(s)]
same("twenty at once: the winner is one of them", len(winner), 1)
winner[0].setblocking(True)
point(talk(winner[0], p, 1000), "twenty at once: the winner is served")
reset(*many, p)

# An ACK that carries no cookie of ours.
a = ssa()
before = stat(SERVER, "ssa_claimed")

for i in range(50):
    forge("2001:db8::bad", a, 4444 + i, 80, 1, i * 77777777 & 0xffffffff, 16)
same("forged cookies claim nothing", stat(SERVER, "ssa_claimed"), before)
c = tcp(CLIENT)
c.connect((a, 80))
p, _ = srv.accept()
point(talk(c, p, 100), "and the true client gets in")
reset(c, p)
PY
unload "cookies"
finish

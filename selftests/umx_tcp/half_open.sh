#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the limit of half-open handshakes on an SSA: so many request sockets, cookies of umx_tcp beyond them,
# with net.ipv4.tcp_syncookies 0, too. Forged SYNs neither use an SSA up nor keep its client out.

. "$(dirname "$0")/world.sh"
world
configure
# where the forged SYNs say they come from: a SYN-ACK has a way to go, and nobody answers it
ip -n "$SERVER" route add 2001:db8:dead::/48 via 2001:db8::1

py <<'PY'
from pair import *

SYN, ACK = 2, 16
srv = listener(SERVER, 80)


def sysctl(value):
    with inside(SERVER), open("/proc/sys/net/ipv4/tcp_syncookies", "w") as f:
        f.write(str(value))


def half_open(addr):
    """Request sockets of an SSA."""
    with inside(SERVER):
        out = subprocess.run(["ss", "-Htn", "state", "syn-recv"], capture_output=True, text=True).stdout
    return sum(f"[{addr}]" in line for line in out.splitlines())


def flood(addr, n, first=1000):
    for i in range(n):
        forge("2001:db8:dead::%x" % i, addr, first + i, 80, i * 7919, 0, SYN)


for cookies in (0, 1):
    sysctl(cookies)
    t = f"tcp_syncookies {cookies}"
    a = ssa()
    before = stat(SERVER, "cookie_sent"), stat(SERVER, "cookie_accepted")
    flood(a, 50)
    same(f"{t}: of 50 forged SYNs 4 are kept", half_open(a), 4)
    same(f"{t}: the others are answered with a cookie", stat(SERVER, "cookie_sent") - before[0], 46)
    same(f"{t}: the SSA still waits", live(SERVER, "valid"), {a: "valid"})
    c = tcp(CLIENT)
    start = time.monotonic()
    c.connect((a, 4242))
    p, _ = srv.accept()
    point(time.monotonic() - start < 0.5 * SLOW, f"{t}: its client connects at once")
    same(f"{t}: by a cookie", stat(SERVER, "cookie_accepted") - before[1], 1)
    # those of the others go when they repeat their SYN-ACK: the SSA is claimed
    point(half_open(a) <= 4, f"{t}: and nothing of it stays half open")
    same(f"{t}: the port it called is kept", p.getsockname()[:2], (a, 4242))
    point(talk(c, p, 300000), f"{t}: data goes both ways")
    same(f"{t}: segments are as large as the link allows", c.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG), 1440)
    same(f"{t}: towards the client, too", p.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG), 1440)
    point(silence(a, 80), f"{t}: a second connection hears nothing")
    reset(c, p)
    point(gone(SERVER, a), f"{t}: released")

# what the first four leave room for
a = ssa()
sysctl(1)
before = stat(SERVER, "cookie_sent")
flood(a, 3)
c = tcp(CLIENT)
c.connect((a, 80))
p, _ = srv.accept()
same("the fourth needs no cookie", stat(SERVER, "cookie_sent"), before)
point(talk(c, p, 1000), "and is served")
reset(c, p)

# the setting
umctl(SERVER, "listener", "set", "port", 80, "mode", "das", "half_open", 0)
same("half_open is shown", next(x for x in umctl(SERVER, "listener", "show") if x["port"] == 80)["half_open"], 0)
before = stat(SERVER, "cookie_accepted")
for i in range(20):
    a = ssa()
    c = tcp(CLIENT)
    c.connect((a, 80))
    p, _ = srv.accept()
    if not talk(c, p, 10):
        break
    reset(c, p)
same("half_open 0: twenty connections by cookies", stat(SERVER, "cookie_accepted") - before, 20)

# what is known of the SYN of such a connection
srv.setsockopt(socket.IPPROTO_TCP, 27, 2)  # TCP_SAVE_SYN, with its link header, of which there is none
a = ssa()
c = tcp(CLIENT)
c.connect((a, 80))
p, _ = srv.accept()
syn = p.getsockopt(socket.IPPROTO_TCP, 28, 512)  # TCP_SAVED_SYN
same("the SYN is saved as it is made up: from, to, flags",
     (syn[8:24], syn[24:40], syn[53]),
     (socket.inet_pton(socket.AF_INET6, here(c)), socket.inet_pton(socket.AF_INET6, a), SYN))
reset(c, p)
srv.setsockopt(socket.IPPROTO_TCP, 27, 0)

# many handshakes on one SSA: one is let in
a = ssa()
claimed = stat(SERVER, "ssa_claimed")
many = [tcp(CLIENT) for i in range(20)]
for s in many:
    s.setblocking(False)
    s.connect_ex((a, 80))
p, _ = srv.accept()
srv.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("qq", 1 * SLOW, 0))
same("twenty at once: one is accepted", error_of(srv.accept), "EAGAIN")
srv.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("qq", 10 * SLOW, 0))
same("twenty at once: one is claimed", stat(SERVER, "ssa_claimed") - claimed, 1)
winner = [s for s in many if there(p) == here(s)][0]
winner.setblocking(True)
point(talk(winner, p, 1000), "twenty at once: the winner is served")
reset(*many, p)

# cookies nobody sent
a = ssa()
claimed = stat(SERVER, "ssa_claimed"), stat(SERVER, "cookie_accepted")
for i in range(200):
    forge("2001:db8:dead::1", a, 4444 + i, 80, 1, i * 77777777 & 0xffffffff, ACK)
same("forged cookies claim nothing", (stat(SERVER, "ssa_claimed"), stat(SERVER, "cookie_accepted")), claimed)
same("and leave no half-open handshake", half_open(a), 0)

# the rate
umctl(SERVER, "listener", "set", "port", 80, "mode", "das", "cookie_rate", 0)
before = stat(SERVER, "cookie_sent"), stat(SERVER, "in_no_cookie")
flood(a, 30, 2000)
same("cookie_rate 0: none is sent, each SYN is counted",
     (stat(SERVER, "cookie_sent") - before[0], stat(SERVER, "in_no_cookie") - before[1]), (0, 30))
umctl(SERVER, "listener", "set", "port", 80, "mode", "das", "cookie_rate", 50000)

# a server that wants to hear of a client with its first data only: its bare ACK leaves nothing behind
srv.setsockopt(socket.IPPROTO_TCP, 9, 5)  # TCP_DEFER_ACCEPT
d = ssa()
waits = stat(SERVER, "in_cookie_waits")
c = tcp(CLIENT)
c.connect((d, 80))
same("TCP_DEFER_ACCEPT: a bare ACK makes no request socket",
     (half_open(d), stat(SERVER, "in_cookie_waits") - waits), (0, 1))
c.sendall(b"x")
p, _ = srv.accept()
point(p.recv(1) == b"x" and talk(c, p, 1000), "TCP_DEFER_ACCEPT: the first data does")
reset(c, p)
srv.setsockopt(socket.IPPROTO_TCP, 9, 0)

# a full accept queue: no cookie, or a client that says nothing would wait for ever
small = listener(SERVER, 443, backlog=1)
umctl(SERVER, "listener", "set", "port", 443, "mode", "das", "half_open", 0)
queued = []
for i in range(2):
    c = tcp(CLIENT)
    c.connect((ssa(443), 443))
    queued.append(c)
b = ssa(443)
before = stat(SERVER, "cookie_sent")
c = tcp(CLIENT)
c.setblocking(False)
c.connect_ex((b, 443))
point(not select.select([], [c], [], 0.5 * SLOW)[1], "accept queue full: a SYN waits")
same("accept queue full: no cookie is sent", stat(SERVER, "cookie_sent"), before)
queued += [small.accept()[0] for i in range(2)]
point(select.select([], [c], [], 10 * SLOW)[1], "accept queue free: its repetition gets in")
queued += [c, small.accept()[0]]
reset(*queued)
umctl(SERVER, "ssa", "del", a)
PY
unload "half open"
finish

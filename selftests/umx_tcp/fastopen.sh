#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns TCP Fast Open on top of umx: clients that connect with sendto(MSG_FASTOPEN) or with the option
# TCP_FASTOPEN_CONNECT have an EA; a das listener that takes Fast Open still gives one SSA to one completed handshake.

. "$(dirname "$0")/world.sh"
world
configure

py <<'PY'
from pair import *

MSG_FASTOPEN, TCP_FASTOPEN, TCP_FASTOPEN_CONNECT, TCP_INFO = 0x20000000, 23, 30, 11
DATA = b"x" * 600


def sysctl(value):
    for ns in (CLIENT, SERVER):
        with inside(ns):
            with open("/proc/sys/net/ipv4/tcp_fastopen", "w") as f:
                f.write(str(value))


def syn_data(s):
    """The peer acknowledged data that was in the SYN."""
    return bool(s.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 8)[5] & 32)


def open_by_message(to):
    c = tcp(CLIENT)
    same("sendto(MSG_FASTOPEN)", c.sendto(DATA, MSG_FASTOPEN, to), len(DATA))
    return c


def open_by_option(to):
    c = tcp(CLIENT)
    c.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)
    c.connect(to)
    same("TCP_FASTOPEN_CONNECT", c.send(DATA), len(DATA))
    return c


def accepted(srv, c):
    p, _ = srv.accept()
    got = b""
    while len(got) < len(DATA):
        got += p.recv(4096)
    return p, got == DATA and talk(p, c, 5000)


for mode in (0x3, 0x607):
    sysctl(mode)
    plain = listener(SERVER, 8080)
    das = listener(SERVER, 80)
    for s in plain, das:
        s.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)
    for opener in open_by_message, open_by_option:
        name = f"tcp_fastopen={mode:#x}, {opener.__name__.split('_')[-1]}"
        seen = set()
        for i in range(3):
            c = opener((SERVER6, 8080))
            p, good = accepted(plain, c)
            point(good and is_ea(here(c)) and here(c) == there(p) and here(c) not in seen,
                  f"{name}: EA to a legacy address", here(c))
            same(f"{name}: data in the SYN", syn_data(c), mode == 0x607)
            seen.add(here(c))
            same(f"{name}: one address is live", list(live(CLIENT)), [here(c)])
            reset(c, p)
            same(f"{name}: none is live", live(CLIENT), {})
        for i in range(3):
            a = ssa()
            c = opener((a, 80))
            p, good = accepted(das, c)
            point(good and here(p) == a and is_ea(there(p)), f"{name}: EA to SSA", here(p))
            reset(c, p)
            same(f"{name}: the SSA is gone", live(SERVER), {})

    # connect() that is deferred until the first data, and data that never comes
    name = f"tcp_fastopen={mode:#x}"
    c = tcp(CLIENT)
    c.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)
    c.connect((SERVER6, 8080))
    reset(c)
    same(f"{name}: closed before the first data: none is live", live(CLIENT), {})
    c = tcp(CLIENT)
    c.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1)
    c.connect((SERVER6, 8080))
    disconnect(c)
    same(f"{name}: AF_UNSPEC before the first data: none is live", live(CLIENT), {})
    c.close()
    c = tcp(CLIENT)
    same(f"{name}: refused", error_of(c.sendto, DATA, MSG_FASTOPEN, (SERVER6, 9)), "ECONNREFUSED")
    same(f"{name}: refused: none is live", live(CLIENT), {})
    c.close()
    c = tcp(CLIENT)
    c.setblocking(False)
    error_of(c.sendto, DATA, MSG_FASTOPEN, (SERVER6, 9))
    wait_for(lambda: not live(CLIENT))
    same(f"{name}: refused, non-blocking: none is live", live(CLIENT), {})
    c.close()
    plain.close()
    das.close()

# Without a cookie a forged SYN with data makes a child at once. An SSA is claimed by a completed handshake only: the
# true client still gets in.
sysctl(0x607)
das = listener(SERVER, 80)
das.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)
a = ssa()

forge("2001:db8::bad", a, 4444, 80, 1, 0, 2, b"GET / HTTP/1.0\r\n")
das.setblocking(False)
for i in range(20):
    if stat(SERVER, "ssa_claimed") > 12:
        break
    time.sleep(0.02)
same("a forged SYN with data claims no SSA", stat(SERVER, "ssa_claimed"), 12)
point(error_of(das.accept) == "EAGAIN", "a forged SYN with data is not accepted")
das.setblocking(True)
c = tcp(CLIENT)
c.setsockopt(socket.IPPROTO_TCP, 7, 1)
same("and the true client gets in", error_of(c.connect, (a, 80)), None)
c.close()
das.close()
umctl(SERVER, "ssa", "flush")
PY
unload "Fast Open"
finish

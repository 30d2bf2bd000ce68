#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns MPTCP beside umx. Its subflows are kernel sockets, which umx does not touch: a client keeps its legacy
# address, a listener on a das port is closed to everybody (fail closed) and takes no SSA.

. "$(dirname "$0")/world.sh"
[ -e /proc/sys/net/mptcp/enabled ] || ksft_skip "this kernel has no MPTCP"
world
configure

py <<'PY'
from pair import *

MPTCP = 262


def info(s):
    """The socket speaks MPTCP, and did not fall back."""
    try:
        # SOL_MPTCP, MPTCP_INFO; mptcpi_flags, MPTCP_INFO_FLAG_FALLBACK
        return not struct.unpack_from("=8xI", s.getsockopt(284, 1, 64))[0] & 1
    except OSError:
        return False


SYN, ACK, RST, FIN = 2, 16, 4, 1
ISN = 1 << 30


def heard(port, *segments):
    """What comes back from SERVER6 when a stranger sends these (flags, seq, data) from one port: flags."""
    heard.sport += 1
    with inside(CLIENT):
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x86dd))
    got = []
    with wire:
        for flags, seq, data in segments:
            forge(CLIENT6, SERVER6, heard.sport, port, seq & 0xffffffff, 1 if flags & ACK else 0, flags, data)
            end = time.monotonic() + 0.1 * SLOW
            while (left := end - time.monotonic()) > 0 and select.select([wire], [], [], left)[0]:
                packet = wire.recv(2048)
                if packet[6] == socket.IPPROTO_TCP and packet[40:44] == struct.pack("!HH", port, heard.sport):
                    got.append(hex(packet[53]))
    return got


heard.sport = 20000
# A second SYN, or a segment out of its window, makes a half-open handshake tell its sequence number.
PROBES = {
    "SYN": [(SYN, ISN, b"")],
    "a second SYN": [(SYN, ISN, b""), (SYN, ISN + ISN, b"")],
    "SYN and RST": [(SYN, ISN, b""), (RST, ISN + 5, b"")],
    "SYN and data": [(SYN, ISN, b""), (0, ISN + ISN, b"data")],
    "ACK": [(ACK, ISN, b"")],
    "FIN": [(FIN | ACK, ISN, b"data")],
    "data": [(ACK, ISN, b"data")],
    "nothing": [(0, ISN, b"")],
}


def closed(port, text):
    for what, segments in PROBES.items():
        same(f"{text}: no answer to {what}", heard(port, *segments), [])


open_ = listener(SERVER, 8080, proto=MPTCP)
same("an open port does answer", [heard(8080, *PROBES[p]) != [] for p in PROBES], [True] * 7 + [False])
open_.close()
plain = listener(SERVER, 80)
closed(80, "TCP listener")
plain.close()
closed(80, "nobody listens")

created = stat(CLIENT, "ea_created")
srv = listener(SERVER, 8080, proto=MPTCP)
c = tcp(CLIENT, proto=MPTCP)
c.connect((SERVER6, 8080))
p, _ = srv.accept()
point(talk(c, p, 100000), "MPTCP to MPTCP with an EA rule")
point(info(c) and info(p), "MPTCP to MPTCP: no fallback")
same("MPTCP to MPTCP: a legacy address", here(c), CLIENT6)
same("MPTCP to MPTCP: the server sees it", there(p), CLIENT6)
c.close()
p.close()
same("MPTCP to MPTCP: no EA was made", stat(CLIENT, "ea_created"), created)

c = tcp(CLIENT)
c.connect((SERVER6, 8080))
p, _ = srv.accept()
point(talk(c, p, 100000), "TCP from an EA to an MPTCP listener")
point(is_ea(here(c)) and there(p) == here(c), "TCP from an EA to an MPTCP listener: the EA", here(c))
reset(c, p)
srv.close()

srv = listener(SERVER, 8080)
c = tcp(CLIENT, proto=MPTCP)
c.connect((SERVER6, 8080))
p, _ = srv.accept()
point(talk(c, p, 100000), "MPTCP falls back to a TCP listener")
point(not info(c), "MPTCP falls back to a TCP listener: it did")
c.close()
p.close()
srv.close()

# A das port, taken by MPTCP after and before its mode was set.
for port, first in ((80, False), (81, True)):
    text = f"MPTCP listener {'before' if first else 'after'} the mode"
    if first:
        srv = listener(SERVER, port, v6only=False, proto=MPTCP)
        umctl(SERVER, "listener", "set", "port", port, "mode", "das", "pool", "ssa")
    else:
        srv = listener(SERVER, port, v6only=False, proto=MPTCP)
    point(silence(SERVER6, port), f"{text}: closed to strangers")
    point(silence("192.0.2.2", port, socket.AF_INET), f"{text}: closed over IPv4")
    closed(port, text)
    c = tcp(SERVER)
    c.connect(("::1", port))
    p, _ = srv.accept()
    point(talk(c, p, 100), f"{text}: open to the host itself")
    c.close()
    p.close()
    said = refusal(SERVER, "ssa", "add", "pid", os.getpid(), "port", port)
    point(said and "MPTCP" in said, f"{text}: no SSA by process: {said}", said)
    said = refusal(SERVER, "listener", "set", "pid", os.getpid(), "port", port, "mode", "das")
    point(said and "MPTCP" in said, f"{text}: no mode by process: {said}", said)
    a = ssa(port)
    before = stat(SERVER, "in_no_listener")
    point(silence(a, port), f"{text}: an SSA by port leads nowhere")
    point(stat(SERVER, "in_no_listener") > before, f"{text}: counted")
    same(f"{text}: nobody was let in", stat(SERVER, "ssa_claimed"), 0)
    srv.close()
    umctl(SERVER, "ssa", "flush")

# The port is TCP's again: it takes SSAs.
srv = listener(SERVER, 80)
a = ssa(80)
c = tcp(CLIENT, proto=MPTCP)
c.connect((a, 80))
p, _ = srv.accept()
point(talk(c, p, 100000), "an MPTCP client falls back on an SSA")
same("an MPTCP client falls back on an SSA: getsockname()", here(p), a)
reset(p, c)
PY
unload "MPTCP"
finish

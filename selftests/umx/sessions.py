#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns what a client sees of the ports of its sessions.
#
#   sessions.py many ADDR PORT N     N sessions at once: "ADDRESSES PORTS", how many different ones they leave from
#   sessions.py again BAD ADDR PORT  one socket, refused on its way to BAD, then connected to ADDR: what the first left
#                                    behind (address and port), the port of the second, SO_REUSEADDR
#   sessions.py reuse ADDR PORT N    one socket, N sessions one after the other: the ports
import resource, socket, sys


def many(addr, port, n):
    resource.setrlimit(resource.RLIMIT_NOFILE, (n + 64, n + 64))
    socks = [socket.create_connection((addr, port), 30) for _ in range(n)]
    names = [s.getsockname() for s in socks]
    print(len({name[0] for name in names}), len({name[1] for name in names}))


def again(bad, addr, port):
    s = socket.socket(socket.AF_INET6)
    try:
        s.connect((bad, port))
    except OSError:
        pass
    left = s.getsockname()
    s.connect((addr, port))
    print(left[0], left[1], s.getsockname()[1], s.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR))


def reuse(addr, port, n):
    ports = []
    s = socket.socket(socket.AF_INET6)
    for _ in range(n):
        s.connect((addr, port))
        ports.append(str(s.getsockname()[1]))
        s.shutdown(socket.SHUT_WR)
        while s.recv(100):
            pass
        disconnect(s)
    print(*ports)


def disconnect(s):
    import ctypes
    ctypes.CDLL(None).connect(s.fileno(), bytes(28), 28)


words = [int(word) if word.isdigit() else word for word in sys.argv[1:]]
{"many": many, "again": again, "reuse": reuse}[words[0]](*words[1:])

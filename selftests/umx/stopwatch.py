#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the time a connection takes.
#
#   stopwatch.py LIMIT PORT FILE...
#
# For each FILE, once it exists: connects to the address in it, and prints the milliseconds until connect() returned
# and until a first line was answered (by peer.py serve), or the name of the error; ETIMEDOUT after LIMIT seconds.
import errno, os, socket, struct, sys, time


def measure(limit, addr, port):
    s = socket.socket(socket.AF_INET6)
    s.settimeout(limit)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    start = time.monotonic()
    s.connect((addr, port))
    connected = time.monotonic()
    s.sendall(b"echo\n")
    text = s.recv(100)
    answered = time.monotonic()
    s.close()
    if text != b"echoed\n":
        return "eof"
    return "%.0f %.0f" % ((connected - start) * 1000, (answered - start) * 1000)


limit, port = int(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
for name in sys.argv[3:]:
    while not os.path.exists(name):
        time.sleep(0.005)
    with open(name) as f:
        addr = f.read().strip()
    try:
        print(measure(limit, addr, port), flush=True)
    except TimeoutError:
        print("ETIMEDOUT", flush=True)
    except OSError as e:
        print(errno.errorcode.get(e.errno, e), flush=True)

# SPDX-License-Identifier: GPL-2.0
"""This file owns a client: one connect(), what came of it, and how long it took.

usage: dial.py LIMIT ADDRESS [PORT]

Prints "RESULT MILLISECONDS": the name of the errno, "connected", or "silence" after LIMIT seconds. A second line says
what ICMPv6 error came meanwhile, if any: "TYPE CODE SOURCE same|other SYNS": whether it quotes a SYN byte by byte,
and how many had been sent.
"""
import errno
import socket
import struct
import sys
import threading
import time

limit, address = float(sys.argv[1]), sys.argv[2]
port = int(sys.argv[3]) if len(sys.argv) > 3 else 80

ETH_P_ALL, ETH_P_IPV6 = 3, 0x86dd
wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))  # ALL: also what leaves
wire.settimeout(0.1)
ended = threading.Event()
syns, errors = [], []


def listen():
    while not (ended.is_set() and (errors or time.monotonic() > over + 0.2)):
        try:
            packet, link = wire.recvfrom(2048)
        except socket.timeout:
            continue
        if link[1] != ETH_P_IPV6:
            continue
        if packet[6] == socket.IPPROTO_TCP and packet[53] & 0x12 == 2:
            syns.append(packet)
        if packet[6] == socket.IPPROTO_ICMPV6 and packet[40] < 128:
            errors.append(packet)


over = 0
listener = threading.Thread(target=listen)
listener.start()
where = socket.getaddrinfo(address, port, socket.AF_INET6, socket.SOCK_STREAM)[0][4]
s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("qq", int(limit), int(limit % 1 * 1e6)))
start = time.monotonic()
try:
    s.connect(where)
    result = "connected"
except OSError as e:
    result = errno.errorcode[e.errno]
    if result in ("EINPROGRESS", "EAGAIN"):
        result = "silence"
over = time.monotonic()
ended.set()
listener.join()
print(result, round((over - start) * 1000))
for e in errors[:1]:
    quoted = e[48:]
    print(e[40], e[41], socket.inet_ntop(socket.AF_INET6, e[8:24]), "same" if quoted in syns else "other", len(syns))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns asking many questions: guesses, floods, and the time PowerDNS's end of umx-dns takes for an answer.
#
# usage: ask.py guess SERVER ZONE COUNT [NAME]   as fast as answers come; "RCODE COUNT" a line
#        ask.py flood SERVER NAME RATE           at that rate, until SIGTERM; each from another network
#        ask.py time SOCKET COUNT NAME NAME      the medians of both in microseconds
#        ask.py raw SERVER NAME                  the answer in hexadecimal, without its question
#        ask.py say SOCKET LINE...               the lines as they are; what comes back, and "closed"

import collections
import json
import os
import random
import select
import signal
import socket
import statistics
import struct
import sys
import time

RCODES = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def question(number, name, subnet=None):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    opt = b""
    if subnet is not None:
        opt = struct.pack(">HHHBB", 8, 10, 2, 48, 0) + subnet
    return (struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 1) + labels + b"\0" + struct.pack(">HH", 28, 1) +
            b"\0" + struct.pack(">HHIH", 41, 1232, 0, len(opt)) + opt)


def connect(server):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    s.connect((server, 53))
    return s


def token(rand):
    return "".join(rand.choice(LETTERS) for _ in range(25)) + rand.choice("aeimquy4")


def guess(server, zone, count, *names):
    s = connect(server)
    rand = random.Random(1)
    seen = collections.Counter()
    waits = {}
    sent = look = 0
    while sent < count or waits:
        now = time.monotonic()
        while sent < count and len(waits) < 32 and sent & 0xffff not in waits:
            name = names[sent % len(names)] if names else f"{token(rand)}.{zone}"
            waits[sent & 0xffff] = [now, name]
            s.send(question(sent & 0xffff, name))
            sent += 1
        if now >= look:
            look = now + 1
            for number, wait in waits.items():  # lost on the way
                if now - wait[0] > 3:
                    wait[0] = now
                    s.send(question(number, wait[1]))
        if not select.select([s], [], [], 0.5)[0]:
            continue
        answer = s.recv(2048)
        if waits.pop(struct.unpack(">H", answer[:2])[0], None):
            seen[answer[3] & 15] += 1
    for rcode, n in sorted(seen.items()):
        print(RCODES.get(rcode, rcode), n)


def flood(server, name, rate):
    over = []
    signal.signal(signal.SIGTERM, lambda *_: over.append(1))
    s = connect(server)
    s.setblocking(False)
    begin = time.monotonic()
    sent = answered = 0
    while not over:
        due = int((time.monotonic() - begin) * rate)
        while sent < due:
            subnet = bytes([0x20, 1, 0x0d, 0xb8]) + struct.pack(">H", sent & 0xffff)
            try:
                s.send(question(sent & 0xffff, name, subnet))
            except OSError:
                pass
            sent += 1
        try:
            while True:
                answered += s.recv(2048)[7] > 0
        except OSError:
            pass
        time.sleep(0.002)
    print("sent", sent, "answered", answered)


def backend(path):
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    return s, s.makefile("rwb")


def timing(path, count, *names):
    s, f = backend(path)
    times = {name: [] for name in names}
    for _ in range(count):
        # In no order that a period of the machine's could fall in with.
        for name in random.sample(names, len(names)):
            line = json.dumps({"method": "lookup", "parameters": {"qtype": "ANY", "qname": name + ".",
                               "remote": "2001:db8::1", "real-remote": "2001:db8::1/128"}})
            begin = time.perf_counter_ns()
            f.write(line.encode() + b"\n")
            f.flush()
            if f.readline() != b'{"result":[]}\n':
                sys.exit("an answer")
            times[name].append(time.perf_counter_ns() - begin)
    print(*(int(statistics.median(times[name]) / 1000) for name in names))


def raw(server, name):
    s = connect(server)
    s.settimeout(5)
    query = question(7, name)
    s.send(query)
    answer = s.recv(2048)
    end = answer.index(b"\0", 12) + 5
    print(answer[2:12].hex(), answer[end:].hex())


def say(path, *lines):
    s, f = backend(path)
    s.settimeout(10)
    try:
        for line in lines:
            s.sendall(os.fsencode(line).decode("unicode_escape").encode("latin-1"))
        while data := s.recv(4096):
            print(data.decode().rstrip())
    except (BrokenPipeError, ConnectionResetError):
        pass
    except socket.timeout:
        print("open")
        return
    print("closed")


what, words = sys.argv[1], [int(w) if w.isdigit() else w for w in sys.argv[2:]]
{"guess": guess, "flood": flood, "time": timing, "raw": raw, "say": say}[what](*words)

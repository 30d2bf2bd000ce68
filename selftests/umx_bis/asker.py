#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# This file owns programs that ask umx-resolved what no program should.
#
# usage: asker.py udp HEX...		each a datagram; prints "RCODE LENGTH" of the answer, or "-"
#	 asker.py tcp HEX		sends that; prints how many bytes come back until the end
#	 asker.py flood N NAME		N questions by UDP, each from a socket of its own, not waiting; then waits
#	 asker.py twice NAME		one question twice from one socket; prints how many answers
#	 asker.py ask N NAME		N questions at a time; prints how often which code
#	 asker.py hold N		N connections that ask nothing; prints how many of them are closed at once
import collections
import random
import select
import socket
import struct
import sys
import time

SELF = ("127.0.0.46", 53)


def question(name, rtype=1):
    labels = b"".join(bytes([len(x)]) + x.encode() for x in name.split("."))
    return struct.pack("!HHHHHH", random.randrange(65536), 0x0100, 1, 0, 0, 0) + labels + b"\0" + \
        struct.pack("!HH", rtype, 1)


def sock():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(SELF)
    return s


def udp(datagrams):
    for datagram in datagrams:
        with sock() as s:
            s.send(bytes.fromhex(datagram))
            s.settimeout(2)
            try:
                answer = s.recv(65535)
                print(answer[3] & 15, len(answer))
            except TimeoutError:
                print("-")


def tcp(text):
    with socket.create_connection(SELF) as s:
        s.settimeout(30)
        s.sendall(bytes.fromhex(text))
        n = 0
        while data := s.recv(65536):
            n += len(data)
        print(n)


def flood(count, name):
    socks = [sock() for _ in range(count)]
    for s in socks:
        s.send(question(name))
    print("sent", flush=True)
    time.sleep(3600)


def twice(name):
    with sock() as s:
        message = question(name)
        s.send(message)
        s.send(message)
        s.settimeout(5)
        n = 0
        try:
            while s.recv(65535):
                n += 1
        except TimeoutError:
            print(n)


def ask(count, name):
    socks = [sock() for _ in range(count)]
    said = collections.Counter()
    for s in socks:
        s.send(question(name))
    for s in socks:
        said[s.recv(65535)[3] & 15 if select.select([s], [], [], 10)[0] else "-"] += 1
    print(*(f"{code}:{said[code]}" for code in sorted(said, key=str)))


def hold(count):
    socks = [socket.create_connection(SELF) for _ in range(count)]
    end = time.monotonic() + 20
    while len(select.select(socks, [], [], 0)[0]) < 4 and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.5)
    print(len(select.select(socks, [], [], 0)[0]), flush=True)
    time.sleep(3600)


what, *args = sys.argv[1:]
if what == "udp":
    udp(args)
elif what in ("flood", "ask"):
    {"flood": flood, "ask": ask}[what](int(args[0]), args[1])
elif what == "hold":
    hold(int(args[0]))
else:
    {"tcp": tcp, "twice": twice}[what](args[0])

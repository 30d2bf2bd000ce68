#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# This file owns a name server that does what name servers should not: what it does is the first label of the name.
#
# usage: nameserver.py ADDRESS
#
# It answers by UDP and TCP, and prints a line for each question: the protocol, the port it came from, its number, DO
# and CD, the type, the name.
import socket
import struct
import sys
import threading

A, CNAME, AAAA = 1, 5, 28
HOST = socket.inet_pton(socket.AF_INET6, "2001:db8:b::1")


def question(wire):
    at, labels = 12, []
    while wire[at]:
        labels.append(wire[at + 1:at + 1 + wire[at]].decode())
        at += 1 + wire[at]
    return labels, struct.unpack("!H", wire[at + 1:at + 3])[0], at + 5


def record(rtype, data, name=b"\xc0\x0c"):
    return name + struct.pack("!HHIH", rtype, 1, 300, len(data)) + data


def header(wire, rcode=0, count=0, flags=0):
    bits = struct.unpack("!H", wire[2:4])[0]
    return wire[:2] + struct.pack("!HHHHH", 0x8080 | (bits & 0x0110) | flags | rcode, 1, count, 0, 0)


# What it says to one question: messages.
def answers(wire, tcp):
    labels, rtype, end = question(wire)
    asked = wire[12:end]
    kind = labels[0].lower()
    if kind == "silent" or (kind == "deaf6" and rtype == AAAA):
        return []
    if kind == "servfail" or (kind == "fails6" and rtype == AAAA):
        return [header(wire, 2) + asked]
    if kind == "refused":
        return [header(wire, 5) + asked]
    if kind == "nxdomain":
        return [header(wire, 3) + asked]
    if kind == "garbage":
        return [header(wire, 0, 9) + asked + b"\xc0\xff\xff" * 9]
    if kind == "ad" and rtype == AAAA:
        return [header(wire, 0, 1, 0x20) + asked + record(AAAA, HOST)]
    if kind == "ad4" and rtype == A:
        return [header(wire, 0, 1, 0x20) + asked + record(A, b"\xc0\0\2\4")]
    if kind == "loop":
        return [header(wire, 0, 1) + asked + record(CNAME, b"\xc0\x0c")]
    if rtype != AAAA:
        return [header(wire) + asked]
    good = header(wire, 0, 1) + asked + record(AAAA, HOST)
    if kind == "foreign":
        # another number, another name, a question; the right one after them
        evil = record(AAAA, socket.inet_pton(socket.AF_INET6, "2001:db8:b::666"))
        return [bytes([wire[0] ^ 1]) + header(wire, 0, 1)[1:] + asked + evil,
                header(wire, 0, 1) + bytes([asked[0]]) + b"x" + asked[2:] + evil,
                wire[:2] + b"\0" + header(wire, 0, 1)[3:] + asked + evil, b"", b"\0" * 5, good]
    if kind == "cut" and not tcp:
        return [header(wire, 0, 0, 0x200) + asked]
    if kind == "mapped":
        return [header(wire, 0, 1) + asked + record(AAAA, b"\0" * 10 + b"\xff\xff\xc0\0\2\1")]
    if kind == "huge":
        count = 2200 if tcp else 40
        return [header(wire, 0, count) + asked + record(AAAA, HOST) * count]
    return [good]


def say(proto, peer, wire):
    labels, rtype, end = question(wire)
    do = bool(wire[11]) and bool(wire[end + 7] & 0x80)
    print(proto, peer[1], struct.unpack("!H", wire[:2])[0], "do" if do else "-", "cd" if wire[3] & 0x10 else "-",
          rtype, ".".join(labels), flush=True)


def stream(conn, peer):
    with conn:
        size = conn.recv(2, socket.MSG_WAITALL)
        wire = conn.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL)
        say("tcp", peer, wire)
        for answer in answers(wire, True):
            conn.sendall(struct.pack("!H", len(answer)) + answer)
        conn.recv(1)


def streams(listener):
    while True:
        threading.Thread(target=stream, args=listener.accept(), daemon=True).start()


udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
udp.bind((sys.argv[1], 53))
tcp = socket.create_server((sys.argv[1], 53), family=socket.AF_INET6, backlog=100)
threading.Thread(target=streams, args=(tcp,), daemon=True).start()
while True:
    wire, peer = udp.recvfrom(65535)
    say("udp", peer, wire)
    for answer in answers(wire, False):
        udp.sendto(answer, peer)

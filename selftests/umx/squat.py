#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the ways to use an address that is not one's own.
#
#   squat.py send ADDR TO FILE    every way to send from ADDR to TO: sockets are made at once, and send when FILE exists
#   squat.py hear ADDR            every way to listen on ADDR, until killed; prints what comes
#
# Prints "WAY: sent" or "WAY: ERROR", a line each.
import errno, os, select, socket, struct, sys, time

IPV6_PKTINFO, IPV6_FREEBIND, IPV6_TRANSPARENT = 50, 78, 75
TCP, UDP, ICMP, MPTCP = 6, 17, 58, 262
PORT = 4800


def option(s, name):
    s.setsockopt(socket.IPPROTO_IPV6, name, 1)
    return s


def datagram(proto=UDP, name=IPV6_FREEBIND):
    return option(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM, proto), name)


def stream(proto=TCP, name=IPV6_FREEBIND):
    return option(socket.socket(socket.AF_INET6, socket.SOCK_STREAM, proto), name)


def bound(s, addr):
    s.bind((addr, 0))
    return s


def info(addr):
    return socket.inet_pton(socket.AF_INET6, addr) + struct.pack("i", 0)


def by_message(s, addr, to):
    s.sendmsg([b"x"], [(socket.IPPROTO_IPV6, IPV6_PKTINFO, info(addr))], 0, (to, 9))


def by_option(s, addr, to):
    s.setsockopt(socket.IPPROTO_IPV6, IPV6_PKTINFO, info(addr))
    s.sendto(b"x", (to, 9))


def connected(s, addr, to):
    s.connect((to, 9))
    s.send(b"x")


def called(s, addr, to):
    """A SYN and its repetition, if it may."""
    s.settimeout(1.2)
    s.connect((to, 9))


def plain(s, addr, to):
    s.sendto(b"x", (to, 9))


def pinged(s, addr, to):
    s.sendto(struct.pack(">BBHHH", 128, 0, 0, 0, 1), (to, 0))


WAYS = (
    ("UDP, bound", lambda a: bound(datagram(), a), plain),
    ("UDP, connected", lambda a: bound(datagram(), a), connected),
    ("UDP, IPV6_PKTINFO by message", lambda a: datagram(), by_message),
    ("UDP, IPV6_PKTINFO by option", lambda a: datagram(), by_option),
    ("UDP, IPV6_PKTINFO alone", lambda a: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM), by_message),
    ("UDP, IPV6_TRANSPARENT", lambda a: bound(datagram(name=IPV6_TRANSPARENT), a), plain),
    ("ping socket", lambda a: bound(datagram(ICMP), a), pinged),
    ("TCP", lambda a: bound(stream(), a), called),
    ("TCP, IPV6_TRANSPARENT", lambda a: bound(stream(name=IPV6_TRANSPARENT), a), called),
    ("MPTCP", lambda a: bound(stream(MPTCP), a), called),
)


def attempt(way, do, *args):
    try:
        return do(*args), None
    except TimeoutError:
        return None, "silence"
    except OSError as e:
        return None, errno.errorcode.get(e.errno, str(e))


def send(addr, to, name):
    made = [(way, *attempt(way, make, addr), use) for way, make, use in WAYS]
    print("ready", flush=True)
    while not os.path.exists(name):
        time.sleep(0.02)
    for way, s, failed, use in made:
        if s:
            failed = attempt(way, use, s, addr, to)[1]
        print("%s: %s" % (way, failed or "sent"), flush=True)


def hear(addr):
    ways = {}
    for i, (way, s) in enumerate((("UDP", datagram()), ("TCP", stream()), ("MPTCP", stream(MPTCP)))):
        s.bind((addr, PORT + i))
        if way != "UDP":
            s.listen()
        ways[s] = way
    print("ready", flush=True)
    while True:
        for s in select.select(list(ways), [], [])[0]:
            print("heard", ways[s], (s.accept()[1] if ways[s] != "UDP" else s.recvfrom(10)[1])[0], flush=True)


if sys.argv[1] == "send":
    send(*sys.argv[2:])
else:
    hear(sys.argv[2])

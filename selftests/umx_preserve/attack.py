# SPDX-License-Identifier: GPL-2.0
"""This file owns what somebody who is not on the path may send: forged sources, numbers guessed.

    attack.py segments COUNT SRC SPORT DST DPORT     ACKs, data and resets with random numbers
    attack.py options COUNT SRC SPORT DST DPORT      SYN-ACKs and ACKs with offers and acceptances of both forms
    attack.py errors COUNT ROUTER SRC SPORT DST DPORT  ICMPv6 errors to SRC about SRC -> DST
    attack.py syns COUNT DST DPORT                   SYNs of as many hosts, each with 28 prefixes nobody has
    attack.py garbage COUNT SRC SPORT DST DPORT      SYNs and ACKs with headers of random bytes
"""
import random
import socket
import struct
import sys

TCP, ICMP, DESTINATION = 6, 58, 60
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
guess = random.Random(1)


def pton(address):
    return socket.inet_pton(socket.AF_INET6, address)


def checksum(src, dst, proto, data):
    data = src + dst + struct.pack(">II", len(data), proto) + data + b"\0" * (len(data) & 1)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def send(src, dst, proto, data):
    raw.sendto(struct.pack(">IHBB", 6 << 28, len(data), proto, 64) + src + dst + data,
               (socket.inet_ntop(socket.AF_INET6, dst), 0))


def segment(src, sport, dst, dport, flags, data=b"", options=b""):
    head = struct.pack(">HHIIBBHHH", sport, dport, guess.getrandbits(32), guess.getrandbits(32), 5 << 4, flags, 65535,
                       0, 0)
    check = struct.pack(">H", checksum(src, dst, TCP, head + data))
    send(src, dst, DESTINATION if options else TCP, options + head[:16] + check + head[18:] + data)


def header(body):
    """A Destination Options header around some options."""
    size = (2 + len(body) + 7) // 8 * 8
    pad = size - 2 - len(body)
    padding = b"\0" if pad == 1 else bytes([1, pad - 2]) + b"\0" * (pad - 2) if pad else b""
    return bytes([TCP, size // 8 - 1]) + body + padding


def compact(what, body):
    return bytes([0x1e, 1 + len(body), 0x50 | what]) + body


def whole(address):
    return bytes([128]) + pton(address)


def segments(count, src, sport, dst, dport):
    for _ in range(count):
        segment(src, sport, dst, dport, guess.choice((ACK, ACK | PSH, ACK | FIN, RST, RST | ACK)),
                guess.randbytes(guess.choice((0, 1, 1000))))


def options(count, src, sport, dst, dport):
    for _ in range(count):
        offer = guess.choice((b"", whole("2001:db8:bad::1"), bytes([64]) + guess.randbytes(8)))
        check = bytes([guess.getrandbits(8)]) + guess.randbytes(4)
        body = guess.choice((compact(1, offer), compact(2, check), compact(3, check + offer),
                             bytes([0x0c, len(offer)]) + offer,
                             bytes([0x0b, len(offer)]) + offer + bytes([0x0c, len(offer)]) + offer))
        segment(src, sport, dst, dport, guess.choice((SYN | ACK, ACK, ACK | PSH)), options=header(body))


def errors(count, router, src, sport, dst, dport):
    for _ in range(count):
        kind, code, info = guess.choice(((1, 0, 0), (1, 3, 0), (2, 0, 1280), (2, 0, 68)))
        quoted = struct.pack(">IHBB", 6 << 28, 20, TCP, 64) + src + dst + struct.pack(
            ">HHIIBBHHH", sport, dport, guess.getrandbits(32), 0, 5 << 4, ACK, 65535, 0, 0)
        message = struct.pack(">BBHI", kind, code, 0, info) + quoted
        check = struct.pack(">H", checksum(router, src, ICMP, message))
        send(router, src, ICMP, message[:2] + check + message[4:])


def syns(count, dst, dport):
    bogus = b"".join(bytes([64]) + pton("2001:db8:%x::" % (0xb000 + i))[:8] for i in range(28))
    many = header(compact(1, bogus))
    for i in range(count):
        src = pton("2001:db8:ee::")[:8] + struct.pack(">Q", i + 1)
        segment(src, 1024 + i % 60000, dst, dport, SYN, options=many)


def garbage(count, src, sport, dst, dport):
    for _ in range(count):
        size = guess.choice((8, 16, 24, 64, 256))
        head = bytes([TCP, guess.choice((size // 8 - 1, guess.getrandbits(8)))])
        body = guess.choice((b"\x1e", b"\x0b", b"\x0c", b"\x01", b"")) + guess.randbytes(size)
        segment(src, sport, dst, dport, guess.choice((SYN, ACK, SYN | ACK)), options=(head + body)[:size])


what, arguments = sys.argv[1], [int(a) if a.isdigit() else pton(a) for a in sys.argv[2:]]
globals()[what](*arguments)

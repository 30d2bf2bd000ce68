# SPDX-License-Identifier: GPL-2.0
# This file owns sending a generic netlink family messages that no program of ours would send, one after the other.
#
# A test's script is on standard input of "PYTHONPATH=.../selftests python3 -":
#
#   from malformed import attr, tell, DUMP
#   tell("umx_bis", [("a pair of nothing", 4, b""), ("an attribute in a dump", 6, attr(1, b"1234"), DUMP)])
#
# prints "TEXT: refused" or "TEXT: accepted" for each.
import socket
import struct

GENERIC, CONTROLLER, GET_FAMILY = 16, 16, 3
FAMILY_ID, FAMILY_NAME = 1, 2
REQUEST, DUMP = 5, 0x301  # with an acknowledgement
ERROR, DONE = 2, 3


def attr(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def ask(sock, family, cmd, attrs, flags=REQUEST):
    body = struct.pack("BBH", cmd, 1, 0) + attrs
    sock.send(struct.pack("IHHII", 16 + len(body), family, flags, 1, 0) + body)
    return sock.recv(65536)


def number(sock, name):
    reply = ask(sock, CONTROLLER, GET_FAMILY, attr(FAMILY_NAME, name.encode() + b"\0"))
    sock.recv(65536)  # the acknowledgement
    pos = 20
    while pos < len(reply):
        length, kind = struct.unpack_from("HH", reply, pos)
        if kind == FAMILY_ID:
            return struct.unpack_from("H", reply, pos + 4)[0]
        pos += length + 3 & ~3
    raise LookupError(name)


def tell(name, messages):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC) as sock:
        sock.bind((0, 0))
        family = number(sock, name)
        for text, cmd, attrs, *flags in messages:
            reply = ask(sock, family, cmd, attrs, *flags)
            kind, = struct.unpack_from("H", reply, 4)
            refused = kind in (ERROR, DONE) and struct.unpack_from("i", reply, 16)[0] < 0
            print(f"{text}: {'refused' if refused else 'accepted'}")

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns netlink messages no library would build, sent to the family "umx".
#
#   nl.py join                      join the group "events"
#   nl.py CMD [WORD]...             send command number CMD and print "ERROR sentence", or "OK"
# WORDs: dump, cut=N (only the first N bytes are sent), len=N (what the header claims), version=N, nest (NLA_F_NESTED
# on every attribute), TYPE:u8=V, TYPE:u16=V, TYPE:u32=V, TYPE:in6=V, TYPE:str=V (with NUL), TYPE:hex=BYTES
import errno, socket, struct, sys

NETLINK_GENERIC, GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 16, 3
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 1, 10, 11
REQUEST, ACK, DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
errno.errorcode[errno.EOPNOTSUPP] = "EOPNOTSUPP"


def attr(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def attrs(data):
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


def message(kind, flags, cmd, version, payload):
    body = struct.pack("=BBH", cmd, version, 0) + payload
    return struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body


def family(sock):
    sock.send(message(GENL_ID_CTRL, REQUEST, CTRL_CMD_GETFAMILY, 1, attr(2, b"umx\0")))
    got = dict(attrs(sock.recv(65536)[20:]))
    groups = {}
    for _, group in attrs(got[7]):
        entry = dict(attrs(group))
        groups[entry[1].rstrip(b"\0").decode()] = struct.unpack("=I", entry[2])[0]
    return struct.unpack("=H", got[1])[0], groups


def value(word):
    kind, _, rest = word.partition(":")
    form, _, text = rest.partition("=")
    data = {
        "u8": lambda: struct.pack("=B", int(text)),
        "u16": lambda: struct.pack("=H", int(text)),
        "u32": lambda: struct.pack("=I", int(text)),
        "in6": lambda: socket.inet_pton(socket.AF_INET6, text),
        "str": lambda: text.encode() + b"\0",
        "hex": lambda: bytes.fromhex(text),
    }[form]()
    return int(kind), data


def verdict(data):
    while data:
        size, kind, flags = struct.unpack_from("=IHH", data)
        if kind in (NLMSG_ERROR, NLMSG_DONE):
            code = -struct.unpack_from("=i", data, 16)[0] if size >= 20 else 0
            sentence = ""
            if flags & 0x200:
                skip = 20 if kind == NLMSG_DONE else 36
                if kind == NLMSG_ERROR and not flags & 0x100:
                    skip = 20 + struct.unpack_from("=I", data, 20)[0]
                for k, text in attrs(data[(skip + 3) & ~3:size]):
                    if k == 1:
                        sentence = text.rstrip(b"\0").decode()
            return (errno.errorcode[code] if code else "OK") + (" " + sentence if sentence else "")
        data = data[(size + 3) & ~3:]
    return None


def main():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    sock.settimeout(5)
    kind, groups = family(sock)
    if sys.argv[1] == "join":
        try:
            sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, groups["events"])
            print("OK")
        except OSError as e:
            print(errno.errorcode[e.errno])
        return
    flags, version, nest, cut, claim, payload = REQUEST | ACK, 1, 0, None, None, b""
    for word in sys.argv[2:]:
        if word == "dump":
            flags |= DUMP
        elif word == "nest":
            nest = 0x8000
        elif word.startswith("version="):
            version = int(word[8:])
        elif word.startswith("cut="):
            cut = int(word[4:])
        elif word.startswith("len="):
            claim = int(word[4:])
        else:
            k, data = value(word)
            payload += attr(k | nest, data)
    data = message(kind, flags, int(sys.argv[1]), version, payload)
    if claim is not None:
        data = struct.pack("=I", claim) + data[4:]
    sock.send(data[:cut])
    try:
        while True:
            said = verdict(sock.recv(65536))
            if said:
                print(said)
                return
    except TimeoutError:
        print("silence")


main()

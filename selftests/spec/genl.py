# SPDX-License-Identifier: GPL-2.0
# This file owns generic netlink as the tests of the specifications need it: requests, dumps, attributes.
import errno, os, socket, struct

NETLINK_GENERIC, GENL_ID_CTRL = 16, 16
REQUEST, ACK, DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
CTRL_CMD_GETFAMILY, CTRL_CMD_GETPOLICY = 3, 10
CTRL_FAMILY_ID, CTRL_FAMILY_NAME, CTRL_VERSION, CTRL_OPS, CTRL_GROUPS, CTRL_POLICY, CTRL_OP_POLICY = 1, 2, 3, 6, 7, 8, 9


def attr(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def attrs(data):
    """(number, payload) of each."""
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


def number(data):
    return int.from_bytes(data, "little")


def word(data):
    return data.rstrip(b"\0").decode()


def ask(kind, cmd, flags=0, payload=b""):
    """The attributes of every message of the answer: a list of lists."""
    answers = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as sock:
        sock.settimeout(30)
        body = struct.pack("=BBH", cmd, 1, 0) + payload
        sock.send(struct.pack("=IHHII", 16 + len(body), kind, REQUEST | ACK | flags, 1, 0) + body)
        while True:
            data = sock.recv(1 << 17)
            while data:
                size, what = struct.unpack_from("=IH", data)
                if what in (NLMSG_ERROR, NLMSG_DONE):
                    code = -struct.unpack_from("=i", data, 16)[0]
                    if code:
                        raise OSError(code, os.strerror(code))
                    return answers
                answers.append(list(attrs(data[20:size])))
                data = data[(size + 3) & ~3:]


class Family:
    def __init__(self, name):
        got = dict(ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, attr(CTRL_FAMILY_NAME, name.encode() + b"\0"))[0])
        self.id = number(got[CTRL_FAMILY_ID])
        self.version = number(got[CTRL_VERSION])
        self.ops = {}
        for _, entry in attrs(got.get(CTRL_OPS, b"")):
            op = dict(attrs(entry))
            self.ops[number(op[1])] = number(op[2])
        self.groups = [word(dict(attrs(entry))[1]) for _, entry in attrs(got.get(CTRL_GROUPS, b""))]

    def policies(self):
        """(command, 1 for do or 2 for dump) -> number of an attribute -> its policy as numbered attributes."""
        indices, tables = {}, {}
        for message in ask(GENL_ID_CTRL, CTRL_CMD_GETPOLICY, DUMP, attr(CTRL_FAMILY_ID, struct.pack("=H", self.id))):
            for kind, data in message:
                for key, value in attrs(data):
                    if kind == CTRL_OP_POLICY:
                        indices |= {(key, how): number(index) for how, index in attrs(value)}
                    elif kind == CTRL_POLICY:
                        table = tables.setdefault(key, {})
                        table |= {n: dict(attrs(policy)) for n, policy in attrs(value)}
        return {key: tables.get(index, {}) for key, index in indices.items()}

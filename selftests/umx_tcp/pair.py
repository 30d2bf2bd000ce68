# SPDX-License-Identifier: GPL-2.0
"""This file owns what the tests' programs in python share: sockets in several network namespaces from one process,
umctl, and points."""
import contextlib
import ctypes
import errno
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

CLIENT, SERVER, PLAIN = (os.environ.get(n) for n in ("CLIENT", "SERVER", "PLAIN"))
SERVER6, CLIENT6 = "2001:db8::2", "2001:db8::1"
SLOW = 8 if os.path.exists("/sys/kernel/debug/kmemleak") else 1
LINGER0 = struct.pack("ii", 1, 0)
libc = ctypes.CDLL(None, use_errno=True)
_here = os.open("/proc/self/ns/net", os.O_RDONLY)


def point(passed, text, why=""):
    """One result; why is shown when it is bad."""
    print(("ok " if passed else "not ok ") + text)
    if not passed and why != "":
        print(f"  {why}")
    return passed


def same(text, got, wanted):
    return point(got == wanted, text, f"got {got!r}, wanted {wanted!r}")


@contextlib.contextmanager
def inside(ns):
    """Everything in the block happens in network namespace ns."""
    fd = os.open("/run/netns/" + ns, os.O_RDONLY)
    try:
        if libc.setns(fd, 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")
        yield
    finally:
        os.close(fd)
        libc.setns(_here, 0x40000000)


def tcp(ns, family=socket.AF_INET6, proto=0):
    with inside(ns):
        s = socket.socket(family, socket.SOCK_STREAM, proto)
    # a limit the kernel keeps: to it the socket stays a blocking one; children inherit it
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        s.setsockopt(socket.SOL_SOCKET, option, struct.pack("qq", 10 * SLOW, 0))
    return s


def listener(ns, port, addr="::", backlog=64, v6only=True, proto=0):
    s = tcp(ns, proto=proto)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    s.bind((addr, port))
    s.listen(backlog)
    return s


def disconnect(s):
    """connect() to AF_UNSPEC, which python does not know."""
    if libc.connect(s.fileno(), struct.pack("H14x", socket.AF_UNSPEC), 16):
        raise OSError(ctypes.get_errno(), "connect AF_UNSPEC")


def error_of(call, *args):
    """errno name of a call that must fail (EAGAIN: nothing within the limit); None when it did not."""
    try:
        call(*args)
    except OSError as e:
        return errno.errorcode.get(e.errno, str(e))
    return None


def silence(to, port, family=socket.AF_INET6):
    """A client that calls hears neither yes nor no; its address is given back."""
    c = tcp(CLIENT, family)
    c.setblocking(False)
    c.connect_ex((to, port))
    answer = select.select([], [c], [], 0.4 * SLOW)[1]
    c.close()
    return not answer


def reset(*socks):
    """Close with an RST: no TIME_WAIT stays behind."""
    for s in socks:
        if s.fileno() >= 0:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER0)
            s.close()


def is_ea(addr):
    return addr.startswith("2001:db8:ea:")


def is_ssa(addr):
    return addr.startswith("2001:db8:55a:")


def here(s):
    return s.getsockname()[0]


def there(s):
    return s.getpeername()[0]


def talk(a, b, n=1):
    """n bytes each way, checked."""
    for x, y in ((a, b), (b, a)):
        data = os.urandom(n)
        x.sendall(data)
        got = b""
        while len(got) < n:
            part = y.recv(n - len(got))
            if not part:
                return False
            got += part
        if got != data:
            return False
    return True


def umctl(ns, *words):
    """The command's JSON; OSError with its sentence when it is refused."""
    run = subprocess.run(["umctl", "-j", "-n", ns, *map(str, words)], capture_output=True, text=True)
    if run.returncode:
        raise OSError(run.returncode, run.stderr.strip())
    return json.loads(run.stdout) if run.stdout else []


def refusal(ns, *words):
    """What umctl says when it refuses; None when it does not."""
    try:
        umctl(ns, *words)
    except OSError as e:
        return e.strerror
    return None


def ssa(port=80, *words):
    return umctl(SERVER, "ssa", "add", "port", port, *words)[0]["address"]


def live(ns, state=None):
    """Address -> state of what lives in ns."""
    return {a["address"]: a["state"] for a in umctl(ns, "addr", "show", *(("state", state) if state else ()))}


def stat(ns, name):
    return next(c["value"] for c in umctl(ns, "stats", "show") if c["name"] == name)


def wait_for(true, seconds=10):
    end = time.monotonic() + seconds * SLOW
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def gone(ns, addr):
    """addr is no longer in the table of ns, soon."""
    return wait_for(lambda: addr not in live(ns), 5)


def forge(src, dst, sport, dport, seq, ack, flags, data=b""):
    """A TCP segment leaves CLIENT from an address that need not be its own."""
    src, to = (socket.inet_pton(socket.AF_INET6, x) for x in (src, dst))
    seg = bytearray(struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 0x50, flags, 65535, 0, 0) + data)
    pseudo = src + to + struct.pack("!II", len(seg), socket.IPPROTO_TCP) + seg + b"\0" * (len(seg) % 2)
    check = sum(struct.unpack(f"!{len(pseudo) // 2}H", pseudo))
    while check >> 16:
        check = (check & 0xffff) + (check >> 16)
    struct.pack_into("!H", seg, 16, 0xffff - check)
    with inside(CLIENT), socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        raw.sendto(struct.pack("!IHBB", 0x60000000, len(seg), socket.IPPROTO_TCP, 64) + src + to + seg, (dst, 0))

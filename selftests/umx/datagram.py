#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns both ends of a test session over UDP.
#
#   datagram.py serve PORT                answer every datagram until killed
#   datagram.py call [OPTION]... ADDR PORT WORD...
#
# The server answers "name" with the address and port it was asked from, "big N" with N bytes, "late ADDR PORT" by
# sending a datagram there, all else with what it got. An error is printed by its name and call goes on with the next
# word, but for -bind.
#
# call connects, then does the words in order; after -- another call begins:
#   name (print own address and port)  seen (print what the server saw)  echo  big=N (print how many bytes came)
#   up=N (send N bytes, print how many came back)  to=ADDR,PORT (sendto; print sent)  again=ADDR,PORT (connect)
#   unspec  empty (nothing has come)  recv (print what has come)  mtu  close  fork (a child goes on, the parent ends)
#   pass (hand the socket to another process, which goes on)  loop (echo until killed)  hold  wait=FILE (until it exists)
#   late=ADDR,PORT (have the server send there)  churn (connect sockets to ADDR and PORT for ever, in every way)
# Options: -bind=ADDR,PORT -freebind -unconnected -prefer=N -pktinfo=ADDR -timeout=S -dontfrag
import array, errno, os, signal, socket, sys, time

IPV6_PKTINFO, IPV6_MTU_DISCOVER, IPV6_MTU, IPV6_ADDR_PREFERENCES, IPV6_FREEBIND = 50, 23, 24, 72, 78


def say(*what):
    print(*what, flush=True)


def pair(text):
    addr, _, port = text.partition(",")
    return addr, int(port)


def serve(port):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.bind(("::", port))
        while True:
            data, who = s.recvfrom(65536)
            words = data.split()
            if words[:1] == [b"name"]:
                data = ("%s %d" % who[:2]).encode()
            elif words[:1] == [b"big"]:
                data = b"x" * int(words[1])
            elif words[:1] == [b"late"]:
                who = (words[1].decode(), int(words[2]))
            s.sendto(data, who[:2])


def ask(s, data, to=None):
    s.sendto(data, to) if to else s.send(data)
    return s.recv(65536)


def handed(s):
    """The parent passes its socket on and ends; the child, which never had it, goes on."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    if os.fork():
        there.close()
        here.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [s.fileno()]))])
        here.recv(1)
        os._exit(0)
    s.close()
    here.close()
    fds = array.array("i")
    _, cmsg, _, _ = there.recvmsg(1, socket.CMSG_LEN(4))
    fds.frombytes(cmsg[0][2][:4])
    there.send(b"x")
    s = socket.socket(fileno=fds[0])
    s.settimeout(timeout)
    return s


def churn(to):
    while True:
        try:
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
                s.connect(to)
                s.send(b"churn")
                s.connect(to)
                s.send(b"churn")
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
                s.sendto(b"churn", to)
        except OSError:
            pass


def word(s, w, to):
    key, _, value = w.partition("=")
    if key == "name":
        say(*s.getsockname()[:2])
    elif key == "seen":
        say(ask(s, b"name", far).decode())
    elif key == "echo":
        say("echoed" if ask(s, b"hello", far) == b"hello" else "garbled")
    elif key == "big":
        say(len(ask(s, b"big " + value.encode(), far)))
    elif key == "up":
        say(len(ask(s, b"y" * int(value), far)))
    elif key == "to":
        s.sendto(b"name", pair(value))
        say("sent")
    elif key == "late":
        s.send(b"late %s %d" % (pair(value)[0].encode(), pair(value)[1]))
    elif key == "again":
        s.connect(pair(value))
    elif key == "unspec":
        # python knows no AF_UNSPEC address; the kernel looks at the first two bytes only
        import ctypes
        if ctypes.CDLL(None, use_errno=True).connect(s.fileno(), b"\0" * 28, 28):
            raise OSError(ctypes.get_errno(), "")
    elif key == "empty":
        s.setblocking(False)
        try:
            say("got", len(s.recv(65536)))
        except BlockingIOError:
            say("empty")
        s.settimeout(timeout)
    elif key == "recv":
        say("got", len(s.recv(65536)))
    elif key == "mtu":
        say(s.getsockopt(socket.IPPROTO_IPV6, IPV6_MTU))
    elif key == "close":
        s.close()
    elif key == "fork":
        if os.fork():
            os._exit(0)
    elif key == "pass":
        return handed(s)
    elif key == "wait":
        while not os.path.exists(value):
            time.sleep(0.02)
    elif key == "hold":
        signal.pause()
    elif key == "churn":
        churn(to)
    elif key == "loop":
        while True:
            try:
                ask(s, b"again", far)
                time.sleep(0.01)
            except socket.timeout:
                pass
    else:
        sys.exit("unknown word " + w)
    return s


def call(words):
    opts = {}
    while words[0].startswith("-"):
        key, _, value = words.pop(0).lstrip("-").partition("=")
        opts[key] = value
    to = (words[0], int(words[1]))
    global timeout, far
    far = to if "unconnected" in opts else None
    timeout = float(opts.get("timeout", 10))
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.settimeout(timeout)
    if "dontfrag" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, 2)
    if "prefer" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, int(opts["prefer"]))
    if "pktinfo" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_PKTINFO, socket.inet_pton(socket.AF_INET6, opts["pktinfo"]) + b"\0" * 4)
    if "freebind" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
    steps = ["bind"] if "bind" in opts else []
    steps += [] if "unconnected" in opts else ["connect"]
    for step in steps + words[2:]:
        try:
            if step == "bind":
                s.bind(pair(opts["bind"]))
            elif step == "connect":
                s.connect(to)
            else:
                s = word(s, step, to)
        except socket.timeout:
            say("timeout")
        except OSError as e:
            say(errno.errorcode.get(e.errno, e))


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    words = sys.argv[2:]
    while "--" in words:
        call(words[:words.index("--")])
        words = words[words.index("--") + 1:]
    call(words)

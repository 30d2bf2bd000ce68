# SPDX-License-Identifier: GPL-2.0
"""This file owns the plain applications of these tests: an echo server, a client that says a word at a time, and both
ends of a bulk transfer. None of them knows of umx_preserve.

    talk.py serve PORT                  echo until the peer closes; "sum" as first line: answer with a sha256 at its end
    talk.py dial ADDRESS PORT           for each line of stdin: send it, wait for the echo, print it and the time it took
    talk.py dial ADDRESS PORT alive     the same, and asks each second whether the peer is there; gives up after 10
    talk.py send ADDRESS PORT MEGABYTES bytes nobody can guess, then compare sha256 sums; prints "same" or "different"
    talk.py patient ADDRESS PORT MEGABYTES the same as send, but waits for SIGUSR1 before it sends
    talk.py fetch ADDRESS PORT MEGABYTES the same, sent by the server
    talk.py pool PORT                   as serve, for thousands of connections
    talk.py many ADDRESS PORT COUNT     COUNT connections; for each line of stdin: a word on each of them, then print how
                                        many of them have echoed it, and the time it took
    talk.py echo ADDRESS PORT MS COUNT  a word every MS milliseconds; prints the longest wait between two echoes
"""
import hashlib
import os
import resource
import select
import signal
import socket
import sys
import threading
import time


def receive(s, digest, count=None):
    """Everything, or count bytes; False if the end came first."""
    while count is None or count:
        data = s.recv(min(count or 1 << 20, 1 << 20))
        if not data:
            return count is None
        digest.update(data)
        if count is not None:
            count -= len(data)
    return True


def send(s, megabytes, digest):
    block = os.urandom(1 << 20)
    for i in range(megabytes):
        data = i.to_bytes(8, "big") + block[8:]
        digest.update(data)
        s.sendall(data)


def answer(s):
    with s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        first = s.recv(4, socket.MSG_WAITALL)
        if first == b"sum\n":
            digest = hashlib.sha256()
            receive(s, digest)
            s.sendall(digest.digest())
        elif first == b"get\n":
            digest = hashlib.sha256()
            send(s, int.from_bytes(s.recv(4, socket.MSG_WAITALL), "big"), digest)
            s.sendall(digest.digest())
        else:
            while first:
                s.sendall(first)
                first = s.recv(65536)


def serve(port):
    lsk = socket.create_server(("::", port), family=socket.AF_INET6, backlog=512)
    while True:
        threading.Thread(target=answer, args=(lsk.accept()[0],), daemon=True).start()


def connect(address, port):
    s = socket.create_connection((address, port))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def echo(s, word):
    begun = time.monotonic()
    data = word.encode() + b"....\n"
    s.sendall(data)
    if s.recv(len(data), socket.MSG_WAITALL) != data:
        raise EOFError("no echo")
    return int((time.monotonic() - begun) * 1000)


def dial(address, port, alive=False):
    try:
        s = connect(address, port)
        if alive:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 10)
        print("connected", s.getsockname()[0], s.getpeername()[0], flush=True)
        for line in sys.stdin:
            print(line.strip(), echo(s, line.strip()), s.getpeername()[0], flush=True)
        s.close()
    except (OSError, EOFError) as why:
        print("failed", why, flush=True)


def bulk(address, port, megabytes, fetch, patient=False):
    if patient:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    s = connect(address, port)
    digest = hashlib.sha256()
    if fetch:
        s.sendall(b"get\n" + megabytes.to_bytes(4, "big"))
        whole = receive(s, digest, megabytes << 20)
    else:
        if patient:
            signal.sigwait({signal.SIGUSR1})
        s.sendall(b"sum\n")
        send(s, megabytes, digest)
        s.shutdown(socket.SHUT_WR)
        whole = True
    print("same" if whole and s.recv(32, socket.MSG_WAITALL) == digest.digest() else "different")


def steady(address, port, ms, count):
    """The longest time between two echoes, in ms. A word that waits does not delay those after it."""
    s = connect(address, port)
    longest = [0.0]

    def hear():
        last = time.monotonic()
        for _ in range(count):
            if len(s.recv(8, socket.MSG_WAITALL)) != 8:
                return
            now = time.monotonic()
            longest[0] = max(longest[0], now - last)
            last = now
        longest.append(0)

    hearer = threading.Thread(target=hear)
    hearer.start()
    print("begun", flush=True)
    for i in range(count):
        s.sendall(b"%07d\n" % i)
        time.sleep(ms / 1000)
    hearer.join(300)
    print(int(longest[0] * 1000) if len(longest) > 1 else "lost", flush=True)


def pool(port):
    resource.setrlimit(resource.RLIMIT_NOFILE, (65536, 65536))
    lsk = socket.create_server(("::", port), family=socket.AF_INET6, backlog=4096)
    poll, socks = select.epoll(), {lsk.fileno(): lsk}
    poll.register(lsk.fileno(), select.EPOLLIN)
    while True:
        for fd, _ in poll.poll():
            if fd == lsk.fileno():
                s = lsk.accept()[0]
                socks[s.fileno()] = s
                poll.register(s.fileno(), select.EPOLLIN)
                continue
            data = socks[fd].recv(4096)
            if data:
                socks[fd].sendall(data)
            else:
                poll.unregister(fd)
                socks.pop(fd).close()


def echoed(s, word):
    try:
        return s.recv(len(word), socket.MSG_WAITALL) == word
    except OSError:
        return False


def many(address, port, count):
    resource.setrlimit(resource.RLIMIT_NOFILE, (65536, 65536))
    socks = [connect(address, port) for _ in range(count)]
    print("connected", len(socks), flush=True)
    for line in sys.stdin:
        begun, word = time.monotonic(), line.strip().encode()
        for s in socks:
            s.sendall(word)
        good = sum(echoed(s, word) for s in socks)
        print(word.decode(), good, int((time.monotonic() - begun) * 1000), flush=True)


what, args = sys.argv[1], sys.argv[2:]
if what == "serve":
    serve(int(args[0]))
elif what == "dial":
    dial(args[0], int(args[1]), args[2:] == ["alive"])
elif what in ("send", "patient", "fetch"):
    bulk(args[0], int(args[1]), int(args[2]), what == "fetch", what == "patient")
elif what == "pool":
    pool(int(args[0]))
elif what == "many":
    many(args[0], int(args[1]), int(args[2]))
elif what == "echo":
    steady(args[0], int(args[1]), int(args[2]), int(args[3]))

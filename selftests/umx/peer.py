#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns both ends of a test connection.
#
#   peer.py serve [OPTION]... PORT...     answer every connection, line by line, until killed
#   peer.py call [OPTION]... ADDR PORT WORD...
#
# call connects, then does the words in order:
#   name (print own address and port)  peer (the other's)  echo  up=N  down=N (bytes sent, received)  shut  eof  rst
#   unspec (AF_UNSPEC disconnect)  again (connect once more)  close  hold, loop (echoes, until killed)  wait=FILE (until it exists)
#   far=LINE (for the server to do: echo, up N, down N, name, shut, close, rst, listen N)
# An error is printed by its name; the exit status is 1.
import errno, os, signal, socket, struct, sys, threading, time

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
IPPROTO_MPTCP, TCP_FASTOPEN, MSG_FASTOPEN = 262, 23, 0x20000000
IPV6_PKTINFO, IPV6_ADDR_PREFERENCES, IPV6_FREEBIND = 50, 72, 78
LINGER0 = struct.pack("ii", 1, 0)


def options(words):
    opts = {}
    while words and words[0].startswith("-"):
        key, _, value = words.pop(0).lstrip("-").partition("=")
        opts[key] = value
    return opts


def down(sock, n):
    got = 0
    while got < n:
        data = sock.recv(min(n - got, 1 << 16))
        if not data:
            raise ConnectionError(errno.EPIPE, "end after %d of %d bytes" % (got, n))
        got += len(data)


def line(sock):
    text = b""
    while not text.endswith(b"\n"):
        byte = sock.recv(1)
        if not byte:
            return None
        text += byte
    return text.decode().split()


def answer(sock, listener):
    try:
        while words := line(sock):
            if words[0] == "echo":
                sock.sendall(b"echoed\n")
            elif words[0] == "up":
                down(sock, int(words[1]))
                sock.sendall(b"got\n")
            elif words[0] == "down":
                for left in range(int(words[1]), 0, -65536):
                    sock.sendall(b"x" * min(left, 65536))
            elif words[0] == "name":
                sock.sendall(("%s %d\n" % sock.getsockname()[:2]).encode())
            elif words[0] == "shut":
                sock.shutdown(socket.SHUT_WR)
            elif words[0] == "listen":
                listener.listen(int(words[1]))
            elif words[0] == "close":
                break
            elif words[0] == "rst":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER0)
                break
    except OSError:
        pass
    sock.close()


def serve(opts, ports):
    for port in ports:
        s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, IPPROTO_MPTCP if "mptcp" in opts else 0)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, "dual" not in opts)
        if "freebind" in opts:
            s.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        if "reuseport" in opts:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        s.bind((opts.get("addr", "::"), int(port)))
        if "fastopen" in opts:
            s.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)
        s.listen(int(opts.get("backlog", 128)))
        threading.Thread(target=accept, args=(s, opts), daemon=True).start()
    signal.pause()


def accept(s, opts):
    while True:
        sock, _ = s.accept()
        if "drop" in opts:
            sock.close()
        else:
            threading.Thread(target=answer, args=(sock, s), daemon=True).start()


def make(opts, to):
    s = socket.socket(socket.AF_INET6)
    if "freebind" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
    if "bind" in opts or "sport" in opts:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((opts.get("bind", "::"), int(opts.get("sport", 0))))
    if "pktinfo" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_PKTINFO,
                     socket.inet_pton(socket.AF_INET6, opts["pktinfo"]) + struct.pack("i", 0))
    if "public" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, 2)
    if "prefer" in opts:
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, int(opts["prefer"]))
    if "dev" in opts:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, opts["dev"].encode())
    s.settimeout(float(opts.get("timeout", 30)))
    if "fastopen" in opts:
        s.settimeout(None)  # or sendto() returns before there is a connection
        s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(float(opts.get("timeout", 30))) + 1, 0))
        s.sendto(b"echo\n", MSG_FASTOPEN, to)
        s.settimeout(float(opts.get("timeout", 30)))
    else:
        s.connect(to)
    if "blocking" in opts:
        s.settimeout(None)
    return s


def call(opts, addr, port, words):
    to = socket.getaddrinfo(addr, int(port), socket.AF_INET6, socket.SOCK_STREAM, 0, socket.AI_V4MAPPED)[0][4]
    s = make(opts, to)
    for word in words:
        verb, _, arg = word.partition("=")
        if verb == "name":
            print("%s %d" % s.getsockname()[:2], flush=True)
        elif verb == "peer":
            print("%s %d" % s.getpeername()[:2], flush=True)
        elif verb == "echo":
            s.sendall(b"echo\n")
            print(*line(s) or ["eof"], flush=True)
        elif verb == "loop":
            while s.sendall(b"echo\n") or line(s):
                time.sleep(0.02)
        elif verb == "up":
            s.sendall(b"up %d\n" % int(arg) + b"x" * int(arg))
            print(*line(s) or ["eof"], flush=True)
        elif verb == "down":
            s.sendall(b"down %d\n" % int(arg))
            down(s, int(arg))
            print("got", flush=True)
        elif verb == "far":
            s.sendall(arg.encode() + b"\n")
            if arg == "name":
                print(*line(s), flush=True)
        elif verb == "shut":
            s.shutdown(socket.SHUT_WR)
        elif verb == "eof":
            print("eof" if s.recv(1) == b"" else "data", flush=True)
        elif verb == "rst":
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER0)
            s.close()
        elif verb == "unspec":
            disconnect(s)
        elif verb == "again":
            s.connect(to)
        elif verb == "close":
            s.close()
        elif verb == "wait":
            while not os.path.exists(arg):
                time.sleep(0.02)
        elif verb == "hold":
            signal.pause()
        else:
            sys.exit("unknown word " + word)


def disconnect(s):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.connect(s.fileno(), struct.pack("H26x", 0), 28):
        raise OSError(ctypes.get_errno(), "AF_UNSPEC")


def main():
    command, words = sys.argv[1], sys.argv[2:]
    opts = options(words)
    if command == "serve":
        serve(opts, words)
    try:
        call(opts, words[0], words[1], words[2:])
    except TimeoutError:
        print("ETIMEDOUT", flush=True)
        sys.exit(1)
    except OSError as e:
        print(errno.errorcode.get(e.errno, e), flush=True)
        sys.exit(1)


main()

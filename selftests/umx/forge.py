#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns packets nobody else would send.
#
#   forge.py scan TARGET PORT...              from our own address: every kind of packet that might draw a reply
#   forge.py icmp TYPE CODE INFO TO SPORT FROM DPORT SEQ [VIA]
#       an ICMPv6 error to TO that quotes TO:SPORT -> FROM:DPORT with SEQ; VIA: quote this source instead of TO
#   forge.py rst SRC SPORT DST DPORT SEQ      a reset with a forged source
#   forge.py syn SRC SPORT DST DPORT          a SYN with data and a forged source, as Fast Open's without a cookie
#   forge.py link SRC DST DEV                 what a neighbour on DEV may send, from SRC, about and to DST
#   forge.py udp SRC DST                      UDP with IPV6_FREEBIND from SRC, as an unprivileged user may
# scan and link print how many packets they have sent to the target itself.
import socket, struct, sys

TCP, UDP, ICMP, FRAGMENT = 6, 17, 58, 44
sent = 0


def pton(addr):
    return socket.inet_pton(socket.AF_INET6, addr)


def checksum(src, dst, proto, data):
    data = pton(src) + pton(dst) + struct.pack(">II", len(data), proto) + data + b"\0" * (len(data) & 1)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(src, dst, proto, data, hops=64):
    return struct.pack(">IHBB", 6 << 28, len(data), proto, hops) + pton(src) + pton(dst) + data


def tcp(src, sport, dst, dport, flags, seq=1, ack=0, more=b""):
    def head(csum):
        return struct.pack(">HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, 65535, csum, 0) + more
    return head(checksum(src, dst, TCP, head(0)))


def udp(src, dst, dport):
    def head(csum):
        return struct.pack(">HHHH", 4000, dport, 12, csum) + b"data"
    return head(checksum(src, dst, UDP, head(0)))


def icmp(src, dst, kind, code, info, more=b""):
    def head(csum):
        return struct.pack(">BBHI", kind, code, csum, info) + more
    return head(checksum(src, dst, ICMP, head(0)))


def send(packet, dst):
    global sent
    sent += 1
    raw.sendto(packet, (dst, 0))


def own(dst):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.connect((dst, 9))
        return s.getsockname()[0]


def scan(dst, ports):
    src = own(dst)
    for port in map(int, ports):
        # SYN, ACK, SYN+ACK, RST, FIN, SYN+FIN, none, all, and an ACK with a number that might be a cookie
        for flags in 0x02, 0x10, 0x12, 0x04, 0x01, 0x03, 0, 0x29, 0x3f:
            send(ip(src, dst, TCP, tcp(src, 5000, dst, port, flags, 77, 99)), dst)
        syn = tcp(src, 5001, dst, port, 0x02, more=b"x" * 28)
        send(ip(src, dst, FRAGMENT, struct.pack(">BBHI", TCP, 0, 1, 7) + syn[:24]), dst)
        send(ip(src, dst, FRAGMENT, struct.pack(">BBHI", TCP, 0, 24, 7) + syn[24:]), dst)
        send(ip(src, dst, FRAGMENT, struct.pack(">BBHI", TCP, 0, 0, 8) + syn), dst)      # atomic
        send(ip(src, dst, FRAGMENT, struct.pack(">BBHI", TCP, 0, 1, 9) + syn[:8]), dst)  # never complete
        pad = struct.pack(">BBBB4x", TCP, 0, 1, 4)                                       # PadN
        send(ip(src, dst, 0, pad + syn), dst)                                            # hop by hop
        send(ip(src, dst, 60, pad + syn), dst)                                           # destination options
        send(ip(src, dst, 60, struct.pack(">BBBB4x", TCP, 0, 0x9e, 4) + syn), dst)       # an option that asks for 4/2
        send(ip(src, dst, 43, struct.pack(">BBBB4x", TCP, 0, 253, 1) + syn), dst)        # unknown routing header
        send(ip(src, dst, 51, struct.pack(">BBHII", TCP, 1, 0, 5, 1) + syn), dst)        # AH
        send(ip(src, dst, UDP, udp(src, dst, port)), dst)
        send(ip(src, dst, TCP, syn[:12]), dst)                                           # cut off
        send(ip(src, dst, TCP, b""), dst)
        send(ip(src, dst, TCP, syn[:12] + b"\x10" + syn[13:]), dst)                      # data offset 4
    send(ip(src, dst, ICMP, icmp(src, dst, 128, 0, 1, b"echo")), dst)
    send(ip(src, dst, ICMP, icmp(src, dst, 139, 0, 0, b"\0" * 8 + pton(dst))), dst)      # node information
    send(ip(src, dst, ICMP, icmp(src, dst, 127, 0, 0, b"x" * 40)), dst)                  # unknown error
    send(ip(src, dst, ICMP, icmp(src, dst, 200, 0, 0)), dst)
    send(ip(src, dst, ICMP, icmp(src, dst, 135, 0, 0, pton(dst)), 255), dst)             # NS, by unicast
    send(ip(src, dst, ICMP, icmp(src, dst, 1, 0, 0, b"")), dst)                          # an error about nothing
    for kind in 1, 2, 3, 4:                                                              # errors about its SYN-ACK
        error(kind, 0, 1280, dst, ports[0], src, 5000, 1)
    for proto in 59, 253, 132, 136, 33, 4, 41, 47, 50, 115:
        send(ip(src, dst, proto, b"\0" * 24), dst)


def error(kind, code, info, to, sport, peer, dport, seq, via=None):
    src = own(to)
    quote = ip(via or to, peer, TCP, struct.pack(">HHIIHHHH", int(sport), int(dport), int(seq) & 0xffffffff, 0,
                                                 0x5010, 1000, 0, 0))
    send(ip(src, to, ICMP, icmp(src, to, int(kind), int(code), int(info), quote)), to)


def neighbour(src, dst, dev):
    """Neighbour discovery, redirects, multicast listener discovery: by unicast, and asked of everybody."""
    group = "ff02::1:ff" + pton(dst)[13:14].hex() + ":" + pton(dst)[14:].hex()
    index = socket.if_nametoindex(dev)
    option = b"\x01\x01\x02\0\0\0\0\x01"
    for who, more in ("::", b""), (src, option):
        raw.sendto(ip(who, group, ICMP, icmp(who, group, 135, 0, 0, pton(dst) + more), 255), (group, 0, 0, index))
        send(ip(who, dst, ICMP, icmp(who, dst, 135, 0, 0, pton(dst) + more), 255), dst)
    send(ip(src, dst, ICMP, icmp(src, dst, 133, 0, 0, option), 255), dst)
    send(ip(src, dst, ICMP, icmp(src, dst, 134, 0, 0x40000708, b"\0" * 8 + option), 255), dst)
    send(ip(src, dst, ICMP, icmp(src, dst, 136, 0, 0xe0000000, pton(dst) + b"\x02" + option[1:]), 255), dst)
    send(ip(src, dst, ICMP, icmp(src, dst, 137, 0, 0, pton(src) + pton("2001:db8:d::1") + option), 255), dst)
    send(ip(src, dst, ICMP, icmp(src, dst, 130, 0, 0, pton("::")), 1), dst)


def freebind_udp(src, dst):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, 78, 1)
    s.bind((src, 0))
    s.sendto(b"x", (dst, 9))


command, args = sys.argv[1], sys.argv[2:]
if command == "udp":
    freebind_udp(*args)
    sys.exit()
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
if command == "scan":
    scan(args[0], args[1:])
elif command == "icmp":
    error(*args)
elif command == "rst":
    send(ip(args[0], args[2], TCP, tcp(args[0], int(args[1]), args[2], int(args[3]), 0x04, int(args[4]) & 0xffffffff)),
         args[2])
elif command == "syn":
    send(ip(args[0], args[2], TCP, tcp(args[0], int(args[1]), args[2], int(args[3]), 0x02, more=b"echo\n")), args[2])
elif command == "link":
    neighbour(*args)
if command in ("scan", "link"):
    print(sent)

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns socket options that look at which operations a socket has: in a namespace with umx they must do what
# they do in one without. Every line of the program below is run in both and compared.
#
# One known difference is not in it: IPV6_ADDRFORM before connect() is EBUSY, not ENOTCONN, while the socket is ours.

. "$(dirname "$0")/world.sh"
world
configure
# the program runs within one namespace: over its own IPv4 and IPv6 addresses
for ns in "$CLIENT" "$PLAIN"; do
	ip -n "$ns" link add dum1 type dummy
	ip -n "$ns" link set dum1 up
	ip -n "$ns" addr add 198.51.100.1/32 dev dum1
	ip -n "$ns" addr add 2001:db8:51::1/128 dev dum1 nodad
done
umctl -n "$CLIENT" listener set port 8091 mode das ipv4 keep

cat >"$TMP/options.py" <<'PY'
from pair import *

NS = sys.argv[1]
ADDRFORM, V6, V4, MAPPED = 1, "2001:db8:51::1", "198.51.100.1", "::ffff:198.51.100.1"


def addrform(s):
    with contextlib.suppress(OSError):
        s.setsockopt(socket.IPPROTO_IPV6, ADDRFORM, socket.AF_INET)
        return s.getsockopt(socket.SOL_SOCKET, 39)  # SO_DOMAIN
    return error_of(s.setsockopt, socket.IPPROTO_IPV6, ADDRFORM, socket.AF_INET)


def ulp(s, name=b"tls"):
    return error_of(s.setsockopt, socket.IPPROTO_TCP, 31, name)


def dual(family=socket.AF_INET6):
    s = tcp(NS, family)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return s


for port in 8090, 8091:
    srv = listener(NS, port, v6only=False)
    print(port, "ADDRFORM of a listener:", addrform(srv))

    c = dual()
    c.connect((MAPPED, port))
    p, _ = srv.accept()
    print(port, "v4-mapped:", here(c), there(c), here(p), there(p), talk(c, p, 3000))
    print(port, "ADDRFORM, connected:", addrform(c), talk(c, p, 3000))
    print(port, "ADDRFORM, accepted:", addrform(p), talk(c, p, 30000))
    with inside(NS):
        print(port, "they are IPv4 now:", len(os.popen(f"ss -Htn4 state established 'sport = :{port}'").readlines()))
    print(port, "TCP_ULP, connected:", ulp(c), talk(c, p, 0))
    reset(c, p)

    c = dual(socket.AF_INET)
    c.connect((V4, port))
    p, _ = srv.accept()
    print(port, "ADDRFORM, accepted from an IPv4 socket:", addrform(p), talk(c, p, 3000))
    disconnect(p)
    print(port, "and disconnected:", addrform(p), error_of(p.connect, (V4, 9)))
    reset(c, p)

    c = dual()
    c.connect((V6, port))
    p, _ = srv.accept()
    print(port, "ADDRFORM, IPv6:", addrform(c), addrform(p), talk(c, p, 3000))
    print(port, "TCP_ULP, unknown:", ulp(c, b"no-such-ulp"))
    reset(c, p)

    c = dual()
    c.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    print(port, "V6ONLY to v4-mapped:", error_of(c.connect, (MAPPED, port)))
    c.close()

    c = dual()
    print(port, "TCP_ULP before connect():", ulp(c))
    c.connect((V6, port))
    p, _ = srv.accept()
    print(port, "and after:", ulp(c), ulp(c))
    reset(c, p)

    # TCP_REPAIR: out of one socket, into another
    c = dual()
    c.connect((V6, port))
    p, _ = srv.accept()
    print(port, "TCP_REPAIR:", error_of(c.setsockopt, socket.IPPROTO_TCP, 19, 1))
    seq = []
    for queue in 1, 2:
        c.setsockopt(socket.IPPROTO_TCP, 20, queue)
        seq.append(c.getsockopt(socket.IPPROTO_TCP, 21))
    name = c.getsockname()[:2]
    peer = c.getpeername()[:2]
    c.close()  # in repair mode: in silence
    r = dual()
    r.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    r.setsockopt(socket.IPPROTO_TCP, 19, 1)
    for queue, s in (1, seq[0]), (2, seq[1]):
        r.setsockopt(socket.IPPROTO_TCP, 20, queue)
        r.setsockopt(socket.IPPROTO_TCP, 21, s)
    r.bind(name)
    r.connect(peer)
    r.setsockopt(socket.IPPROTO_TCP, 19, 0)
    print(port, "and in another socket:", talk(r, p, 3000))
    reset(r, p)
    srv.close()
PY
# In $PLAIN port 8091 is a port as any other: the host itself may connect to a das port, over IPv4 too with ipv4 keep.
python3 -u "$TMP/options.py" "$PLAIN" >"$TMP/plain" 2>&1 || bail "options without umx: $(cat "$TMP/plain")"
python3 -u "$TMP/options.py" "$CLIENT" >"$TMP/umx" 2>&1
while IFS= read -r line; do
	IFS= read -r got <&3
	is "${line%%: *}" "${got#"${line%%: *}"}" "${line#"${line%%: *}"}"
done 3<"$TMP/umx" <"$TMP/plain"
is "nothing else was said" "$(tail -n +$(($(wc -l <"$TMP/plain") + 1)) "$TMP/umx")" ""

# A socket that was asked for a ULP too early still gets its EA.
py <<'PY'
from pair import *
srv = listener(SERVER, 8080)
for name in b"tls", b"no-such-ulp", b"":
    c = tcp(CLIENT)
    e = error_of(c.setsockopt, socket.IPPROTO_TCP, 31, name)
    c.connect((SERVER6, 8080))
    p, _ = srv.accept()
    point(is_ea(here(c)) and talk(c, p, 100), f"TCP_ULP {name} before connect(): {e}, and an EA", here(c))
    reset(c, p)
# Dual-stack to IPv4: no EA, and no trace of one.
srv4 = listener(SERVER, 8081, v6only=False)
c = tcp(CLIENT)
c.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
c.connect(("::ffff:192.0.2.2", 8081))
p, _ = srv4.accept()
same("v4-mapped: a legacy address", (here(c), there(p)), ("::ffff:192.0.2.1",) * 2)
same("v4-mapped: no address is live", live(CLIENT), {})
reset(c, p)
PY

# IPv4's by now, and a listener: its children must have nothing of a module that goes before they end.
cat >"$TMP/child.py" <<'PY'
from pair import *
V4 = "198.51.100.1"
lo = listener(CLIENT, 8093, v6only=False)
s = tcp(CLIENT)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
s.connect(("::ffff:" + V4, 8093))
p, _ = lo.accept()
s.setsockopt(socket.IPPROTO_IPV6, 1, socket.AF_INET)
disconnect(s)
srv = socket.socket(fileno=s.detach())
srv.bind((V4, 8094))
srv.listen()
pairs = []
for i in range(3):
    c = tcp(CLIENT, socket.AF_INET)
    c.connect((V4, 8094))
    pairs.append((c, srv.accept()[0]))
for x in p, lo, srv:
    x.close()
open(os.environ["TMP"] + "/child.up", "w").close()
wait_for(lambda: os.path.exists(os.environ["TMP"] + "/child.go"), 60)
for c, q in pairs:
    point(talk(c, q, 1000), "a child of what was IPv6 lives on without the modules")
(c0, q0), (c1, q1), (c2, q2) = pairs
reset(c0)
same("it is reset", error_of(q0.recv, 1), "ECONNRESET")
c1.close()
same("it is closed", q1.recv(1), b"")
q1.close()
disconnect(q2)
same("it disconnects", error_of(c2.recv, 1), "ECONNRESET")
PY
export TMP
spawn child python3 -u "$TMP/child.py"
child=$PID
wait_for [ -e "$TMP/child.up" ] || bail "an IPv4 listener: $(cat "$TMP/child")"
unload "options"
touch "$TMP/child.go"
wait "$child"
points cat "$TMP/child"
finish

# SPDX-License-Identifier: GPL-2.0
"""This file owns the mixed connections of the soak: with an EA, to an SSA, both; blocking or not; ended in every way.
The rough ones are joined by datagrams, by IPv4, and by some that stay for a while.

  mix.py WORKER COUNT     COUNT connections, each of which must do what it should; the one-time addresses both ends
                          have seen go to $TMP/seen.WORKER
  mix.py WORKER rough     connections until killed, whatever comes of them; SSAs are read from $TMP/ssas.WORKER

A worker listens on ports of its own, 8080 + WORKER and 100 + WORKER; the latter is to be in mode das."""
from pair import *
import collections
import random
import signal

WORKER, COUNT = int(sys.argv[1]), sys.argv[2]
ROUGH = COUNT == "rough"
OPEN, DAS, SHUT = 8080 + WORKER, 100 + WORKER, 9
HOLE = "2001:db8:b1ac::1"  # answers nothing
TMP = os.environ["TMP"]
PATIENCE = 0.3 * SLOW if ROUGH else 10 * SLOW
SERVER4 = "198.18.0.10"  # what stands for SERVER6
did = collections.Counter()
seen = open(f"{TMP}/seen.{WORKER}", "w")
fresh = []
falling = []  # still trying to reach HOLE
staying = []  # rough: (socket, peer) of connections that may move meanwhile


def saw(address):
    """A one-time address was used. One that was used before is found by whoever reads the file."""
    if is_ea(address) or is_ssa(address):
        print(address, file=seen)


def ssas():
    """Fresh SSAs of the port in mode das: what the shell has put there, or our own."""
    if ROUGH:
        try:
            with open(f"{TMP}/ssas.{WORKER}") as f:
                lines = f.read().split()
            os.unlink(f"{TMP}/ssas.{WORKER}")
            return lines
        except OSError:
            return []
    adds = f"ssa add port {DAS} lifetime 6000\nssa add port {DAS} pool plain lifetime 6000\n" * 25
    run = subprocess.run(["umctl", "-n", SERVER, "-b", "-"], input=adds, capture_output=True, text=True, check=True)
    return run.stdout.split()


def connect(s, to, blocking):
    """Connect, or OSError. What a connect() that waits would say is the same if it does not."""
    if blocking and not ROUGH:
        s.connect(to)
        return
    s.setblocking(False)
    s.connect_ex(to)
    if not select.select([], [s], [], PATIENCE)[1]:
        raise OSError(errno.ETIMEDOUT, "no answer")
    error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))
    s.setblocking(True)


def accept(srv):
    if not select.select([srv], [], [], PATIENCE)[0]:
        raise OSError(errno.EAGAIN, "nothing to accept")
    return srv.accept()[0]


def target():
    """Where to, and the listener that is there. Two of three go to an SSA, half of these without an EA."""
    if not random.randrange(3):
        return "ea", (SERVER6, OPEN), srv_open
    if not fresh:
        fresh.extend(ssas())
    if not fresh:
        return "ea", (SERVER6, OPEN), srv_open
    address = fresh.pop()
    # that pool is a destination with which the client keeps its legacy address
    return "ssa" if address.startswith("2001:db8:55a:1:") else "both", (address, DAS), srv_das


def check(text, right):
    if not right and not ROUGH:
        raise AssertionError(text)


def session(s, blocking):
    """One connection of s, up to its end; the peer is closed."""
    way, to, srv = target()
    connect(s, to, blocking)
    peer = accept(srv)
    local = here(s)
    check(f"{way}: {local} -> {to[0]}, the server sees {there(peer)}",
          there(peer) == local and here(peer) == to[0] and is_ea(local) == (way != "ssa") and is_ssa(to[0]) == (way != "ea"))
    saw(local)
    saw(to[0])
    check(f"{way}: data", talk(s, peer, random.choice((1, 1000, 20000))))
    end = random.choice(("close", "peer", "rst", "peer rst", "half", "peer half", "unspec", "both rst"))
    if end == "close":
        s.close()
        check("the end is seen", peer.recv(1) == b"")
    elif end == "peer":
        peer.close()
        check("the end is seen", s.recv(1) == b"")
    elif end == "rst":
        reset(s)
        check("the reset is seen", error_of(peer.recv, 1) == "ECONNRESET")
    elif end == "peer rst":
        reset(peer)
        check("the reset is seen", error_of(s.recv, 1) == "ECONNRESET")
    elif end == "half":
        s.shutdown(socket.SHUT_WR)
        check("half an end is seen", peer.recv(1) == b"")
        peer.sendall(b"x" * 3000)
        peer.close()
        while s.recv(65536):
            pass
    elif end == "peer half":
        peer.shutdown(socket.SHUT_WR)
        check("half an end is seen", s.recv(1) == b"")
        s.sendall(b"x" * 3000)
        s.close()
        while peer.recv(65536):
            pass
    elif end == "both rst":
        reset(s, peer)
    elif end == "unspec":
        disconnect(s)
        check("the disconnect is seen", error_of(peer.recv, 1) == "ECONNRESET")
    peer.close()
    did[f"{way}, {end}, {'' if blocking else 'non-'}blocking"] += 1
    return end


def refused(s, blocking):
    try:
        connect(s, (SERVER6, SHUT), blocking)
    except OSError as e:
        check(f"refused with {e}", e.errno == errno.ECONNREFUSED)
        did["refused"] += 1
        return
    check("refused", False)


def fall(s):
    """No answer. Some are let go of while they try, some are waited for much later."""
    s.setsockopt(socket.IPPROTO_TCP, 7, 1)  # TCP_SYNCNT
    s.setblocking(False)
    s.connect_ex((HOLE, 80))
    saw(here(s))
    if random.randrange(2):
        falling.append(s)
        return
    if random.randrange(2):
        disconnect(s)
    s.close()
    did["given up in SYN_SENT"] += 1


def fallen(wait):
    """Those whose time is up."""
    for s in select.select([], falling, [], wait)[1]:
        error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        check(f"timed out with {error}", error == errno.ETIMEDOUT)
        falling.remove(s)
        s.close()
        did["timed out"] += 1


def datagrams():
    """A socket that connects, perhaps twice, and talks to the server."""
    with inside(CLIENT), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        for _ in range(1 + random.randrange(2)):
            s.connect((SERVER6, OPEN))
            s.send(os.urandom(random.choice((1, 1000, 20000))))
            while select.select([srv_udp], [], [], 0.02)[0]:
                data, peer = srv_udp.recvfrom(65536)
                srv_udp.sendto(data, peer)
            s.setblocking(False)
            s.recv(65536)
        if random.randrange(2):
            disconnect(s)
    did["datagrams"] += 1


def four():
    """An IPv4-only program talks to the server."""
    s = tcp(CLIENT, socket.AF_INET)
    try:
        connect(s, (SERVER4, OPEN), False)
        peer = accept(srv_open)
        talk(s, peer, random.choice((1, 1000, 20000)))
        random.choice((peer.close, lambda: reset(peer)))()
        peer.close()
        did["IPv4"] += 1
    finally:
        random.choice((s.close, lambda: reset(s)))()
        s.close()


def stay():
    """A connection that is used again later, wherever it is by then."""
    s = tcp(CLIENT)
    try:
        _, to, srv = target()
        connect(s, to, False)
        peer = accept(srv)
    except OSError:
        reset(s)
        raise
    for x in (s, peer):
        x.settimeout(PATIENCE)
    staying.append((s, peer))
    if len(staying) > 20:
        s, peer = staying.pop(random.randrange(10))
        try:
            talk(s, peer, random.choice((1, 1000, 20000)))
            did["stayed"] += 1
        finally:
            random.choice((s.close, lambda: reset(s)))()
            peer.close()
            s.close()


def ended():
    """Connections that should have stayed and did not: a descriptor that is kept is a module that is."""
    gone = set(select.select([x for pair in staying for x in pair], [], [], 0)[0])
    for s, peer in [pair for pair in staying if gone.intersection(pair)]:
        staying.remove((s, peer))
        s.close()
        peer.close()
        did["did not stay"] += 1


def one():
    """The next connection of the mix, or the next two of one socket; how many."""
    what = random.randrange(16 if ROUGH else 12)
    if what >= 12:
        try:
            random.choice((datagrams, four, stay))()
        except OSError as e:
            did[errno.errorcode.get(e.errno, "OSError")] += 1
            drain(srv_open)
            drain(srv_das)
        return 1
    s = tcp(CLIENT)
    blocking = random.randrange(2)
    try:
        if what == 0:
            refused(s, blocking)
        elif what == 1:
            fall(s)
            return 1
        elif session(s, blocking) == "unspec" and not ROUGH:
            session(s, blocking)
            s.close()
            return 2
        s.close()
        return 1
    except OSError as e:
        if not ROUGH:
            raise
        did[errno.errorcode.get(e.errno, "OSError")] += 1
        reset(s)
        drain(srv_open)
        drain(srv_das)
        return 1


def drain(srv):
    """Nothing of an earlier connection is left in the queue."""
    srv.setblocking(False)
    try:
        while True:
            reset(srv.accept()[0])
    except OSError:
        srv.setblocking(True)


told = []
signal.signal(signal.SIGTERM, lambda *a: told.append(1))
random.seed(WORKER)
srv_open, srv_das = listener(SERVER, OPEN), listener(SERVER, DAS)
print("ready", flush=True)
if ROUGH:
    with inside(SERVER):
        srv_udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    srv_udp.bind(("::", OPEN))
    srv_udp.setblocking(False)
    # with an argument more, memory is short for this process alone from now on
    if len(sys.argv) > 3:
        with open("/proc/self/make-it-fail", "w") as f:
            f.write("1")
    while not told:
        try:
            one()
            fallen(0)
            ended()
            del falling[50:]
        except (OSError, MemoryError) as e:
            did[type(e).__name__] += 1
    print(sum(did.values()), "connections tried:", dict(did))
    sys.exit()
n = int(COUNT)
wait_for(lambda: os.path.exists(f"{TMP}/go"), 60)
done = 0
try:
    while done < n:
        done += one()
        fallen(0)
    while falling:
        fallen(1)
except (AssertionError, OSError) as e:
    point(False, f"worker {WORKER}: after {done} connections: {e!r}")
    raise
point(True, f"worker {WORKER}: {done} connections did what they should")
for what, times in sorted(did.items()):
    print(f"{times:6} {what}")

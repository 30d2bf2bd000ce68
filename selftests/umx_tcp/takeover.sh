#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns listeners that are older than the module, or than the mode of their port: they are taken over and give
# out SSAs as if they had come later, and they listen on, plain, when the module goes.

. "$(dirname "$0")/world.sh"
world
! loaded umx_tcp || modprobe -r umx_preserve umx umx_tcp || ksft_skip "umx is in use"

cat >"$TMP/server.py" <<'PY'
from pair import *
# echoes the first byte; one listener before the module, one dual-stack, one bound to an address
socks = [listener(SERVER, 80), listener(SERVER, 443, v6only=False), listener(SERVER, 8022, SERVER6)]
print("ready")
while True:
    for s in select.select(socks, [], [])[0]:
        p, _ = s.accept()
        p.sendall(p.recv(1))
        p.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER0)
        p.close()
PY
spawn server python3 -u "$TMP/server.py"
server=$PID
wait_for grep -q ready "$TMP/server" || bail "a server listens: $(cat "$TMP/server")"
export server

for round in 1 2; do
	configure
	umctl -n "$SERVER" listener set port 8022 mode das pool ssa
	py "$round" <<-'PY'
		from pair import *
		name = f"round {sys.argv[1]}"
		pid = os.environ["server"]

		def served(to, port):
		    c = tcp(CLIENT)
		    try:
		        c.connect((to, port))
		        c.sendall(b"?")
		        return c.recv(1) == b"?"
		    except OSError as e:
		        return e
		    finally:
		        c.close()

		for port in 80, 443, 8022:
		    point(silence(SERVER6, port), f"{name}: {port} is closed")
		    for how in ("port", port), ("pid", pid, "port", port):
		        a = umctl(SERVER, "ssa", "add", *how)[0]["address"]
		        same(f"{name}: an SSA by {how[0]} leads to {port}", served(a, port), True)
		        same(f"{name}: it is gone after that", gone(SERVER, a), True)
		same(f"{name}: six were claimed", stat(SERVER, "ssa_claimed"), 6)
	PY
	umctl -n "$SERVER" listener flush
	in_ns "$CLIENT" socat - "TCP6:[2001:db8::2]:80,connect-timeout=5" <<<"x" >"$TMP/out" 2>&1
	is "round $round: mode legacy opens the port" "$(cut -c1 "$TMP/out")" x
	unload "round $round"
	in_ns "$CLIENT" socat - "TCP6:[2001:db8::2]:80,connect-timeout=5" <<<"x" >"$TMP/out" 2>&1
	is "round $round: the server lives on without the modules" "$(cut -c1 "$TMP/out")" x
done

# Unloaded while the port has its mode: draining gives listeners back.
configure
umctl -n "$SERVER" drain >/dev/null
py <<'PY'
from pair import *
point(silence(SERVER6, 80), "drained: still closed")
said = refusal(SERVER, "ssa", "add", "port", 80)
point(said, f"drained: no SSA: {said}")
umctl(SERVER, "drain", "off")
a = ssa()
c = tcp(CLIENT)
c.connect((a, 80))
c.sendall(b"!")
same("drain off: listeners are taken over again", c.recv(1), b"!")
c.close()
PY
unload "the end"
stop "$server"
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns leaving: rmmod is refused under traffic and possible after a drain, and the modules come and go many
# times while programs open, connect and close sockets all the time.

. "$(dirname "$0")/world.sh"
world

cat >"$TMP/busy.py" <<'PY'
from pair import *
import random
import signal

# Opens, binds, connects, listens, accepts and closes, forever. Whatever umx refuses meanwhile is fine.
ended = []
signal.signal(signal.SIGTERM, lambda *a: ended.append(1))
rounds = 0
lo = listener(CLIENT, 9000)
lo.setblocking(False)
print("busy")
while not ended:
    rounds += 1
    s = tcp(CLIENT)
    s.setblocking(False)
    what = random.randrange(6)
    try:
        if what == 0:
            s.connect_ex((SERVER6, 8080))
        elif what == 1:
            s.connect_ex(("::1", 9000))
            select.select([lo], [], [], 0.1)
            lo.accept()[0].close()
        elif what == 2:
            s.bind(("::", 0))
            s.listen()
        elif what == 3:
            s.connect_ex((SERVER6, 9))
        elif what == 4:
            s.connect_ex((SERVER6, 8080))
            disconnect(s)
            s.connect_ex((SERVER6, 8080))
    except OSError:
        pass
    if what % 2:
        reset(s)
    s.close()
print(rounds, "rounds")
PY

cat >"$TMP/sink.py" <<'PY'
from pair import *
s = listener(SERVER, 8080)
print("ready")
while True:
    try:
        p, _ = s.accept()
    except BlockingIOError:
        continue
    p.close()
PY

# refused TEXT MODULE
refused()
{
	local said

	said=$(rmmod "$2" 2>&1) && { point 1 "$1" || diag "$2 was unloaded"; return; }
	like "$1: $said" "$said" 'is in use'
}

# --- rmmod under traffic ---
configure
cat >"$TMP/traffic.py" <<'PY'
from pair import *
srv = listener(SERVER, 80)
c = tcp(CLIENT)
c.connect((ssa(), 80))
p, _ = srv.accept()
plain = tcp(CLIENT)
open(os.environ["TMP"] + "/up", "w").close()
# a drain lets the session live
wait_for(lambda: os.path.exists(os.environ["TMP"] + "/drained"), 60)
point(talk(c, p, 30000), "after the drain the session lives on")
open(os.environ["TMP"] + "/lives", "w").close()
# until drain --abort ends both ends
same("drain --abort: the client is told", error_of(c.recv, 1), "ECONNABORTED")
e = error_of(p.recv, 1)
point(e in ("ECONNABORTED", "ECONNRESET"), f"drain --abort: the server is told {e}")
point(wait_for(lambda: os.path.exists(os.environ["TMP"] + "/done")), "the descriptors live on meanwhile")
# what is left works as on any kernel
c2 = tcp(CLIENT)
srv2 = listener(SERVER, 8081)
for s, name in ((c2, "a new socket"), (plain, "a socket from before")):
    s.connect((SERVER6, 8081))
    q, _ = srv2.accept()
    point(talk(s, q, 1000) and here(s) == CLIENT6, f"without the module: {name}", here(s))
    reset(s, q)
PY
export TMP
spawn traffic python3 -u "$TMP/traffic.py"
traffic=$PID
wait_for [ -e "$TMP/up" ] || bail "traffic runs"
refused "umx with a session" umx
refused "umx_tcp under umx" umx_tcp
for ns in "$CLIENT" "$SERVER"; do
	umctl -n "$ns" drain >"$TMP/drain"
	diag "$(cat "$TMP/drain")"
done
like "a drain says what still holds the module" "$(cat "$TMP/drain")" 'sessions 1 closing 0 .* sockets [1-9]'
refused "umx after a drain, the session lives on" umx
touch "$TMP/drained"
wait_for [ -e "$TMP/lives" ]
start=${EPOCHREALTIME/./}
for ns in "$CLIENT" "$SERVER"; do
	umctl -n "$ns" drain --abort >"$TMP/drain"
	like "drain --abort: $(cat "$TMP/drain")" "$(cat "$TMP/drain")" 'sessions 0 closing 0 waiting 0'
done
ok "umx can be unloaded after drain --abort" rmmod umx
took=$((${EPOCHREALTIME/./} - start))
point $((took > 2000000 * SLOW)) "in less than 2 s: $((took / 1000)) ms"
not_ok "umx_tcp is held by a socket that is not connected yet" rmmod umx_tcp
touch "$TMP/done"
wait "$traffic"
points cat "$TMP/traffic"
wait_for eval '[ "$(cat /sys/module/umx_tcp/refcnt)" = 0 ]'
ok "umx_tcp can be unloaded" rmmod umx_tcp

# --- an orphan whose peer has fallen silent ---
configure
py <<'PY'
from pair import *
srv = listener(SERVER, 80)
c = tcp(CLIENT)
c.connect((ssa(), 80))
p, _ = srv.accept()
with inside(SERVER):
    subprocess.run("nft add table ip6 t && nft add chain ip6 t c '{ type filter hook input priority -300; policy drop; }'",
                   shell=True, check=True)
c.sendall(b"unheard")
c.close()
same("an orphan in FIN_WAIT1 keeps its EA", len(live(CLIENT, "valid")), 1)
left = umctl(CLIENT, "drain", "--abort")[0]
same("drain --abort ends it", (left["sessions"], live(CLIENT)), (0, {}))
umctl(SERVER, "drain", "--abort")
with inside(SERVER):
    subprocess.run("nft delete table ip6 t", shell=True, check=True)
PY
ok "umx unloads" rmmod umx
wait_for eval '[ "$(cat /sys/module/umx_tcp/refcnt)" = 0 ]'
ok "umx_tcp unloads" rmmod umx_tcp

# --- twenty times, with sockets coming and going ---
spawn sink python3 -u "$TMP/sink.py"
spawn busy python3 -u "$TMP/busy.py"
busy=$PID
wait_for grep -q busy "$TMP/busy" || bail "$(cat "$TMP/busy")"
umctl_quiet() { umctl "$@" >"$TMP/drain"; }
used() { [ "$(counter "$CLIENT" ea_created)" -ge 5 ]; }
gone=0
for i in {1..20}; do
	configure
	wait_for used || { diag "no EA was used"; break; }
	umctl_quiet -n "$CLIENT" drain --abort
	umctl_quiet -n "$SERVER" drain
	wait_for rmmod umx || { diag "$(rmmod umx 2>&1; umctl -n "$CLIENT" drain)"; break; }
	wait_for rmmod umx_tcp || { diag "$(rmmod umx_tcp 2>&1; in_ns "$CLIENT" ss -Htan | head -n 5)"; break; }
	gone=$i
done
is "loaded and unloaded under load" "$gone" 20
kill -0 "$busy"
point $? "the programs live on"
stop "$busy"
diag "$(tail -n 1 "$TMP/busy")"
like "and say so" "$(tail -n 1 "$TMP/busy")" '^[0-9]+ rounds$'
configure
ok "and umx still works" umctl -n "$CLIENT" addr show
unload "the end"
finish

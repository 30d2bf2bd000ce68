#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns network namespaces that go away under load: with sessions, waiting SSAs, listeners, TIME_WAITs, deleted
# before and after the programs in them end. Nothing of umx keeps one alive.
#
# Each doomed namespace has one end of a veth pair whose other end is in $PLAIN: it disappears when the namespace has
# really been taken apart, which is later than "ip netns delete" returns, and never if somebody holds a reference.

. "$(dirname "$0")/world.sh"
world
load umx

cat >"$TMP/load.py" <<'PY'
from pair import *
# The namespaces of this run are called CLIENT and SERVER here; the program holds everything open until it is killed.
srv = listener(SERVER, 80, backlog=100)
plain = listener(SERVER, 8080, backlog=100)
held = []
for i in range(8):
    c = tcp(CLIENT)
    c.connect((ssa(), 80))
    p, _ = srv.accept()
    held += [c, p]
    c = tcp(CLIENT)
    c.connect((SERVER6, 8080))
    p, _ = plain.accept()
    if i % 4 == 0:      # TIME_WAIT on the client
        c.close()
        p.close()
    elif i % 4 == 1:    # TIME_WAIT on the server
        p.close()
        c.close()
    elif i % 4 == 2:    # FIN_WAIT2 and CLOSE_WAIT
        c.close()
        held.append(p)
    else:
        held += [c, p]
c = tcp(CLIENT)
c.connect((ssa(), 80))  # in the accept queue
held.append(c)
for i in range(4):
    ssa()               # wait
held += [tcp(CLIENT), tcp(SERVER)]
c = tcp(CLIENT)
c.setblocking(False)
c.connect_ex(("2001:db8:b1ac::1", 80))  # SYN_SENT
held.append(c)
print("held")
while True:
    time.sleep(1000)
PY

# doom: two namespaces full of state
doom()
{
	local ns

	setup_ns CLIENT SERVER
	link_ns "$CLIENT" eth0 2001:db8::1/64 "$SERVER" eth0 2001:db8::2/64
	ip -n "$CLIENT" route add 2001:db8:55a::/64 via 2001:db8::2
	ip -n "$SERVER" route add 2001:db8:ea::/64 via 2001:db8::1
	ip -n "$CLIENT" route add 2001:db8:b1ac::/48 via 2001:db8::2
	ip -n "$SERVER" route add blackhole 2001:db8:b1ac::/48
	# orphans whose peer has gone would keep a namespace for minutes, umx or not
	for ns in "$CLIENT" "$SERVER"; do
		in_ns "$ns" sysctl -qw net.ipv4.tcp_orphan_retries=1
	done
	ip link add probe netns "$CLIENT" type veth peer name "c$1" netns "$PLAIN"
	ip link add probe netns "$SERVER" type veth peer name "s$1" netns "$PLAIN"
	export CLIENT SERVER
	configure
	spawn "load$1" python3 -u "$TMP/load.py"
	wait_for grep -q held "$TMP/load$1" || bail "load: $(cat "$TMP/load$1")"
}

# no_probe: the namespaces of all rounds have been taken apart
no_probe()
{
	! prints ' [cs][0-9]+@' ip -n "$PLAIN" -o link show
}

for i in 1 2 3 4 5 6; do
	doom "$i"
	[ "$i" -lt 6 ] || diag "$(umctl -n "$CLIENT" drain; umctl -n "$SERVER" drain)"
	case $((i % 3)) in
	0)	# programs first, by force
		stop "$PID" KILL
		del_ns "$CLIENT"
		del_ns "$SERVER" ;;
	1)	# names first: the namespaces live as long as the sockets
		del_ns "$SERVER"
		del_ns "$CLIENT"
		! no_probe
		point $? "round $i: namespaces live on with the sockets in them"
		stop "$PID" KILL ;;
	2)	# in between
		del_ns "$CLIENT"
		stop "$PID" TERM
		del_ns "$SERVER" ;;
	esac
	wait_for -t 20 no_probe
	point $? "round $i: both namespaces are gone" || diag "$(ip -n "$PLAIN" -o link show)"
done

wait_for unheld
is "no socket holds umx_tcp" "$(refs)" 0
ok "umx unloads" rmmod umx
ok "umx_tcp unloads" rmmod umx_tcp

# A namespace that goes while the modules are unloaded, and modules that go while namespaces do.
for i in 7 8; do
	doom "$i"
	stop "$PID" KILL
	for ns in "$CLIENT" "$SERVER"; do
		umctl -n "$ns" drain --abort >/dev/null
	done
	del_ns "$CLIENT" &
	del_ns "$SERVER" &
	wait_for rmmod umx
	point $? "round $i: umx unloads while namespaces go"
	wait_for rmmod umx_tcp
	point $? "round $i: umx_tcp unloads while namespaces go"
	wait "$!" || :
	wait_for -t 20 no_probe
	point $? "round $i: both namespaces are gone" || diag "$(ip -n "$PLAIN" -o link show)"
done

# A namespace with a table of connections of its own: one that nobody follows is let go of there, too.
load umx
own=$(mktemp -u own-XXXXXX)
lib_ns+=("$own")
py "$own" <<'PY'
from pair import *
NS, SIZE = sys.argv[1], "/proc/sys/net/ipv4/tcp_%sehash_entries"
with inside(PLAIN):
    with open(SIZE % "child_", "w") as f:
        f.write("64")
    subprocess.run(f"ip netns add {NS} && ip -n {NS} link set lo up", shell=True, check=True)
with inside(NS):
    same("a namespace has a table of its own", int(open(SIZE % "").read()), 64)


def refs():
    return int(open("/sys/module/umx_tcp/refcnt").read())


umctl(NS, "ea", "add", "legacy", "to", "2001:db8::/32")
before = refs()
srv = listener(NS, 9000)
c = tcp(NS)
c.connect(("::1", 9000))
p, _ = srv.accept()
same("its connection holds umx_tcp", refs() - before, 1)
same("umx unloads", subprocess.run(["rmmod", "umx"]).returncode, 0)
same("nothing holds umx_tcp", refs(), 0)
same("umx_tcp unloads", subprocess.run(["rmmod", "umx_tcp"]).returncode, 0)
point(talk(c, p, 1000), "the connection lives on")
PY
finish

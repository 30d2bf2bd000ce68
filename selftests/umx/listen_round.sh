#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of servers whose listen() is not heard of: they do not get round a rule; who was there before
# is left alone; and a rule whose control group is away does no harm. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need setpriv
topology
pool_ssa
in_ns "$SERVER" sysctl -qw net.ipv4.ip_unprivileged_port_start=0

QUIET=1.2
[ "$SLOW" = 1 ] || QUIET=3
silent()
{
	is "$1" "$(peer "$CLIENT" call -timeout=$QUIET "$2" "$3" echo rst)" ETIMEDOUT
}

reached()
{
	is "$1" "$(peer "$CLIENT" call "$2" "$3" echo rst)" echoed
}

serve_as()
{
	local uid=$1 name=$2 port=$3

	shift 3
	spawn_listener "$name" "$SERVER" "$port" setpriv --reuid="$uid" --clear-groups python3 "$here/peer.py" serve "$@" "$port"
}

ports()
{
	s -j listener show | jq -c 'map([.port, .mode, .ruled])'
}

ports_are()
{
	[ "$(ports)" = "$1" ]
}

# A stranger's SYN is answered with an RST, after which it is looked for.
gone()
{
	peer "$CLIENT" call -timeout=$QUIET $S "$1" echo rst >/dev/null
	not_closed "$1"
}

not_closed()
{
	[ "$(s -j listener show | jq --argjson n "$1" 'map(select(.port == $n)) | length')" = 0 ]
}

# --- who was there before ------------------------------------------------------------------------------------

serve_as 1000 plain 7001
serve_as 1000 mptcp 7002 -mptcp -dual
ok "a rule" s listener rule add uid 1000 mode das pool ssa
reached "a server from before is reached" $S 7001
reached "so is one of MPTCP" $S 7002
reached "over IPv4, too" ::ffff:10.0.2.1 7002
ok "a second rule" s listener rule add uid 1001 mode das pool ssa
reached "it still is" $S 7002
is "no port is closed" "$(ports)" '[]'
serve_as 1000 hand 7003
silent "a later one is not" $S 7003
ok "opened by hand" s listener set port 7003 mode legacy
reached "it is" $S 7003
reached "and stays open" $S 7003
stop "$PID"

ok "an exception" s listener rule add port 7004 mode legacy index 0
serve_as 1000 excepted 7004
reached "a server is reached by it" $S 7004
ok "the exception goes" s listener rule del port 7004 mode legacy
reached "the server is left alone" $S 7004
stop "$PID"
serve_as 1000 again 7004
silent "the next one is not" $S 7004
stop "$PID"
ok "and gone" wait_for ports_are '[]'

# --- who would get round -------------------------------------------------------------------------------------

cat >"$TMP/tricks.py" <<'PY'
# tricks.py relisten|rebind|smc PORT: listens there by a way of its own, and echoes.
import ctypes, os, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
how, port = sys.argv[1], int(sys.argv[2])
any = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
any.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if how == "relisten":
    # an accepted connection that is cut, and listens itself
    any.bind(("::1", 0))
    any.listen()
    client = socket.create_connection(any.getsockname()[:2])
    s, _ = any.accept()
    any.close()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    unspec = struct.pack("H26x", 0)
    if libc.connect(s.fileno(), unspec, len(unspec)):
        sys.exit("AF_UNSPEC: %d" % ctypes.get_errno())
elif how == "rebind":
    # a listener nobody closes gives up its port for another
    s = any
    s.listen()
    s.shutdown(socket.SHUT_RD)
elif how == "smc":
    s = socket.socket(43, socket.SOCK_STREAM, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
# by libc, since Python knows no addresses of AF_SMC
address = struct.pack("=HHI16sI", socket.AF_INET6, socket.htons(port), 0, bytes(16), 0)
if libc.bind(s.fileno(), address, len(address)) or libc.listen(s.fileno(), 16):
    sys.exit("listen: %s" % os.strerror(ctypes.get_errno()))
while True:
    c = libc.accept(s.fileno(), None, None)
    os.read(c, 100)
    os.write(c, b"echoed\n")
    os.close(c)
PY

# trick NAME PORT UID: a server that listens in this way.
trick()
{
	spawn_listener "$1$2" "$SERVER" "$2" setpriv --reuid="$3" --clear-groups python3 "$TMP/tricks.py" "$1" "$2"
}
ok "a rule about one port" s listener rule add port 7020 mode das pool ssa
tricks="relisten rebind"
modprobe smc 2>/dev/null && tricks+=" smc"
port=7010
for how in $tricks; do
	trick "$how" $port 1000
	silent "$how: closed all the same" $S $port
	ok "and listed" wait_for ports_are "[[$port,\"das\",true]]"
	silent "so it stays" $S $port
	stop "$PID"
	ok "gone with it" wait_for gone $port
	trick "$how" $((port + 1)) 1002
	reached "another user's is reached" $S $((port + 1))
	stop "$PID"
	port=$((port + 2))
done
trick rebind 7020 1002
silent "rebind to a port that is ruled: closed" $S 7020
stop "$PID"

# --- in the place of one that has gone -----------------------------------------------------------------------

serve_as 1000 first 7030 -mptcp
silent "an MPTCP server is closed" $S 7030
stop "$PID"
is "its port still is" "$(s -j listener show | jq 'map(select(.port == 7030)) | length')" 1
serve_as 1002 second 7030
ok "another user's server does not inherit that" wait_for not_closed 7030
reached "it is reached" $S 7030
stop "$PID"
serve_as 1000 third 7031 -mptcp
silent "an MPTCP server is closed" $S 7031
mptcp=$PID
ok "a rule more" s listener rule add uid 1003 mode das pool ssa
silent "it stays so" $S 7031
stop "$mptcp"

# --- as many as there may be ---------------------------------------------------------------------------------

n=$(s -j listener rule show | jq length)
for ((i = n; i < 1024; i++)); do
	echo "listener rule add uid $((10000 + i)) mode legacy"
done >"$TMP/rules"
ok "1024 rules" s -b "$TMP/rules"
status_is "one more" 2 s listener rule add uid 9999 mode legacy
like "is too many" "$OUT" 'as many rules about servers'
s listener rule flush
ok "the port of one that has gone goes with the next stranger" wait_for gone 7031
serve_as 1000 free 7040
reached "without rules a server is reached" $S 7040
stop "$PID"

# --- a control group that is not there -----------------------------------------------------------------------

mkdir "$TMP/cgroup"
mount -t cgroup2 none "$TMP/cgroup" || bail "control groups can be mounted"
group=$TMP/cgroup/umx-round
s save "$TMP/config"
cat >>"$TMP/config" <<CONFIG
listener set port 7050 mode das
listener rule add cgroup /umx-round mode das
ea add legacy to 2001:db8:99::/48 cgroup /umx-round
listener rule add uid 1000 mode das
CONFIG
status_is "a configuration with rules about it: all else is set" 0 s sync "$TMP/config"
like "and said what is not" "$OUT" '"listener rule add cgroup /umx-round mode das" is left out.*"ea add legacy to 2001:db8:99::/48 cgroup /umx-round.*" is left out'
is "rules" "$(s listener rule show | sed 's/ hits.*//')" "0 uid 1000 mode das"
is "ports" "$(ports)" '[[7050,"das",false]]'
mkdir "$group"
status_is "with the group, sync adds it" 0 s sync "$TMP/config"
is "in its place" "$(s listener rule show | sed 's/ hits.*//')" "0 cgroup /umx-round mode das
1 uid 1000 mode das"
is "and has nothing left to do" "$(s -j sync "$TMP/config" dry-run)" '[]'
rmdir "$group"
like "the group goes" "$(s listener rule show)" '^0 cgroup /umx-round gone'
mkdir "$group"
status_is "and comes: another of that name" 0 s sync "$TMP/config"
is "the rule is about that one" "$(s listener rule show | sed 's/ hits.*//')" "0 cgroup /umx-round mode das
1 uid 1000 mode das"
rmdir "$group"
umount "$TMP/cgroup"
finish

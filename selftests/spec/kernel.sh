#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests that the kernel does what the specifications say: it is asked for the commands and policies
# of each family, and its answers are read by them.
#
#   [ $NS ]  lo, dum0, near ---- far [ $FAR ]    one of everything, so that each attribute is seen

. "$(dirname "$0")/world.sh"
need umctl
load umx umx_anycast umx_preserve umx_bis

for family in "${families[@]}"; do
	points python3 "$here/kernel.py" policy "$docs/$family.yaml"
done

compare=(python3 "$here/kernel.py" policy)
wrong "an attribute the kernel does not take" 'item(ops, "ssa-get")["dump"]["request"]["attributes"] += ["pool"]' \
	"${compare[@]}"
wrong "an attribute the kernel takes, too" 'item(ops, "ssa-add")["do"]["request"]["attributes"].remove("from")' \
	"${compare[@]}"
wrong "a shorter name" 'item(attrs("pool"), "name")["checks"]["max-len"] -= 1' "${compare[@]}"
wrong "a wider number" 'item(attrs("ea"), "to-plen")["type"] = "u16"' "${compare[@]}"
wrong "another limit" 'item(attrs("addr"), "state")["checks"]["max"] += 1' "${compare[@]}"
wrong "a dump that is a request" 'item(ops, "addr-get")["do"] = item(ops, "addr-get").pop("dump")' "${compare[@]}"
wrong "a command without privilege" 'del item(ops, "drain")["flags"]' "${compare[@]}"
wrong "a command the kernel does not have" 'item(ops, "event")["do"] = item(ops, "event").pop("event")' \
	"${compare[@]}"

# --- answers ---
setup_ns NS FAR
link_ns "$NS" near 2001:db8:80::1/64 "$FAR" far 2001:db8:80::80/64
ip -n "$NS" addr add 2001:db8:80::46/64 dev near nodad
ip -n "$FAR" -6 route add 2001:db8:1:ea::/64 via 2001:db8:80::1
ip -n "$FAR" -6 route add 2001:db8:2:55a::/64 via 2001:db8:80::1

cat >"$TMP/server.py" <<'PY'
import socket, sys, time
s = socket.create_server((sys.argv[1], int(sys.argv[2])), family=socket.AF_INET6)
time.sleep(600)
PY
cat >"$TMP/client.py" <<'PY'
import socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("connected", flush=True)
time.sleep(600)
PY

umctl -n "$NS" -b - <<-CONFIG || bail "one of everything can be configured"
	pool add ea prefix 2001:db8:1:ea::/64 dev near
	pool add ssa prefix 2001:db8:2:55a::/64
	pool add pd prefix 2001:db8:9::/64 follow near
	pool add lan prefix 2001:db8:80::/64 type onlink dev near ready 2
	pool add dev near 2001:db8:80::11 2001:db8:80::12
	limit set ea 100 ssa 100
	limit set uid 0 ea 50 ssa 50
	ea add legacy to 2001:db8:5::/48 uid 1000-1999 cgroup /
	ea add pool ea to 2001:db8:80::/64 fallback legacy
	listener set port 80 mode das pool ssa
	listener set port 82 mode auto pool ssa
	listener rule add port 85 uid 0-1999 cgroup / mode das pool ssa ipv4 keep local deny half_open 2 cookie_rate 7
	anycast on dev near
	anycast on addr 2001:db8:7::
	anycast on
	bis spool add 198.18.0.0/15 source 2001:db8:80::46 shared
	bis map add 198.18.0.10 2001:db8:80::80
	bis map add 198.18.0.11 2001:db8:81::80
	bis map lease 2001:db8:80::81
	bis eam add 192.0.2.16/28 2001:db8:80:c::10/124
	bis prefix add 2001:db8:64::/96
CONFIG
spawn_listener server "$NS" 80 python3 "$TMP/server.py" :: 80
server=$PID
spawn_listener ruled "$NS" 85 python3 "$TMP/server.py" :: 85
spawn_listener far "$FAR" 81 python3 "$TMP/server.py" :: 81
spawn ea in_ns "$NS" python3 "$TMP/client.py" 2001:db8:80::80 81
wait_for grep -q connected "$TMP/ea" || bail "a client connects from an EA"
address=$(umctl -n "$NS" ssa add port 80)
spawn ssa in_ns "$FAR" python3 "$TMP/client.py" "$address" 80
wait_for grep -q connected "$TMP/ssa" || bail "a client connects to an SSA"
umctl -n "$NS" ssa add pid "$server" port 80 dev near from 2001:db8::/32 >"$TMP/out" || bail "an SSA waits"

# A preserved connection, on other addresses of the same link, that has moved.
for ns in "$NS 1" "$FAR 80"; do
	read -r ns host <<<"$ns"
	ip -n "$ns" addr add 2001:db8:81::"$host"/64 dev "$([ "$ns" = "$NS" ] && echo near || echo far)" nodad
	umctl -n "$ns" preserve on
done
umctl -n "$NS" preserve exclude add 2001:db8:82::/48 || bail "a prefix is excluded"
(umask 077; echo 000102030405060708090a0b0c0d0e0f >"$TMP/key")
umctl -n "$NS" preserve key add 2001:db8:83::/48 file "$TMP/key" || bail "a prefix has a key"
spawn preserved in_ns "$NS" python3 "$TMP/client.py" 2001:db8:81::80 81
wait_for grep -q connected "$TMP/preserved" || bail "a client connects from an address of its link"
umctl -n "$NS" preserve session move 1 next || bail "its connection moves"
# No EA goes there, so it leaves from the source, which the host uses, too.
spawn ipv4 in_ns "$NS" python3 "$TMP/client.py" 198.18.0.11 81
wait_for grep -q connected "$TMP/ipv4" || bail "an IPv4 client connects, from a reserved port"

# "drain" comes after the dumps of what it takes away.
for family in umx_preserve umx_bis umx_anycast umx; do
	points ip netns exec "$NS" python3 "$here/kernel.py" replies "$docs/$family.yaml"
done

# What comes next finds the guest as it was: umx_preserve holds umx_tcp.
for pid in "${lib_pids[@]}"; do
	stop "$pid" KILL
done
umctl -n "$NS" preserve off abort
del_ns "$NS"
ok "umx_preserve unloads" unload umx_preserve

finish

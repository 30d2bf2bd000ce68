#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of users who take pool addresses for themselves, with IPV6_FREEBIND, IPV6_TRANSPARENT and
# IPV6_PKTINFO: they neither send from them nor hear at them. The hosts are drawn in attack.sh.

. "$(dirname "$0")/attack.sh"
attacker
in_ns "$SERVER" sysctl -qw net.ipv4.ping_group_range="0 65534"
in_ns "$STRANGER" sysctl -qw net.ipv6.icmp.ratelimit=0

# as_nobody WORD...: the program and its arguments, without privilege.
as_nobody()
{
	spawn "$1" in_ns "$SERVER" setpriv --reuid=65534 --regid=65534 --clear-groups python3 "$here/squat.py" "${@:2}"
	wait_for grep -q ready "$TMP/$1" || bail "$1 is ready: $(cat "$TMP/$1")"
}

# ways FILE: what came of each way to send.
ways()
{
	wait_for -t 20 has_lines "$1" 11
	grep -v ready "$1"
}

# told TCP: what they hear. (By option IPV6_PKTINFO chooses no source on Linux: that datagram is a legacy address's.)
told()
{
	cat <<-WAYS
	UDP, bound: EPERM
	UDP, connected: EPERM
	UDP, IPV6_PKTINFO by message: EPERM
	UDP, IPV6_PKTINFO by option: sent
	UDP, IPV6_PKTINFO alone: EINVAL
	UDP, IPV6_TRANSPARENT: EPERM
	ping socket: sent
	TCP: $1
	TCP, IPV6_TRANSPARENT: EPERM
	MPTCP: silence
	WAYS
}

# Without a pool it is easy.
capture out eth1 "src net 2001:db8:55a::/48 and not dst host $C"
before=$PID
as_nobody free send ${SSA}::1 $D /dev/null
wait_for -t 20 has_lines "$TMP/free" 11
ok "without a pool all this is on the wire" [ "$(captured out eth1)" -ge 6 ]
stop "$before"

# Whoever was there before the pool has sockets that nobody has adopted.
as_nobody early send ${SSA}::1 $D "$TMP/early.go"
pool_ssa
serve echo "$SERVER" 7
s listener set port 7 mode das pool ssa || bail "port 7 in mode das"
waiting=$(ssa port 7 lifetime 600)
bound=$(ssa port 7)
hold session "$CLIENT" "$bound" 7 "wait=$TMP/go" echo

capture out eth1 "src net 2001:db8:55a::/48 and not dst host $C"
capture out2 eth2 "src net 2001:db8:55a::/48"
in_ns "$SERVER" ping -c 1 -W 5 $D >/dev/null || bail "the stranger answers"

# lost COMMAND...: what COMMAND adds to the packets dropped because they were not their sender's.
lost()
{
	local before

	before=$(counter "$SERVER" out_owner)
	"$@"
	echo $(($(counter "$SERVER" out_owner) - before))
}

release()
{
	touch "$TMP/$1.go"
	ways "$TMP/$1" >"$TMP/$1.ways"
}

n=$(lost release early)
is "sockets older than the pool: what each is told" "$(cat "$TMP/early.ways")" "$(told silence)"
# 4 datagrams; 2 connections of a SYN each, and its repetitions
ok "sockets older than the pool: counted, $n" [ "$n" -ge 6 -a "$n" -le 12 ]
i=0
for to in ${SSA}::2 "$waiting" "$bound"; do
	i=$((i + 1))
	as_nobody late$i send "$to" $D "$TMP/late$i.go"
	n=$(lost release late$i)
	is "$to: what each way is told" "$(cat "$TMP/late$i.ways")" "$(told EADDRNOTAVAIL)"
	ok "$to: counted, $n" [ "$n" -ge 5 -a "$n" -le 8 ]
done
is "nothing has left the server" "$(captured out eth1)" 0 || diag "$(grep ' > ' "$TMP/out" | head -n 5)"
is "nothing has come to the stranger" "$(captured out2 eth2)" 0

# --- privilege does not help ---------------------------------------------------------------------------------

in_ns "$SERVER" python3 "$here/squat.py" send ${SSA}::3 $D /dev/null >"$TMP/root"
like "root may set IPV6_TRANSPARENT" "$(cat "$TMP/root")" "TCP, IPV6_TRANSPARENT: EADDRNOTAVAIL"
is "but nothing has left" "$(captured out eth1)" 0 || diag "$(grep ' > ' "$TMP/out" | head -n 5)"

# --- listening -----------------------------------------------------------------------------------------------

i=0
for to in ${SSA}::4 "$waiting" "$bound"; do
	i=$((i + 1))
	as_nobody hear$i hear "$to"
	in_ns "$CLIENT" bash -c "echo x >/dev/udp/$to/4800"
	if [ "$to" != "$waiting" ]; then
		for port in 4801 4802; do
			is "$to, port $port: a client hears nothing" "$(peer "$CLIENT" call -timeout=1.2 "$to" $port echo)" ETIMEDOUT
		done
	fi
done
is "the SSA leads to its own server, whoever listens there" "$(peer "$CLIENT" call "$waiting" 4801 echo rst)" echoed
is "who listened on pool addresses has heard nothing" "$(cat "$TMP"/hear? | grep -v ready)" ""
touch "$TMP/go"
echoed()
{
	[ "$(grep -c echoed "$TMP/session")" = 2 ]
}
ok "the session beside them goes on" wait_for echoed

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of ports in mode das seen from outside: whoever listens there, or nobody, a legacy address says
# nothing to any segment, over IPv6 and IPv4. The attacker is drawn in attack.sh.

. "$(dirname "$0")/attack.sh"
need nmap
attacker
pool_ssa
modprobe -r rds_tcp 2>/dev/null

serve tcp "$SERVER" 7 -dual
serve mptcp "$SERVER" 8 -dual -mptcp
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_fastopen=3
serve fastopen "$SERVER" 9 -dual -fastopen
serve stopped "$SERVER" 10 -dual
stopped=$PID
# port 16385 of every namespace, in the kernel
modprobe rds_tcp || bail "a kernel listener can be had"
wait_for listening "$SERVER" 16385 || bail "the kernel listens"
ports="7 8 9 10 16385"
V4=10.0.2.1

# Open, they all speak.
watch
for port in $ports; do
	for to in $S $V4; do
		n=$(heard)
		attack -n 1 $to "$port" >/dev/null
		ok "mode legacy: $to port $port answers a SYN" [ "$(heard)" -ge $((n + 2)) ]
	done
done
opened()
{
	in_ns "$CLIENT" nstat -asz TcpExtTCPFastOpenActive | awk '$1 ~ /FastOpen/ { print $2 }'
}
for _ in 1 2; do
	peer "$CLIENT" call -fastopen $S 9 echo rst >/dev/null 2>&1
done
is "mode legacy: the client has a Fast Open cookie, and used it" "$(opened)" 1
for port in $ports; do
	s listener set port "$port" mode das pool ssa >/dev/null 2>&1 || bail "port $port in mode das"
done
stop "$stopped"
wait_for not listening "$SERVER" 10 || bail "a server has stopped"
no_half_open()
{
	! prints . in_ns "$SERVER" ss -Htn state syn-recv
}
# what was asked before is repeated for a while
in_ns "$SERVER" ss -HKtn state syn-recv >/dev/null 2>&1
wait_for no_half_open || bail "no handshake is left from before"

# Every kind of segment at every port; now with Fast Open for everybody, without a cookie.
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_fastopen=0x607
watch
text()
{
	case $1 in
	7) echo "a TCP server" ;;
	8) echo "an MPTCP server" ;;
	9) echo "a Fast Open server" ;;
	10) echo "no server" ;;
	*) echo "the kernel's server" ;;
	esac
}
for port in $ports; do
	for to in $S $V4; do
		for flags in S A F '' FPU SA R SF; do
			attack -n 100 -f "$flags" $to "$port" >/dev/null
		done
	done
	in_ns "$STRANGER" python3 "$here/forge.py" syn $D 4000 $S "$port"
	is "$(text "$port"): no segment is answered" "$(heard)" 0 || said
	watch
done

scans=()
for kind in -sS -sA -sX -sT; do
	for to in "-6 $S" $V4; do
		# shellcheck disable=SC2086
		in_ns "$STRANGER" nmap -n -Pn $kind -p"${ports// /,}" --max-retries 1 -T5 $to >"$TMP/nmap$kind${to:0:2}" 2>&1 &
		scans+=($!)
	done
done
wait "${scans[@]}"
is "nmap has scanned" "$(cat "$TMP"/nmap-* | grep -c 'Nmap done')" 8
is "nmap found nothing" "$(cat "$TMP"/nmap-* | grep -E '^[0-9]+/tcp +(open|closed|unfiltered) ')" ""
calls=()
for port in $ports; do
	for to in $S ::ffff:$V4; do
		spawn "call-$port-$to" in_ns "$CLIENT" python3 "$here/peer.py" call -timeout=1.2 $to "$port" echo
		calls+=("$PID")
	done
done
spawn call-cookie in_ns "$CLIENT" python3 "$here/peer.py" call -timeout=1.2 -fastopen $S 9 echo
wait "${calls[@]}" "$PID"
is "clients hear nothing" "$(cat "$TMP"/call-[1-9]* | sort | uniq -c | tr -s ' ')" " 10 ETIMEDOUT"
is "nor does one with a Fast Open cookie from before" "$(cat "$TMP/call-cookie")" ETIMEDOUT
is "not one reply to all this" "$(heard)" 0 || said
is "nobody was let in" "$(in_ns "$SERVER" ss -Htn state established state syn-recv)" ""

# The same servers behind SSAs.
for port in 7 9; do
	addr=$(ssa port $port lifetime 600)
	in_ns "$STRANGER" python3 "$here/forge.py" syn 2001:db8:d::2 4000 "$addr" $port
	is "$(text $port): an SSA that a forged SYN with data has met" "$(peer "$CLIENT" call "$addr" $port echo rst)" echoed
done
is "::1 is let in" "$(peer "$SERVER" call ::1 7 echo rst)" echoed
s listener flush
modprobe -r rds_tcp

finish

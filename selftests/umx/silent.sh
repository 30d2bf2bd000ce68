#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of everything but SYNs that a stranger or a neighbour may send at pool addresses, whatever
# they are doing: waiting, bound, closing, unknown; SSAs and EAs. Nothing is answered, each packet is counted, nothing is
# hurt. The attacker is drawn in attack.sh.

. "$(dirname "$0")/attack.sh"
attacker
pool_ea
pool_ssa
serve echo "$SERVER" 7
s listener set port 7 mode das pool ssa || bail "port 7 in mode das"
for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" sysctl -qw net.ipv6.icmp.ratelimit=0
done

# --- addresses in every state --------------------------------------------------------------------------------

waiting=$(ssa port 7 from 2001:db8:ea::/64 lifetime 600)
bound=$(ssa port 7)
hold session "$CLIENT" "$bound" 7 "wait=$TMP/go" echo up=100000 down=100000
ea_bound=$LOCAL session_port=$LPORT

# what would be seen if there was something
watch
capture ea eth2 "src net 2001:db8:ea::/48 or src host $C"
in_ns "$STRANGER" ping -c 1 -W 5 $S >/dev/null
is "a reply of the server would be seen on both links" "$(heard 'echo reply')" 2
in_ns "$STRANGER" ping -c 1 -W 5 $C >/dev/null
is "one of the client, too" "$(captured ea eth2 'echo reply')" 1
watch
capture ea2 eth2 "src net 2001:db8:ea::/48 or src host $C"

# --- from a stranger, from a neighbour -----------------------------------------------------------------------

forge()
{
	in_ns "$1" python3 "$here/forge.py" "${@:2}"
}

# link_local NS IF
link_local()
{
	ip -n "$1" -j -6 addr show dev "$2" scope link | jq -r '[.[].addr_info[]?.local // empty][0]'
}

# headers ADDR, flags ADDR: floods; print how many packets that was.
headers()
{
	local what

	for what in fragment options routing; do
		attack -n $((2000 / SLOW)) -x $what "$1" 7
	done | awk '{ n += $1 } END { print n }'
}

flags()
{
	local flags

	for flags in A R FA FPU SA ''; do
		attack -n $((500 / SLOW)) -f "$flags" "$1" 7
	done | awk '{ n += $1 } END { print n }'
}

# at WHAT NS ADDR ROUTER-IF: everything at that address of NS, which lies behind that interface of the router.
at()
{
	exactly "$1: scan, fragments, headers, UDP, echo, errors" "$2" forge "$STRANGER" scan "$3" 7 4242
	exactly "$1: a flood of extension headers" "$2" headers "$3"
	exactly "$1: a flood of all TCP flags but SYN" "$2" flags "$3"
	exactly "$1: neighbour discovery and redirects" "$2" \
		forge "$ROUTER" link "$(link_local "$ROUTER" "$4")" "$3" "$4"
}

# nd NAME IF NS: what that host says to its neighbours
nd()
{
	capture "$1" "$2" "icmp6 and ether src $(in_ns "$3" cat /sys/class/net/eth0/address) and \
(ip6[40] == 136 or ip6[40] < 128)"
}

nd nd0 eth0 "$CLIENT"
nd nd1 eth1 "$SERVER"
ip -n "$ROUTER" -6 route add 2001:db8:55a::/64 dev eth1 via $S
# CLOSING lasts a minute: each is attacked at once
closing=$(ssa port 7)
peer "$CLIENT" call "$closing" 7 far=close eof >/dev/null
ok "an SSA is closing: its server closed first" wait_for state_is "$SERVER" "$closing" closing
at "SSA closing" "$SERVER" "$closing" eth1
ok "it is still closing" state_is "$SERVER" "$closing" closing
closing=$(peer "$CLIENT" call "$(ssa port 7)" 7 name close | cut -d' ' -f1)
ok "an EA is closing: its client closed first" wait_for state_is "$CLIENT" "$closing" closing
at "EA closing" "$CLIENT" "$closing" eth0
ok "it is still closing" state_is "$CLIENT" "$closing" closing
at "SSA waiting" "$SERVER" "$waiting" eth1
at "SSA bound" "$SERVER" "$bound" eth1
at "SSA unknown" "$SERVER" ${SSA}::4711 eth1
at "EA bound" "$CLIENT" "$ea_bound" eth0
at "EA unknown" "$CLIENT" ${EA}::4711 eth0

is "nothing came back from the server" "$(heard '> 2001:db8:([df]|0:|55a)')" 0 || said
is "nothing came back from the client" "$(captured ea2 eth2)" 0 || diag "$(head -n 5 "$TMP/ea2")"
for n in 0 1; do
	is "no advertisement for a pool address, no error on link $n" \
		"$(captured nd$n eth$n 'tgt is 2001:db8:(ea|55a)|unreachable|problem|exceeded|too big')" 0
done

# --- nothing is hurt -----------------------------------------------------------------------------------------

# as the session's peer, who does not know the numbers
attack -n $((500 / SLOW)) -s "$ea_bound" -f R "$bound" 7 >/dev/null
for off in 1 1000000 -1000000; do
	forge "$STRANGER" rst "$ea_bound" "$session_port" "$bound" 7 $((RANDOM * RANDOM + off))
	forge "$STRANGER" rst "$bound" 7 "$ea_bound" "$session_port" $((RANDOM * RANDOM + off))
	for kind in "1 0 0" "1 4 0" "2 0 1280" "3 0 0" "4 1 6"; do
		# shellcheck disable=SC2086
		forge "$STRANGER" icmp $kind "$bound" 7 "$ea_bound" "$session_port" $((RANDOM * RANDOM + off))
	done
done
touch "$TMP/go"
went_on()
{
	[ "$(grep -c '^got' "$TMP/session")" = 2 ]
}
ok "the running session goes on, both ways" wait_for -t 20 went_on
is "its path MTU is that of the link" "$(in_ns "$SERVER" ss -Htni src "[$bound]" | grep -o 'pmtu:[0-9]*')" pmtu:1500
is "the waiting SSA waited for its client" "$(peer "$CLIENT" call "$waiting" 7 echo rst)" echoed
is "no route was learnt" "$(for ns in "$CLIENT" "$SERVER"; do
	ip -n "$ns" -6 route show cache; ip -n "$ns" -6 route show proto ra; ip -n "$ns" -6 route show proto redirect; done)" ""

finish

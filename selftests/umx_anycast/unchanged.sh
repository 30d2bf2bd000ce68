#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what stays as it was: whatever is not a SYN to an anycast address of this node, and
# SYNs that must not be answered. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need nft conntrack
load umx_anycast
topology
a on
umctl -n "$SERVER" anycast stats >/dev/null || bail "the module is there for every namespace"

# --- not TCP, not anycast, not ours ------------------------------------------------------------------------------

cat >"$TMP/server.py" <<'PY'
import select, socket, sys
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
udp.bind(("::", 7))
tcp = socket.create_server(("::", 80), family=socket.AF_INET6)
while True:
    for s in select.select([udp, tcp], [], [])[0]:
        if s is udp:
            data, peer = udp.recvfrom(2048)
            udp.sendto(data, peer)
        else:
            s.accept()[0].close()
PY
spawn_listener router "$ROUTER" 80 python3 "$TMP/server.py"
spawn_listener server "$SERVER" 80 python3 "$TMP/server.py"

# echo_from ADDRESS: the address a UDP datagram to ADDRESS is answered from.
echo_from()
{
	in_ns "$CLIENT" python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.settimeout(10)
s.sendto(b"x" * 1000, (sys.argv[1], 7))
data, peer = s.recvfrom(2048)
assert data == b"x" * 1000
print(peer[0])' "$1"
}

ping_from()
{
	in_ns "$CLIENT" ping -6 -c 1 -W 5 "$1" | sed -n 's/.*bytes from \([^ ]*\): icmp_seq.*/\1/p'
}

for state in on off; do
	a $state
	is "$state: UDP to the anycast address" "$(echo_from $ANYCAST)" $R
	is "$state: ping to the anycast address" "$(ping_from $ANYCAST)" $R
	like "$state: TCP to a unicast address of the router" "$(dial 10 $R)" '^connected '
	like "$state: to a closed port of it" "$(dial 10 $R 81)" '^ECONNREFUSED '
	like "$state: TCP through the router" "$(dial 10 $S)" '^connected '
	is "$state: UDP through the router" "$(echo_from $S)" $S
	is "$state: ping through the router" "$(ping_from $S)" $S
	like "$state: a SYN through the router to somebody else's anycast address" "$(dial 3 2001:db8:e::)" '^silence '
done
a on
is "nothing of that was answered or counted" \
	"$(umctl -n "$ROUTER" -j anycast stats | jq -c 'map(select(.value != 0).name)')" '[]'

# --- TCP that gets no answer -------------------------------------------------------------------------------------

spawn wire in_ns "$CLIENT" tcpdump -Uqni eth0 -w "$TMP/wire.pcap" "icmp6 && (ip6[40] = 1 || ip6[40] = 129)"
wire=$PID
wait_for grep -q listening "$TMP/wire"

on_wire()
{
	tcpdump -nr "$TMP/wire.pcap" "icmp6 && ip6[40] = $1" 2>/dev/null | wc -l
}

# errors_seen: leaves in $ERRORS how many ICMPv6 errors have come to the client since the last time: what was sent
# before the reply to a ping is on the wire before it.
pings=0 seen=0
errors_seen()
{
	pings=$((pings + 1))
	in_ns "$CLIENT" ping -6 -c 1 -W 5 $R >/dev/null
	wait_for pings_seen || bail "the ping is seen on the wire"
	ERRORS=$(($(on_wire 1) - seen))
	seen=$((seen + ERRORS))
}

pings_seen()
{
	[ "$(on_wire 129)" = $pings ]
}

# ignored TEXT COUNTER OPTION... [DESTINATION]
ignored()
{
	local text=$1 counter=$2 before answered suppressed

	shift 2
	before=$(count "$counter") answered=$(count answered) suppressed=$(count suppressed)
	segment -n 5 "$@" $ANYCAST >/dev/null
	errors_seen
	is "$text: counted as $counter" "$(since "$counter" "$before")" 5
	is "$text: not answered" "$(since answered "$answered") $(since suppressed "$suppressed") $ERRORS" "0 0 0"
}

# unseen TEXT OPTION...: neither answered nor counted.
unseen()
{
	local text=$1 before

	shift
	before=$(a stats)
	segment -n 5 "$@" $ANYCAST >/dev/null
	errors_seen
	is "$text: not answered" $ERRORS 0
	is "$text: not counted" "$(a stats)" "$before"
}

for flags in SA A R F SF SR PA ""; do
	ignored "flags '$flags'" not_syn -s $C -f "$flags"
done
ignored "a wrong checksum" bad_checksum -s $C -x checksum
ignored "a data offset beyond the end" malformed -s $C -x short
ignored "broadcast on the link" not_host -s $C -x broadcast
ignored "from ::" bad_source -s ::
ignored "from an anycast address of the router" bad_source -s 2001:db8:5::
ignored "from the address itself" bad_source -s $ANYCAST
unseen "from a multicast address" -s ff02::1
unseen "a fragment" -s $C -x fragment
unseen "a routing header" -s $C -x routing
ip -n "$ROUTER" route add unreachable 2001:db8:bad::/48
ignored "no way back" no_address -s 2001:db8:bad::1

before=$(count answered)
segment -s $C -x options $ANYCAST >/dev/null
errors_seen
is "a SYN behind destination options is answered" "$(since answered "$before") $ERRORS" "1 1"
stop "$wire"

# --- firewalls ---------------------------------------------------------------------------------------------------

in_ns "$ROUTER" nft -f - <<'NFT'
table ip6 t {
	chain i {
		type filter hook input priority 0
		tcp dport 81 drop
		tcp dport 82 reject with icmpv6 type admin-prohibited
		ct state new counter accept
	}
}
NFT
before=$(count answered)
like "a SYN the firewall drops is not answered" "$(dial 3 $ANYCAST 81)" '^silence '
like "one it rejects is rejected" "$(dial 10 $ANYCAST 82)" '^EACCES '
is "neither is counted" "$(since answered "$before")" 0
like "one it accepts is answered" "$(dial 10 $ANYCAST 83)" '^EHOSTUNREACH '
is "and leaves no entry in conntrack" "$(in_ns "$ROUTER" conntrack -L -f ipv6 -p tcp 2>/dev/null)" ""

finish

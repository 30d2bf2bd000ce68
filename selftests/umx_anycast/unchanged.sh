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

# ICMPv6 errors that come to the client, whoever they are for.
in_ns "$CLIENT" nft -f - <<'NFT'
table ip6 t {
	counter errors { }
	chain p {
		type filter hook prerouting priority 0
		icmpv6 type destination-unreachable counter name errors
	}
}
NFT

errors()
{
	in_ns "$CLIENT" nft list counter ip6 t errors | sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

# gained: what the counters have gained since $stats, and how many errors came since $came.
gained()
{
	in_ns "$CLIENT" ping -6 -c 1 -W 5 $R >/dev/null # what was sent before has been met
	a stats | awk 'NR == FNR { was[$1] = $2; next } $2 != was[$1] { print $1, $2 - was[$1] }' <(echo "$stats") -
	echo "errors $(($(errors) - came))"
}

# becomes TEXT GAIN OPTION...: five segments with these options make the counters gain this, and no error comes.
becomes()
{
	local text=$1 gain=$2

	shift 2
	stats=$(a stats) came=$(errors)
	segment -n 5 "$@" $ANYCAST >/dev/null
	is "$text: ${gain:-not counted} and not answered" "$(gained | paste -sd' ')" "${gain:+$gain 5 }errors 0"
}

for flags in SA A R F SF SR PA ""; do
	becomes "flags '$flags'" not_syn -s $C -f "$flags"
done
becomes "a wrong checksum" bad_checksum -s $C -x checksum
becomes "a data offset beyond the end" malformed -s $C -x short
becomes "broadcast on the link" not_host -s $C -x broadcast
becomes "from ::" bad_source -s ::
becomes "from an anycast address of the router" bad_source -s 2001:db8:5::
becomes "from the address itself" bad_source -s $ANYCAST
becomes "from a multicast address" "" -s ff02::1
becomes "a fragment" "" -s $C -x fragment
becomes "a routing header" "" -s $C -x routing
ip -n "$ROUTER" route add unreachable 2001:db8:bad::/48
becomes "no way back" no_address -s 2001:db8:bad::1

error_came()
{
	[ "$(gained | paste -sd' ')" = "answered 1 errors 1" ]
}

stats=$(a stats) came=$(errors)
segment -s $C -x options $ANYCAST >/dev/null
ok "a SYN behind destination options is answered" wait_for error_came

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

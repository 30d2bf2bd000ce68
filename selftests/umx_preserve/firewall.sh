#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of moves through firewalls that keep state, with the one rule docs/protocols/preserve.md gives
# them, and without it. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need nft conntrack
topology
both on
serve

# stateful NS HOOK [RULE]: what is established may pass, and new connections to the server's port; with the rule, what
# has moved as well. All else is dropped.
stateful()
{
	in_ns "$1" nft -f - <<-NFT
	table ip6 filter {
	chain $2 {
		type filter hook $2 priority 0; policy drop;
		${3:-}
		ct state established,related accept
		ct state invalid drop
		meta l4proto icmpv6 accept
		tcp dport $PORT tcp flags & (syn | ack) == syn ct state new accept
	}
	}
	NFT
}

RULE='tcp flags & (syn | rst) == 0 ct state new,invalid counter accept'

# both_ways TEXT: a session moves to the other provider and back, by either end.
both_ways()
{
	dial "$1: a connection"
	say "$1: works" one
	is "$1: is a session" "$(ask c length) $(ask s length)" "1 1"
	c session move "$(ask c '.[0].id')" next
	ok "$1: the server follows the client" wait_for on_pair s "$D $B"
	say "$1: works" two
	s session move "$(ask s '.[0].id')" next
	ok "$1: the client follows the server" wait_for on_pair c "$A $C"
	say "$1: works" three
	hang_up
	ok "$1: it ends" wait_for -t 20 not sessions
}

# without TEXT: the session stays, and goes on where it was agreed upon.
without()
{
	dial "$1: a connection"
	say "$1: works" one
	c session move "$(ask c '.[0].id')" next
	echo two >&"${TALK[1]}"
	ok "$1: the client tries the next pair, and comes back" wait_for -t 30 on_pair c "$A $C"
	hears
	like "$1: nothing is lost" "$HEARD" "^two "
	hang_up
	ok "$1: it ends" wait_for -t 30 not sessions
}

tables()
{
	local ns

	for ns in "$SERVER" "$RA" "$RB"; do
		in_ns "$ns" nft delete table ip6 filter 2>/dev/null
		in_ns "$ns" conntrack -F 2>/dev/null
	done
}

stateful "$SERVER" input "$RULE"
both_ways "a firewall on the server"
ok "the rule was needed" prints 'packets [1-9]' in_ns "$SERVER" nft list chain ip6 filter input
not_ok "a port that is closed stays closed" in_ns "$CLIENT" nc -6 -z -w 2 $C 7001
tables
for ns in "$RA" "$RB"; do
	stateful "$ns" forward "$RULE"
done
both_ways "firewalls at both providers"
tables
for ns in "$RA" "$RB"; do
	stateful "$ns" forward
done
without "firewalls that do not know the rule"
tables

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of packets that come in batches, as network cards deliver them: those of an IPv6 socket's
# connection from the source address stay its own. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need ethtool tc socat sha256sum
topology
bis_up

# NAPI on the host's link, which veth has where the other end has no TSO, and packets in bursts
in_ns "$ROUTER" ethtool -K eth0 tso off >/dev/null || bail "the other end can be without TSO"
in_ns "$HOST" ethtool -K eth0 gro on >/dev/null || bail "the link can have GRO"
tc -n "$ROUTER" qdisc add dev eth0 root netem slot 5ms limit 20000 || bail "netem sends in slots"

head -c 20M /dev/urandom >"$TMP/file"
sum=$(sha256sum <"$TMP/file")
tcp_server 5001 "$TMP/file"

# taken: packets that came in and were no IPv6 socket's.
taken()
{
	umctl -n "$HOST" -j bis stats show | jq '[.[] | select(.name != "in_native" and (.name | startswith("in_"))) | .value] | add'
}

before=$(taken)
is "IPv6 from the source: what was sent arrives" \
	"$(in_ns "$HOST" timeout 60 socat -u "TCP6:[$SERVER6]:5001,bind=[$SOURCE]" - 2>"$TMP/socat" | sha256sum)" "$sum" ||
	diag "$(cat "$TMP/socat")"
is "none of it was taken for IPv4's" "$(taken)" "$before"
is "IPv4 beside it: what was sent arrives" \
	"$(in_ns "$HOST" timeout 60 socat -u "TCP4:$SERVER4:5001" - 2>"$TMP/socat" | sha256sum)" "$sum" ||
	diag "$(cat "$TMP/socat")"

finish

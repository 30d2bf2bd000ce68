#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of what is on the wire during a handshake, in both forms, as tools/wireshark/preserve.lua
# shows it. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need tshark setpriv
dissector=$(realpath "$here/../../tools/wireshark/preserve.lua")
topology
both on
serve

# capture FILE: what the client sends and receives on its first link, until captured.
capture()
{
	spawn tcpdump in_ns "$CLIENT" tcpdump --immediate-mode -Z root -U -i eth0 -w "$1" ip6
	CAPTURE=$PID
	wait_for prints 'listening on' cat "$TMP/tcpdump" || bail "tcpdump listens"
}

# three FILE: it has three segments with Destination Options, a handshake.
three()
{
	[ "$(tcpdump -nr "$1" 'ip6[6] == 60' 2>/dev/null | wc -l)" -ge 3 ]
}

# captured FILE: the end of it; $SEEN is a line per segment with an option: what, form, offered, accepted, malformed.
captured()
{
	wait_for three "$1" || diag "no handshake was captured"
	stop "$CAPTURE"
	chmod -R a+rX "$TMP"
	# nobody: as root Wireshark runs no scripts
	SEEN=$(HOME=/tmp setpriv --reuid=65534 --regid=65534 --clear-groups tshark -X "lua_script:$dissector" -r "$1" \
		-Y umx_preserve -T fields -E separator='|' -E aggregator=, -e umx_preserve.what -e umx_preserve.form \
		-e umx_preserve.prefix -e umx_preserve.echo -e umx_preserve.bad 2>"$TMP/tshark")
	[ "$SEEN" ] || diag "$(cat "$TMP/tshark")"
}

# row N: the Nth of them.
row()
{
	sed -n "$1p" <<<"$SEEN"
}

talk()
{
	capture "$TMP/$1.pcap"
	dial "$1: a connection"
	say "$1: works" word
	is "$1: is a session" "$(ask c length) $(ask s length)" "1 1"
	hang_up
	wait_for -t 20 not sessions
	captured "$TMP/$1.pcap"
}

talk compact
is "compact: the SYN offers the other prefix" "$(row 1)" "offer|compact|2001:db8:b:0:0:0:0:0/64||"
is "compact: the SYN-ACK offers and accepts" "$(row 2)" "offer and acceptance|compact|2001:db8:d:0:0:0:0:0/64||"
is "compact: the ACK accepts" "$(row 3)" "acceptance|compact|||"
is "compact: nothing is malformed" "$(cut -d'|' -f5 <<<"$SEEN" | tr -d '\n')" ""

c set option thesis
talk thesis
is "thesis: the SYN offers the other prefix" "$(row 1)" "offer|thesis|2001:db8:b:0:0:0:0:0/64||"
is "thesis: the SYN-ACK offers and repeats" "$(row 2)" \
	"offer,acceptance|thesis,thesis|2001:db8:d:0:0:0:0:0/64|2001:db8:b:0:0:0:0:0/64|"
is "thesis: the ACK repeats" "$(row 3)" "acceptance|thesis||2001:db8:d:0:0:0:0:0/64|"
is "thesis: nothing is malformed" "$(cut -d'|' -f5 <<<"$SEEN" | tr -d '\n')" ""

finish

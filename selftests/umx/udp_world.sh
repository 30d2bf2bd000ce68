# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what the tests of UDP sessions share, beside the hosts of topology.sh.

. "$(dirname "$0")/topology.sh"

# call WORD...: see datagram.py. calling NAME WORD...: in the background, its own address and port in $LOCAL, $LPORT.
call()
{
	in_ns "$CLIENT" python3 -IS "$here/datagram.py" call "$@"
}

calling()
{
	local name=$1

	shift
	: >"$TMP/$name"
	spawn "$name" in_ns "$CLIENT" python3 -IS "$here/datagram.py" call "$@"
	wait_for grep -q echoed "$TMP/$name" || bail "$name has its echo: $(cat "$TMP/$name")"
	read -r LOCAL LPORT <"$TMP/$name"
}

udp_served()
{
	prints . in_ns "$1" ss -Hlun "sport = :$2"
}

udp_serve()
{
	spawn "serve$2" in_ns "$1" python3 -IS "$here/datagram.py" serve "$2"
	wait_for udp_served "$1" "$2" || bail "a server at port $2"
}

# gone TEXT: no address lives.
gone()
{
	ok "$1: nothing is left" wait_for none_live "$CLIENT" || diag "$(c addr show)"
}

lines()
{
	paste -sd' '
}

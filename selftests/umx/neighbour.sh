# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what another host on a link finds out about an address, over eth0.

# asks NS ADDRESS: is there a neighbour?
asks()
{
	in_ns "$1" ndisc6 -q -1 -r 1 -w 1000 "$2" eth0
}

# loses NS ADDRESS: does DAD there find that somebody has the address?
loses()
{
	ip -n "$1" addr add "$2/64" dev eth0
	wait_for -t 5 prints dadfailed ip -n "$1" -6 addr show dev eth0
	local status=$?
	ip -n "$1" addr del "$2/64" dev eth0
	return $status
}

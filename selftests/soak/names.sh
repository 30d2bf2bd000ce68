#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the soak of names: 1,000 connections by name, 100,000 guesses, a minute of 2,000 questions a second.

. "$(dirname "$0")/../lib.sh"
percent=${SOAK_PERCENT:-100}
dns=$(dirname "$0")/../dns

# some N: that many, by the scale; one at least.
some()
{
	echo $((($1 * percent + 99) / 100))
}

ok "$(some 1000) connections by curl, $(some 100) by ssh and git each" env UMX_DNS_TIMES="$(some 1000)" "$dns/use.sh"
ok "$(some 100000) guesses, floods of $(some 60) seconds" \
	env UMX_DNS_GUESSES="$(some 100000)" UMX_DNS_FLOOD="$(some 60)" "$dns/guess.sh"
finish

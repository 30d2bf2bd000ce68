#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of malformed requests: every command of the netlink families, put wrongly in every way there
# is. Each is refused with the right error and a sentence, and changes nothing; what they were made from is accepted.

. "$(dirname "$0")/world.sh"
world

state=$(snapshot)
points in_ns "$NS" ./nlfuzz malformed
now=$(snapshot)
is "umctl sees no change" "$now" "$state" || diag "$(diff <(echo "$state") <(echo "$now"))"
points in_ns "$NS" ./nlfuzz wellformed
[ "$(snapshot)" != "$state" ]
point $? "umctl sees what well formed ones do"
leave
finish

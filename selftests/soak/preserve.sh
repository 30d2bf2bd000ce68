#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the soak of preserved connections: transfers of 1 GiB, by a program of the test's and by scp, that move
# once a second.

. "$(dirname "$0")/../umx_preserve/topology.sh"
. "$(dirname "$0")/../login.sh"
need sshd scp
here=$(cd "$(dirname "$0")/../umx_preserve" && pwd)
percent=${SOAK_PERCENT:-100}
export UMX_PRESERVE_MB=$((1024 * percent / 100)) UMX_PRESERVE_RATE=1gbit

points "$here/bulk.sh"

topology
both on
slowly "$UMX_PRESERVE_RATE"
login "$SERVER"
head -c "${UMX_PRESERVE_MB}M" /dev/urandom >"$TMP/file" || bail "there is room for the file"

# asked: moves an administrator has asked for, at both ends.
asked()
{
	echo $(($(count c moved_admin) + $(count s moved_admin)))
}

begun=$SECONDS
spawn scp in_ns "$CLIENT" scp -F "$TMP/ssh.conf" "$TMP/file" "[$C]:$TMP/there"
scp=$PID
ok "scp: a session" wait_for one_session
for ((i = 0; ; i++)); do
	sleep 1
	kill -0 "$scp" 2>/dev/null || break
	end=$([ $((i % 2)) = 0 ] && echo c || echo s)
	$end session move "$(ask $end '.[0].id')" next 2>/dev/null
done
wait "$scp"
point $? "scp: ends well" || diag "$(cat "$TMP/scp")"
ok "scp: moved" [ "$(asked)" -ge 1 ]
ok "scp: the same bytes" cmp "$TMP/file" "$TMP/there"
diag "scp: $UMX_PRESERVE_MB MB in $((SECONDS - begun)) s with $(asked) moves"
finish

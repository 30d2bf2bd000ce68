#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns kTLS on top of umx: several hundred connections from EAs to legacy addresses and to SSAs, mixed with
# others in a namespace without umx, and both modules unloaded and loaded again in between.
#
# kTLS keeps one table of operations per address family and rebuilds it whenever the base it finds on a socket is
# another: were that base ever ours, the sockets of $PLAIN that live through the reload would call into a module that
# is gone.

. "$(dirname "$0")/world.sh"
modprobe tls 2>/dev/null || :
world

# pairs TEXT N PORT <ADDRESSES
pairs()
{
	is "$1, $2 pairs" "$("$HERE/ktls_pairs" "$CLIENT" "$SERVER" "$3" "$PLAIN" 2>&1)" "$2 pairs"
}

mkfifo "$TMP/hold"
"$HERE/ktls_pairs" hold "$PLAIN" <"$TMP/hold" >"$TMP/held" 2>&1 &
hold=$!
lib_pids+=("$hold")
exec 9>"$TMP/hold"
wait_for grep -q holding "$TMP/held" || ksft_skip "$(cat "$TMP/held")"

for round in 1 2 3; do
	configure
	pairs "round $round: EA to a legacy address" 32 8443 < <(yes 2001:db8::2 | head -n 32)
	ssas 32 443 lifetime 600 >"$TMP/ssas"
	pairs "round $round: EA to SSA" 32 443 <"$TMP/ssas"
	is "round $round: each from an EA" "$(counter "$CLIENT" ea_created)" 64
	is "round $round: each SSA was claimed" "$(counter "$SERVER" ssa_claimed)" 32
	unload "round $round"
	pairs "round $round: without the modules" 12 8443 < <(yes 2001:db8::2 | head -n 12)
	ok "round $round: the others live on" kill -0 "$hold"
done

# The same by a program everybody has.
if [[ $(openssl s_server -help 2>&1) == *-ktls* ]]; then
	configure
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=test \
		-keyout "$TMP/key" -out "$TMP/cert" 2>"$TMP/req" || bail "a certificate: $(cat "$TMP/req")"
	head -c 300000 /dev/urandom >"$TMP/file"
	cd "$TMP" || exit
	spawn_listener s_server "$SERVER" 443 openssl s_server -6 -accept 443 -key key -cert cert -WWW -ktls -tls1_2 \
		-cipher ECDHE-ECDSA-AES128-GCM-SHA256
	server=$PID
	for addr in $(ssas 3 443); do
		printf 'GET /file HTTP/1.0\r\n\r\n' | timeout $((20 * SLOW)) ip netns exec "$CLIENT" openssl s_client -6 \
			-connect "[$addr]:443" -quiet -ktls -tls1_2 -ign_eof >"$TMP/got" 2>"$TMP/s_client"
		tail -c 300000 "$TMP/got" | cmp -s - "$TMP/file"
		point $? "openssl with -ktls over an SSA" || diag "$(tail -n 5 "$TMP/s_client" "$TMP/s_server")"
	done
	is "TLS was the kernel's" "$(awk '$1 == "TlsTxSw" { print ($2 > 0) }' <(in_ns "$SERVER" cat /proc/net/tls_stat))" 1
	stop "$server"
	unload "openssl"
else
	diag "this openssl has no -ktls: the pairs above stand alone"
fi

exec 9>&-
wait "$hold"
is "the connections that lived through it all had no error" "$?" 0 || diag "$(cat "$TMP/held")"
finish

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

# base: what the kernel's table of kTLS is built around, by its memory; says nothing where it cannot be read.
base()
{
	python3 - <<-'PY' 2>"$TMP/base"
		import struct
		where = {}
		for line in open("/proc/kallsyms"):
		    addr, _, name = line.split()[:3]
		    if name in ("saved_tcpv6_prot", "tcpv6_prot"):
		        where[name] = int(addr, 16)
		core = open("/proc/kcore", "rb")
		head = core.read(64)
		start, = struct.unpack_from("<Q", head, 32)
		size, n = struct.unpack_from("<HH", head, 54)
		core.seek(start)
		table = core.read(size * n)
		for i in range(n):
		    kind, _, off, vaddr, _, filesz = struct.unpack_from("<IIQQQQ", table, i * size)
		    if kind == 1 and vaddr <= where["saved_tcpv6_prot"] < vaddr + filesz:
		        core.seek(off + where["saved_tcpv6_prot"] - vaddr)
		        got, = struct.unpack("<Q", core.read(8))
		        print("tcpv6_prot" if got == where["tcpv6_prot"] else hex(got))
	PY
}

# A TCP_ULP that comes late finds a socket that is ours. Nothing is built around that.
configure
late=$("$HERE/ulp_late" "$CLIENT" "$SERVER" 2001:db8::2 8444)
if [ $? = $KSFT_SKIP ]; then
	diag "late calls are not tried: $late"
else
	is "late: each is refused, and a next connection may have kTLS" "$late" "after a reset: EEXIST
and on the next connection: ok
before connect(): ENOTCONN
and one that began before: ENOTCONN
after a note: EBUSY"
	built=$(base)
	[ -n "$built" ] || diag "the table of kTLS cannot be read: $(tail -n 1 "$TMP/base")"
	is "late: the table of kTLS is built around the kernel's own" "${built:-tcpv6_prot}" tcpv6_prot
fi
unload "late"

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

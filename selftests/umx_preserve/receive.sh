#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of where segments call in: TCP's place among the protocols, and a hook for SYN-ACKs that is
# there for those who listen. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
topology

mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing || bail "tracefs can be mounted"
if grep -qw function /sys/kernel/tracing/available_tracers; then
	traced=/sys/kernel/tracing/instances/umx_preserve_receive
	mkdir $traced || bail "an instance of the tracer"
	trap 'status=$?; untrace; (exit $status); lib_exit' EXIT
	echo umx_preserve_out >$traced/set_ftrace_filter && echo function >$traced/current_tracer ||
		bail "our hook is traced"
fi

untrace()
{
	[ -z "${traced:-}" ] || { echo nop >$traced/current_tracer; rmdir $traced; traced=; }
}

# hooked NS: do the packets this host sends pass our hook?
hooked()
{
	echo >$traced/trace
	in_ns "$1" ping -6 -c 1 -W 5 ::1 >/dev/null || return 1
	grep -q umx_preserve_out $traced/trace
}

# hooks_are TEXT NS...: those hosts' packets pass it, and no others'.
hooks_are()
{
	local text=$1 ns got=''

	shift
	if [ -z "${traced:-}" ]; then
		diag "$text: this kernel traces no functions"
		return
	fi
	for ns in "$CLIENT" "$SERVER"; do
		! hooked "$ns" || got+=" $ns"
	done
	is "$text" "$got" "${*/#/ }"
}

# preserved TEXT: a connection is a session, moves, and returns; what it says arrives.
preserved()
{
	local id

	dial "$1: a connection"
	say "$1: works" one
	ok "$1: is a session" one_session
	id=$(ask c '.[0].id')
	c session move "$id" next
	ok "$1: has moved, and its peer after it" wait_for on_pair s "$D $B"
	say "$1: works there" two
	c session move "$id" to $A
	ok "$1: is back, and its peer after it" wait_for on_pair s "$C $A"
	say "$1: works again" three
	hang_up
	wait_for -t 20 not sessions
}

# plain TEXT: a connection works, and is no session.
plain()
{
	dial "$1: a connection"
	say "$1: works" one
	is "$1: is no session" "$(ask c length) $(ask s length)" "0 0"
	hang_up
}

# --- the hook for SYN-ACKs -----------------------------------------------------------------------------------------

both on
hooks_are "switched on: no hook"
serve
hooks_are "somebody listens: a hook, there" "$SERVER"
preserved "a client without a hook"
stop "$SERVING"
hooks_are "nobody listens: it stays" "$SERVER"
s off
[ -z "${traced:-}" ] || ok "switched off: it goes" wait_for -t 20 not hooked "$SERVER"
serve
hooks_are "somebody listens where it is off: no hook"
s on
hooks_are "switched on: a hook, there" "$SERVER"
preserved "another server"
untrace

# --- what else decides where a segment goes ------------------------------------------------------------------------

for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" sysctl -qw net.ipv4.tcp_early_demux=0
done
preserved "no early demux"
for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" sysctl -qw net.ipv4.tcp_early_demux=1
done

# esp NS: transport mode between the original addresses, both ways.
esp()
{
	local pair from to

	for pair in "$A $C" "$C $A"; do
		read -r from to <<<"$pair"
		ip -n "$1" xfrm state add src "$from" dst "$to" proto esp spi 0x100 mode transport \
			enc cipher_null '' auth 'hmac(sha1)' 0x0123456789012345678901234567890123456789 || return 1
	done
}

# The option is inside. The debug kernel of the matrix has no ESP.
if esp "$CLIENT" && esp "$SERVER"; then
	ip -n "$CLIENT" xfrm policy add src $A dst $C dir out tmpl proto esp mode transport
	ip -n "$SERVER" xfrm policy add src $C dst $A dir out tmpl proto esp mode transport
	preserved "IPsec on the original pair"
	not_ok "by IPsec it was" grep -q ' 0(bytes)' \
		<(ip -n "$SERVER" -s xfrm state list src $A dst $C | grep -A1 'lifetime current')
	for ns in "$CLIENT" "$SERVER"; do
		ip -n "$ns" xfrm policy flush
		ip -n "$ns" xfrm state flush
	done
else
	diag "no ESP: $(uname -r)"
	[[ $(uname -r) == *debug* ]] || bail "the kernel has ESP"
fi

# --- namespaces do not know of each other --------------------------------------------------------------------------

dial "two namespaces: a connection"
say "works" one
ok "is a session" one_session
setup_ns THIRD
umctl -n "$THIRD" preserve on
umctl -n "$THIRD" preserve off
c session move "$(ask c '.[0].id')" next
ok "another one was switched off: it moves" wait_for on_pair s "$D $B"
say "and works" two
hang_up
wait_for -t 20 not sessions

# --- a firewall of the host's -------------------------------------------------------------------------------------

in_ns "$SERVER" nft 'add table ip6 nodest; add chain ip6 nodest input { type filter hook input priority 0; };
	add rule ip6 nodest input exthdr dst exists drop' || bail "a firewall"
plain "the server's firewall drops Destination Options"
is "the destination is remembered" "$(count c blackhole)" 1

finish

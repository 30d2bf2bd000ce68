#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what ports mean: net.umx.port_ignore, level by level, and net.umx.reduced_port.
# The hosts are drawn in topology.sh; the stranger is a legacy client, and the router changes ports.

. "$(dirname "$0")/topology.sh"
need nft ss ethtool setpriv unshare
topology
pool_ea
pool_ssa
RP=600		# the reduced port
serve well_known "$SERVER" 7
serve reduced "$SERVER" $RP
serve legacy "$SERVER" 8
s listener set port 7 mode das || bail "port 7 in mode das"
s listener set port $RP mode das || bail "port $RP in mode das"

QUIET=1.2
[ "$SLOW" = 1 ] || QUIET=3

# level N [NS...]: port_ignore, at client and server if none is named. reduce PORT: at the client.
level()
{
	local n=$1 ns

	shift
	[ $# -gt 0 ] || set -- "$CLIENT" "$SERVER"
	for ns; do
		in_ns "$ns" sysctl -qw net.umx.port_ignore="$n" || bail "port_ignore can be set to $n"
	done
}

reduce()
{
	in_ns "$CLIENT" sysctl -qw net.umx.reduced_port="$1"
}

get()
{
	in_ns "$1" sysctl -n "net.umx.$2"
}

# write NS NAME VALUE
write()
{
	in_ns "$1" sh -c "echo '$3' >/proc/sys/net/umx/$2"
}

# call NS ADDR PORT [OPTION...]: what a client there hears. silence: the same, in $QUIET seconds.
call()
{
	local ns=$1 addr=$2 port=$3

	shift 3
	peer "$ns" call "$@" -timeout=$((10 * SLOW)) "$addr" "$port" echo rst
}

silence()
{
	local ns=$1 addr=$2 port=$3

	shift 3
	peer "$ns" call "$@" -timeout=$QUIET "$addr" "$port" echo rst
}

# shuffle [N]: the router gives each TCP segment to or from a pool other ports: the next of N (20).
shuffle()
{
	in_ns "$ROUTER" nft -f - <<-NFT || bail "nft can change ports"
	table ip6 shuffle {
		chain pre {
			type filter hook prerouting priority -300
			ip6 saddr { 2001:db8:ea::/48, 2001:db8:55a::/48 } jump change
			ip6 daddr { 2001:db8:ea::/48, 2001:db8:55a::/48 } jump change
		}
		chain change {
			meta l4proto tcp meta mark != 1 counter tcp sport set $(next "${1:-20}" 20000) \
				tcp dport set $(next "${1:-20}" 40000) meta mark set 1
		}
	}
	NFT
}

# next N BASE: one of N ports, the next one for each packet
next()
{
	local i map=

	for ((i = 0; i < $1; i++)); do
		map+="$i : $(($2 + i)), "
	done
	echo "numgen inc mod $1 map { ${map%, } }"
}

unshuffle()
{
	in_ns "$ROUTER" nft flush ruleset
}

# offload NS on|off: checksums and segmentation are left to the device, and segments merged; or nothing of it.
offload()
{
	in_ns "$1" ethtool -K eth0 tx "$2" rx "$2" tso "$2" gso "$2" gro "$2" >/dev/null || bail "ethtool"
}

# ended NS: no connection is on its way out there; one in TIME_WAIT has arrived.
ended()
{
	[ -z "$(in_ns "$1" ss -Htn state fin-wait-1 state fin-wait-2 state closing state last-ack)" ]
}

# --- the sysctls ---------------------------------------------------------------------------------------------

is "port_ignore is 1 at first" "$(get "$SERVER" port_ignore)" 1
is "reduced_port is off" "$(get "$SERVER" reduced_port)" 0
for bad in 4 -1 256 x ''; do
	not_ok "port_ignore '$bad' is refused" write "$SERVER" port_ignore "$bad"
done
for bad in 65536 -1 x; do
	not_ok "reduced_port '$bad' is refused" write "$SERVER" reduced_port "$bad"
done
is "and nothing was changed" "$(get "$SERVER" port_ignore) $(get "$SERVER" reduced_port)" "1 0"
level 3 "$SERVER"
is "a namespace has its own" "$(get "$SERVER" port_ignore) $(get "$CLIENT" port_ignore)" "3 1"
not_ok "a user may not write them" in_ns "$SERVER" setpriv --reuid=65534 --regid=65534 --clear-groups \
	sh -c 'echo 0 >/proc/sys/net/umx/port_ignore'
is "nor does he" "$(get "$SERVER" port_ignore)" 3
is "the administrator of a namespace of his own may" "$(setpriv --reuid=65534 --regid=65534 --clear-groups \
	unshare -Urn sh -c 'cd /proc/sys/net/umx && echo 2 >port_ignore && echo 7 >reduced_port && cat port_ignore reduced_port' |
	paste -sd' ')" "2 7"

# --- the table, line by line ---------------------------------------------------------------------------------

# legacy_address N: what the table excludes at levels 0 and 1, and a port's mode at every level.
legacy_address()
{
	ok "L$1: U(LA,WP) of a port in mode das: silence, counted" counts "$SERVER" in_listen0 1+ \
		silence "$STRANGER" $S 7
	is "L$1: U(LA,WP) of a port in mode legacy - L(LA,EP)" "$(call "$STRANGER" $S 8)" echoed
}

level 0
for port in 22 4242 1 7; do
	is "L0: U(SSA,$port) - U(EA,*)" "$(call "$CLIENT" "$(ssa port 7)" $port)" echoed
done
shuffle
for port in 22 4242 1 7; do
	is "L0: U(SSA,$port) - U(EA,*), ports changed on the way" "$(call "$CLIENT" "$(ssa port 7)" $port)" echoed
done
addr=$(ssa port 7)
is "L0: U(SSA,*) - L(LA,EP): the legacy client does not know itself in other ports" \
	"$(silence "$STRANGER" "$addr" 7)" ETIMEDOUT
is "L0: and the SSA waits on" "$(call "$CLIENT" "$addr" 22)" echoed
unshuffle
legacy_address 0

for n in 1 2; do
	level $n
	for port in 22 4242 1 7; do
		is "L$n: U(SSA,$port) - U(EA,*)" "$(call "$CLIENT" "$(ssa port 7)" $port)" echoed
		is "L$n: U(SSA,$port) - L(LA,EP)" "$(call "$STRANGER" "$(ssa port 7)" $port)" echoed
	done
	shuffle
	addr=$(ssa port 7)
	ok "L$n: ports changed on the way: silence, counted" counts "$CLIENT" in_other 1+ silence "$CLIENT" "$addr" 7
	unshuffle
	is "L$n: and the SSA waits on" "$(call "$CLIENT" "$addr" 22)" echoed
	legacy_address $n
done

level 3
for port in 7 $RP; do
	is "L3: U(SSA,$port) - L(LA,EP)" "$(call "$STRANGER" "$(ssa port $port)" $port)" echoed
	is "L3: U(SSA,$port) - L(LA,RP)" "$(call "$STRANGER" "$(ssa port $port)" $port -sport=$RP)" echoed
	is "L3: U(SSA,$port) - U(EA,EP)" "$(call "$CLIENT" "$(ssa port $port)" $port)" echoed
	reduce $RP
	is "L3: U(SSA,$port) - U(EA,RP)" "$(call "$CLIENT" "$(ssa port $port)" $port)" echoed
	reduce 0
done
addr=$(ssa port 7)
for port in 22 4242 1 $RP; do
	ok "L3: U(SSA,$port) is silent, counted" counts "$SERVER" in_port 1+ silence "$STRANGER" "$addr" $port
	is "L3: U(SSA,$port) - U(EA,*)" "$(silence "$CLIENT" "$addr" $port)" ETIMEDOUT
done
is "L3: and the SSA waits on" "$(call "$STRANGER" "$addr" 7)" echoed
legacy_address 3

# --- level 0: a session survives -----------------------------------------------------------------------------

# bulk TEXT NAME: a session at level 0 through a router that changes ports, a megabyte each way, an end in order.
bulk()
{
	local to

	to=$(ssa port 7)
	hold "$2" "$CLIENT" "$to" 4242 up=1000000 down=1000000 far=shut eof shut
	like "$1: an EA to an SSA" "$LOCAL" $IN_EA
	ok "$1: bulk both ways" wait_for -t 60 bash -c "[ \$(grep -c '^got' $TMP/$2) = 2 ]"
	ok "$1: and an end in order" wait_for -t 20 grep -q eof "$TMP/$2"
	stop "$PID" KILL
}

level 0
before=$(counter "$CLIENT" ports_restored) before_s=$(counter "$SERVER" ports_restored)
shuffle
bulk "each segment other ports" each
ok "counted at both ends" test $(($(counter "$CLIENT" ports_restored) - before)) -gt 10 -a \
	$(($(counter "$SERVER" ports_restored) - before_s)) -gt 10
for ns in "$CLIENT" "$SERVER"; do
	offload "$ns" off
done
bulk "checksums by software" software
unshuffle
shuffle 1
for ns in "$CLIENT" "$SERVER"; do
	offload "$ns" on
done
bulk "merged segments" merged
for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" nft -f - <<-NFT || bail "nft takes a rule with ct"
	table ip6 track {
		chain in {
			type filter hook input priority 0
			ct state new,established counter
		}
	}
	NFT
done
bulk "with conntrack" conntrack
for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" nft flush ruleset
	in_ns "$ns" sysctl -qw net.ipv4.tcp_early_demux=0
done
unshuffle
shuffle
bulk "without early demux" nodemux
for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" sysctl -qw net.ipv4.tcp_early_demux=1
done
s drain >/dev/null
ok "without their TIME_WAITs the addresses go" wait_for none_live "$SERVER"
s drain off
unshuffle

# echoed NAME N: it has heard N answers.
echoed()
{
	[ "$(grep -c echoed "$TMP/$1")" -ge "$2" ]
}

hold middle "$CLIENT" "$(ssa port 7)" 4242 "wait=$TMP/go" echo
shuffle
touch "$TMP/go"
ok "in the middle of a session" wait_for -t 20 echoed middle 2
stop "$PID" KILL
unshuffle
rm "$TMP/go"

level 1
hold strict "$CLIENT" "$(ssa port 7)" 4242 "wait=$TMP/go" echo
shuffle
before=$(counter "$SERVER" in_other)
touch "$TMP/go"
other_counted()
{
	[ "$(counter "$SERVER" in_other)" -gt "$before" ]
}
ok "level 1: a segment with other ports is dropped, counted" wait_for other_counted
not_ok "level 1: and does nothing" echoed strict 2
level 0
ok "level 0 from now on: the same session goes on" wait_for -t 60 echoed strict 2
stop "$PID" KILL
unshuffle

# answers that are lost: the SYN comes again, with other ports
lost_answers()
{
	[ "$(in_ns "$CLIENT" nft -j list ruleset | jq '[.. | .counter? // empty | .packets] | add')" -ge 1 ]
}
shuffle
addr=$(ssa port 7)
drop "$CLIENT" 'ip6 saddr 2001:db8:55a::/48 tcp flags & syn == syn'
spawn again in_ns "$CLIENT" python3 "$here/peer.py" call -timeout=$((30 * SLOW)) "$addr" 4242 echo rst
ok "a SYN-ACK is lost" wait_for lost_answers
in_ns "$CLIENT" nft flush ruleset
ok "the SYN that comes again with other ports is the same handshake" wait_for -t 30 echoed again 1
is "there is one handshake, and one session" "$(in_ns "$SERVER" ss -Htan src "[$addr]" | grep -c SYN-RECV)" 0

# a cookie stands for both addresses, not for ports
s listener set port 7 mode das half_open 1 || bail "half_open 1"
addr=$(ssa port 7)
in_ns "$STRANGER" python3 "$here/forge.py" syn $D 1000 "$addr" 7
ok "a handshake by cookie" counts "$SERVER" cookie_accepted 1 \
	peer "$CLIENT" call -timeout=$((10 * SLOW)) "$addr" 4242 echo rst
s listener set port 7 mode das half_open 4

# a router beyond the one that changes ports says a packet is too big
ip -n "$ROUTER" -6 route replace 2001:db8:ea::/48 via $C mtu lock 1280
ip -n "$ROUTER" -6 route replace 2001:db8:55a::/48 via $S mtu lock 1280
hold small "$CLIENT" "$(ssa port 7)" 4242 up=300000 down=300000
ok "Packet Too Big that quotes other ports is believed" wait_for -t 60 bash -c "[ \$(grep -c '^got' $TMP/small) = 2 ]"
like "at the client" "$(in_ns "$CLIENT" ss -Htni src "[$LOCAL]")" 'pmtu:1280'
stop "$PID" KILL
ip -n "$ROUTER" -6 route replace 2001:db8:ea::/48 via $C
ip -n "$ROUTER" -6 route replace 2001:db8:55a::/48 via $S

# ports mean nothing, addresses all
addr=$(ssa port 7)
hold mine "$CLIENT" "$addr" 4242 "wait=$TMP/never"
ok "a segment from another address is dropped, counted" counts "$SERVER" in_other 1 \
	in_ns "$STRANGER" python3 "$here/forge.py" rst $D "$LPORT" "$addr" 4242 1
stop "$PID" KILL
ok "its end is seen at both ends, in other ports" wait_for ended "$CLIENT"
unshuffle
level 1

# --- reduced_port --------------------------------------------------------------------------------------------

# port_of LINE: of "ADDRESS PORT".
port_of()
{
	echo "${1##* }"
}

# sessions WORD...: see sessions.py.
sessions()
{
	in_ns "$CLIENT" python3 "$here/sessions.py" "$@"
}

spawn_listener many "$SERVER" 9 python3 "$here/peer.py" serve -backlog=1000 9
is "off: TCP chooses" "$(port_of "$(peer "$CLIENT" call $S 8 name rst)" | grep -cx $RP)" 0
reduce $RP
is "each session has its own address and the same port" "$(sessions many $S 9 1000)" "1000 1"
is "it is that port" "$(port_of "$(peer "$CLIENT" call $S 8 name rst)")" $RP
is "one socket, one session after the other" "$(sessions reuse $S 8 3)" "$RP $RP $RP"
is "a connect() that fails late gives everything back" "$(sessions again 2001:db8:bad::1 $S 8 | cut -d' ' -f1,3-)" \
	":: $RP 0"
is "one that fails early, too" "$(ip -n "$CLIENT" -6 route add unreachable 2001:db8:bad::/48
	sessions again 2001:db8:bad::1 $S 8)" ":: 0 $RP 0"
like "a port the application has chosen stays" "$(peer "$CLIENT" call -sport=5555 $S 8 name rst)" "^2001:db8:ea:.* 5555$"
is "an SSA takes them, as L(LA,RP)" "$(call "$CLIENT" "$(ssa port 7)" 7)" echoed
is "Fast Open leaves from it" "$(port_of "$(peer "$CLIENT" call -fastopen $S 8 name rst)")" $RP
c ea flush
is "legacy sessions do not" "$(port_of "$(peer "$CLIENT" call $S 8 name rst)" | grep -cx $RP)" 0
c ea add pool ea
c drain >/dev/null
ok "all addresses are given back" wait_for none_live "$CLIENT"
c drain off
level 0
shuffle
is "level 0: that port, and others on the way" "$(call "$CLIENT" "$(ssa port 7)" 22)" echoed
unshuffle
finish

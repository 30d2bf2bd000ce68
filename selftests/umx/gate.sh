#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the gate: nothing comes in or goes out at a pool address but its own session.
# The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need nmap tcpdump nft setpriv ping
topology
pool_ea
pool_ssa
serve echo "$SERVER" 7
s listener set port 7 mode das || bail "port 7 in mode das"

forge()
{
	local ns=$1

	shift
	in_ns "$ns" python3 "$here/forge.py" "$@"
}

pmtu()
{
	in_ns "$1" ss -Htni src "[$2]" | grep -o 'pmtu:[0-9]*' | cut -d: -f2
}

# nxt FILE ADDR PORT: the next sequence number of that sender, from what tcpdump -S has seen.
nxt()
{
	sed -nE "s/.* $2\.$3 > .* seq [0-9]+:([0-9]+),.*/\1/p" "$1" | tail -n 1
}

# nobody WORD...: a program of ours at the server, without privilege.
nobody()
{
	in_ns "$SERVER" setpriv --reuid=65534 --clear-groups python3 "$here/$1" "${@:2}"
}

# --- scans of every kind of address --------------------------------------------------------------------------

in_ns "$SERVER" sysctl -qw net.ipv6.icmp.ratelimit=0
waiting=$(ssa port 7 from 2001:db8:ea::/64 lifetime 600)
bound=$(ssa port 7)
in_ns "$CLIENT" sysctl -qw net.ipv4.tcp_timestamps=0
spawn seqs in_ns "$ROUTER" tcpdump -Slni eth1 --immediate-mode tcp
wait_for grep -q 'listening on' "$TMP/seqs"
hold session "$CLIENT" "$bound" 7 "wait=$TMP/go" echo
session_addr=$LOCAL session_port=$LPORT session_pid=$PID
used=$(ssa port 7)
peer "$CLIENT" call "$used" 7 echo rst >/dev/null
expired=$(ssa port 7 lifetime 1)
unknown=${SSA}::4711
expired_is_gone()
{
	! prints "$expired" s ssa show
}
ok "five kinds of address" wait_for expired_is_gone

capture out eth1 "src net 2001:db8:55a::/48 or (src net 2001:db8:5::/64 and not (icmp6 and (ip6[40] == 135 or ip6[40] == 136)))"
grep -q . <(in_ns "$STRANGER" ping -c 1 -W 5 $S) # what the capture would see if there was something
is "the capture sees what the server says" "$(captured out eth1 'echo reply')" 1
mark out eth1
: >"$TMP/out"
mark out eth1

before=$(s -j stats show)
scans=()
for to in "$waiting" "$bound" "$used" "$expired" $unknown; do
	forge "$STRANGER" scan "$to" 7 4242
	in_ns "$STRANGER" ping -c 1 -W 1 "$to" >/dev/null &
	scans+=($!)
	for kind in "-sS -p7,20-40" "-sU -p7,53" "-sA -p7,80"; do
		# shellcheck disable=SC2086
		in_ns "$STRANGER" nmap -6 -n -Pn $kind --max-retries 0 -T5 "$to" &
		scans+=($!)
	done
done >"$TMP/nmap" 2>&1
wait "${scans[@]}"
is "nmap has scanned" "$(grep -c 'Nmap done' "$TMP/nmap")" 15
is "nmap found nothing" "$(grep -cE '^[0-9]+/[a-z]+ +(open|closed|unfiltered) ' "$TMP/nmap")" 0
is "not a packet has left" "$(captured out eth1)" 0 || diag "$(head -n 20 "$TMP/out")"
for reason in in_unknown in_other in_not_syn in_from in_exthdr in_proto in_icmp in_malformed; do
	ok "counted: $reason" test "$(counter "$SERVER" $reason)" -gt \
		"$(jq -r --arg n $reason '.[] | select(.name == $n) | .value' <<<"$before")"
done
ok "counted for the pool" test "$(s -j pool show ssa | jq '.[0].stats.dropped')" -gt 100

ip -n "$ROUTER" -6 route add 2001:db8:55a::/64 dev eth1
capture nd eth1 icmp6
for to in "$waiting" "$bound" $unknown; do
	in_ns "$ROUTER" ping -c 1 -W 1 "$to" >/dev/null
done
ok "neighbours ask for pool addresses" test "$(captured nd eth1 'solicitation, who has 2001:db8:55a')" -ge 3
is "and get no answer" "$(captured nd eth1 'advertisement, tgt is 2001:db8:55a')" 0
ip -n "$ROUTER" -6 route del 2001:db8:55a::/64 dev eth1
is "the waiting one still waits" "$(peer "$CLIENT" call "$waiting" 7 echo rst)" echoed

# --- forged errors and resets --------------------------------------------------------------------------------

seq=$(nxt "$TMP/seqs" "$bound" 7)
like "the session's sequence number is known" "$seq" '^[0-9]+$'
is "its path MTU is that of the link" "$(pmtu "$SERVER" "$bound")" 1500
quote=("$bound" 7 "$session_addr" "$session_port")
ok "Packet Too Big, wrong port: counted" counts "$SERVER" in_icmp 1 \
	forge "$STRANGER" icmp 2 0 1280 "$bound" 7 "$session_addr" 1 "$seq"
ok "Packet Too Big, wrong peer: counted" counts "$SERVER" in_icmp 1 \
	forge "$STRANGER" icmp 2 0 1280 "$bound" 7 $D "$session_port" "$seq"
ok "Packet Too Big, about another address: counted" counts "$SERVER" in_icmp 1 \
	forge "$STRANGER" icmp 2 0 1280 "${quote[@]}" "$seq" $S
ok "Packet Too Big at an address unknown: counted" counts "$SERVER" in_icmp 1 \
	forge "$STRANGER" icmp 2 0 1280 $unknown 7 "$session_addr" "$session_port" "$seq"
for off in 100000 -100000 2000000000; do
	forge "$STRANGER" icmp 2 0 1280 "${quote[@]}" $((seq + off))
	for code in 0 1 3 4; do
		forge "$STRANGER" icmp 1 $code 0 "${quote[@]}" $((seq + off))
	done
	forge "$STRANGER" icmp 3 0 0 "${quote[@]}" $((seq + off))
	forge "$STRANGER" icmp 4 1 6 "${quote[@]}" $((seq + off))
	forge "$STRANGER" rst "$session_addr" "$session_port" "$bound" 7 $((seq + off))
done
for code in 0 1 3 4; do
	forge "$STRANGER" icmp 1 $code 0 "$bound" 7 "$session_addr" 1 "$seq"
done
is "forged errors do not change the path MTU" "$(pmtu "$SERVER" "$bound")" 1500
is "nor the server's routes" "$(ip -n "$SERVER" -6 route show cache | grep -c 'mtu 1280')" 0
ok "Packet Too Big about a packet in flight" forge "$ROUTER" icmp 2 0 1400 "${quote[@]}" "$seq"
is "lowers it" "$(pmtu "$SERVER" "$bound")" 1400
touch "$TMP/go"
ok "the session has survived it all" wait_for bash -c "[ \$(grep -c echoed $TMP/session) = 2 ]"
stop "$session_pid" KILL
waiting=$(ssa port 7 from 2001:db8:ea::/64)
ok "a reset to a waiting SSA: counted" counts "$SERVER" in_not_syn 1 forge "$STRANGER" rst $C 1000 "$waiting" 7 1
is "and it waits on" "$(peer "$CLIENT" call "$waiting" 7 echo rst)" echoed

# --- true errors ---------------------------------------------------------------------------------------------

is "no route to the destination: the client is told" "$(peer "$CLIENT" call -timeout=20 2001:db8:bad::1 7)" ENETUNREACH
is "and the EA is given back" "$(c -j addr show state valid)" "[]"

# small_link FAMILY...: a packet of more than 1280 bytes does not get through the router to these.
small_link()
{
	ip -n "$ROUTER" -6 route replace 2001:db8:ea::/48 via $C "$@"
	ip -n "$ROUTER" -6 route replace 2001:db8:55a::/48 via $S "$@"
	ip -n "$ROUTER" -6 route replace 2001:db8:5::/64 dev eth1 proto kernel metric 100 "$@"
	ip -n "$ROUTER" -6 route replace 2001:db8:c::/64 dev eth0 proto kernel metric 100 "$@"
}

serve plain "$SERVER" 77
small_link mtu lock 1280
capture toobig eth0 'icmp6 and ip6[40] == 2'
capture toobig1 eth1 'icmp6 and ip6[40] == 2'
hold bulk "$CLIENT" $S 77 up=1000000 down=1000000
like "EA: the session" "$LOCAL" $IN_EA
ok "EA: bulk both ways through a link of 1280" wait_for -t 40 bash -c "[ \$(grep -c '^got' $TMP/bulk) = 2 ]"
is "EA: its path MTU" "$(pmtu "$CLIENT" "$LOCAL")" 1280
ok "EA: the router said so" test "$(captured toobig eth0 "> $LOCAL")" -ge 1
stop "$PID" KILL
c ea flush
to=$(ssa port 7)
hold bulk2 "$CLIENT" "$to" 7 up=1000000 down=1000000
ok "SSA: bulk both ways through a link of 1280" wait_for -t 40 bash -c "[ \$(grep -c '^got' $TMP/bulk2) = 2 ]"
is "SSA: its path MTU" "$(pmtu "$SERVER" "$to")" 1280
ok "SSA: the router said so" test "$(captured toobig1 eth1 "> $to")" -ge 1
stop "$PID" KILL
small_link
c ea add pool ea

# --- whoever binds to a pool address -------------------------------------------------------------------------

to=$(ssa port 7 from 2001:db8:ea::/64 lifetime 600)
capture free eth1 "src net 2001:db8:55a::/48"
for from in ${SSA}::99 "$to"; do
	is "unprivileged: connect() from $from" \
		"$(nobody peer.py call -timeout=1.2 -freebind -bind="$from" $D 7)" EADDRNOTAVAIL
	ok "unprivileged: counted" counts "$SERVER" ea_bound 1 \
		nobody peer.py call -timeout=1.2 -freebind -bind="$from" $D 7
	ok "unprivileged: UDP from it is dropped and counted" counts "$SERVER" out_owner 1+ \
		nobody forge.py udp "$from" $D
done
spawn squat in_ns "$SERVER" setpriv --reuid=65534 --clear-groups \
	python3 "$here/peer.py" serve -drop -freebind -addr=${SSA}::99 1099
spawn squat2 in_ns "$SERVER" setpriv --reuid=65534 --clear-groups \
	python3 "$here/peer.py" serve -drop -freebind -addr="$to" 1098
wait_for listening "$SERVER" 1099
wait_for listening "$SERVER" 1098
is "unprivileged: nobody reaches who listens on a pool address" \
	"$(peer "$CLIENT" call -timeout=1.2 ${SSA}::99 1099 echo)" ETIMEDOUT
is "not a packet has left from them" "$(captured free eth1)" 0
is "an SSA leads to its own listener, whoever squats on it" "$(peer "$CLIENT" call "$to" 1098 echo rst)" echoed

# --- without early demux -------------------------------------------------------------------------------------

for ns in "$CLIENT" "$SERVER"; do
	in_ns "$ns" sysctl -qw net.ipv4.tcp_early_demux=0 net.ipv4.ip_early_demux=0
done
hold nodemux "$CLIENT" "$(ssa port 7)" 7 up=200000 down=200000
like "no early demux: an EA to an SSA" "$LOCAL" $IN_EA
ok "no early demux: bulk both ways" wait_for -t 20 bash -c "[ \$(grep -c '^got' $TMP/nodemux) = 2 ]"
is "no early demux: legacy is silent" "$(peer "$CLIENT" call -timeout=1.2 $S 7 echo)" ETIMEDOUT
to=$(s -j session show | jq -r 'map(select(.state == "valid"))[0].local')
is "no early demux: a stranger to the live one is not heard" "$(peer "$STRANGER" call -timeout=1.2 "$to" 7 echo)" ETIMEDOUT
stop "$PID"
is "no early demux: the far end closes first" "$(peer "$CLIENT" call "$(ssa port 7)" 7 echo far=close eof)" "echoed
eof"

# --- a host without ::1 --------------------------------------------------------------------------------------

in_ns "$SERVER" sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n "$SERVER" route replace default via 2001:db8:5::fe
to=$(ssa port 7)
ip -n "$SERVER" -6 addr del ::1/128 dev lo
capture no_lo eth1 "src net 2001:db8:55a::/48 or src net 2001:db8:ea::/48"
is "without ::1: silence" "$(peer "$CLIENT" call -timeout=1.5 "$to" 7 echo)" ETIMEDOUT
ok "without ::1: no SYN comes back by the default route" test "$(captured no_lo eth1 "> $to")" -le 2
ip -n "$SERVER" -6 addr add ::1/128 dev lo
is "with ::1 again" "$(peer "$CLIENT" call "$(ssa port 7)" 7 echo rst)" echoed
in_ns "$SERVER" sysctl -qw net.ipv6.conf.all.forwarding=0
ip -n "$SERVER" route replace default via 2001:db8:5::fe

# --- a pool that answers -------------------------------------------------------------------------------------

is "a silent pool" "$(peer "$STRANGER" call -timeout=1.2 ${SSA}::77 7)" ETIMEDOUT
ok "pool add ... reject" s pool add loud prefix 2001:db8:55a:1::/64 reject
is "reject: the client is told" "$(peer "$STRANGER" call -timeout=10 2001:db8:55a:1::77 7)" EHOSTUNREACH
like "reject: ping is told" "$(in_ns "$STRANGER" ping -c 1 -W 5 2001:db8:55a:1::78)" "Address unreachable"
is "the other pool stays silent" "$(peer "$STRANGER" call -timeout=1.2 ${SSA}::78 7)" ETIMEDOUT

finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of on-link pools: prefixes shared with the other hosts of a link.
#
#   [ $HOST ]eth0 ---.                            2001:db8:1::/64, on all that hang on the switch
#     ::1            |                            pool lan: ::FREE:TAIL, on $HOST
#   [ $OTHER ]eth0 --+-- [ $SWITCH ] br0
#     ::2            |
#   [ $ROUTER ]eth0 -'
#     ::fe  eth1 ------------------ eth0[ $SERVER ]
#           2001:db8:5::fe            2001:db8:5::1

. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/neighbour.sh"
need umctl jq python3 curl ndisc6 tcpdump tshark
load umx

P=2001:db8:1 S=2001:db8:5::1

# plug VARIABLE ADDRESS: a host on the switch, which does DAD as hosts do.
plug()
{
	local ns=${!1} port=${1,,}

	link_ns "$ns" eth0 "$2/64" "$SWITCH" "$port" -
	ip -n "$SWITCH" link set "$port" master br0
	in_ns "$ns" sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=1
}

setup_ns HOST OTHER ROUTER SERVER SWITCH
ip -n "$SWITCH" link add br0 type bridge mcast_snooping 0
ip -n "$SWITCH" link set br0 up
plug HOST $P::1
plug OTHER $P::2
plug ROUTER $P::fe
link_ns "$ROUTER" eth1 2001:db8:5::fe/64 "$SERVER" eth0 $S/64
router_ns "$ROUTER"
ip -n "$HOST" route add default via $P::fe
ip -n "$SERVER" route add default via 2001:db8:5::fe

# h WORD...: umctl for the host.
h()
{
	umctl -n "$HOST" "$@"
}

# of NS POOL NAME: what "pool show" or its statistics say.
of()
{
	umctl -n "$1" -j pool show "$2" | jq -r --arg n "$3" '.[0] | . + .stats | .[$n]'
}

# has NS POOL NAME VALUE
has()
{
	[ "$(of "$1" "$2" "$3")" = "$4" ]
}

# addresses NS STATE
addresses()
{
	umctl -n "$1" -j addr show state "$2" | jq -r '.[].address'
}

# tail_of ADDRESS: its last 24 bits, in hexadecimal.
tail_of()
{
	python3 -c 'import ipaddress, sys; print("%06x" % (int(ipaddress.ip_address(sys.argv[1])) & 0xffffff))' "$1"
}

# wire FILTER: the messages that match, one line each: to whom, flags S and O.
wire()
{
	tshark -r "$TMP/wire.pcap" -Y "$1" -T fields -e ipv6.dst -e icmpv6.nd.na.flag.s -e icmpv6.nd.na.flag.o 2>/dev/null |
		tr '\t' ' ' | sort -u
}

# --- bad input -----------------------------------------------------------------------------------------------

status_is "an on-link pool needs a device" 2 h pool add lan prefix $P::/64 type onlink
like "and says so" "$OUT" 'needs its device'
status_is "it is a /64" 2 h pool add lan prefix $P::/72 type onlink dev eth0
like "and says so" "$OUT" 'is a /64'
status_is "lo has no neighbours" 2 h pool add lan prefix $P::/64 type onlink dev lo
like "and says so" "$OUT" 'no neighbours'
status_is "random would repeat itself" 2 h pool add lan prefix $P::/64 type onlink dev eth0 gen random
like "and says so" "$OUT" '40 free bits'
status_is "ready has an end" 2 h pool add lan prefix $P::/64 type onlink dev eth0 ready 4097
like "and says so" "$OUT" '4096'
status_is "a routed pool keeps none ready" 2 h pool add lan prefix $P::/64 ready 3
like "and says so" "$OUT" 'on-link'
is "nothing came of it" "$(h -j pool show)" "[]"

# --- from made to ready --------------------------------------------------------------------------------------

spawn wire in_ns "$SWITCH" tcpdump -U -i br0 -w "$TMP/wire.pcap" 'icmp6 and (ip6[40] == 135 or ip6[40] == 136)'
tcpdump=$PID
wait_for grep -q listening "$TMP/wire"

h pool add lan prefix $P::/64 type onlink dev eth0 gen sequential ready 4 2>"$TMP/warn" || bail "an on-link pool can be added"
like "few free bits draw a warning" "$(cat "$TMP/warn")" '48 free bits'
ok "the link is there" wait_for has "$HOST" lan attached true
ok "four are proven unique" wait_for has "$HOST" lan uncertain 4
is "one probe each" "$(counter "$HOST" nd_probe)" 4
is "none is left in DAD" "$(of "$HOST" lan tentative)" 0
mapfile -t ready < <(addresses "$HOST" uncertain)
is "addr show has them" "${#ready[@]}" 4
like "in the prefix" "${ready[0]}" "^$P:"
TAIL=$(tail_of "${ready[0]}")
is "all end alike" "$(for a in "${ready[@]}"; do tail_of "$a"; done | sort -u)" "$TAIL"
is "no route was added" "$(ip -n "$HOST" -6 route show type throw)" ""
is "no address was" "$(ip -n "$HOST" -6 -o addr show dev eth0 scope global | wc -l)" 1
ok "one multicast group for all" prints "ff02::1:ff${TAIL:0:2}:$(printf %x $((16#${TAIL:2})))" ip -n "$HOST" -6 maddr show dev eth0

# --- UNCERTAIN: defended, and silent -------------------------------------------------------------------------

a=${ready[3]}
solicit=$(counter "$HOST" in_solicit)
not_ok "nobody finds a neighbour at an UNCERTAIN address" asks "$OTHER" "$a"
ok "the question is counted" [ "$(counter "$HOST" in_solicit)" -gt "$solicit" ]
ok "who does DAD for it loses" loses "$OTHER" "$a"
ok "that is counted" [ "$(counter "$HOST" nd_defended)" -ge 1 ]
ok "and it is UNCERTAIN still" state_is "$HOST" "$a" uncertain
like "who does DAD is told: to all nodes, unsolicited, and nothing else is said" "$(wire "ipv6.src == $a")" \
	'^ff02::1 (0|False) (1|True)$'

# --- a client ------------------------------------------------------------------------------------------------

serve echo "$SERVER" 7
h ea add pool lan to 2001:db8:5::/64
before=$(date +%s%N)
hold one "$HOST" $S 7
took=$((($(date +%s%N) - before) / 1000000))
EA=$LOCAL
is "a session leaves from what was ready first" "$EA" "${ready[0]}"
diag "connected after $took ms, python's start included"
asks "$HOST" $P::2 >/dev/null
before=$(date +%s%N)
ip -n "$HOST" addr add $P::3/64 dev eth0
wait_for not prints tentative ip -n "$HOST" -6 addr show dev eth0 to $P::3
diag "an address of the interface could be used after $((($(date +%s%N) - before) / 1000000)) ms"
ip -n "$HOST" addr del $P::3/64 dev eth0
is "routers are told of it" "$(counter "$HOST" nd_announced)" 1
ok "another takes its place" wait_for has "$HOST" lan uncertain 4
ok "a live address has a neighbour" asks "$OTHER" "$EA"
ok "who does DAD for it loses" loses "$OTHER" "$EA"
counts "$HOST" in_proto 1+ in_ns "$OTHER" ping -6 -c 1 -W 1 "$EA"
point $? "but it answers no echo"
is "the next session has the next" "$(peer "$HOST" call $S 7 name rst | cut -d ' ' -f 1)" "${ready[1]}"
not_ok "when it has ended nobody is there any more" asks "$OTHER" "${ready[1]}"

# --- a duplicate ---------------------------------------------------------------------------------------------

# The sequential generator tells what comes next: the highest so far, plus one.
ok "four are ready again" wait_for has "$HOST" lan uncertain 4
next=$(python3 - "$(addresses "$HOST" uncertain | tail -n 1)" <<'PY'
import ipaddress, sys
print(ipaddress.ip_address(int(ipaddress.ip_address(sys.argv[1])) + (1 << 24)))
PY
)
ip -n "$OTHER" addr add "$next/64" dev eth0 nodad
hold three "$HOST" $S 7
stop "$PID"
ok "an address that somebody has is found out" wait_for has "$HOST" lan duplicates 1
ok "another is made instead" wait_for has "$HOST" lan uncertain 4
not_ok "it is not among them" grep -qx "$next" <<<"$(addresses "$HOST" uncertain)"
ok "who had it has it" asks "$HOST" "$next"
ip -n "$OTHER" addr del "$next/64" dev eth0

# --- a server ------------------------------------------------------------------------------------------------

serve web "$HOST" 80 -backlog=2
h listener set port 80 mode das pool lan || bail "mode das"
SSA=$(h ssa add port 80)
like "an SSA of the link" "$SSA" "^$P:"
status_is "not one that was given" 2 h ssa add port 80 addr "$next"
like "and says why" "$OUT" 'proven unique'
hold caller "$OTHER" "$SSA" 80
ok "a neighbour's connection" state_is "$HOST" "$SSA" valid
stop "$PID"
ok "was the only one" wait_for not state_is "$HOST" "$SSA" valid
not_ok "there is nobody there any more" asks "$OTHER" "$SSA"

h listener set port 80 mode auto pool lan || bail "mode auto"
ok "a port in mode auto has its backlog ready" wait_for prints '"ready":2' h -j listener show
ok "and the pool its own" wait_for has "$HOST" lan uncertain 6
spare=$(addresses "$HOST" uncertain | tail -n 1)
not_ok "which are silent" asks "$OTHER" "$spare"
SSA=$(h ssa lease port 80)
hold caller "$SERVER" "$SSA" 80
ok "a connection from afar, on a lease" state_is "$HOST" "$SSA" valid
stop "$PID"
h listener set port 80 mode legacy

# --- the wire ------------------------------------------------------------------------------------------------

stop "$tcpdump"
like "routers are told: to all of them, unsolicited, not overriding" \
	"$(wire "icmpv6.type == 136 && ipv6.src == $EA && ipv6.dst == ff02::2")" '^ff02::2 (0|False) (0|False)$'

# --- the link goes, and comes back ---------------------------------------------------------------------------

hold stays "$HOST" $S 7 "wait=$TMP/go" echo
spawn events umctl -n "$HOST" monitor
wait_for prints . pgrep -P $$ -x umctl
ip -n "$HOST" addr del $P::1/64 dev eth0
ok "without the prefix the pool is detached" wait_for has "$HOST" lan attached false
is "and forgets what was nobody's" "$(of "$HOST" lan uncertain)" 0
like "connect() fails" "$(peer "$HOST" call $S 7 name 2>&1)" EADDRNOTAVAIL
ip -n "$HOST" addr add $P::1/64 dev eth0 nodad
ip -n "$HOST" route replace default via $P::fe
ok "with the prefix it is attached again" wait_for has "$HOST" lan attached true
ok "and has addresses" wait_for has "$HOST" lan uncertain 4
ip -n "$SWITCH" link set host down
ok "without carrier it is detached" wait_for has "$HOST" lan attached false
ip -n "$SWITCH" link set host up
ok "with carrier it has addresses" wait_for has "$HOST" lan uncertain 4
touch "$TMP/go"
ok "a session has lived through it" wait_for -t 30 eval '[ "$(grep -c echoed "$TMP/stays")" -ge 1 ]'
ok "events tell" wait_for prints 'pool_detach.*lan' cat "$TMP/events"

ip -n "$HOST" link del eth0
ok "the device goes, and the pool is detached" wait_for has "$HOST" lan attached false
plug HOST $P::1
ip -n "$HOST" route add default via $P::fe
ok "one of the same name comes, and it is attached" wait_for has "$HOST" lan attached true
ok "it has addresses" wait_for has "$HOST" lan uncertain 4
hold again "$HOST" $S 7
like "sessions leave from them" "$LOCAL" "^$P:"
stop "$PID"

# --- many at a time ------------------------------------------------------------------------------------------

MANY=$((1000 / SLOW))
h ea flush && h pool del lan force
h pool add many prefix $P::/64 type onlink dev eth0 ready $MANY 2>"$TMP/many" || diag "$(cat "$TMP/many")" || bail "a traceable pool of the link"
h ea add pool many to 2001:db8:5::/64
ok "$MANY are proven unique" wait_for -t 30 has "$HOST" many uncertain $MANY
told=$(counter "$HOST" nd_announced)
cat >"$TMP/burst.py" <<'PY'
import socket, sys, time
many, socks, start = int(sys.argv[2]), [], time.monotonic()
for i in range(many):
    s = socket.socket(socket.AF_INET6)
    s.setblocking(False)
    s.connect_ex((sys.argv[1], 9))
    socks.append(s)
print(len({s.getsockname()[0] for s in socks}), time.monotonic() - start, flush=True)
time.sleep(1000)
PY
# nobody listens there, and nobody says so: the sessions stay half open
drop "$SERVER" 'tcp dport 9'
spawn burst in_ns "$HOST" python3 "$TMP/burst.py" $S $MANY
burst=$PID
ok "as many sessions, each from its own" wait_for -t 30 prints "^$MANY " cat "$TMP/burst"
read -r _ took <"$TMP/burst"
diag "$MANY activations in $took s"
announced()
{
	[ $(($(counter "$HOST" nd_announced) - told)) = "$MANY" ]
}
ok "routers are told of each" wait_for -t 30 announced
is "of none they are not" "$(counter "$HOST" nd_unannounced)" 0
EA=$(h -j session show | jq -r 'map(select(.pool == "many"))[0].local')
like "an address can be traced" "$(umctl trace "$EA" 2>&1)" "^$EA"
stop "$burst"

# --- two hosts with pools of the same prefix -----------------------------------------------------------------

umctl -n "$OTHER" pool add lan prefix $P::/64 type onlink dev eth0 gen sequential ready 4 2>/dev/null || bail "another's pool"
ok "another host's pool on the same link" wait_for has "$OTHER" lan uncertain 4
theirs=$(addresses "$OTHER" uncertain | head -n 1)
not_ok "ends in something else" [ "$(tail_of "$theirs")" = "$(tail_of "$EA")" ]
serve theirs "$OTHER" 80
theirs_pid=$PID
umctl -n "$OTHER" listener set port 80 mode das pool lan
SSA=$(umctl -n "$OTHER" ssa add port 80)
h ea add pool many to $P::/64 || bail "a rule for the link"
hold both "$HOST" "$SSA" 80
EA=$LOCAL
like "from the one to the other" "$EA" "^$P:"
ok "both live" state_is "$OTHER" "$SSA" valid
is "no conflict was seen" "$(counter "$HOST" nd_conflict) $(counter "$OTHER" nd_conflict)" "0 0"

# --- the end -------------------------------------------------------------------------------------------------

h save "$TMP/saved" || bail "save"
like "it can be saved" "$(cat "$TMP/saved")" "pool add many prefix $P::/64 dev eth0 type onlink gen traceable ready $MANY"
stop "$PID"
stop "$theirs_pid"
ok "a namespace goes with its pool" del_ns "$OTHER"
h drain --abort >/dev/null
h ea flush && h pool flush force
ok "no pool is left" wait_for prints '^\[\]$' h -j pool show
ok "nor a group" wait_for not prints "ff02::1:ff$(tail_of "$EA" | cut -c 1,2):" ip -n "$HOST" -6 maddr show dev eth0
ok "the module can go" wait_for rmmod umx

finish

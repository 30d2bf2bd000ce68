#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of AUTO_SET: ports in mode auto, and leases. The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need nginx sshd ssh curl nft
topology

# refused TEXT REGEX WORD...: umctl at the server ends with status 2 and a sentence.
refused()
{
	local text=$1 regex=$2

	shift 2
	status_is "$text" 2 s "$@" && like "$text: said" "$OUT" "$regex"
}

# of PORT FIELD: what listener show says of the server's port. has PORT FIELD VALUE: for wait_for.
of()
{
	s -j listener show | jq ".[] | select(.port == $1) | .$2"
}

has()
{
	[ "$(of "$1" "$2")" = "$3" ]
}

# uncertain: the addresses that are ready, one a line.
uncertain()
{
	s -j addr show state uncertain | jq -r '.[].address'
}

# lease [WORD...]: an SSA of port 80.
lease()
{
	s ssa lease port 80 "$@"
}

# call ADDR [OPTION...]: what the client hears from port 80 within a SYN and its retransmission.
call()
{
	local addr=$1

	shift
	peer "$CLIENT" call -timeout=$((SLOW == 1 ? 2 : 8)) "$@" "$addr" 80 echo rst
}

# reached ADDR: as call, of one that is to answer.
reached()
{
	call "$1" -timeout=$((10 * SLOW))
}

# backlog NAME N: a server on port 80 that asks listen() for N.
backlog()
{
	serve "$1" "$SERVER" 80 -reuseport "-backlog=$2"
}

# --- what it needs -------------------------------------------------------------------------------------------

refused "auto without a pool" 'no pool' listener set port 80 mode auto
pool_ssa
ok "another pool" s pool add other prefix 2001:db8:55a:1::/64
refused "auto with several pools and none named" 'several pools' listener set port 80 mode auto
refused "auto with a pool that does not exist" 'no pool of this name' listener set port 80 mode auto pool none
is "nothing was set" "$(s -j listener show)" '[]'
refused "a lease of a legacy port" 'not in mode auto' ssa lease port 80
ok "a port in mode auto before its server" s listener set port 80 mode auto pool ssa
is "without a server nothing is ready" "$(of 80 ready) $(of 80 backlog)" "0 0"
refused "a lease without a server" 'no server listens' ssa lease port 80
ok "das" s listener set port 81 mode das pool ssa
refused "a lease of a das port" 'not in mode auto' ssa lease port 81
ok "legacy" s listener set port 81 mode legacy
status_is "a lease of no port" 1 s ssa lease

# --- as many as the backlog is long --------------------------------------------------------------------------

backlog five 5
five=$PID
ok "listen(5): five are ready" wait_for has 80 ready 5
is "backlog and ready are shown" "$(of 80 mode) $(of 80 backlog) $(of 80 ready) $(of 80 waiting)" '"auto" 5 5 0'
is "they are UNCERTAIN" "$(uncertain | grep -cE "$IN_SSA")" 5
is "and waiting for nobody" "$(s -j ssa show)" '[]'
is "the pool says so, too" "$(s -j pool show | jq -c '.[] | select(.name == "ssa").stats | [.uncertain, .valid]')" '[5,0]'
is "sysfs, too" "$(in_ns "$SERVER" cat /sys/class/umx_pool/ssa/statistics/uncertain)" 5
first=$(uncertain | head -n 1)
is "a SYN to one of them: silence" "$(call "$first")" ETIMEDOUT
ok "counted" counts "$SERVER" in_uncertain 1+ call "$first"
refused "it cannot be given by hand" 'in use' ssa add port 80 addr "$first"
refused "nor deleted as an SSA" 'no SSA waits' ssa del "$first"

ready=$(uncertain)
spawn events in_ns "$SERVER" umctl monitor
wait_for eval 's listener set port 80 mode auto; grep -q . "$TMP/events"'
addr=$(lease)
ok "a lease is one of those that were ready" grep -qx "$addr" <<<"$ready"
is "one fewer is ready, one waits" "$(of 80 ready) $(of 80 waiting)" "4 1"
is "it is an SSA now" "$(s -j ssa show | jq -r '.[] | "\(.address) \(.port)"')" "$addr 80"
is "VALID" "$(s -j addr show | jq -r --arg a "$addr" '.[] | select(.address == $a).state')" valid
is "the client gets through" "$(reached "$addr")" echoed
is "once" "$(call "$addr")" ETIMEDOUT
ok "the connection is replaced" wait_for has 80 ready 5
is "the others stayed" "$(sort <(uncertain) <(echo "$ready") | uniq -d | wc -l)" 4
is "JSON" "$(s -j ssa lease port 80 lifetime 1 | jq -c 'map(keys)')" '[["address"]]'
ok "a lease nobody uses ends, and is replaced" wait_for has 80 ready 5
ok "leases are counted" test "$(counter "$SERVER" ssa_leased)" = 2

# --- leases are bounded by the backlog -----------------------------------------------------------------------

for i in 1 2 3 4 5; do
	ok "lease $i of 5" lease lifetime $((i == 1 ? 15 * SLOW : 600))
done
refused "the sixth" 'every SSA of the port is leased' ssa lease port 80
ok "counted" counts "$SERVER" lease_none 1 lease
is "none is ready" "$(of 80 ready) $(of 80 waiting)" "0 5"
ok "one expires" wait_for -t 30 has 80 ready 1
addr=$(lease)
is "and can be leased" "$(reached "$addr")" echoed
ok "the claim makes room for the next" wait_for has 80 ready 1
ok "flush" s ssa flush
ok "all are ready again" wait_for has 80 ready 5

# --- who may come --------------------------------------------------------------------------------------------

addr=$(lease from $C/128)
is "from: a stranger hears nothing" "$(peer "$STRANGER" call -timeout=1.2 "$addr" 80 echo rst)" ETIMEDOUT
is "the client does" "$(reached "$addr")" echoed
refused "a prefix with bits beyond its length" 'bits set' ssa lease port 80 from 2001:db8::1/64
refused "a lifetime of nothing" 'lifetime' ssa lease port 80 lifetime 0
addr=$(lease dev lo)
is "dev: not through eth0" "$(call "$addr")" ETIMEDOUT
ok "the rest is ready" wait_for has 80 ready 4
ok "flush" s ssa flush
is "LISTEN_0 as in mode das" "$(call $S)" ETIMEDOUT

# --- servers come, go and change their mind ------------------------------------------------------------------

ready=$(wait_for has 80 ready 5; uncertain)
stop "$five"
diag "its socket is forgotten after $({ time wait_for -t 40 has 80 sockets 0; } 2>&1 | awk '/real/ { print $2 }')"
refused "the server is gone" 'no server listens' ssa lease port 80
is "what was ready is kept" "$(uncertain | sort)" "$(sort <<<"$ready")"
backlog seven 7
seven=$PID
ok "it comes back and wants seven" wait_for has 80 ready 7
is "the five are among them" "$(sort <(uncertain) <(echo "$ready") | uniq -d | wc -l)" 5
is "a lease gets through" "$(reached "$(lease)")" echoed
peer "$CLIENT" call "$(lease)" 80 "far=listen 9" echo rst >/dev/null
is "the next lease gets through" "$(reached "$(lease)")" echoed
ok "a second listen() is seen with it" wait_for has 80 ready 9
backlog three 3
three=$PID
ok "SO_REUSEPORT: backlogs add up" wait_for has 80 ready 12
stop "$three"
is "a member goes: the group's leases get through" "$(reached "$(lease)")" echoed
ok "and there are fewer" wait_for has 80 ready 9
stop "$seven"

backlog many 65535
many=$PID
most=$(($(in_ns "$SERVER" cat /proc/sys/net/core/somaxconn) < 4096 ? $(in_ns "$SERVER" cat /proc/sys/net/core/somaxconn) : 4096))
ok "listen(65535) is bounded" wait_for -t 30 has 80 ready $most
ok "addresses do not repeat" test "$(uncertain | sort -u | wc -l)" = $most
stop "$many"
backlog two 2
two=$PID
ok "a smaller backlog: the surplus goes" wait_for -t 30 has 80 ready 2

# --- modes ---------------------------------------------------------------------------------------------------

addr=$(lease)
ok "auto to das" s listener set port 80 mode das
is "nothing is ready any more" "$(of 80 ready) $(uncertain | wc -l)" "null 0"
is "what was leased still waits" "$(reached "$addr")" echoed
given=$(ssa port 80)
ok "das to auto" s listener set port 80 mode auto
is "an SSA given by hand counts" "$(of 80 ready) $(of 80 waiting)" "1 1"
is "and gets through" "$(reached "$given")" echoed
ok "pool changed" s listener set port 80 mode auto pool other
is "what is ready is of the other pool" "$(uncertain | grep -c '^2001:db8:55a:1:')" 2
ok "and back" s listener set port 80 mode auto pool ssa
refused "the pool of what is ready" 'live addresses' pool del ssa
hold talk "$CLIENT" "$(lease)" 80
talk=$PID
addr=$(lease)
ok "by force" s pool del ssa force
is "what was ready is gone" "$(uncertain | wc -l)" 0
is "what was leased is not" "$(reached "$addr")" echoed
refused "a lease without its pool" 'pool of the port is gone' ssa lease port 80
is "and the session that was there" "$(s -j pool show | jq -c '.[] | select(.name == "ssa") | [.detached, .stats.valid]')" '[true,1]'
stop "$talk"
ok "the detached pool ends with it" wait_for not prints '"ssa"' s -j pool show
ok "the pool comes back" s pool add ssa prefix 2001:db8:55a::/64
is "and what is ready with it" "$(of 80 ready)" 2
ok "a pool goes" s pool del other
ok "a port that names none has the only one" s listener set port 80 mode auto pool -
is "what is ready is of it" "$(of 80 ready)" 2
ok "a second pool comes" s pool add other prefix 2001:db8:55a:1::/64
refused "a port that names no pool, of several" 'names none of several pools' ssa lease port 80
ok "it names one again" s listener set port 80 mode auto pool ssa

# --- drain ---------------------------------------------------------------------------------------------------

ok "drain" s drain
is "nothing is ready" "$(uncertain | wc -l)" 0
refused "a lease while drained" 'drained' ssa lease port 80
ok "drain off" s drain off
ok "ready again" wait_for has 80 ready 2
stop "$two"
ok "legacy" s listener set port 80 mode legacy
is "nothing is left" "$(live "$SERVER")" 0

# --- a pool that gives what was reserved, and no more --------------------------------------------------------

# 16 bits, 8 of them the host's: windows of sixteen, of which a few are addresses nobody may have.
ok "a tiny pool" s pool add tiny prefix 2001:db8:55a:2::/112 key "$TMP/tiny" host 1 host_bits 8
backlog thirty 30
thirty=$PID
ok "a port that wants more" s listener set port 80 mode auto pool tiny
few=$(of 80 ready)
[ "$few" -ge 8 ] && [ "$few" -le 16 ]
point $? "has what the window gives" || diag "$few"
ok "another window" s pool reserve tiny key "$TMP/tiny"
[ "$(of 80 ready)" -gt "$few" ]
point $? "is used at once" || diag "$(of 80 ready)"
ok "a third" s pool reserve tiny key "$TMP/tiny"
is "until there is enough" "$(of 80 ready)" 30
stop "$thirty"
ok "legacy" s listener set port 80 mode legacy
ok "the tiny pool goes" s pool del tiny

# --- servers as they are, older than their mode --------------------------------------------------------------

cat >"$TMP/nginx.conf" <<CONF
daemon off; pid $TMP/nginx.pid; error_log stderr; worker_processes 2;
events {}
http { access_log off; server { listen [::]:80; location / { return 200 "\$server_addr\n"; } } }
CONF
spawn_listener nginx "$SERVER" 80 nginx -c "$TMP/nginx.conf"
nginx=$PID
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$TMP/host"
ssh-keygen -q -t ed25519 -N '' -f "$TMP/key"
spawn_listener sshd "$SERVER" 22 /usr/sbin/sshd -D -e -h "$TMP/host" -o PidFile=none -o UsePAM=no \
	-o StrictModes=no -o AuthorizedKeysFile="$TMP/key.pub" -o PermitRootLogin=yes
ok "auto by pid" s listener set pid "$nginx" mode auto pool ssa
ok "auto by port" s listener set port 22 mode auto pool ssa
is "nginx asks for 511" "$(of 80 backlog)" 511
is "sshd for 128" "$(of 22 backlog)" 128

n=$((SLOW == 1 ? 60 : 10))
bad=0
for ((i = 0; i < n; i++)); do
	addr=$(lease lifetime 60)
	echo "$addr" >>"$TMP/leased"
	[ -n "$addr" ] && [ "$(in_ns "$CLIENT" curl -sgm $((5 * SLOW)) "http://[$addr]/")" = "$addr" ] || bad=$((bad + 1))
done
is "curl: $n leases, each gets through" $bad 0
is "none comes twice" "$(sort -u "$TMP/leased" | wc -l)" $n
addr=$(s ssa lease port 22)
is "ssh" "$(in_ns "$CLIENT" ssh -i "$TMP/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
	-o LogLevel=ERROR -o BatchMode=yes "root@$addr" 'echo $SSH_CONNECTION' | cut -d' ' -f3)" "$addr"


# Eight at a time: refills, leases and claims race.
cat >"$TMP/one" <<ONE
addr=\$(umctl -n $SERVER ssa lease port 80) || exit
ip netns exec $CLIENT curl -sgo /dev/null -m $((10 * SLOW)) "http://[\$addr]/" && echo through
ONE
m=$((SLOW == 1 ? 120 : 40))
is "$m leases, eight at a time" "$(seq $m | xargs -P 8 -I{} bash "$TMP/one" 2>&1 | sort | uniq -c | xargs)" "$m through"

# --- the end under way ---------------------------------------------------------------------------------------

ok "the monitor has seen the leases" grep -q "^ssa_add address $(head -n 1 "$TMP/leased") " "$TMP/events"
serve echo "$SERVER" 7
s listener set port 7 mode auto pool ssa
wait_for has 7 ready 128
s ssa lease port 7 >/dev/null
hold last "$CLIENT" "$(s ssa lease port 7)" 7
ok "its namespace goes while some are ready, leased and in use" del_ns "$SERVER"
finish

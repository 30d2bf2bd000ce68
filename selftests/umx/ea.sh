#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of client sessions: who gets an EA, who does not, and that none comes twice.
# The hosts are drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
need curl ssh git nginx sshd
topology
pool_ea

# agree TEXT ADDRESS PORT: ss and umctl show the session the program says it has.
agree()
{
	local row

	row=$(c -j session show | jq -r --arg a "$2" '.[] | select(.local == $a) |
		"\(.local_port) \(.role) \(.state) \(.pool) \(.peer)"')
	is "$1: session show" "$row" "$3 ea valid ea $S"
	like "$1: ss" "$(in_ns "$CLIENT" ss -Htn src "[$2]")" "ESTAB .*\[$2\]:$3 "
	is "$1: addr show" "$(c -j addr show | jq -r --arg a "$2" '.[] | select(.address == $a) |
		"\(.state) \(.role) \(.bound) \(.pool) \(.port)"')" "valid ea true ea $3"
}

# --- programs as they are ------------------------------------------------------------------------------------

cat >"$TMP/nginx.conf" <<CONF
daemon off; pid $TMP/nginx.pid; error_log stderr; worker_processes 1;
events {}
http { access_log off; server { listen [::]:80; location / { return 200 "\$remote_addr \$remote_port\n"; } } }
CONF
spawn_listener nginx "$SERVER" 80 nginx -c "$TMP/nginx.conf"
out=$(in_ns "$CLIENT" curl -sgm 30 -w '%{local_ip} %{local_port}\n' "http://[$S]/")
is "curl: the server sees what curl prints" "$(sed -n 1p <<<"$out")" "$(sed -n 2p <<<"$out")"
like "curl: an EA" "$out" $IN_EA
like "curl: another EA" "$(in_ns "$CLIENT" curl -sgm 30 "http://[$S]/")" $IN_EA

mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$TMP/host"
ssh-keygen -q -t ed25519 -N '' -f "$TMP/key"
spawn_listener sshd "$SERVER" 22 /usr/sbin/sshd -D -e -h "$TMP/host" -o PidFile=none -o UsePAM=no \
	-o StrictModes=no -o AuthorizedKeysFile="$TMP/key.pub" -o PermitRootLogin=yes
ssh=(ssh -i "$TMP/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes)
# shellcheck disable=SC2016
spawn ssh in_ns "$CLIENT" "${ssh[@]}" "root@$S" 'echo $SSH_CONNECTION; exec sleep 1000'
wait_for -t 30 grep -q . "$TMP/ssh" || bail "ssh gets in: $(cat "$TMP/ssh" "$TMP/sshd")"
read -r addr port _ <"$TMP/ssh"
like "ssh: an EA" "$addr" $IN_EA
agree ssh "$addr" "$port"
stop "$PID"

git init -q --bare "$TMP/repo.git"
GIT_SSH_COMMAND="${ssh[*]}" in_ns "$CLIENT" git clone -q "ssh://root@[$S]$TMP/repo.git" "$TMP/clone" 2>"$TMP/git"
ok "git over ssh works" test -d "$TMP/clone/.git"
addr=$(sed -n 's/.*Accepted publickey for root from \([0-9a-f:]*\) port.*/\1/p' "$TMP/sshd" | tail -n 1)
like "git over ssh: an EA" "$addr" $IN_EA

serve echo "$SERVER" 7
hold python "$CLIENT" $S 7 -blocking
like "python, blocking: an EA" "$LOCAL" $IN_EA
agree python "$LOCAL" "$LPORT"
is "the owner is told" "$(c -j session show | jq -r --arg a "$LOCAL" '.[] | select(.local == $a) | "\(.uid) \(.pid)"')" \
	"0 $PID"
stop "$PID"

cat >"$TMP/aio.py" <<'PY'
import asyncio, sys
async def main():
    r, w = await asyncio.open_connection(sys.argv[1], 7)
    w.write(b"echo\n")
    print(*w.get_extra_info("sockname")[:2], (await r.readline()).decode().strip(), flush=True)
    await asyncio.sleep(1000)
asyncio.run(main())
PY
spawn asyncio in_ns "$CLIENT" python3 "$TMP/aio.py" $S
wait_for -t 30 grep -q echoed "$TMP/asyncio" || bail "asyncio connects: $(cat "$TMP/asyncio")"
read -r addr port _ <"$TMP/asyncio"
like "python, asyncio: an EA" "$addr" $IN_EA
agree asyncio "$addr" "$port"
stop "$PID"

not_ok "the static binary is one" ldd "$here/static"
spawn static in_ns "$CLIENT" bash -c "exec $here/static $S 7 < <(exec sleep 1000)"
wait_for grep -q . "$TMP/static"
read -r addr <"$TMP/static"
like "a static binary: an EA" "$addr" $IN_EA
agree static "$addr" "$(c -j session show | jq -r --arg a "$addr" '.[] | select(.local == $a) | .local_port')"
stop "$PID"

hold uid "$CLIENT" $S 7 -sport=4444
like "bound to a port only: an EA" "$LOCAL" $IN_EA
is "bound to a port only: the port" "$LPORT" 4444
stop "$PID"
like "bound to a device only: an EA" "$(peer "$CLIENT" call -dev=eth0 $S 7 name rst)" $IN_EA
serve own "$CLIENT" 7

# --- who gets none -------------------------------------------------------------------------------------------

created=$(counter "$CLIENT" ea_created)
is "loopback: no EA" "$(peer "$CLIENT" call ::1 7 name rst | cut -d' ' -f1)" ::1
ip -n "$CLIENT" link add lla0 type veth peer name lla0 netns "$SERVER"
ip -n "$CLIENT" link set lla0 up
ip -n "$SERVER" link set lla0 up
wait_for link_ready "$CLIENT" lla0
wait_for link_ready "$SERVER" lla0
lla=$(ip -n "$SERVER" -j -6 addr show dev lla0 scope link | jq -r '.[].addr_info[].local | select(.)')
is "the host's own address: no EA" "$(peer "$CLIENT" call $C 7 name rst | cut -d' ' -f1)" $C
like "link-local: no EA" "$(peer "$CLIENT" call "$lla%lla0" 7 name rst)" '^fe80:'
serve dual "$SERVER" 8 -dual
is "v4-mapped: no EA" "$(peer "$CLIENT" call ::ffff:10.0.2.1 8 name rst | cut -d' ' -f1)" ::ffff:10.0.1.1
is "bound: no EA" "$(peer "$CLIENT" call -bind=$C $S 7 name echo rst | cut -d' ' -f1 | paste -sd' ')" "$C echoed"
is "IPV6_PKTINFO: no EA" "$(peer "$CLIENT" call -pktinfo=$C $S 7 name rst | cut -d' ' -f1)" $C
is "IPV6_PREFER_SRC_PUBLIC: no EA" "$(peer "$CLIENT" call -public $S 7 name rst | cut -d' ' -f1)" $C
is "none was made for them" "$(counter "$CLIENT" ea_created)" "$created"

# --- rules ---------------------------------------------------------------------------------------------------

source_is()
{
	like "$1" "$(peer "$CLIENT" call $S 7 name rst)" "$2"
}

ok "a legacy rule in front" c ea add legacy to 2001:db8:5::/48 index 0
source_is "first match wins: legacy" "^$C "
is "and is counted" "$(c -j ea show | jq -c 'map([.index, .hits > 0])')" '[[0,true],[1,true]]'
ok "a rule for another prefix in front" c ea add legacy to 2001:db8:6::/48 index 0
source_is "a prefix that does not match is passed over" "^$C "
ok "away with the legacy rule" c ea del legacy to 2001:db8:5::/48
source_is "the pool again" $IN_EA
ok "no rules" c ea flush
source_is "no rule, no EA" "^$C "
ok "a second pool" c pool add two prefix 2001:db8:ea:2::/64
ok "a rule for one host" c ea add pool two to $S/128
ok "a rule for the rest" c ea add pool ea
source_is "the longer prefix came first" '^2001:db8:ea:2:'
ok "one host, the other way" c ea del pool two to $S/128
ok "appended" c ea add pool two to $S/128
source_is "the order decides, not the length" $IN_EA
ok "no rules" c ea flush

# --- no address to give --------------------------------------------------------------------------------------

ok "a rule of the second pool" c ea add pool two
ok "its pool goes" wait_for c pool del two
is "pool gone: EADDRNOTAVAIL" "$(peer "$CLIENT" call $S 7 name rst)" EADDRNOTAVAIL
ok "pool gone: counted" counts "$CLIENT" ea_no_pool 1 peer "$CLIENT" call $S 7 name
ok "no rules" c ea flush
ok "pool" c pool add two prefix 2001:db8:ea:2::/64
ok "a rule with fallback" c ea add pool two fallback legacy
source_is "fallback not needed" '^2001:db8:ea:2:'
ok "its pool goes" wait_for c pool del two
source_is "pool gone, fallback legacy" "^$C "
ok "pool gone, fallback legacy: counted" counts "$CLIENT" ea_fallback 1 peer "$CLIENT" call $S 7 name
ok "its pool comes back" c pool add two prefix 2001:db8:ea:2::/64
source_is "the rule draws from it again" '^2001:db8:ea:2:'
ok "no rules" c ea flush

# --- none twice ----------------------------------------------------------------------------------------------

ok "the rule again" c ea add pool ea
serve drop "$SERVER" 9 -drop -backlog=1024
in_ns "$CLIENT" "$here/static" $S 9 2000 >"$TMP/many"
is "2,000 connections" "$(wc -l <"$TMP/many")" 2000
is "all from EAs" "$(grep -vcE $IN_EA "$TMP/many")" 0
is "none repeats" "$(sort "$TMP/many" | uniq -d | wc -l)" 0
is "and all are given back" "$(c -j pool show ea | jq -c '.[0].stats | [.valid, .disposed >= 2000]')" "[0,true]"

finish

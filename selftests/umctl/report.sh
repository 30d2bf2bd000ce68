#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of `umctl report`: what it says, that it keeps secrets, and that it changes nothing.
#
#   [ $NS ]  lo, near ---- far [ $FAR ]    pools 2001:db8:1:ea::/64, 2001:db8:2:55a::/64

. "$(dirname "$0")/../lib.sh"
need umctl jq python3 setpriv
golden=$(dirname "$0")/golden

# --- without modules ---
modules=(umx umx_anycast umx_preserve umx_bis umx_udp umx_loan umx_tcp)
unloaded()
{
	local m

	modprobe -r "${modules[@]}" 2>/dev/null
	for m in "${modules[@]}"; do
		! loaded "$m" || return 1
	done
}
ok "no module is loaded" wait_for -t 20 unloaded
status_is "report without modules" 0 umctl report
is "it says that they are not" "$(sed -n '/^module:/,/^$/p' <<<"$OUT")" "$(echo module:; printf '%s not loaded\n' \
	umx_tcp umx_udp umx_loan umx umx_anycast umx_preserve umx_bis)"
not_ok "and asks nothing of them" grep -E '^(pool|ea|listener|counter|anycast)' <<<"$OUT"
ok "the kernel is named" grep -qF " kernel $(uname -r) " <<<"$OUT"
status_is "the same in JSON" 0 umctl -j report
ok "with each module" jq -e 'map(select(.section == "module")) | length == 7 and all(.[]; .loaded == false)' <<<"$OUT"
ok "a report loads none" unloaded

# --- with one of everything ---
load umx umx_anycast
setup_ns NS FAR
link_ns "$NS" near 2001:db8:80::1/64 "$FAR" far 2001:db8:80::80/64
ip -n "$FAR" -6 route add 2001:db8:1:ea::/64 via 2001:db8:80::1
ip -n "$FAR" -6 route add 2001:db8:2:55a::/64 via 2001:db8:80::1
in_ns "$NS" sysctl -qw net.ipv4.tcp_syncookies=0

cat >"$TMP/server.py" <<'PY'
import socket, sys, time
s = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6)
time.sleep(600)
PY
cat >"$TMP/client.py" <<'PY'
import socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("connected", flush=True)
time.sleep(600)
PY

umctl -n "$NS" -b - <<-CONFIG || bail "one of everything can be configured"
	pool add ea prefix 2001:db8:1:ea::/64
	pool add ssa prefix 2001:db8:2:55a::/64 dev near
	limit set each ea 100
	ea add legacy to 2001:db8:99::5ec:1e7/128
	ea add pool ea to 2001:db8:80::/64 fallback legacy
	listener set port 80 mode das pool ssa
	listener rule add uid 1000 mode das pool ssa
	anycast on addr 2001:db8:7::5ec:1e7
CONFIG
spawn_listener server "$NS" 80 python3 "$TMP/server.py" 80
spawn_listener far "$FAR" 81 python3 "$TMP/server.py" 81
spawn ea in_ns "$NS" python3 "$TMP/client.py" 2001:db8:80::80 81
wait_for grep -q connected "$TMP/ea" || bail "a client connects from an EA"
address=$(umctl -n "$NS" ssa add port 80)
spawn ssa in_ns "$FAR" python3 "$TMP/client.py" "$address" 80
wait_for grep -q connected "$TMP/ssa" || bail "a client connects to an SSA"
umctl -n "$NS" ssa add port 80 >"$TMP/waiting" || bail "an SSA waits"

# what differs from host to host and from run to run is named instead of shown
settled()
{
	sed -E 's/^umctl [0-9.]+ umx [0-9.]+ genl 1 kernel .* machine .* build .*/VERSIONS/
		s/^(umx(_[a-z]+)?) loaded version [0-9.]+ srcversion [0-9A-F]+ refcnt [0-9]+ taint [A-Z]+$/\1 LOADED/
		s/pid [0-9]+/pid PID/; /^[0-9]+ [A-Z]+$/s/.*/TAINT/; /^sysctl:$/,$d'
}
status_is "report" 0 umctl -n "$NS" report
printf '%s\n' "$OUT" >"$TMP/report"
is "it says what it said before" "$(settled <"$TMP/report")" "$(cat "$golden/report.expected")"
ok "the kernel is tainted by a module from outside" grep -qE '^[0-9]+ [A-Z]*O[A-Z]*$' "$TMP/report"
ok "sysctls are those of the namespace" grep -qx 'net.ipv4.tcp_syncookies 0' "$TMP/report"

status_is "report in JSON" 0 umctl -n "$NS" -j report
printf '%s\n' "$OUT" >"$TMP/report.json"
ok "one array, every object with its section" jq -se 'length == 1 and (.[0] | all(.[]; .section | type == "string"))' \
	"$TMP/report.json"
is "it says what it said before" "$(jq 'map(select(.section | IN("pool", "limit", "ea", "listener", "listener rule", "counter", "anycast", "route")) |
	del(.pid, .ifindex, .key_id, .generation, .next, .end))' "$TMP/report.json")" "$(jq . "$golden/report.json")"

# --- secrets ---
{
	cat "$TMP/waiting"
	umctl -n "$NS" -j addr | jq -r '.[].address'
	umctl -n "$NS" -j session | jq -r '.[] | .local, .peer'
	printf '%s\n' 2001:db8:99::5ec:1e7 2001:db8:7::5ec:1e7
} | sort -u >"$TMP/secrets"
is "there are secrets to keep" "$(wc -l <"$TMP/secrets")" 6
not_ok "no address is in the report" grep -Ff "$TMP/secrets" "$TMP/report"
not_ok "nor in the JSON one" grep -Ff "$TMP/secrets" "$TMP/report.json"
key=$(cat /var/lib/umx/key)
for part in "$key" "${key:0:16}" "${key:16}"; do
	not_ok "nor is the key" grep -rqiF "$part" "$TMP/report" "$TMP/report.json"
done
ok "but its id" jq -e 'map(select(.section == "pool")) | all(.[]; .key_id > 0)' "$TMP/report.json"
printf 'report\nsession show\n' >"$TMP/batch"
status_is "a command after it in a batch" 0 umctl -n "$NS" -b "$TMP/batch"
ok "shows addresses as ever" grep -qF "[$address]:80" <<<"$OUT"

# --- without privilege ---
status_is "without privilege it is refused" 2 in_ns "$NS" setpriv --reuid=65534 --clear-groups umctl report
is "in so many words, once" "$(grep -c 'Operation not permitted' <<<"$OUT")" 1
ok "and says what it knows all the same" grep -qE '^umx loaded ' <<<"$OUT"
not_ok "which is no pool; routes anybody may read" grep -qE '^(pool|limit|ea|listener|counter):' <<<"$OUT"

finish

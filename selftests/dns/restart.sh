#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what goes away and comes back: umx-dns, PowerDNS, addresses, pools, the module; and of
# what PowerDNS would never say.

. "$(dirname "$0")/world.sh"
need nginx curl
ask=$(dirname "$0")/ask.py

world
www "$SERVER" s
s listener set port 80 mode auto pool in
conf s "service www port 80" "lifetime $((30 * SLOW))"
daemon s "$SERVER"
dns=$PID
nameserver s "$SERVER" $S
pdns=$PID
page=$(name www for alice)

# through: a question, and a connection to what it gives.
through()
{
	local addr

	addr=$(asked "$CLIENT" "$page" | grep "$IN_POOL") &&
		in_ns "$CLIENT" curl -sg -o "$TMP/out" -m $((5 * SLOW)) "http://[$addr]/"
}

# say LINE...: at PowerDNS's end.
say()
{
	python3 "$ask" say "$TMP/dns/s.backend" "$@"
}

fds()
{
	ls "/proc/$dns/fd" | wc -l
}

ok "a connection" through

# --- umx-dns -------------------------------------------------------------------------------------------------

addr=$(asked "$CLIENT" "$page")
stop $dns KILL
is "without umx-dns: no answer" "$(asked "$CLIENT" "$page" | grep "$IN_POOL")" ""
daemon s "$SERVER"
dns=$PID
ok "it comes back: PowerDNS finds it by itself" wait_for -t 20 through
is "the names are still there" "$(nj show | jq -r '.[].for')" alice
ok "what was given out before works" in_ns "$CLIENT" curl -sg -o "$TMP/out" -m $((5 * SLOW)) "http://[$addr]/"
ok "and is in the journal" wait_for written s ".event == \"claimed\" and .ssa == \"$addr\""
status_is "a second one in the same namespace" 2 in_ns "$SERVER" umx-dns -c "$TMP/dns/s.conf"
like "is refused" "$OUT" 'control.*: somebody listens there already'
mv "$TMP/dns/s.journal" "$TMP/dns/s.journal.1"
kill -HUP $dns
ok "the journal is moved away: SIGHUP opens another" wait_for test -e "$TMP/dns/s.journal"
ok "which is used" through
ok "and written" wait_for written s '.event == "claimed"'
chmod 555 "$TMP/dns"
chown root "$TMP/dns"
status_is "the names cannot be written: no new one" 2 n add www
like "is said" "$OUT" 'the file of the names cannot be written'
is "there is none" "$(nj show | jq length)" 1
chown nobody "$TMP/dns"
chmod 755 "$TMP/dns"
ok "a name with one use" name www uses 1
n del "$(last_id)"

# --- PowerDNS ------------------------------------------------------------------------------------------------

before=$(fds)
for i in 1 2 3; do
	stop $pdns KILL
	nameserver s "$SERVER" $S
	pdns=$PID
done
ok "PowerDNS killed three times: back" wait_for -t 20 through
ok "its old connections are gone" wait_for eval '[ "$(fds)" -le $(('"$before"' + 2)) ]'

# --- what PowerDNS would never say ---------------------------------------------------------------------------

is "what it says" "$(say '{"method":"initialize","parameters":{}}\n' '{"method":"x"}\n')" \
	$'{"result":true}\n{"result":false}\nopen'
for line in 'hello\n' '{\n' '[]\n' '{}\n' '{"method":7}\n' '\0\n' '{"method":"lookup"}\n' '\xff\xfe\n' \
	'{"method":"lookup","parameters":{"qname":["x"],"qtype":"A"}}\n' \
	'{"a":{"a":{"a":{"a":{"a":1}}}}}\n' '{"method":"initialize"} trailing\n'; do
	is "$line: closed" "$(say "$line")" closed
done
is "a line without an end: closed" "$(say "$(head -c 20000 /dev/zero | tr '\0' x)")" closed
is "counted" "$(stat_of malformed)" 12
python3 - "$TMP/dns/s.backend" <<'PY'
import socket, sys
held = []
for i in range(400):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    try:
        s.sendall(b'{"method":')
    except OSError: # closed at once
        pass
    held.append(s)
PY
ok "400 connections that say nothing whole" through
ok "those beyond the limit were closed" test "$(stat_of connections)" -ge 100
ok "all are gone again" wait_for eval '[ "$(fds)" -le $(('"$before"' + 2)) ]'
is "umx-dns is the same" "$(kill -0 $dns && echo there)" there

# --- the kernel ----------------------------------------------------------------------------------------------

addr=$(asked "$CLIENT" "$page")
ok "the addresses are flushed" s ssa flush
ok "umx-dns knows" wait_for eval '[ "$(nj show | jq ".[0].waiting")" = 0 ]'
ok "a connection" wait_for -t 20 through
s ssa flush
ok "the pool is flushed" s pool flush force
is "no answer" "$(asked "$CLIENT" "$page" | grep "$IN_POOL")" ""
wait_for -t 90 s pool add in prefix 2001:db8:5a:1::/64
ok "the pool is back: so is the service" wait_for -t 20 through
n add www >/dev/null
s listener flush
s drain --abort >/dev/null
s pool flush force
ok "the module goes" wait_for -t 30 eval 'rmmod umx && rmmod umx_tcp'
is "no answer" "$(asked "$CLIENT" "$page" | grep "$IN_POOL")" ""
ok "and comes back" modprobe umx
s pool add in prefix 2001:db8:5a:1::/64
s listener set port 80 mode auto pool in
claimed=$(stat_of claimed)
ok "the service, too" wait_for -t 20 through
ok "and its events" wait_for eval '[ "$(stat_of claimed)" -gt '"$claimed"' ]'
stop $dns
ok "the end leaves no socket" not test -e "$TMP/dns/s.backend"
is "and no address that waits longer than its time" "$(s -j ssa show | jq 'map(select(.lifetime > 240)) | length')" 0
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umctl save, restore and sync: what is written can be read, all of it or nothing is done,
# and what changes under traffic loses no connection and opens no port.
#
#   [ $NS ]  lo, dum0, near 2001:db8:80::1 ---- far 2001:db8:80::80 [ $FAR ]     pool of EAs 2001:db8:1:ea::/64

. "$(dirname "$0")/../lib.sh"
need umctl jq python3 setpriv
load umx
modprobe -r umx_anycast || bail "umx_anycast can be unloaded"

u()
{
	umctl -n "$NS" "$@"
}

# verdict STATUS TEXT: a point; what the last run printed is shown if it fails.
verdict()
{
	point "$1" "$2" || diag "status: $status"$'\n'"out: $(cat "$TMP/out")"$'\n'"err: $(cat "$TMP/err")"
}

# run COMMAND...: leaves $status, $TMP/out, $TMP/err.
run()
{
	status=0
	"$@" >"$TMP/out" 2>"$TMP/err" </dev/null || status=$?
}

# works TEXT WORD...: works and says nothing at all.
works()
{
	local text=$1
	shift
	run u "$@"
	[ "$status" = 0 ] && [ ! -s "$TMP/err" ] && [ ! -s "$TMP/out" ]
	verdict $? "$text"
}

# refused STATUS REGEX TEXT WORD...: that exit status, a line on stderr that matches, and nothing has changed.
refused()
{
	local code=$1 regex=$2 text=$3
	shift 3
	u save - >"$TMP/before"
	run u "$@"
	[ "$status" = "$code" ] && [ ! -s "$TMP/out" ] && grep -qE -- "$regex" "$TMP/err" &&
		u save - | cmp -s "$TMP/before" -
	verdict $? "$text: $(head -n 1 "$TMP/err" | sed 's/^umctl: //')"
}

# prints_lines TEXT LINES WORD...: works and prints just that.
prints_lines()
{
	local text=$1 lines=$2
	shift 2
	run u "$@"
	[ "$status" = 0 ] && [ "$(cat "$TMP/out")" = "$lines" ]
	verdict $? "$text"
}

# file NAME: from stdin, at $TMP/NAME.
file()
{
	cat >"$TMP/$1"
}

routes()
{
	ip -n "$NS" -6 route show proto 117 | sort
}

empty()
{
	: >"$TMP/empty"
	u sync "$TMP/empty" force
}

setup_ns NS FAR
link_ns "$NS" near 2001:db8:80::1/64 "$FAR" far 2001:db8:80::80/64
ip -n "$NS" link add dum0 type dummy
ip -n "$FAR" -6 route add 2001:db8:1::/48 via 2001:db8:80::1

# --- save ---
run u save -
[ "$status" = 0 ] && ! grep -qE '^[^#]' "$TMP/out" && [ -s "$TMP/out" ]
verdict $? "nothing is saved as comments"
grep -q '^# anycast.*the module is not loaded' "$TMP/out"
verdict $? "save says what is not loaded"
ok "save loads no module" not loaded umx_anycast

# Everything that can be set, in the order of the usage.
file full <<X
pool add ea prefix 2001:db8:1:ea::/64 type routed gen random
pool add ssa prefix 2001:db8:2:55a::/64 dev dum0 type routed gen sequential reject
pool add traced prefix 2001:db8:6::/64 type routed gen traceable key $TMP/key host 5 host_bits 8 follow no-such
limit set ea 1000 ssa 500
limit set each ea 100
limit set uid 1000 ea none ssa 5
ea add legacy to 2001:db8:5::/48 proto tcp
ea add pool ea to 2001:db8::/32 uid 1000-1999 cgroup / fallback legacy proto udp
ea add pool ea to ::/0 proto tcp
listener set port 80 mode das pool ssa ipv4 keep local deny half_open 2 cookie_rate 7
listener set port 443 mode das ipv4 drop local allow half_open 4 cookie_rate 50000
listener set port 444 mode auto pool ssa ipv4 drop local allow half_open 4 cookie_rate 50000
listener rule add uid 1001 mode legacy
listener rule add port 8080 uid 1000-1999 cgroup / mode das pool ssa ipv4 keep local deny half_open 2 cookie_rate 7
anycast on addr 2001:db8:64::
anycast on dev dum0
anycast on dev dum0 addr 2001:db8:65::
X
{
	echo "# somebody's words"
	echo
	sed 's/$/   # and more/' "$TMP/full"
} >"$TMP/commented"

refused 2 "key file $TMP/key: No such file" "restore makes no key that a pool is to have again" restore "$TMP/commented"
for key in key other-key; do
	umctl -n "$FAR" pool add "$key" prefix 2001:db8:77::/64 key "$TMP/$key"
	umctl -n "$FAR" pool del "$key"
done
works "restore" restore "$TMP/commented"
works "save" save "$TMP/saved"
grep -v '^#' "$TMP/saved" | grep . >"$TMP/out"
diff "$TMP/full" "$TMP/out" >"$TMP/err"
verdict $? "what was restored is saved, line by line"
is "a saved file is its owner's" "$(stat -c %a "$TMP/saved")" 600
is "every pool has its route" "$(routes | grep -c throw)" 3
empty
works "restore of what was saved" restore "$TMP/saved"
u save "$TMP/again"
ok "save, restore, save: the same text" cmp "$TMP/saved" "$TMP/again"
cp "$TMP/saved" "$TMP/target"
ln -s target "$TMP/link"
empty
works "save through a link" save "$TMP/link"
[ -L "$TMP/link" ] && ! grep -q '^[^#]' "$TMP/target"
verdict $? "the link is still one, its file is new"
u -b "$TMP/saved"
u save "$TMP/again"
ok "a saved file is a batch, too" cmp "$TMP/saved" "$TMP/again"

# A word that can be given with a command that is kept stands in the file above, and came back from the kernel. Who adds
# one to umctl adds it there, and finds out whether the kernel's dump tells it.
while read -r object words; do
	# shellcheck disable=SC2086
	umctl __complete "$object" $words "" | sed "s/^/$object /"
done >"$TMP/settable" <<-COMMANDS
	pool add x
	limit set
	ea add
	listener set
	listener rule add
	anycast on
COMMANDS
while read -r object word; do
	case "$object $word" in
	*" index" | "listener pid")	continue ;; # a place in the list, a process: no configuration
	"pool ready" | "pool addr")	continue ;; # of pools on a link: umx/onlink.sh and umx/list.sh save them
	esac
	grep -qE "^$object .* $word( |$)" "$TMP/saved" || echo "$object $word"
done <"$TMP/settable" >"$TMP/out"
is "every word that can be set is saved" "$(cat "$TMP/out")" ""
[ "$(wc -l <"$TMP/settable")" -ge 20 ]
verdict $? "these are $(wc -l <"$TMP/settable")"

refused 1 'is not a file' "save does not replace a device" save /dev/null
[ -c /dev/null ] || bail "/dev/null is a device"
refused 2 'cannot be written: No such file or directory' "save into no directory" save "$TMP/none/file"
refused 1 'no -j' "save is text" -j save "$TMP/x"
mkdir "$TMP/full-disk"
mount -t tmpfs -o size=4k,mode=700 full "$TMP/full-disk"
echo old >"$TMP/full-disk/file"
refused 2 'cannot be written: No space left' "save onto a full disk" save "$TMP/full-disk/file"
is "what was there is there, and nothing else" "$(cat "$TMP/full-disk"/*)" old
umount "$TMP/full-disk"

# --- restore ---
refused 2 'there is a configuration already \(pool ea, ssa, traced; limit, each, uid 1000; ea legacy to 2001:db8:5::/48 proto tcp, .*; and 9 more\)' \
	"restore where something is" restore "$TMP/saved"
empty
refused 1 'none cannot be read' "restore of no file" restore "$TMP/none"
file bad <<'X'
pool add a prefix 2001:db8:a::/64
pool add b prefix 2001:db8:a::/48
ea add pool nope
# right
listener set port 80 mode das index 3
listener set pid 1 mode das
ssa add port 80
listener set port 80 mode das
listener set port 80 mode das local deny
listener set port 81 mode legacy
ea add pool a index 0
foo
pool add c prefix 2001:db8:c::/64
pool add c prefix 2001:db8:cc::/64
X
run u restore "$TMP/bad"
[ "$status" = 1 ]
verdict $? "restore of wrong lines"
is "each is named" "$(grep -oE '^umctl: .*/bad:[0-9]+' "$TMP/err" | grep -oE '[0-9]+$' | paste -sd' ')" "2 3 5 6 7 9 10 11 12 14"
prints_lines "and none is done" "" pool show
printf 'pool add a prefix 2001:db8:a::/64\0\n' >"$TMP/bad"
refused 1 'bad:1: ' "restore of what is no text" restore "$TMP/bad"

file late <<'X'
pool add a prefix 2001:db8:a::/64
pool add b prefix 2001:db8:b::/64 dev dum0
listener set port 80 mode das pool a
ea add pool a to 2001:db8::/32
ea add legacy fallback legacy
X
sed 's/.*fallback.*/pool add late prefix 2001:db8:1a7e::\/120/' "$TMP/late" >"$TMP/later"
for f in late later; do
	refused 2 "$f:5: " "a line that only the kernel refuses" restore "$TMP/$f"
	grep -q 'is taken back' "$TMP/err"
	verdict $? "what was done before it is taken back"
	is "no route is left" "$(routes)" ""
done
run bash -c 'umctl -n "$1" restore - <"$2"' bash "$NS" "$TMP/late"
[ "$status" = 2 ] && grep -q '^umctl: stdin:5: ' "$TMP/err"
verdict $? "and named, if it comes from standard input"
printf 'pool add a prefix 2001:db8:a::/64 dev no-such-dev\n' >"$TMP/bad"
refused 2 'bad:1: device no-such-dev' "restore with a device that is not there" restore "$TMP/bad"
run bash -c 'umctl -n "$1" restore - <"$2"' bash "$NS" "$TMP/saved"
[ "$status" = 0 ] && loaded umx_anycast && u save - | cmp -s "$TMP/saved" -
verdict $? "restore from standard input, with a module that was not loaded"
modprobe umx_anycast || bail "umx_anycast can be loaded"

# --- sync ---
prints_lines "nothing differs" "" sync -n "$TMP/saved"
works "sync changes nothing then" sync "$TMP/saved"
empty
file few <<'X'
pool add ea prefix 2001:db8:1:ea::/64
pool add small prefix 2001:db8:3::/96
ea add pool ea
ea add legacy to 2001:db8:5::/48
listener set port 80 mode das
listener set port 443 mode das pool ea
anycast on
X
run u sync "$TMP/few"
[ "$status" = 0 ] && grep -q 'few:2: warning: pool small has fewer than 48' "$TMP/err"
verdict $? "sync sets up what is not there"
prints_lines "what was left out is as it is" "" sync -n "$TMP/few"
works "sync to the other" sync "$TMP/saved"
u save "$TMP/again"
ok "sync is what restore is" cmp "$TMP/saved" "$TMP/again"

file other <<'X'
pool add ea prefix 2001:db8:1:ea::/64
pool add new prefix 2001:db8:4::/64
ea add pool ea to ::/0
ea add legacy to 2001:db8:5::/48
ea add pool ea to 2001:db8::/32
listener set port 22 mode das pool new
listener set port 80 mode das ipv4 keep local deny cookie_rate 7
anycast on dev dum0
X
steps="pool add new prefix 2001:db8:4::/64 type routed
listener set port 22 mode das pool new ipv4 drop local allow half_open 4 cookie_rate 50000
listener set port 80 mode das ipv4 keep local deny half_open 4 cookie_rate 7 pool -
listener rule del 1
listener rule del 0
ea add legacy to 2001:db8:5::/48 proto tcp index 3
ea add pool ea to 2001:db8::/32 proto tcp index 4
ea del 1
ea del 0
anycast off addr 2001:db8:64::
anycast off dev dum0 addr 2001:db8:65::
listener set port 443 mode legacy
listener set port 444 mode legacy
limit set ea none ssa none
limit set each ea none
limit del uid 1000
pool del ssa
pool del traced"
u save - >"$TMP/before"
prints_lines "dry-run: what comes before what goes, and no step too many" "$steps" sync "$TMP/other" dry-run
prints_lines "-n is dry-run" "$steps" sync -n "$TMP/other"
run u -j sync "$TMP/other" -n
jq -e 'length == 18 and all(.[]; .command | type == "string")' <"$TMP/out" >/dev/null
verdict $? "dry-run in JSON"
u save - | cmp -s - "$TMP/before"
verdict $? "a dry-run changes nothing"
works "sync" sync "$TMP/other"
u save "$TMP/synced"
prints_lines "sync again has nothing to do" "" sync "$TMP/other" dry-run
u sync "$TMP/saved"
u sync -n "$TMP/other" | u -b -
u save "$TMP/again"
ok "the commands of a dry-run do the same" cmp "$TMP/synced" "$TMP/again"
file one <<'X'
anycast on dev dum0
X
file all <<'X'
anycast on
anycast on dev dum0
X
u sync "$TMP/one"
works "anycast: a rule for all comes" sync "$TMP/all"
works "and goes, the others stay" sync "$TMP/one"
prints_lines "anycast: nothing is left to do" "" sync -n "$TMP/one"
is "anycast: the other is there" "$(u anycast show)" "dev dum0"
u sync "$TMP/saved"

echo "pool ad" >"$TMP/bad"
refused 1 'bad:1: ' "sync with a wrong line" sync "$TMP/bad"
file broken <<'X'
pool add new prefix 2001:db8:4::/64
limit set ssa 7
limit set each ea 90 ssa 7
limit set uid 1000 ea 7
limit set uid 1001 ea 7
ea add pool new
listener set port 22 mode das
ea add legacy fallback legacy
X
refused 2 'broken:8: ' "sync with a line the kernel refuses takes back what it did" sync "$TMP/broken"
u sync "$TMP/saved"

# --- keys: the kernel does not know in which file they are ---
key_id()
{
	u -j pool show traced | jq '.[].key_id'
}

# keyless TEXT WORD...: refused, because the kernel's key is in no file.
keyless()
{
	local text=$1
	shift
	run u "$@"
	[ "$status" = 2 ] && [ ! -s "$TMP/out" ] && [ ! -e "$TMP/x" ] && [ "$(key_id)" = "$id" ] &&
		grep -q 'the key of pool traced is in no file' "$TMP/err"
	verdict $? "$text"
}

id=$(key_id)
sed 's/^pool add traced.*/pool add traced prefix 2001:db8:6::\/48/' "$TMP/saved" >"$TMP/broken"
echo "ea add legacy fallback legacy" >>"$TMP/broken"
refused 2 'broken:[0-9]+: ' "a pool that changes comes back when a later line is refused" sync "$TMP/broken"
is "with its key" "$(key_id)" "$id"
sed "s,key $TMP/key,key $TMP/other-key," "$TMP/saved" >"$TMP/other"
prints_lines "another key: another pool" "pool del traced
pool add traced prefix 2001:db8:6::/64 type routed gen traceable key $TMP/other-key host 5 host_bits 8 follow no-such" \
	sync -n "$TMP/other"
works "a pool gets another key" sync "$TMP/other"
[ "$(key_id)" != "$id" ] && grep -q "^pool add traced .* key $TMP/other-key " <(u save -)
verdict $? "and that is saved"
works "and its own again" sync "$TMP/saved"
is "which is the one it had" "$(key_id)" "$id"
ln -s key "$TMP/link-key"
sed "s,key $TMP/key,key $TMP/link-key," "$TMP/saved" >"$TMP/linked"
prints_lines "a link to the key is the key" "" sync -n "$TMP/linked"
mv "$TMP/key" "$TMP/away"
cp -p "$TMP/other-key" "$TMP/key"
keyless "save, when the key's file holds another key" save "$TMP/x"
keyless "sync, too" sync "$TMP/saved"
rm "$TMP/key"
keyless "save, when it is gone" save "$TMP/x"
mv "$TMP/key.state" "$TMP/away.state"
ok "somebody says where it is" u pool reserve traced key "$TMP/away"
ok "there it is" grep -q "^pool add traced .* key $TMP/away " <(u save -)
mv "$TMP/away" "$TMP/key"
mv "$TMP/away.state" "$TMP/key.state"
ok "and back" grep -q "^pool add traced .* key $TMP/key " <(u save -)
u pool add standard prefix 2001:db8:8::/64
is "the default key goes without saying" "$(u save - | grep '^pool add standard')" \
	"pool add standard prefix 2001:db8:8::/64 type routed gen traceable"
prints_lines "and may be said" "" sync -n <(u save - | sed 's,^pool add standard.*,& key /var/lib/umx/key,')
is "who can read which keys are used" "$(stat -c %a /var/lib/umx/keyfiles)" 600
is "each is there once" "$(sort /var/lib/umx/keyfiles | uniq -d)" ""
u sync "$TMP/saved"

file renamed <<'X'
pool add ea prefix 2001:db8:1:ea::/64
pool add renamed prefix 2001:db8:2:55a::/64
X
works "a pool gives its prefix to another" sync "$TMP/renamed"
sed 's,2001:db8:2:55a::/64,2001:db8:2::/48,' "$TMP/renamed" >"$TMP/wider"
works "a pool without addresses changes" sync "$TMP/wider"
is "and its route with it" "$(routes | awk '{ print $2 }' | paste -sd' ')" "2001:db8:1:ea::/64 2001:db8:2::/48"

# --- what is in use ---
empty
file in-use <<'X'
pool add ea prefix 2001:db8:1:ea::/64
pool add ssa prefix 2001:db8:2:55a::/64
listener set port 80 mode das pool ssa
listener set port 81 mode das pool ssa
X
u sync "$TMP/in-use"
address=$(u ssa add port 80 lifetime 3000)
sed 's/mode das pool ssa$/mode das pool ssa half_open 9/; $d' "$TMP/in-use" >"$TMP/out"
cp "$TMP/out" "$TMP/changed"
works "a port that changes" sync "$TMP/changed"
is "keeps what waits there" "$(u -j ssa show | jq -r '.[].address')" "$address"
sed '/pool add ssa/d; s/pool ssa//' "$TMP/in-use" >"$TMP/no-pool"
refused 2 'pool ssa has 1 live addresses; "force"' "a pool with a waiting address does not go" sync "$TMP/no-pool"
refused 2 'pool ssa has 1 live addresses: it cannot change' "nor change" sync <(sed 's/\(pool add ssa.*\)/\1 reject/' "$TMP/in-use")
prints_lines "unless forced" "listener set port 80 mode das ipv4 drop local allow half_open 4 cookie_rate 50000 pool -
listener set port 81 mode das ipv4 drop local allow half_open 4 cookie_rate 50000
pool del ssa force" sync -n "$TMP/no-pool" force
file no-port <<'X'
pool add ea prefix 2001:db8:1:ea::/64
X
works "nor if its port goes, too" sync "$TMP/no-port"
u sync "$TMP/in-use"
u ssa add port 80 lifetime 3000 >/dev/null
works "force" sync "$TMP/no-pool" force
grep -q detached <(u pool show ssa)
verdict $? "the pool is detached"
ok "a detached pool is not saved" not grep -q 'pool add ssa' <(u save -)
refused 2 'pool ssa is detached' "and in the way of its successor" sync "$TMP/in-use"
u ssa flush
ok "until its last address is gone" wait_for u sync "$TMP/in-use"

u listener set port 80 mode das pool ssa
u listener flush
u ea add pool ssa
u pool del ssa
run u save "$TMP/x"
[ "$status" = 2 ] && grep -q 'the pool ssa is gone' "$TMP/err" && [ ! -e "$TMP/x" ]
verdict $? "a rule whose pool is gone is not saved: $(cat "$TMP/err")"
u ea flush
ip -n "$NS" link add dum1 type dummy
u pool add onedev prefix 2001:db8:1d::/64 dev dum1
ip -n "$NS" link del dum1
run u save "$TMP/x"
[ "$status" = 2 ] && grep -q 'names a device that is gone' "$TMP/err" && [ ! -e "$TMP/x" ]
verdict $? "nor one whose device is gone: $(cat "$TMP/err")"
u pool del onedev

# --- under traffic ---
empty
cat >"$TMP/serve.py" <<'PY'
import socket, sys, threading
def serve(conn):
    with conn:
        while data := conn.recv(100):
            conn.sendall(data)
with socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, backlog=512) as server:
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
PY
cat >"$TMP/call.py" <<'PY'
import collections, ipaddress, os, socket, sys
# Calls until the file is gone; says what became of the calls, by the kind of source address.
seen = collections.Counter()
pool = ipaddress.ip_network("2001:db8:1:ea::/64")
held = socket.create_connection(("2001:db8:80::80", 8000))
while os.path.exists(sys.argv[1]):
    try:
        with socket.create_connection(("2001:db8:80::80", 8000), timeout=20) as s:
            inside = ipaddress.ip_address(s.getsockname()[0]) in pool
            s.sendall(b"x")
            seen["ea" if inside and s.recv(1) == b"x" else "legacy"] += 1
    except OSError as e:
        seen[str(e)] += 1
    if sum(seen.values()) == 20:
        open(sys.argv[1] + ".on", "w").close()
held.sendall(b"held")
print(" ".join(f"{k}" for k in sorted(seen)), held.recv(4).decode())
print(sum(seen.values()))
PY
cat >"$TMP/probe.py" <<'PY'
import os, socket, sys
# Calls a port that is closed all the time.
opened = tries = 0
while os.path.exists(sys.argv[1]):
    s = socket.socket(socket.AF_INET6)
    s.settimeout(0.05)
    tries += 1
    opened += s.connect_ex(("2001:db8:80::1", 8001)) == 0
    s.close()
print("opened", opened, "of", tries)
PY
file one-way <<'X'
pool add ea prefix 2001:db8:1:ea::/64
ea add legacy to 2001:db8:5::/48
ea add pool ea to 2001:db8:80::/64
ea add pool ea to 2001:db8:80::/48 fallback legacy
listener set port 8001 mode das
listener set port 9001 mode das
X
file other-way <<'X'
pool add ea prefix 2001:db8:1:ea::/64
pool add more prefix 2001:db8:1:eb::/64
ea add pool ea to 2001:db8:80::/48
ea add legacy to 2001:db8:5::/48
listener set port 8001 mode das pool more half_open 2
listener set port 9002 mode das pool more
X
u sync "$TMP/one-way"
spawn_listener server "$FAR" 8000 python3 "$TMP/serve.py" 8000
spawn_listener closed "$NS" 8001 python3 "$TMP/serve.py" 8001
touch "$TMP/on"
spawn call in_ns "$NS" python3 "$TMP/call.py" "$TMP/on"
caller=$PID
spawn probe in_ns "$FAR" python3 "$TMP/probe.py" "$TMP/on"
prober=$PID
wait_for test -e "$TMP/on.on" || bail "connections are made"
for i in $(seq 15); do
	u sync "$TMP/other-way" && u sync "$TMP/one-way" || break
done >"$TMP/out" 2>"$TMP/err"
status=$?
[ "$status" = 0 ] && [ "$i" = 15 ] && [ ! -s "$TMP/err" ]
verdict $? "sync back and forth, 15 times, under traffic"
file no-ea <<'X'
listener set port 8001 mode das
X
refused 2 'pool ea has [0-9]+ live addresses; "force"' "a pool with sessions does not go" sync "$TMP/no-ea"
rm "$TMP/on"
wait_for gone "$caller"
wait_for gone "$prober"
is "each connection had its EA, none was lost, the oldest one lives" "$(head -n 1 "$TMP/call")" "ea held"
[ "$(tail -n 1 "$TMP/call")" -ge 20 ] || bail "there was traffic"
diag "$(tail -n 1 "$TMP/call") connections"
is "a guarded port was never open" "$(sed 's/ of.*//' "$TMP/probe")" "opened 0"

# --- privilege ---
chmod 755 "$TMP"
chmod 644 "$TMP/saved"
for words in "save -" "sync $TMP/saved" "restore $TMP/saved"; do
	# shellcheck disable=SC2086
	run in_ns "$NS" setpriv --reuid=65534 --clear-groups umctl $words
	[ "$status" = 2 ] && grep -q 'Operation not permitted' "$TMP/err"
	verdict $? "without privilege: ${words%% *}"
done

finish

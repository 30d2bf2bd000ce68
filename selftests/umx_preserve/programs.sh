#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of programs people use, unchanged, while their connections move: ssh, scp, curl and nginx, git,
# iperf3, openssl with kTLS, SO_REUSEPORT servers; and of what stays plain: Fast Open and SYN cookies. The hosts are
# drawn in topology.sh.

. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/../login.sh"
need sshd ssh scp nginx curl git iperf3 openssl
modprobe tls 2>/dev/null || :
topology
both on

# www: nginx with two workers, each with a socket of its own on the port, and Fast Open.
www()
{
	cat >"$TMP/nginx.conf" <<-CONF
		daemon off; pid $TMP/nginx.pid; error_log stderr; worker_processes 2;
		events {}
		http { access_log off; server { listen [::]:80 reuseport fastopen=16; root $TMP/www; } }
	CONF
	mkdir -p "$TMP/www"
	spawn_listener nginx "$SERVER" 80 nginx -c "$TMP/nginx.conf"
}

# moved_by_hand: moves an administrator has asked for, at both ends.
moved_by_hand()
{
	echo $(($(count c moved_admin) + $(count s moved_admin)))
}

# move_all c|s: each session to its next pair.
move_all()
{
	local id

	for id in $(ask "$1" '.[].id'); do
		"$1" session move "$id" next 2>/dev/null
	done
}

# travel TEXT COMMAND...: the client runs it; its connections are moved meanwhile, by both ends in turn, and it ends well.
travel()
{
	local text=$1 before program

	shift
	before=$(moved_by_hand)
	spawn program in_ns "$CLIENT" "$@"
	program=$PID
	wait_for -t 20 sessions
	for mover in c s c s; do
		move_all $mover
		sleep 0.2
	done
	wait "$program"
	point $? "$text: ends well" || diag "$(tail -n 5 "$TMP/program")"
	[ "$(moved_by_hand)" -gt "$before" ]
	point $? "$text: moved $(($(moved_by_hand) - before)) times meanwhile"
	wait_for -t 30 not sessions || bail "$text: no session is left"
}

slowly 8mbit
login "$SERVER"
www
head -c 6000000 /dev/urandom >"$TMP/www/file"
is "Fast Open is on" "$(in_ns "$SERVER" sysctl -n net.ipv4.tcp_fastopen=3; in_ns "$CLIENT" sysctl -n net.ipv4.tcp_fastopen=1)" \
	"$(printf '3\n1')"

# --- a shell that is open while a link goes ----------------------------------------------------------------------

coproc SHELL_ { exec ip netns exec "$CLIENT" ssh -F "$TMP/ssh.conf" "$C" 'while read -r w; do echo "$w $SSH_CONNECTION"; done' 2>&1; }
lib_pids+=("$SHELL__PID")

# types TEXT WORD: a line to the shell at the other end, and its answer.
types()
{
	local answer=

	echo "$2" >&"${SHELL_[1]}"
	read -r -t $((30 * SLOW)) -u "${SHELL_[0]}" answer
	like "$1" "$answer" "^$2 $A [0-9]+ $C 22\$"
}

types "ssh" one
is "ssh: it is a session" "$(ask c length) $(ask s length)" "1 1"
ip -n "$CLIENT" link set eth0 down
types "ssh: the client's link goes" two
is "ssh: it is on the other pair" "$(current c)" "$B $D"
ip -n "$CLIENT" link set eth0 up
ip -n "$CLIENT" addr replace $A/64 dev eth0 nodad
routes "$CLIENT" 2001:db8:a: 2001:db8:b:
ip -n "$SERVER" addr del $D/64 dev eth1
types "ssh: the server's address goes" three
like "ssh: it is with the one that is left" "$(current c)" " $C\$"
ip -n "$SERVER" addr add $D/64 dev eth1 nodad
routes "$SERVER" 2001:db8:c: 2001:db8:d:
eval "exec ${SHELL_[1]}>&-"
wait "$SHELL__PID" 2>/dev/null
ok "ssh: it ends" wait_for -t 20 not sessions

# --- transfers ---------------------------------------------------------------------------------------------------

travel "scp there" scp -F "$TMP/ssh.conf" "$TMP/www/file" "[$C]:$TMP/there"
ok "scp there: the same bytes" cmp "$TMP/www/file" "$TMP/there"
travel "scp back" scp -F "$TMP/ssh.conf" "[$C]:$TMP/there" "$TMP/back"
ok "scp back: the same bytes" cmp "$TMP/www/file" "$TMP/back"
travel "curl and nginx (SO_REUSEPORT)" curl -sS -o "$TMP/got" "http://[$C]/file"
ok "curl and nginx: the same bytes" cmp "$TMP/www/file" "$TMP/got"

git init -q "$TMP/work"
cp "$TMP/www/file" "$TMP/work/"
git -C "$TMP/work" add file
git -C "$TMP/work" -c user.name=t -c user.email=t@example.net commit -qm one
travel "git clone" env GIT_SSH_COMMAND="ssh -F $TMP/ssh.conf" git clone -q "ssh://[$C]$TMP/work" "$TMP/clone"
ok "git clone: the same bytes" cmp "$TMP/www/file" "$TMP/clone/file"

spawn_listener iperf3 "$SERVER" 5201 iperf3 -s
travel "iperf3" iperf3 -6 -c "$C" -t 4 -J
ok "iperf3: no error" jq -e '.error == null and .end.sum_received.bytes > 1000000' "$TMP/program"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=test \
	-keyout "$TMP/key" -out "$TMP/cert" 2>"$TMP/req" || bail "a certificate: $(cat "$TMP/req")"
ktls=
[[ $(openssl s_server -help 2>&1) != *-ktls* ]] || ktls=-ktls
spawn_listener s_server "$SERVER" 443 bash -c "cd '$TMP/www' && exec openssl s_server -6 -accept 443 -key ../key \
	-cert ../cert -WWW $ktls -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256"
travel "openssl" bash -c "printf 'GET /file HTTP/1.0\r\n\r\n' | openssl s_client -6 -connect '[$C]:443' \
	-quiet $ktls -tls1_2 -ign_eof >'$TMP/tls'"
ok "openssl: the same bytes" cmp "$TMP/www/file" <(tail -c 6000000 "$TMP/tls")
if [ "$ktls" ]; then
	is "openssl: TLS was the kernel's" "$(in_ns "$SERVER" awk '$1 == "TlsTxSw" { print ($2 > 0) }' /proc/net/tls_stat)" 1
else
	diag "this openssl has no -ktls"
fi

# --- what stays plain --------------------------------------------------------------------------------------------

# plainly TEXT COMMAND...: it works.
plainly()
{
	local text=$1

	shift
	in_ns "$CLIENT" "$@" >"$TMP/plain" 2>&1
	point $? "$text: works" || diag "$(tail -n 3 "$TMP/plain")"
}

head -c 1000 "$TMP/www/file" >"$TMP/www/small"
plainly "Fast Open asks for a cookie" curl -sS --tcp-fastopen -o "$TMP/got" "http://[$C]/small"
before=$(count c skip_fastopen)
plainly "Fast Open with data in the SYN" curl -sS --tcp-fastopen -o "$TMP/got" "http://[$C]/small"
ok "Fast Open: the same bytes" cmp "$TMP/www/small" "$TMP/got"
is "Fast Open: counted, not offered" "$(($(count c skip_fastopen) - before))" 1
in_ns "$SERVER" sysctl -qw net.ipv4.tcp_syncookies=2
before=$(count s synack_cookie)
plainly "SYN cookies" curl -sS -o "$TMP/got" "http://[$C]/small"
ok "SYN cookies: the same bytes" cmp "$TMP/www/small" "$TMP/got"
is "SYN cookies: counted, not answered" "$(($(count s synack_cookie) - before))" 1

finish

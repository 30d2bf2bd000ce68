#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of umx-resolved.service under a real systemd, as its manual sets it up.
# "selftests/vm/run --systemd" runs it.

. "$(dirname "$0")/../lib.sh"
need unbound dig curl umx-resolved

readonly NAMESERVER=2001:db8:b::1

# show PROPERTY: of umx-resolved.service.
show()
{
	systemctl show -P "$1" umx-resolved.service
}

# came_back PID: it runs again, as another process.
came_back()
{
	[ "$(show MainPID)" != 0 ] && [ "$(show MainPID)" != "$1" ]
}

found()
{
	prints '^198\.1[89]\.' getent ahostsv4 www.example.net
}

# --- the network ---------------------------------------------------------------------------------------------------

setup_ns NET
ip link add net0 type veth peer name eth0 netns "$NET" || bail "a link can be made"
ip addr add 2001:db8:b::2/64 dev net0 nodad
ip addr add 2001:db8:b::46/64 dev net0 nodad preferred_lft 0
ip link set net0 up
ip -n "$NET" addr add $NAMESERVER/64 dev eth0 nodad
ip -n "$NET" link set eth0 up
cat >"$TMP/unbound.conf" <<-CONF
	server:
		interface: $NAMESERVER
		access-control: ::/0 allow
		username: ""
		chroot: ""
		directory: "$TMP"
		pidfile: ""
		use-syslog: no
		module-config: "iterator"
		local-zone: "example.net." static
		local-data: "www.example.net. AAAA $NAMESERVER"
	remote-control:
		control-enable: no
CONF
wait_for ping -6 -c 1 -W 1 $NAMESERVER || bail "there is a network"
spawn unbound in_ns "$NET" unbound -d -c "$TMP/unbound.conf"
wait_for -t 30 prints . dig +short +time=1 +tries=1 "@$NAMESERVER" www.example.net AAAA || bail "unbound answers"
mkdir "$TMP/www"
echo hello >"$TMP/www/index.html"
spawn_listener http "$NET" 80 python3 -m http.server --bind $NAMESERVER --directory "$TMP/www" 80
echo "nameserver $NAMESERVER" >/etc/resolv.conf

# --- setting up ----------------------------------------------------------------------------------------------------

ok "the user is made" systemd-sysusers umx-resolved.conf
ok "without a configuration it does not start" systemctl start umx-resolved
is "and that is no failure" "$(show ActiveState)" inactive
ok "a spool" umctl bis spool add 198.18.0.0/15 source 2001:db8:b::46
mkdir -p /etc/umx
cp /etc/resolv.conf /etc/umx/resolv.conf
cp /usr/share/umx/resolved.conf.example /etc/umx/resolved.conf
echo nonsense 5 >>/etc/umx/resolved.conf
not_ok "nor with a wrong one" systemctl start umx-resolved
like "which is said" "$(journalctl -u umx-resolved --no-pager)" 'resolved.conf:[0-9]+: there is no "nonsense"'
sed -i '$d' /etc/umx/resolved.conf
systemctl reset-failed umx-resolved
ok "with the example it does" systemctl enable --now umx-resolved
echo nameserver 127.0.0.46 >/etc/resolv.conf
ok "a name is found" wait_for -t 20 found
pid=$(show MainPID)
is "it is a user of its own" "$(ps -o user= -p "$pid")" umx-resolved
is "with one capability" "$(awk '/^Cap(Prm|Eff|Amb)/ { print $2 }' "/proc/$pid/status" | paste -sd' ')" \
	"0000000000001000 0000000000001000 0000000000000000"
is "its counters are its own" "$(stat -c '%a %U' /run/umx-resolved/control.*)" "600 umx-resolved"
is "curl -4 NAME" "$(curl -4 -sS -m 30 http://www.example.net/)" hello
like "root reads the counters" "$(umx-resolved -s)" 'made_a [1-9]'

# --- living --------------------------------------------------------------------------------------------------------

echo "nameserver 2001:db8:b::99" >/etc/umx/resolv.conf
ok "reload" systemctl reload umx-resolved
is "other name servers are asked" "$(dig +tries=1 +time=20 www.example.net A | sed -n 's/.*status: \([A-Z]*\),.*/\1/p')" SERVFAIL
echo "nameserver $NAMESERVER" >/etc/umx/resolv.conf
systemctl reload umx-resolved
ok "and the first ones again" wait_for -t 20 found
kill -KILL "$pid"
ok "killed, it comes back by itself" wait_for -t 30 came_back "$pid"
ok "and answers" wait_for -t 20 found
ok "the module goes under it" eval 'umctl bis spool del && wait_for -t 20 rmmod umx_bis'
is "it then says what the network says" "$(dig +short www.example.net A; dig +short www.example.net AAAA)" $NAMESERVER
ok "the module comes back" umctl bis spool add 198.18.0.0/15 source 2001:db8:b::46
ok "and names have addresses again" wait_for -t 20 found
ok "it stops" systemctl stop umx-resolved
is "and leaves nothing in /run" "$(ls /run/umx-resolved 2>/dev/null)" ""
like "nothing was killed for what it may not do" "$(journalctl -u umx-resolved --no-pager | grep -c SYS)" '^0$'
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of umx-dns.service under a real systemd, beside PowerDNS as the distribution configures it.
# "selftests/vm/run --systemd" runs it.

. "$(dirname "$0")/../lib.sh"
need pdns_server dig jq nginx umx-dns

# show PROPERTY: of umx-dns.service.
show()
{
	systemctl show -P "$1" umx-dns.service
}

asked()
{
	dig +short +time=2 +tries=1 @::1 "$1" AAAA
}

answered()
{
	asked "$name" | grep '^2001:db8:5a:'
}

modprobe umx
umctl pool add in prefix 2001:db8:5a::/64
umctl listener set port 80 mode auto pool in

ok "the user is made" systemd-sysusers umx-dns.conf
is "it may give its socket to PowerDNS's group" "$(id -nG umx-dns | xargs -n 1 | grep -c '^pdns$')" 1
ok "without a configuration it does not start" systemctl start umx-dns
is "and that is no failure" "$(show ActiveState)" inactive
sed 's/one.example.net/one.example.org/' /usr/share/umx/dns.conf.example >/etc/umx/dns.conf
echo nonsense >>/etc/umx/dns.conf
not_ok "nor with a wrong one" systemctl start umx-dns
like "which is said" "$(journalctl -u umx-dns --no-pager)" 'dns.conf:[0-9]+: there is no "nonsense"'
sed -i '$d' /etc/umx/dns.conf
systemctl reset-failed umx-dns
ok "with the example it does" systemctl start umx-dns
ok "ready" wait_for -t 20 test -S /run/umx-dns/backend
pid=$(show MainPID)
is "as a user of its own" "$(ps -o user= -p "$pid")" umx-dns
is "with one capability" "$(awk '/^CapEff/ { print $2 }' "/proc/$pid/status")" 0000000000001000
is "its socket is PowerDNS's" "$(stat -c '%a %U %G' /run/umx-dns/backend)" "660 umx-dns pdns"

# The guest keeps it from starting.
rm -f /etc/systemd/system/pdns.service
cp /usr/share/umx/pdns-umx.conf /etc/powerdns/pdns.d/umx.conf
systemctl daemon-reload
ok "PowerDNS starts" systemctl start pdns
ok "and knows the zone" wait_for -t 30 prints ns dig +short +time=1 +tries=1 @::1 one.example.org SOA
name=$(umctl name add www for alice)
like "a name" "$name" '^[a-z2-7]{26}\.www\.one\.example\.org$'
ok "is answered" wait_for -t 10 answered
is "the names are its own" "$(stat -c '%a %U' /var/lib/umx-dns/names)" "600 umx-dns"
like "the journal is systemd's" "$(journalctl -u umx-dns -o cat --no-pager)" '"event":"leased","id":1,"service":"www","for":"alice"'
kill -KILL "$pid"
ok "killed, it comes back by itself" wait_for -t 30 eval '[ "$(show MainPID)" != 0 ] && [ "$(show MainPID)" != '"$pid"' ]'
ok "and answers" wait_for -t 20 answered
ok "SIGHUP is a reload" systemctl reload umx-dns
ok "it stops" systemctl stop umx-dns
is "and leaves nothing in /run" "$(ls /run/umx-dns 2>/dev/null)" ""
finish

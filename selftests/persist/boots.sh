#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of the configuration over a reboot: umx.service under a real systemd, on a disk that stays.
# "selftests/vm/run --systemd" runs it once per boot.
#
#   boot 1   umx.service is enabled, started, reloaded, restarted, stopped; a socket and a server are to listen at boot
#   boot 2   the configuration is back, and was there before they were

set -u

conf=/etc/umx/umx.conf
state=/var/lib/umx-test
tmp=$(mktemp -d)
mkdir -p $state
n=$(cat $state/points 2>/dev/null || echo 0)
failed=$(cat $state/failed 2>/dev/null || echo 0)

# is TEXT GOT WANTED
is()
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n $1"
	else
		failed=$((failed + 1))
		printf 'not ok %d %s\n' "$n" "$1"
		printf 'got:    %s\nwanted: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# ok TEXT COMMAND...
ok()
{
	local text=$1 status=0

	shift
	"$@" >"$tmp/out" 2>&1 </dev/null || status=$?
	is "$text" "$status" 0
	[ "$status" = 0 ] || sed 's/^/# /' "$tmp/out"
}

not()
{
	! "$@"
}

# show UNIT PROPERTY
show()
{
	systemctl show -P "$2" "$1"
}

# before UNIT UNIT: the first had done its work when the second one began.
before()
{
	local one two

	one=$(show "$1" ActiveEnterTimestampMonotonic)
	two=$(show "$2" InactiveExitTimestampMonotonic)
	echo "$1 $one $2 $two"
	[ "$one" -gt 0 ] && [ "$two" -gt "$one" ]
}

configuration()
{
	umctl save - | grep -v '^#'
}

# journal EVENT ADDRESS PEER: the session journal has it, as JSON (soon).
journal()
{
	for _ in $(seq 100); do
		! journalctl -u umx-journal.service -o cat --no-pager | grep '^{' |
			jq -es --arg e "$1" --arg a "$2" --arg p "$3" \
				'any(.[]; .event == $e and .address == $a and ($p == "" or .peer == $p))' || return 0
		sleep 0.1
	done
	false
}

# calls ADDRESS PORT: somebody outside reaches it.
calls()
{
	ip netns exec out timeout 2 bash -c ": </dev/tcp/$1/$2" 2>/dev/null
}

outside()
{
	ip netns add out
	ip link add in0 type veth peer name out0 netns out
	ip addr add 2001:db8:80::1/64 dev in0 nodad
	ip addr add 2001:db8:80::46/64 dev in0 nodad preferred_lft 0
	ip -n out addr add 2001:db8:80::2/64 dev out0 nodad
	ip link set in0 up
	ip -n out link set out0 up
	ip -n out -6 route add 2001:db8:2::/48 via 2001:db8:80::1
	for _ in $(seq 100); do
		! ip netns exec out ping -6 -c 1 -W 1 2001:db8:80::1 >/dev/null 2>&1 || break
		sleep 0.1
	done
}

first()
{
	local address

	ok "the units are in order" systemd-analyze verify umx.service umx-journal.service
	systemd-analyze verify umx.service umx-journal.service 2>&1 | grep -i umx >"$tmp/complaints"
	is "systemd has nothing to say about it" "$(cat "$tmp/complaints")" ""
	systemd-analyze security --no-pager umx.service 2>&1 | tail -n 1 | sed 's/^/# /'
	ok "its exposure is small" systemd-analyze security --threshold=20 umx.service
	ok "that of the session journal, too" systemd-analyze security --threshold=20 umx-journal.service
	ok "the session journal can be enabled" systemctl enable umx-journal.service
	ok "it can be enabled" systemctl enable umx.service
	ok "without a file there is nothing to do" systemctl start umx.service
	is "and it says so" "$(show umx ConditionResult) $(show umx ActiveState)" "no inactive"
	umctl pool add in prefix 2001:db8:2:55a::/64
	umctl pool add out prefix 2001:db8:1:ea::/64 key /var/lib/umx/own
	umctl limit set each ea 100 ssa 100
	umctl ea add pool out to 2001:db8:ff::/48 uid 0-65535
	umctl listener set port 8080 mode das pool in
	umctl listener set port 8081 mode das pool in
	umctl anycast on addr 2001:db8:64::
	(umask 077; echo 00112233445566778899aabbccddeeff >/etc/umx/peers.key)
	umctl preserve set revert on
	umctl preserve exclude add 2001:db8:e::/48
	umctl preserve key add 2001:db8:f::/48 file /etc/umx/peers.key
	umctl preserve on
	ok "a spool whose source comes later" umctl bis spool add 198.18.0.0/15 source 2001:db8:80::46 dev bis7
	umctl bis map add 198.18.0.10 2001:db8:80::2
	ok "the configuration is saved" umctl save $conf
	configuration >$state/configuration
	umctl -j pool show | jq '.[].key_id' >$state/keys
	umctl pool flush
	umctl ea flush
	umctl listener flush
	umctl anycast off
	umctl preserve off
	umctl bis spool del
	ip link del bis7
	rmmod umx_anycast umx_preserve umx_bis umx umx_tcp
	ok "start" systemctl start umx.service
	is "sets all of it up, modules included" "$(configuration)" "$(cat $state/configuration)"

	address=$(umctl ssa add port 8080 lifetime 3000)
	umctl monitor >"$tmp/events" &
	sed -i 's/port 8081 mode das/& half_open 2/; s/half_open 4//' $conf
	sed -i 's/port 8081 mode das half_open 2/port 8081 mode das/' $conf
	echo "listener set port 8082 mode das half_open 2" >>$conf
	ok "reload" systemctl reload umx.service
	is "adds what is new" "$(umctl listener show | grep -c 'port 8082 mode das .*half_open 2')" 1
	is "and leaves alone what is not" "$(umctl -j ssa show | jq -r '.[].address')" "$address"
	echo "listener set port 8083 mode" >>$conf
	ok "a wrong line: the reload fails" not systemctl reload umx.service
	is "the service goes on" "$(systemctl is-active umx.service)" active
	ok "the journal has the line" grep -q "$conf:[0-9]*: " <(journalctl -u umx.service -o cat --no-pager)
	sed -i '$d' $conf
	ok "stop" systemctl stop umx.service
	is "guarded ports stay closed" "$(umctl listener show | grep -c 'mode das')" 3
	ok "start again" systemctl start umx.service
	ok "restart" systemctl restart umx.service
	ok "addresses are given out again" umctl ssa add port 8080
	ok "no port was open in between" not grep -q legacy "$tmp/events"
	sed -i '$d' $conf
	ok "reload" systemctl reload umx.service
	is "takes away what is gone" "$(configuration)" "$(cat $state/configuration)"

	# Who listens at boot: a socket of systemd's, which nothing comes before but sysinit.target, and a server.
	cat >/etc/systemd/system/umx-test-server.service <<-UNIT
		[Service]
		ExecStartPre=/bin/sh -c '/usr/bin/umctl listener show >$state/at-start'
		ExecStart=/usr/bin/python3 -m http.server --bind :: 8080
		[Install]
		WantedBy=multi-user.target
	UNIT
	cat >/etc/systemd/system/umx-test.socket <<-UNIT
		[Socket]
		ListenStream=[::]:8081
		Accept=yes
		[Install]
		WantedBy=sockets.target
	UNIT
	printf '[Service]\nExecStart=/bin/true\n' >/etc/systemd/system/umx-test@.service
	ok "who listens at boot" systemctl enable umx-test-server.service umx-test.socket
	sync
	echo "$n" >$state/points
	echo "$failed" >$state/failed
	systemctl start --no-block --job-mode=replace-irreversibly reboot.target
	sleep 100
}

second()
{
	local address

	is "this is the second boot" "$(cat /umx/boots)" 2
	is "umx.service is up" "$(systemctl is-active umx.service)" active
	is "the configuration is back" "$(configuration)" "$(cat $state/configuration)"
	is "the keys of the pools are those they had" "$(umctl -j pool show | jq '.[].key_id')" "$(cat $state/keys)"
	is "the routes of the pools are" "$(ip -6 route show proto 117 | grep -c throw)" 2
	is "connections are preserved" "$(umctl -j preserve show | jq -c '.[0] | [.enabled, .revert]')" "[true,true]"
	is "the spool has its device and its route" "$(ip -4 route show dev bis7 | awk '{ print $1 }')" 198.18.0.0/15
	ok "before a socket listened" before umx.service umx-test.socket
	ok "and before a server did" before umx.service umx-test-server.service
	is "which found its port closed" "$(grep -c '^port 8080 mode das .*sockets 0' $state/at-start)" 1
	ok "before sysinit.target was reached" before umx.service sysinit.target
	ok "and what configures the network began" before umx.service network-pre.target
	for unit in umx.service umx-test.socket umx-test-server.service; do
		echo "# $unit: $(($(show $unit ActiveEnterTimestampMonotonic) / 1000)) ms"
	done
	outside
	for _ in $(seq 100); do
		[ -z "$(ss -Hltn 'sport = :8080')" ] || break
		sleep 0.1
	done
	ok "an IPv4 program reaches who is outside, now that the source is there" ping -4 -c 1 -W 5 198.18.0.10
	ok "the server is not to be reached" not calls 2001:db8:80::1 8080
	ok "nor the socket" not calls 2001:db8:80::1 8081
	address=$(umctl ssa add port 8080)
	ok "but on the address somebody was given" calls "$address" 8080
	ok "the session journal knows who called" journal session_bound "$address" 2001:db8:80::2
	ok "and that the address is used up" journal disposed "$address" ""
	mv $conf $conf.away
	ok "restart without a file" systemctl restart umx.service
	is "has nothing to do" "$(show umx ConditionResult)" no
	is "and opens nothing" "$(umctl listener show | grep -c 'mode das')" 2
	echo "1..$n"
	exit $((failed > 0))
}

if [ "$(cat /umx/boots)" = 1 ]; then
	first
else
	second
fi

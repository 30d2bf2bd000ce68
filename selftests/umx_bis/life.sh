#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of comings and goings under traffic: the device, its namespace, the spool, the module.

. "$(dirname "$0")/topology.sh"
need socat ping
topology
bis_up
bytes 1000000 "$TMP/file"
tcp_server 6000 "$TMP/file"

# load_start: sessions and pings, one after the other, for as long as they work or not.
load_start()
{
	spawn bulk in_ns "$HOST" bash -c "while :; do timeout 5 socat -u -T 2 TCP4:$SERVER4:6000,connect-timeout=1 OPEN:/dev/null; sleep 0.01; done"
	spawn pings in_ns "$HOST" ping -4 -q -i "0.0$SLOW" -s 3000 $SERVER4
	spawn pings6 in_ns "$SERVER" ping -6 -q -i "0.0$SLOW" -s 3000 -I $SERVER6 $SOURCE
}

flowing()
{
	local before

	before=$(count in_packets)
	sleep "0.$SLOW"
	[ "$(since in_packets "$before")" -gt 5 ]
}

works()
{
	in_ns "$HOST" socat -u -T 30 TCP4:$SERVER4:6000 "CREATE:$TMP/got" && [ "$(sum "$TMP/got")" = "$(sum "$TMP/file")" ]
}

load_start
ok "there is traffic" wait_for flowing

# --- the spool -----------------------------------------------------------------------------------------------------

# changes TIMES LINE...: one umctl says these lines that often, as fast as it can.
changes()
{
	local times=$1

	shift
	for ((; times; times--)); do
		printf '%s\n' "$@"
	done >"$TMP/batch"
	umctl -n "$HOST" -b "$TMP/batch" || bail "the changes are made"
}

changes 5 "bis spool del" "bis spool add 198.18.0.0/15 source $SOURCE incoming refuse" "bis map add $SERVER4 $SERVER6"
ok "a spool that went and came five times works" wait_for works
changes 20 "bis map flush" "bis map add $SERVER4 $SERVER6"
ok "so does a pair" wait_for works

# --- the device ----------------------------------------------------------------------------------------------------

not_ok "a second device is refused" ip -n "$HOST" link add bis1 type umx_bis
is "and not there" "$(ip -n "$HOST" -br link show type umx_bis | wc -l)" 1
ip -n "$HOST" link set bis0 down
before=$(count in_no_device)
in_ns "$SERVER" ping -6 -c 1 -W 1 -I $SERVER6 $SOURCE >/dev/null
ok "down: what comes in is dropped and counted" test "$(since in_no_device "$before")" -gt 0
ip -n "$HOST" link set bis0 up
ip -n "$HOST" -4 route replace 198.18.0.0/15 dev bis0 src $SELF4
ok "up: it works" wait_for works

ip -n "$HOST" link set bis0 netns "$ROUTER"
ok "moved to another namespace under traffic" ip -n "$ROUTER" link show bis0
is "where it came from has none" "$(umctl -n "$HOST" -j bis spool | jq '.[0].ifindex')" null
ip -n "$ROUTER" link set bis0 up
ip -n "$ROUTER" addr add 198.18.0.1/32 dev bis0
ip -n "$ROUTER" route add 198.18.0.0/15 dev bis0
not_ok "where it came to has no spool" in_ns "$ROUTER" ping -4 -c 1 -W 1 $SERVER4
ok "and counts" test "$(counter "$ROUTER" out_no_spool bis stats show)" -gt 0
ip -n "$ROUTER" link del bis0
b spool del
ok "a new device" bis_up
ok "works" wait_for works
ip -n "$HOST" link del bis0
b spool del
bis_up
ok "and one after it was removed under traffic" wait_for works

# --- the namespace -------------------------------------------------------------------------------------------------

setup_ns GOES
link_ns "$GOES" eth0 2001:db8:c::1/64 "$ROUTER" eth2 2001:db8:c::fe/64
ip -n "$GOES" -6 route add default via 2001:db8:c::fe
umctl -n "$GOES" bis spool add 198.18.0.0/15 source 2001:db8:c::1 incoming refuse
umctl -n "$GOES" bis map add $SERVER4 $SERVER6
ok "another namespace works" wait_for in_ns "$GOES" ping -4 -c 1 -W 1 $SERVER4
spawn goes in_ns "$SERVER" ping -6 -q -i 0.01 -s 3000 -I $SERVER6 2001:db8:c::1
ok "it goes under traffic" del_ns "$GOES"

# A pair remembers its route, which is counted in the namespace that goes.
for i in 1 2 3 4 5; do
	setup_ns GOES
	link_ns "$GOES" eth0 2001:db8:c::1/64 "$ROUTER" eth2 2001:db8:c::fe/64
	ip -n "$GOES" -6 route add default via 2001:db8:c::fe
	umctl -n "$GOES" bis spool add 198.18.0.0/15 source 2001:db8:c::1 incoming refuse
	umctl -n "$GOES" bis map add $SERVER4 $SERVER6
	wait_for in_ns "$GOES" ping -4 -c 1 -W 1 $SERVER4 || bail "namespace $i works"
	del_ns "$GOES"
done
ok "five namespaces went with routes in use" wait_for not ip -n "$ROUTER" link show eth2

# --- the module ----------------------------------------------------------------------------------------------------

ok "rmmod under traffic" rmmod umx_bis
is "the device is gone" "$(ip -n "$HOST" -br link show bis0 2>/dev/null)" ""
load umx_bis
bis_up
ok "loaded again it works" wait_for works
finish

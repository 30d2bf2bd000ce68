#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests with programs as they are: IPv4-only clients that reach an IPv6-only server, the reverse,
# and the host's own IPv6 beside them.

. "$(dirname "$0")/topology.sh"
need curl socat ping tcpdump nc
topology
bis_up

# --- what was set up -----------------------------------------------------------------------------------------------

like "bis0 is there, and up" "$(ip -n "$HOST" -br link show bis0)" '^bis0 .*UP'
is "with the host's address" "$(ip -n "$HOST" -4 -br addr show bis0 | awk '{ print $3 }')" $SELF4/32
like "the spool is routed to it" "$(ip -n "$HOST" -4 route get $SERVER4)" "$SERVER4 dev bis0 src $SELF4"
is "the server has no IPv4" "$(ip -n "$SERVER" -4 addr show dev eth0)" ""

# --- the host calls ------------------------------------------------------------------------------------------------

out=$(count out_packets)
in=$(count in_packets)
ok "ping -4" in_ns "$HOST" ping -4 -c 3 -i 0.2 -W 5 $SERVER4
is "three packets went out" "$(since out_packets "$out")" 3
is "three came in" "$(since in_packets "$in")" 3
ok "ping -4 with 1400 bytes" in_ns "$HOST" ping -4 -c 1 -W 5 -s 1400 $SERVER4
ok "ping -4 with odd bytes" in_ns "$HOST" ping -4 -c 1 -W 5 -s 33 $SERVER4

mkdir "$TMP/www"
bytes 3000000 "$TMP/www/file"
spawn_listener http "$SERVER" 80 python3 -m http.server --bind $SERVER6 --directory "$TMP/www" 80
ok "curl -4" in_ns "$HOST" curl -4 -sS -m 60 -o "$TMP/got" http://$SERVER4/file
is "the file is the same" "$(sum "$TMP/got")" "$(sum "$TMP/www/file")"

spawn_listener up "$SERVER" 5000 socat -u TCP6-LISTEN:5000,ipv6only=1 "CREATE:$TMP/upload"
ok "nc -4 sends the file" in_ns "$HOST" timeout 60 nc -4 -N $SERVER4 5000 <"$TMP/www/file"
uploaded()
{
	[ "$(sum "$TMP/upload")" = "$(sum "$TMP/www/file")" ]
}
ok "the file is the same there" wait_for uploaded

udp_echo 5353
is "UDP" "$(echo hello | in_ns "$HOST" socat -t 5 - UDP4:$SERVER4:5353)" hello

# --- who sees what -------------------------------------------------------------------------------------------------

spawn_listener peer "$SERVER" 5001 socat TCP6-LISTEN:5001,ipv6only=1,fork SYSTEM:'echo $SOCAT_PEERADDR'
like "the server sees the source" "$(in_ns "$HOST" socat -t 5 TCP4:$SERVER4:5001 - </dev/null)" \
	"2001:0?db8:0?0?0?a:.*0?046"
spawn_listener hold "$SERVER" 5002 socat TCP6-LISTEN:5002,ipv6only=1,fork PIPE
spawn held in_ns "$HOST" socat TCP4:$SERVER4:5002 EXEC:'sleep 60'
held()
{
	prints "$SELF4:[0-9]+ +$SERVER4:5002" in_ns "$HOST" ss -Htn state established
}
ok "ss shows an IPv4 session" wait_for held
ok "and the server an IPv6 session" prints "\\[$SERVER6\\]:5002 +\\[$SOURCE\\]" in_ns "$SERVER" ss -Htn state established

spawn tap4 in_ns "$HOST" tcpdump -ni bis0 -l icmp
spawn tap6 in_ns "$HOST" tcpdump -ni eth0 -l icmp6
wait_for grep -q listening "$TMP/tap4"
wait_for grep -q listening "$TMP/tap6"
in_ns "$HOST" ping -4 -c 1 -W 5 $SERVER4 >/dev/null
ok "tcpdump sees IPv4 go out through bis0" wait_for grep -q "$SELF4 > $SERVER4: ICMP echo request" "$TMP/tap4"
ok "and come in" wait_for grep -q "$SERVER4 > $SELF4: ICMP echo reply" "$TMP/tap4"
ok "tcpdump sees IPv6 on the link" wait_for grep -q "$SOURCE > $SERVER6: ICMP6, echo request" "$TMP/tap6"
ok "no IPv4 on the link" not grep -q "ICMP echo" "$TMP/tap6"

# dropped: what the device says it has dropped.
dropped()
{
	ip -n "$HOST" -j -s link show bis0 | jq '.[0].stats64.tx.dropped'
}

before=$(dropped)
ok "a ping in fragments" in_ns "$HOST" ping -4 -c 1 -W 5 -s 20000 $SERVER4
is "a fragment that waits for the others is not dropped" "$(($(dropped) - before))" 0

# --- the host is called --------------------------------------------------------------------------------------------

spawn_listener web4 "$HOST" 8080 socat TCP4-LISTEN:8080,reuseaddr,fork SYSTEM:'echo $SOCAT_PEERADDR'
is "an IPv6 client reaches an IPv4-only server, which sees the pair's address" \
	"$(in_ns "$SERVER" socat -t 5 "TCP6:[$SOURCE]:8080,bind=[$SERVER6]" - </dev/null)" $SERVER4
ok "ping -6 to the source" in_ns "$SERVER" ping -6 -c 1 -W 5 -I $SERVER6 $SOURCE
before=$(count in_no_pair)
not_ok "a host without a pair is refused" in_ns "$SERVER" timeout 10 \
	socat -u "TCP6:[$SOURCE]:8080,bind=[2001:db8:b::2],connect-timeout=5" -
is "and counted" "$(($(since in_no_pair "$before") > 0))" 1
not_ok "nobody listens: refused" in_ns "$SERVER" socat -u "TCP6:[$SOURCE]:8081,bind=[$SERVER6],connect-timeout=5" -

# --- IPv6 beside it ------------------------------------------------------------------------------------------------

spawn_listener native "$HOST" 8080 socat "TCP6-LISTEN:8080,ipv6only=1,bind=[$NATIVE],reuseaddr,fork" SYSTEM:'echo native'
is "an IPv6 server on the same port, at the host's other address" \
	"$(in_ns "$SERVER" socat -t 5 "TCP6:[$NATIVE]:8080" - </dev/null)" native
before=$(count in_packets)
ok "an IPv6 client on the host" in_ns "$HOST" curl -6 -sS -m 60 -o "$TMP/got" "http://[$SERVER6]/file"
is "its packets are not translated" "$(since in_packets "$before")" 0
is "nothing was dropped but what was to be" "$(umctl -n "$HOST" -j bis stats show |
	jq -r '.[] | select(.value > 0 and (.name | test("packets$|direct$|native$|not_ipv4$|no_pair$|fragment$") | not)) | .name')" ""
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of packets that are too long: a router whose next link takes 1280 bytes tells the host so,
# over ICMPv6, and both IPv4 and IPv6 remember it; UDP is cut into fragments.

. "$(dirname "$0")/topology.sh"
need socat ping
topology
bis_up
# Only the router knows how narrow it is: what the server sends, and says of itself, is what 1500 allow.
ip -n "$ROUTER" -6 route add 2001:db8:b::/64 dev eth1 metric 10 mtu lock 1280
bytes 2000000 "$TMP/file"
spawn_listener sink "$SERVER" 6001 socat -u TCP6-LISTEN:6001,ipv6only=1,reuseaddr "CREATE:$TMP/got"

# --- TCP -----------------------------------------------------------------------------------------------------------

pmtu=$(count in_pmtu)
ok "TCP through a link of 1280" in_ns "$HOST" timeout $((60 * SLOW)) socat -u "OPEN:$TMP/file" TCP4:$SERVER4:6001
same()
{
	[ "$(sum "$TMP/got")" = "$(sum "$TMP/file")" ]
}
ok "the file is the same" wait_for -t 30 same
ok "packet too big was told on" test "$(since in_pmtu "$pmtu")" -gt 0
like "IPv4 knows: 1260" "$(ip -n "$HOST" -4 route get $SERVER4)" 'mtu 1260'
like "IPv6 knows: 1280" "$(ip -n "$HOST" -6 route get $SERVER6 from $SOURCE)" 'mtu 1280'
is "of no other host" "$(ip -n "$HOST" -6 route get 2001:db8:b::2 | grep -c mtu)" 0

# --- ping with DF --------------------------------------------------------------------------------------------------

ok "1260 bytes with DF pass" in_ns "$HOST" ping -4 -M "do" -c 1 -W 5 -s 1232 $SERVER4
not_ok "1261 do not" in_ns "$HOST" ping -4 -M "do" -c 1 -W 5 -s 1233 $SERVER4
ip -n "$HOST" -4 route flush cache
before=$(count out_too_big)
OUT=$(in_ns "$HOST" ping -4 -M "do" -c 1 -W 5 -s 1300 $SERVER4 2>&1)
like "IPv4 has forgotten: the device tells it again" "$OUT" '(mtu = 1260|mtu=1260)'
is "and counts" "$(since out_too_big "$before")" 1

# --- fragments -----------------------------------------------------------------------------------------------------

udp_echo 7000
cat >"$TMP/udp.py" <<'PY'
import random, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if len(sys.argv) > 3:
    s.setsockopt(socket.SOL_SOCKET, 11, 1)	# SO_NO_CHECK
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
s.connect((sys.argv[1], 7000))
s.settimeout(10)
data = random.randbytes(int(sys.argv[2]))
s.send(data)
sys.exit(s.recv(65536) != data)
PY
for size in 1 1232 1233 1452 1453 4000 65507; do
	ok "a UDP datagram of $size bytes and back" in_ns "$HOST" python3 "$TMP/udp.py" $SERVER4 $size
done
ok "a UDP datagram without a checksum gets one" in_ns "$HOST" python3 "$TMP/udp.py" $SERVER4 100 none
ok "one of 4000 bytes, too" in_ns "$HOST" python3 "$TMP/udp.py" $SERVER4 4000 none
for size in 1232 1233 5000 60000; do
	ok "ping with $size bytes" in_ns "$HOST" ping -4 -M dont -c 1 -W 10 -s $size $SERVER4
done
ok "ping from the server with 5000 bytes" in_ns "$SERVER" ping -6 -I $SERVER6 -c 1 -W 10 -s 5000 $SOURCE
ok "fragments were put together on the way out" test "$(count out_fragment)" -gt 0
ok "and those of ICMPv6 on the way in" test "$(count in_fragment)" -gt 0
is "nothing was dropped for its form" "$(umctl -n "$HOST" -j bis stats show |
	jq -r '.[] | select(.value > 0 and (.name | test("malformed|memory|proto|loop"))) | .name')" ""
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of errors: those of the network reach IPv4 programs, those of IPv4 reach the network, and
# what is refused here is said.

. "$(dirname "$0")/topology.sh"
need socat ping tcpdump nft
topology
bis_up
b map add 198.18.0.66 2001:db8:b::66
b map add 198.18.0.67 2001:db8:dead::1
in_ns "$HOST" sysctl -qw net.ipv4.icmp_ratelimit=0
for ns in "$HOST" "$ROUTER" "$SERVER"; do
	in_ns "$ns" sysctl -qw net.ipv6.icmp.ratelimit=0
done

# errno COMMAND...: which error a connect() of an IPv4 program ends with.
dial()
{
	in_ns "$HOST" timeout 20 python3 - "$@" <<'PY'
import errno, socket, sys
kind = socket.SOCK_DGRAM if sys.argv[3:] else socket.SOCK_STREAM
s = socket.socket(socket.AF_INET, kind)
s.settimeout(15)
try:
    s.connect((sys.argv[1], int(sys.argv[2])))
    if sys.argv[3:]:
        s.send(b"x")
        s.recv(10)
    print("connected")
except OSError as e:
    print(errno.errorcode.get(e.errno, e))
PY
}

# --- errors of the network -----------------------------------------------------------------------------------------

is "a closed TCP port: RST" "$(dial $SERVER4 9)" ECONNREFUSED
is "a closed UDP port: ICMPv6 1/4 is ICMP 3/3" "$(dial $SERVER4 9 udp)" ECONNREFUSED
is "nobody has the address: ICMPv6 1/3 is ICMP 3/1" "$(dial 198.18.0.66 9)" EHOSTUNREACH
ip -n "$ROUTER" -6 route add unreachable 2001:db8:dead::/48
is "no route on the way: ICMPv6 1/0 is ICMP 3/1" "$(dial 198.18.0.67 9)" EHOSTUNREACH
ip -n "$ROUTER" -6 route replace prohibit 2001:db8:dead::/48
is "prohibited on the way: ICMPv6 1/1 is ICMP 3/10" "$(dial 198.18.0.67 9)" EHOSTUNREACH
like "hop limit: ICMPv6 3/0 is ICMP 11/0" "$(in_ns "$HOST" ping -4 -c 1 -W 5 -t 1 $SERVER4 2>&1)" 'Time to live exceeded'
ok "TTL 2 is enough for two hops: the host is none" in_ns "$HOST" ping -4 -c 1 -W 5 -t 2 $SERVER4

# --- traceroute ----------------------------------------------------------------------------------------------------

cat >"$TMP/trace.py" <<'PY'
# UDP with one hop more each time, as traceroute does it: type/code of the errors that come back.
import socket, struct, sys
six = ":" in sys.argv[1]
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
level, ttl, errors = (41, 16, 25) if six else (0, 2, 11)	# UNICAST_HOPS, RECVERR; TTL, RECVERR
s.setsockopt(level, errors, 1)
if six:
    s.bind((sys.argv[2], 0))
s.connect((sys.argv[1], 33434))
s.settimeout(5)
for hops in 1, 2:
    s.setsockopt(level, ttl, hops)
    s.send(b"x")
    try:
        s.recv(1)
    except OSError:
        pass
    for at, kind, data in s.recvmsg(100, 200, socket.MSG_ERRQUEUE)[1]:
        if at == level and kind == errors:
            error, code = struct.unpack_from("BB", data, 5)
            print(f"{error}/{code}", end=" ")
PY
is "traceroute of an IPv4 program: hop, port unreachable" "$(in_ns "$HOST" python3 "$TMP/trace.py" $SERVER4)" "11/0 3/3 "
is "traceroute to the host: hop, port unreachable" \
	"$(in_ns "$SERVER" python3 "$TMP/trace.py" $SOURCE $SERVER6)" "3/0 1/4 "

# --- errors of the host --------------------------------------------------------------------------------------------

spawn tap in_ns "$SERVER" tcpdump -nvl -i eth0 "icmp6 and src $SOURCE"
wait_for grep -q listening "$TMP/tap"
in_ns "$SERVER" socat -u - "UDP6:[$SOURCE]:9,bind=[$SERVER6]" <<<x
ok "a closed UDP port: ICMP 3/3 is ICMPv6 1/4" wait_for grep -q 'unreachable port' "$TMP/tap"
ok "its checksum is right" not grep -q 'bad icmp6 cksum' "$TMP/tap"
like "an IPv6 client hears it" "$(in_ns "$SERVER" timeout 10 python3 - <<PY
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("$SERVER6", 0))
s.settimeout(5)
s.connect(("$SOURCE", 9))
s.send(b"x")
try:
    s.recv(1)
except OSError as e:
    print(e)
PY
)" 'Connection refused'

# --- refused here --------------------------------------------------------------------------------------------------

before=$(count out_no_pair)
is "an address without a pair" "$(dial 198.18.5.5 9)" EHOSTUNREACH
is "is counted" "$(since out_no_pair "$before")" 1
ip -n "$HOST" addr add 10.0.0.1/32 dev lo
before=$(count out_not_self)
not_ok "another IPv4 address of the host" in_ns "$HOST" ping -4 -c 1 -W 2 -I 10.0.0.1 $SERVER4
is "is counted" "$(since out_not_self "$before")" 1
ip -n "$HOST" -6 route del default
before=$(count out_no_route)
is "no IPv6 route" "$(dial $SERVER4 9)" EHOSTUNREACH
is "is counted" "$(since out_no_route "$before")" 1
ip -n "$HOST" -6 route add $SERVER6 dev bis0
before=$(count out_loop)
not_ok "an IPv6 route to the device itself" in_ns "$HOST" ping -4 -c 1 -W 1 $SERVER4
is "is a loop, and counted" "$(since out_loop "$before")" 1
ip -n "$HOST" -6 route del $SERVER6 dev bis0
ip -n "$HOST" -6 route add default via 2001:db8:a::fe
ok "and all is well again" wait_for in_ns "$HOST" ping -4 -c 1 -W 2 $SERVER4

# --- IPsec ---------------------------------------------------------------------------------------------------------

ip -n "$HOST" xfrm policy add dir out src $SOURCE/128 dst $SERVER6/128 proto 6 dport 9 action block
before=$(count out_policy)
is "a policy that blocks a port" "$(dial $SERVER4 9)" EHOSTUNREACH
is "is counted" "$(since out_policy "$before")" 1
ok "and is about no other" in_ns "$HOST" ping -4 -c 1 -W 5 $SERVER4
ip -n "$HOST" xfrm policy flush

# sa NS FROM TO: half of a security association, and the policy that wants it.
sa()
{
	ip -n "$1" xfrm state add src "$2" dst "$3" proto esp spi 0x4242 mode transport enc 'cbc(aes)' \
		0x00112233445566778899aabbccddeeff auth 'hmac(sha256)' 0x00112233445566778899aabbccddeeff
}
for ns in "$HOST" "$SERVER"; do
	sa "$ns" $SOURCE $SERVER6
	sa "$ns" $SERVER6 $SOURCE
done
for side in "$HOST out in" "$SERVER in out"; do
	read -r ns there back <<<"$side"
	ip -n "$ns" xfrm policy add dir "$there" src $SOURCE dst $SERVER6 tmpl proto esp mode transport
	ip -n "$ns" xfrm policy add dir "$back" src $SERVER6 dst $SOURCE tmpl proto esp mode transport
done
spawn tapesp in_ns "$ROUTER" tcpdump -nl -i eth0 "ip6 and host $SOURCE and not icmp6"
wait_for grep -q listening "$TMP/tapesp"
ok "IPsec between source and server: ping" in_ns "$HOST" ping -4 -c 2 -i 0.2 -W 5 $SERVER4
ok "ESP there" wait_for grep -q "$SOURCE > $SERVER6: ESP" "$TMP/tapesp"
ok "and back" wait_for grep -q "$SERVER6 > $SOURCE: ESP" "$TMP/tapesp"
ok "the server pings, too" in_ns "$SERVER" ping -6 -c 1 -W 5 -I $SERVER6 $SOURCE
ip -n "$SERVER" xfrm policy flush
before=$(count in_policy)
not_ok "in clear it is not let in" in_ns "$SERVER" ping -6 -c 1 -W 1 -I $SERVER6 $SOURCE
is "and counted" "$(since in_policy "$before")" 1
ip -n "$HOST" xfrm policy flush
ip -n "$HOST" xfrm state flush
ip -n "$SERVER" xfrm state flush

# --- firewalls -----------------------------------------------------------------------------------------------------

in_ns "$HOST" nft -f - <<'NFT'
table inet t {
	chain out { type filter hook output priority 0
		ip daddr 198.18.0.10 counter name c4out
		ip6 daddr 2001:db8:b::1 counter name c6out
	}
	chain in { type filter hook input priority 0
		ip saddr 198.18.0.10 counter name c4in
		ip6 saddr 2001:db8:b::1 counter name c6in
		ct state invalid counter name invalid
	}
	counter c4out { }
	counter c6out { }
	counter c4in { }
	counter c6in { }
	counter invalid { }
}
NFT
packets()
{
	in_ns "$HOST" nft -j list counters table inet t | jq -r --arg n "$1" '.. | objects | select(.name? == $n) | .packets'
}
spawn_listener echo "$SERVER" 5002 socat TCP6-LISTEN:5002,ipv6only=1,fork PIPE
is "a session through rules and conntrack" "$(echo hi | in_ns "$HOST" socat -t 5 - TCP4:$SERVER4:5002)" hi
for name in c4out c6out c4in c6in; do
	ok "rules match: $name" test "$(packets $name)" -gt 0
done
is "as many packets of IPv4 as of IPv6 leave" "$(packets c4out)" "$(packets c6out)"
is "nothing is invalid to conntrack" "$(packets invalid)" 0
ok "an IPv6 client through conntrack" in_ns "$SERVER" ping -6 -c 2 -i 0.2 -W 5 -I $SERVER6 $SOURCE
in_ns "$HOST" nft add rule inet t in ip6 saddr 2001:db8:b::1 drop
not_ok "a rule for IPv6 stops IPv4 programs" in_ns "$HOST" ping -4 -c 1 -W 1 $SERVER4
in_ns "$HOST" nft flush chain inet t in
in_ns "$HOST" nft add rule inet t in ip saddr 198.18.0.10 drop
not_ok "so does one for IPv4" in_ns "$HOST" ping -4 -c 1 -W 1 $SERVER4
finish

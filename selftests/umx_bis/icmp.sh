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

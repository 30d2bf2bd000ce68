#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what passes to and from the EAs of UDP sockets, and of programs that use them. The hosts
# are drawn in topology.sh; the server has no pool: it is any host on the internet.

. "$(dirname "$0")/udp_world.sh"
need dig openssl tcpdump unbound
topology
c pool add ea prefix 2001:db8:ea::/64 || bail "the client's pool can be added"
c ea add pool ea proto udp || bail "a rule can be added"
udp_serve "$SERVER" 7
udp_serve "$STRANGER" 7

# from NS WORD...: what it can get out of the held session's address.
from()
{
	local ns=$1

	shift
	in_ns "$ns" python3 -IS "$here/datagram.py" call -unconnected -timeout=0.3 "$LOCAL" "$LPORT" "$@"
}

# --- strangers -----------------------------------------------------------------------------------------------

calling held $S 7 name echo "wait=$TMP/look" empty echo "to=$D,7" echo hold
held=$PID
capture toothers eth2 "src net 2001:db8:ea::/64"
is "a stranger is not answered" "$(from "$STRANGER" echo)" timeout
is "nor is another port of the peer" "$(from "$SERVER" echo)" timeout
ok "strangers are counted" counts "$CLIENT" in_stranger 1 from "$STRANGER" echo
ok "so are fragments of theirs" counts "$CLIENT" in_stranger 2+ from "$STRANGER" up=4000
ok "TCP to it is dropped" counts "$CLIENT" in_other 1+ peer "$STRANGER" call -timeout=0.3 "$LOCAL" "$LPORT"
ok "ping to it is dropped" counts "$CLIENT" in_proto 1+ in_ns "$STRANGER" ping -6 -c 1 -W 1 "$LOCAL"
ok "errors that quote something else are dropped" counts "$CLIENT" in_icmp 1 \
	in_ns "$STRANGER" python3 "$here/forge.py" icmp 1 4 0 "$LOCAL" "$LPORT" $S 7 1
ok "a datagram to an address that is nobody's is dropped" counts "$CLIENT" in_proto 1 \
	in_ns "$STRANGER" python3 -IS "$here/datagram.py" call -unconnected -timeout=0.3 ${EA}::5 7 echo
ok "a user's datagram from it is dropped" counts "$CLIENT" out_owner 1+ \
	in_ns "$CLIENT" setpriv --reuid=65534 --clear-groups python3 "$here/forge.py" udp "$LOCAL" $S
touch "$TMP/look"
ok "sendto() to another one" wait_for grep -q EPERM "$TMP/held"
looked()
{
	[ "$(sed 1,2d "$TMP/held" | wc -l)" -ge 4 ]
}
wait_for looked
is "the socket has got none of it, and its session goes on" "$(sed 1,2d "$TMP/held" | lines)" "empty echoed EPERM echoed"
is "that was counted" "$(counter "$CLIENT" out_stranger)" 1
is "not a packet has left for strangers" "$(captured toothers eth2)" 0
stop "$held"
wait_for none_live "$CLIENT"
ok "the address is dead: what comes late is dropped" counts "$CLIENT" in_proto 1 from "$SERVER" echo

# --- errors and large datagrams ------------------------------------------------------------------------------

is "port unreachable" "$(call $S 9 echo | lines)" ECONNREFUSED
ip -n "$ROUTER" link set eth1 mtu 1300
ip -n "$SERVER" link set eth0 mtu 1300
is "packet too big" "$(call -dontfrag $S 7 up=1400 mtu up=1000 | lines)" "EMSGSIZE 1300 1000"
is "fragments, both ways" "$(call $S 7 big=4000 up=3000 | lines)" "4000 3000"
gone "large datagrams"

# --- who connects to learn an address ------------------------------------------------------------------------

mkdir -p "$TMP/netns/$CLIENT"
ln -sfn "$TMP/netns" /etc/netns
printf '%s two.test\n' $S $D >"$TMP/netns/$CLIENT/hosts"
echo "nameserver $S" >"$TMP/netns/$CLIENT/resolv.conf"
look_up()
{
	in_ns "$CLIENT" python3 -c 'import socket, sys
socket.getaddrinfo(sys.argv[1], eval(sys.argv[2]), type=socket.SOCK_STREAM)' "$@"
}
ok "getaddrinfo() with a port takes one EA per destination" counts "$CLIENT" udp_created 2 look_up two.test 80
is "and no datagram leaves from it" "$(counter "$CLIENT" udp_unused)" 2
ok "without a port it takes none" counts "$CLIENT" udp_created 0 look_up two.test None
is "which is counted" "$(counter "$CLIENT" udp_port0)" 2
gone "getaddrinfo()"

# --- programs ------------------------------------------------------------------------------------------------

cat >"$TMP/unbound.conf" <<-CONF
	server:
		interface: ::0
		do-daemonize: no
		use-syslog: no
		username: ""
		chroot: ""
		directory: "$TMP"
		pidfile: ""
		access-control: ::/0 allow
		module-config: iterator
		local-zone: "example." static
		local-data: "one.example. AAAA 2001:db8:1::1"
	remote-control:
		control-enable: no
CONF
spawn unbound in_ns "$SERVER" unbound -d -c "$TMP/unbound.conf"
wait_for udp_served "$SERVER" 53 || bail "a name server: $(cat "$TMP/unbound")"
capture queries eth1 "udp dst port 53"
is "dig" "$(in_ns "$CLIENT" dig +short +tries=1 +timeout=$((5 * SLOW)) @$S one.example AAAA)" 2001:db8:1::1
is "its query left from an EA" "$(captured queries eth1 ' 2001:db8:ea:')" 1
like "the C library's resolver" "$(in_ns "$CLIENT" getent -s dns ahostsv6 one.example)" 2001:db8:1::1
ok "its queries left from EAs" [ "$(captured queries eth1 ' 2001:db8:ea:')" -ge 2 ]
is "no query left from another address" "$(captured queries eth1 " $C.")" 0
gone "name resolution"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -days 2 \
	-keyout "$TMP/key.pem" -out "$TMP/cert.pem" 2>/dev/null || bail "a certificate"
mkfifo "$TMP/say" "$TMP/ear"
# opened for both, so that neither end waits for the other; nobody writes to the server
exec 7<>"$TMP/ear" 8<>"$TMP/say"
spawn s_server in_ns "$SERVER" bash -c \
	"exec openssl s_server -dtls1_2 -6 -accept 4433 -cert '$TMP/cert.pem' -key '$TMP/key.pem' <'$TMP/ear'"
wait_for udp_served "$SERVER" 4433 || bail "a DTLS server: $(cat "$TMP/s_server")"
spawn s_client in_ns "$CLIENT" bash -c "exec openssl s_client -dtls1_2 -connect '[$S]:4433' <'$TMP/say'"
ok "a DTLS client" wait_for -t 30 grep -q 'Cipher is' "$TMP/s_client" || diag "$(tail -n 5 "$TMP/s_client")"
is "has an EA" "$(c -j session show | jq -c 'map([.proto, .peer_port])')" '[["udp",4433]]'
echo from-the-client >&8
ok "is heard" wait_for grep -q from-the-client "$TMP/s_server"
stop "$PID"
exec 7>&- 8>&-
gone "DTLS"

finish

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the four hosts of the story, each a network namespace, and the programs that run on them.
#
#	                              router
#	client  2001:db8:c::2 -------- c  s -------- server   2001:db8:5::2   nginx, sshd
#	pool    2001:db8:c:ea::/64       x           pool     2001:db8:5:a::/64
#	                                 |
#	                             stranger 2001:db8:bad::2
#
# Both pools are routed to their host by the router; that is all the network has to know.

readonly CLIENT_NET=2001:db8:c::/48
readonly CLIENT_POOL=2001:db8:c:ea::/64
readonly SERVER_ADDR=2001:db8:5::2
readonly SERVER_POOL=2001:db8:5:a::/64
readonly STRANGER_ADDR=2001:db8:bad::2

hosts_make()
{
	local host

	setup_ns CLIENT SERVER STRANGER ROUTER
	link_ns "$CLIENT" eth0 2001:db8:c::2/64 "$ROUTER" c 2001:db8:c::1/64
	link_ns "$SERVER" eth0 $SERVER_ADDR/64 "$ROUTER" s 2001:db8:5::1/64
	link_ns "$STRANGER" eth0 $STRANGER_ADDR/64 "$ROUTER" x 2001:db8:bad::1/64
	ip -n "$CLIENT" route add default via 2001:db8:c::1
	ip -n "$SERVER" route add default via 2001:db8:5::1
	ip -n "$STRANGER" route add default via 2001:db8:bad::1
	router_ns "$ROUTER"
	ip -n "$ROUTER" route add $CLIENT_POOL via 2001:db8:c::2
	ip -n "$ROUTER" route add $SERVER_POOL via $SERVER_ADDR
	for host in client server stranger router; do
		mkdir "$TMP/$host"
	done
}

# nginx and sshd as Debian ships them; only what they serve and log is configured.
server_start()
{
	local dir=$TMP/server

	mkdir "$dir/www"
	echo 'hello from the server' >"$dir/www/index.html"
	head -c 64M /dev/zero >"$dir/www/big"
	cat >"$dir/nginx.conf" <<-CONF
		daemon off;
		pid $dir/nginx.pid;
		error_log $dir/error.log;
		events {}
		http {
			log_format both '\$remote_addr -> \$server_addr "\$request" \$status';
			access_log $dir/access.log both;
			server { listen [::]:80 ipv6only=on; root $dir/www; }
		}
	CONF
	: >"$dir/access.log"
	spawn_listener nginx "$SERVER" 80 nginx -c "$dir/nginx.conf"

	ssh-keygen -q -t ed25519 -N '' -f "$dir/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$TMP/client/key"
	cat >"$dir/sshd.conf" <<-CONF
		HostKey $dir/host_key
		PidFile none
		AddressFamily inet6
		AuthorizedKeysFile $TMP/client/key.pub
		StrictModes no
		SetEnv PATH=$PATH
	CONF
	spawn_listener sshd "$SERVER" 22 /usr/sbin/sshd -D -e -f "$dir/sshd.conf"

	# The server's address is another each time: ssh knows it by its key.
	echo "server $(cut -d' ' -f1-2 "$dir/host_key.pub")" >"$TMP/client/known_hosts"
	cat >"$TMP/client/ssh.conf" <<-CONF
		HostKeyAlias server
		UserKnownHostsFile $TMP/client/known_hosts
		IdentityFile $TMP/client/key
		BatchMode yes
		LogLevel ERROR
	CONF
}

# watch_start: tcpdump on the router writes down what passes to and from the stranger.
watch_start()
{
	spawn watch in_ns "$ROUTER" tcpdump -i x --immediate-mode -U -B 16384 -s 128 -w "$TMP/router/stranger.pcap" ip6
	wait_for grep -q 'listening on' "$TMP/watch"
}

# watched FILTER: how many packets of that kind it has seen.
watched()
{
	tcpdump -n -r "$TMP/router/stranger.pcap" "$1" 2>/dev/null | wc -l
}

# watch_caught_up: everything sent so far is written down: so is a ping that was sent after it.
watch_caught_up()
{
	local before

	before=$(watched 'icmp6[0] == 129')
	in_ns "$STRANGER" ping -6 -q -c 1 -W 5 2001:db8:bad::1 >/dev/null || return
	wait_for watch_has_more "$before"
}

watch_has_more()
{
	[ "$(watched 'icmp6[0] == 129')" -gt "$1" ]
}

# What the stranger has sent to the server's networks, and what has come back to it from beyond the router or
# from the router on the server's behalf. (Neighbour discovery with the router and our own pings to it are neither.)
readonly PROBES="src host $STRANGER_ADDR and not dst net 2001:db8:bad::/64 and not dst net fe80::/10 and not dst net ff00::/8"
readonly ANSWERS="dst host $STRANGER_ADDR and not icmp6[0] == 129 and not icmp6[0] == 135 and not icmp6[0] == 136"

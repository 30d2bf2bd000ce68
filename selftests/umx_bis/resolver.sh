# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what the tests of umx-resolved share: the daemon on $HOST, name servers on $SERVER, asking.

. "$(dirname "$0")/topology.sh"

readonly EVIL6=2001:db8:b::2

# resolver NAME LINE...: umx-resolved on $HOST with that configuration; its pid in $RESOLVED. It is where programs of
# $HOST ask: "ip netns exec" puts /etc/netns/NAME over /etc.
resolver()
{
	local name=$1

	shift
	printf '%s\n' "user nobody" "$@" >"$TMP/$name.conf"
	mkdir -p "$TMP/netns/$HOST"
	ln -sfn "$TMP/netns" /etc/netns
	echo "nameserver 127.0.0.46" >"$TMP/netns/$HOST/resolv.conf"
	in_ns "$HOST" umx-resolved -t -c "$TMP/$name.conf" || bail "the configuration is right"
	spawn "$name" in_ns "$HOST" umx-resolved -c "$TMP/$name.conf"
	RESOLVED=$PID
	wait_for -t 20 grep -q 'umx-resolved: ready' "$TMP/$name" || bail "umx-resolved runs: $(cat "$TMP/$name")"
}

# caps PID: permitted, effective, ambient capabilities, the bounding set, and whether it may gain any.
caps()
{
	awk '/^Cap(Prm|Eff|Amb|Bnd)|^NoNewPrivs/ { sub(/^0+/, "", $2); a[$1] = $2 == "" ? 0 : $2 }
		END { print a["CapPrm:"], a["CapEff:"], a["CapAmb:"], a["CapBnd:"], a["NoNewPrivs:"] }' "/proc/$1/status"
}

# stat_of NAME: a counter of umx-resolved.
stat_of()
{
	in_ns "$HOST" umx-resolved -s | awk -v n="$1" '$1 == n { print $2 }'
}

# dig_at NAME TYPE [WORD...]: all that a program on $HOST is told about NAME.example.net.
dig_at()
{
	in_ns "$HOST" dig +time=$((15 * SLOW)) +tries=1 "$1.example.net" "${@:2}"
}

# ask: lines "KEY NAME TYPE [WORD...]" or "KEY -x ADDRESS", asked by one dig. said KEY: all that came back; status
# KEY: the code and how many answers; answer KEY: the records.
ask()
{
	local key name rest keys=() n=0

	while read -r key name rest; do
		keys+=("$key")
		[ "$name" = -x ] && echo "-x $rest" || echo "$name.example.net $rest"
	done >"$TMP/questions"
	mkdir -p "$TMP/said"
	in_ns "$HOST" dig +time=$((15 * SLOW)) +tries=1 -f "$TMP/questions" |
		awk -v to="$TMP/said/" '/HEADER/ { n++ } n { print >to n }'
	for key in "${keys[@]}"; do
		n=$((n + 1))
		mv "$TMP/said/$n" "$TMP/said/$key" || bail "question $key is answered"
	done
}

said()
{
	cat "$TMP/said/$1"
}

status()
{
	sed -n 's/.*status: \([A-Z]*\),.*/\1/p; s/.*ANSWER: \([0-9]*\),.*/\1/p' "$TMP/said/$1" | paste -sd' '
}

answer()
{
	awk '/^$/ { on = 0 } on { $1 = $1; print } /ANSWER SECTION/ { on = 1 }' "$TMP/said/$1"
}

# login: sshd on the server, and $TMP/ssh.conf: nothing but keys.
login()
{
	mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f "$TMP/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$TMP/client_key"
	printf 'myhost %s\n' "$(cut -d' ' -f1-2 "$TMP/host_key.pub")" >"$TMP/known_hosts"
	printf '%s\n' "HostKeyAlias myhost" "UserKnownHostsFile $TMP/known_hosts" "IdentityFile $TMP/client_key" \
		"User root" "BatchMode yes" "LogLevel ERROR" "ConnectTimeout $((20 * SLOW))" >"$TMP/ssh.conf"
	spawn_listener sshd "$SERVER" 22 /usr/sbin/sshd -D -e -h "$TMP/host_key" -o PidFile=none -o UsePAM=no \
		-o ListenAddress=$SERVER6 -o StrictModes=no -o AuthorizedKeysFile="$TMP/client_key.pub" \
		-o PermitRootLogin=yes
}

# zones: example.net, and names of addresses.
zones()
{
	local i

	cat <<-'ZONE' >"$TMP/example.net"
		$ORIGIN example.net.
		$TTL 600
		@ SOA ns root 1 3600 600 86400 300
		@ NS ns
		ns AAAA 2001:db8:b::1
		six AAAA 2001:db8:b::1
		both A 192.0.2.80
		both AAAA 2001:db8:b::1
		four A 192.0.2.4
		alias CNAME six
		alias2 CNAME alias
		empty TXT x
	ZONE
	for i in 1 2 3 4 5 6; do
		echo "several AAAA 2001:db8:b::$i"
	done >>"$TMP/example.net"
	for i in $(seq 60); do
		echo "sixty AAAA 2001:db8:b::1:$i"
	done >>"$TMP/example.net"
	echo "brief 7 AAAA 2001:db8:b::1" >>"$TMP/example.net"
	cat <<-'ZONE' >"$TMP/8.b.d.0.1.0.0.2.ip6.arpa"
		$ORIGIN 8.b.d.0.1.0.0.2.ip6.arpa.
		$TTL 600
		@ SOA ns.example.net. root.example.net. 1 3600 600 86400 300
		@ NS ns.example.net.
		1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.b.0.0.0 PTR six.example.net.
		6.4.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.a.0.0.0 PTR me.example.net.
	ZONE
	cat <<-'ZONE' >"$TMP/2.0.192.in-addr.arpa"
		$ORIGIN 2.0.192.in-addr.arpa.
		$TTL 600
		@ SOA ns.example.net. root.example.net. 1 3600 600 86400 300
		@ NS ns.example.net.
		4 PTR four.example.net.
	ZONE
}

# unbound_up: the network's name server.
unbound_up()
{
	local zone

	zones
	{
		printf 'server:\n'
		printf '\t%s\n' "interface: $SERVER6" "access-control: ::/0 allow" 'username: ""' 'chroot: ""' \
			"directory: \"$TMP\"" 'pidfile: ""' 'use-syslog: no' 'rrset-roundrobin: no' 'log-queries: yes' 'do-ip4: no' \
			'module-config: "iterator"' \
			'local-zone: "2.0.192.in-addr.arpa." nodefault' \
			'local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault'
		for zone in example.net 8.b.d.0.1.0.0.2.ip6.arpa 2.0.192.in-addr.arpa; do
			printf 'auth-zone:\n\tname: %s\n\tzonefile: "%s"\n\tfor-downstream: yes\n\tfor-upstream: yes\n' \
				"$zone" "$TMP/$zone"
		done
		printf 'remote-control:\n\tcontrol-enable: no\n'
	} >"$TMP/unbound.conf"
	spawn unbound in_ns "$SERVER" unbound -d -c "$TMP/unbound.conf"
	wait_for -t 30 prints . in_ns "$HOST" dig +short +time=1 +tries=1 "@$SERVER6" example.net SOA ||
		bail "unbound answers: $(cat "$TMP/unbound")"
}

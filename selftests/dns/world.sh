# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the hosts on which names hand out addresses, and the programs that run there.
#
#   [ $CLIENT ]eth0 ----------- eth0[ $ROUTER ]eth1 ----------- eth0[ $SERVER ]  umx-dns, PowerDNS, sshd, nginx
#    2001:db8:c::1                eth2    eth3    eth4               2001:db8:5::1
#                                  |       |       |                 pool in 2001:db8:5a:1::/64
#        [ $RESOLVER ] 2001:db8:e::1       |       |
#         unbound, its cache on            |  [ $OTHER ] 2001:db8:6::1 the second server, pool in 2001:db8:6a:1::/64
#                                          |
#                                     [ $STRANGER ] 2001:db8:d::1
#
# The zone is one.example.net; its name server is the server.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../login.sh"

C=2001:db8:c::1 S=2001:db8:5::1 R=2001:db8:e::1 D=2001:db8:d::1 O=2001:db8:6::1
ZONE=one.example.net
IN_POOL='^2001:db8:5a:1:' IN_OTHER='^2001:db8:6a:1:'
SHARE=/usr/share/umx

# host VARIABLE IF ADDRESS: a namespace behind the router's IF.
host()
{
	local net=${3%1}

	setup_ns "$1"
	link_ns "${!1}" eth0 "$3/64" "$ROUTER" "$2" "${net}fe/64"
	ip -n "${!1}" route add default via "${net}fe"
	mkdir -p "$TMP/$1"
}

# The programs that ask for names do so at the resolver: "ip netns exec" puts /etc/netns/NAME over /etc.
resolver_of()
{
	mkdir -p "$TMP/netns/$1"
	echo "nameserver $R" >"$TMP/netns/$1/resolv.conf"
}

world()
{
	need umctl umx-dns pdns_server unbound dig jq python3 setpriv
	load umx
	setup_ns ROUTER
	router_ns "$ROUTER"
	host CLIENT eth0 $C
	host SERVER eth1 $S
	host RESOLVER eth2 $R
	host STRANGER eth3 $D
	host OTHER eth4 $O
	ip -n "$ROUTER" route add 2001:db8:5a::/48 via $S
	ip -n "$ROUTER" route add 2001:db8:6a::/48 via $O
	mkdir -p "$TMP/netns"
	ln -sfn "$TMP/netns" /etc/netns
	resolver_of "$CLIENT"
	resolver_of "$STRANGER"
	# umx-dns is nobody in particular.
	install -d -m 755 -o nobody /run/umx-dns "$TMP/dns"
	s pool add in prefix 2001:db8:5a:1::/64
}

# s WORD...: umctl at the server. n WORD...: its object name; nj: in JSON.
s()
{
	umctl -n "$SERVER" "$@"
}

n()
{
	s name "$@"
}

nj()
{
	umctl -n "$SERVER" -j name "$@"
}

# stat_of NAME: a counter of the server's umx-dns.
stat_of()
{
	counter "$SERVER" "$1" name stats
}

# conf NAME [LINE...]: a configuration of the server, into $TMP/dns/NAME.conf.
conf()
{
	local name=$1

	shift
	{
		echo "zone $ZONE ns ns.$ZONE"
		echo "record ns.$ZONE AAAA $S"
		echo "backend $TMP/dns/$name.backend"
		echo "state $TMP/dns/$name.names"
		echo "journal $TMP/dns/$name.journal"
		printf '%s\n' "$@"
	} >"$TMP/dns/$name.conf"
}

# daemon NAME NS: umx-dns with that configuration; its pid in $PID. It has one capability and no user's rights.
daemon()
{
	spawn "$1.dns" in_ns "$2" setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs \
		--inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin \
		umx-dns -c "$TMP/dns/$1.conf"
	wait_for -t 20 grep -q 'umx-dns: ready' "$TMP/$1.dns" || bail "umx-dns runs: $(cat "$TMP/$1.dns")"
}

# nameserver NAME NS ADDRESS [LINE...]: PowerDNS as Debian configures it, with the file we ship, asking umx-dns NAME.
nameserver()
{
	local name=$1 ns=$2 addr=$3 dir=$TMP/pdns-$1

	shift 3
	mkdir -p "$dir/pdns.d"
	{
		printf 'launch=\ninclude-dir=%s\nlocal-address=%s\nsocket-dir=%s\n' "$dir/pdns.d" "$addr" "$dir"
		printf 'security-poll-suffix=\n'
	} >"$dir/pdns.conf"
	sed "s,/run/umx-dns/backend,$TMP/dns/$name.backend," "$SHARE/pdns-umx.conf" >"$dir/pdns.d/umx.conf"
	[ $# = 0 ] || printf '%s\n' "$@" >>"$dir/pdns.d/umx.conf"
	spawn "$name.pdns" in_ns "$ns" pdns_server --config-dir="$dir" --guardian=no --daemon=no \
		--disable-syslog --write-pid=no
	wait_for -t 30 prints . in_ns "$ns" dig +short +time=1 +tries=1 "@$addr" "$ZONE" SOA ||
		bail "PowerDNS answers: $(tail -n 5 "$TMP/$name.pdns")"
}

# resolver [LINE...]: unbound, as it is but for who may ask and where the zone is.
resolver()
{
	{
		cat <<-CONF
			server:
				interface: $R
				interface: ::1
				access-control: ::/0 allow
				do-ip4: no
				use-syslog: no
				username: ""
				chroot: ""
				directory: "$TMP"
				pidfile: ""
				do-not-query-localhost: no
		CONF
		printf '\t%s\n' "${@:-module-config: \"iterator\"}"
		printf 'stub-zone:\n\tname: %s\n\tstub-addr: %s\n' "$ZONE" "$S"
		printf 'remote-control:\n\tcontrol-enable: no\n'
	} >"$TMP/unbound.conf"
	spawn unbound in_ns "$RESOLVER" unbound -d -c "$TMP/unbound.conf"
	wait_for -t 30 prints . in_ns "$CLIENT" dig +short +time=1 +tries=1 "$ZONE" SOA ||
		bail "unbound answers: $(cat "$TMP/unbound")"
}

# name WORD...: a new name of a service. last_id: the id of the last one added.
name()
{
	umctl -n "$SERVER" name add "$@" || bail "a name can be added"
}

last_id()
{
	nj show | jq 'map(.id) | max'
}

# ask NAME [WORD...]: what the client's resolver says. asked NS NAME [WORD...]: what the name server says to NS.
ask()
{
	in_ns "$CLIENT" dig +short +time=3 +tries=1 "$1" AAAA "${@:2}"
}

asked()
{
	in_ns "$1" dig +short +time=3 +tries=1 "@$S" "$2" AAAA "${@:3}"
}

# rcode NS NAME [WORD...]: how the name server answers.
rcode()
{
	in_ns "$1" dig +time=3 +tries=1 "@$S" "$2" AAAA "${@:3}" | sed -n 's/.*status: \([A-Z]*\),.*/\1/p'
}

# journal NAME [FILTER]: the server's, through jq.
journal()
{
	jq -c "${2:-.}" "$TMP/dns/$1.journal"
}

# written NAME FILTER: such a line is in the journal; for wait_for.
written()
{
	[ -n "$(journal "$1" "select($2)")" ]
}

# www NS NAME: nginx there, which says to which address somebody came.
www()
{
	cat >"$TMP/$2.nginx" <<-CONF
		daemon off; pid $TMP/$2.nginx.pid; error_log stderr; worker_processes 2;
		events {}
		http { access_log off; server { listen [::]:80; root $TMP/www;
			location = / { return 200 "\$server_addr\n"; } } }
	CONF
	mkdir -p "$TMP/www"
	spawn_listener "nginx-$2" "$1" 80 nginx -c "$TMP/$2.nginx"
}

# fetch NAME: the client's curl; prints the address it came to.
fetch()
{
	in_ns "$CLIENT" curl -sS -m $((10 * SLOW)) "http://$1/"
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of what every guest offers: commands, kernel modules, kernel features, the tools.

. "$(dirname "$0")/../lib.sh"

is "this is root, in a place of its own" "$(id -u) $(hostname) $(ip -br link | grep -vc '^lo ')" "0 umx 0"

missing=
for c in ip ping nft conntrack tcpdump tshark python3 curl ssh sshd git nginx iperf3 socat nmap strace ethtool \
	rdisc6 dig ps modprobe unshare jq openssl bpftool umctl das \
	pdns_server unbound umx-dns umx-totp umx-resolved; do
	command -v "$c" >/dev/null || missing+=" $c"
done
is "every command is there" "$missing" ""
is "no server runs by itself" "$(ps -o comm= -C pdns_server,unbound,nginx,sshd)" ""

missing=
for m in veth dummy tun bridge sch_netem nf_conntrack nf_tables nft_ct nft_nat tls inet_diag tcp_diag netlink_diag; do
	modprobe -q "$m" || missing+=" $m"
done
is "every kernel module is there" "$missing" ""

ok "lo is up" ping -6 -c 1 ::1
ok "many files can be open" test "$(ulimit -n)" -ge 100000
is "standard input is empty" "$(cat)" ""
ok "standard output can be opened again" bash -c 'echo again >/dev/stdout'
ok "there is a control group hierarchy" test -e /sys/fs/cgroup/cgroup.procs
ok "there is a BPF file system" test -d /sys/fs/bpf
ok "MPTCP sockets can be made" python3 -c 'import socket; socket.socket(socket.AF_INET6, socket.SOCK_STREAM, 262)'

setup_ns A B
link_ns "$A" eth0 2001:db8::1/64 "$B" eth0 2001:db8::2/64
ok "netem can be put on a link" ip netns exec "$A" tc qdisc add dev eth0 root netem delay 1ms
ok "conntrack and NAT for inet can be configured" in_ns "$A" nft -f - <<'NFT'
table inet t {
	chain pre { type nat hook prerouting priority dstnat; tcp dport 80 redirect to :8080; }
	chain in { type filter hook input priority filter; ct state established accept; }
}
NFT

mkdir -p "$TMP/www"
echo hello >"$TMP/www/index.html"
cat >"$TMP/nginx.conf" <<CONF
daemon off; pid $TMP/nginx.pid; error_log $TMP/error.log;
events {}
http { access_log off; server { listen [::]:80; root $TMP/www; } }
CONF
spawn_listener nginx "$B" 80 nginx -c "$TMP/nginx.conf"
is "nginx answers curl" "$(in_ns "$A" curl -sg --max-time $((5 * SLOW)) 'http://[2001:db8::2]/')" hello

ssh-keygen -q -t ed25519 -N '' -f "$TMP/host"
spawn_listener sshd "$B" 22 /usr/sbin/sshd -D -e -h "$TMP/host" -o PidFile=none
like "sshd speaks" "$(in_ns "$A" ssh-keyscan -T $((5 * SLOW)) 2001:db8::2 2>/dev/null)" "ssh-ed25519"

dir=/lib/modules/$(uname -r)/updates/dkms
ok "the modules are where dkms puts them" test -d "$dir"
for m in "$dir"/*.ko*; do
	m=${m##*/}
	m=${m%%.ko*}
	ok "modinfo knows $m" modinfo "$m"
	ok "$m was not loaded by anybody" test ! -e "/sys/module/$m"
done

finish

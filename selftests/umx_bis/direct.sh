#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of the direct way past the device: the host's packets take it, nothing about them tells, and
# none does where a rule, a tap or the host's IP has something to say.

. "$(dirname "$0")/topology.sh"
need curl iperf3 nft tc tcpdump socat
topology
bis_up
spawn_listener echo "$SERVER" 5002 socat TCP6-LISTEN:5002,ipv6only=1,reuseaddr,fork PIPE
udp_echo 5353

cat >"$TMP/rounds.py" <<'PY'
# rounds.py N [DO UNDO]: a connection, N round trips of a byte; then DO, one more, which may fail, UNDO, and N more.
import os, socket, subprocess, sys
n = int(sys.argv[1])
s = socket.create_connection((os.environ.get("TO", "198.18.0.10"), 5002), 10)
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def go():
    for _ in range(n):
        s.send(b"x")
        if s.recv(1) != b"x":
            return "end"
    return n


print(go(), end="")
if len(sys.argv) > 2:
    subprocess.run(sys.argv[2], shell=True, check=True)
    s.settimeout(1.5)
    try:
        s.send(b"x")
        print(",", "answered" if s.recv(1) else "end", end="")
    except OSError as e:
        print(",", e.strerror or "timed out", end="", flush=True)
        subprocess.run(sys.argv[3], shell=True, check=True)
        s.settimeout(30)
        s.recv(1)
    else:
        subprocess.run(sys.argv[3], shell=True, check=True)
    s.settimeout(30)
    print(",", go(), end="")
print()
PY

x()
{
	in_ns "$HOST" "$@"
}

# rounds N [DO UNDO]: what it says in $OUT; in $OUTS and $INS, how many packets went past the device.
rounds()
{
	local out in

	out=$(count out_direct) in=$(count in_direct)
	OUT=$(x python3 "$TMP/rounds.py" "$@" 2>&1)
	OUTS=$(since out_direct "$out") INS=$(since in_direct "$in")
}

# stats: what the device has counted, transmitted and received.
stats()
{
	ip -n "$HOST" -j -s link show bis0 | jq -r '.[0].stats64 | "\(.tx.packets) \(.rx.packets) \(.tx.bytes) \(.rx.bytes)"'
}

# ip_counted NAME: IPv4's counter of the namespace.
ip_counted()
{
	x nstat -asz "Ip$1" | awk -v name="Ip$1" '$1 == name { print $2 }'
}

# --- they are taken ------------------------------------------------------------------------------------------------

read -r tx rx _ _ < <(stats)
packets_out=$(count out_packets) packets_in=$(count in_packets)
received=$(ip_counted InReceives) delivered=$(ip_counted InDelivers)
rounds 100
is "100 round trips" "$OUT" 100
ok "but for the SYN's answer, and when a route is new, they came directly ($INS)" test "$INS" -ge 95
ok "all went directly ($OUTS)" test "$OUTS" -ge 103
read -r tx_now rx_now _ _ < <(stats)
is "the device counts each packet" "$((tx_now - tx)) $((rx_now - rx))" \
	"$(since out_packets "$packets_out") $(since in_packets "$packets_in")"
ok "IPv4 counts each as received and delivered" \
	test $(($(ip_counted InReceives) - received)) -ge $((INS + 1)) -a \
	$(($(ip_counted InDelivers) - delivered)) -ge $((INS + 1))
spawn_listener iperf "$SERVER" 5201 iperf3 -s
for how in "" -R; do
	in=$(count in_direct) out=$(count out_direct)
	# shellcheck disable=SC2086
	OUT=$(x iperf3 -J -n 64M $how -c $SERVER4)
	# 48,000 segments: a busy machine's veth may lose a few
	ok "iperf3 $how: hardly anything is sent twice" test "$(jq '.end.sum_sent.retransmits' <<<"$OUT")" -le 480
	like "it went and came directly" "$(since out_direct "$out") $(since in_direct "$in")" '^[0-9]{2,} [0-9]{2,}$'
done
out=$(count out_direct) in=$(count in_direct)
is "UDP" "$(echo hello | x socat -t 5 - UDP4:$SERVER4:5353)" hello
is "went directly, and came by the device" "$(since out_direct "$out") $(since in_direct "$in")" "1 0"
is "a large datagram" "$(head -c 5000 /dev/zero | x socat -b 9000 -t 5 - UDP4:$SERVER4:5353 | wc -c)" 5000
is "is sent as fragments by the device" "$(since out_direct "$out")" 1
ok "ping" x ping -4 -c 1 -W 5 $SERVER4
x sysctl -qw net.ipv4.tcp_ecn=1 && in_ns "$SERVER" sysctl -qw net.ipv4.tcp_ecn=1
rounds 10
is "with ECN" "$OUT" 10
x sysctl -qw net.ipv4.tcp_ecn=2

# --- not where somebody would miss the packet ----------------------------------------------------------------------

# missed NAME OUT IN: round trips work, and how many packets went past the device: 0, or more (+).
missed()
{
	local got

	rounds 20
	got="$OUT $([ "$OUTS" = 0 ] && echo 0 || echo +) $([ "$INS" = 0 ] && echo 0 || echo +)"
	is "$1: $([ "$2" = + ] && echo "out directly" || echo "out by the device"), $([ "$3" = + ] && echo "in directly" || echo "in by the device")" \
		"$got" "20 $2 $3"
}

taken()
{
	missed "without it again" + +
}

# watched: what the rules of watch have counted; all packets of 20 round trips are 41 at least.
watched()
{
	x nft -j list table "$1" watch | jq '[.nftables[].rule.expr[]?.counter.packets | numbers] | add'
}

while read -r family hook out in; do
	x nft -f - <<-NFT
		table $family watch {
			chain c {
				type filter hook $hook priority 0
				tcp dport 5002 counter
				tcp sport 5002 counter
			}
		}
	NFT
	missed "a chain at $hook of $family" "$out" "$in"
	ok "its rules see each packet" test "$(watched "$family")" -ge 21
	x nft delete table "$family" watch
done <<-CHAINS
	ip	output		+	+
	ip	postrouting	0	+
	ip	prerouting	+	0
	ip	input		+	+
	ip6	output		+	+
	ip6	postrouting	+	+
	ip6	prerouting	+	+
	ip6	input		+	0
CHAINS
taken
x nft -f - <<-'NFT'
	table ip watch {
		chain c {
			type route hook output priority 0
			ip daddr 198.18.0.10 tcp dport 5002 meta mark set 1
		}
	}
NFT
x ip rule add fwmark 1 lookup 100
x ip route add blackhole default table 100
rounds 1
like "a rule sends it elsewhere: there it goes" "$OUT" 'Error'
is "not directly" "$OUTS" 0
x ip -4 route replace table 100 default via 198.18.7.7 dev bis0 onlink
missed "a rule sends it by another route to the device" + +
x ip rule del fwmark 1 lookup 100
x nft delete table ip watch
x nft add table ip watch
x nft 'add chain ip watch c { type filter hook output priority 0; }'
x nft 'add rule ip watch c ct state new counter'
missed "connection tracking of IPv4" 0 0
x nft delete table ip watch
taken
x nft add table netdev watch
x nft 'add chain netdev watch c { type filter hook ingress device bis0 priority 0; }'
missed "a chain at the device" 0 0
x nft delete table netdev watch
taken
x tc qdisc add dev bis0 clsact
x tc filter add dev bis0 egress matchall action ok
missed "a filter at the device" 0 0
x tc qdisc del dev bis0 clsact
taken
x tc qdisc add dev bis0 root pfifo
missed "a queue at the device" 0 0
x tc qdisc del dev bis0 root
taken
for dev in bis0 any; do
	spawn tap in_ns "$HOST" tcpdump -lnpi $dev -w "$TMP/$dev.pcap" tcp port 5002
	tap=$PID
	wait_for grep -q 'listening on' "$TMP/tap" || bail "tcpdump listens"
	missed "tcpdump -i $dev" 0 0
	stop "$tap"
	taken
done
spawn tap in_ns "$HOST" python3 -c "
import socket, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x800))
s.bind(('bis0', 0x800))
print('ready', flush=True)
time.sleep(1000)"
wait_for grep -q ready "$TMP/tap" || bail "a packet socket"
missed "a packet socket for IPv4 at the device" 0 0
stop "$PID"
taken
x ip xfrm policy add src 2001:db8:ff::/64 dst 2001:db8:fe::/64 dir in action block
missed "an IPsec policy for what comes in" + 0
x ip xfrm policy flush
taken
for key in ip_early_demux tcp_early_demux; do
	x sysctl -qw net.ipv4.$key=0
	missed "$key=0" + 0
	x sysctl -qw net.ipv4.$key=1
done
taken

# IPsec of IPv6 that sends by IPv4 what it has wrapped, to where it came from: each round is longer, until none fits.
if x ip xfrm state add src $SELF4 dst $SERVER4 proto esp spi 1 mode tunnel enc 'cipher_null' '' auth 'digest_null' '' &&
	x ip xfrm policy add src $SOURCE/128 dst $SERVER6/128 dir out tmpl src $SELF4 dst $SERVER4 proto esp mode tunnel; then
	before=$(count out_direct)
	x python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(10):
    s.sendto(b'x', ('$SERVER4', 9))"
	ok "a loop through IPsec ends" test $(($(count out_direct) - before)) -le 200
	x ip xfrm policy flush
	x ip xfrm state flush
else
	point 1 "IPsec can be set"
fi
taken

# A program of the control group judges what its sockets send.
cat >"$TMP/judge.py" <<'PY'
# judge.py CGROUP VERDICT COMMAND...: in a control group with a program for what it sends that returns VERDICT.
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, *fields):
    attr = ctypes.create_string_buffer(struct.pack("=" + fields[0], *fields[1:]).ljust(128, b"\0"))
    fd = libc.syscall(321, command, attr, 128)
    if fd < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return fd


code = struct.pack("=BBhiBBhi", 0xb7, 0, 0, int(sys.argv[2]), 0x95, 0, 0, 0)	# r0 = VERDICT; exit
code_at, license = ctypes.create_string_buffer(code), ctypes.create_string_buffer(b"GPL")
program = bpf(5, "IIQQIIQII16sII", 8, 2, ctypes.addressof(code_at), ctypes.addressof(license), 0, 0, 0, 0, 0, b"", 0, 1)	# BPF_PROG_LOAD, CGROUP_SKB, CGROUP_INET_EGRESS
bpf(8, "IIII", os.open(sys.argv[1], os.O_RDONLY), program, 1, 0)	# BPF_PROG_ATTACH
open(sys.argv[1] + "/cgroup.procs", "w").write("0")
os.execvp(sys.argv[3], sys.argv[3:])
PY
cgroup=$TMP/cgroup
mkdir "$cgroup" && mount -t cgroup2 none "$cgroup" || bail "control groups"
mkdir "$cgroup/umx-direct"
out=$(count out_direct)
is "a program of the control group lets packets go" \
	"$(x python3 "$TMP/judge.py" "$cgroup/umx-direct" 1 python3 "$TMP/rounds.py" 20 2>&1)" 20
is "it has seen them all" "$(since out_direct "$out")" 0
missed "a process of another group" + +
like "a program that lets none go" \
	"$(x python3 "$TMP/judge.py" "$cgroup/umx-direct" 0 timeout 3 python3 "$TMP/rounds.py" 1 2>&1; echo "ended $?")" \
	'Operation not permitted|ended 124'
is "none went" "$(since out_direct "$out")" "$OUTS"
rmdir "$cgroup/umx-direct"
umount "$cgroup"

# --- when something changes ----------------------------------------------------------------------------------------

# changed NAME DO UNDO WHAT: within a connection; WHAT came of the round trip between.
changed()
{
	rounds 20 "$2" "$3"
	is "$1" "$OUT" "20, $4, 20"
}
changed "nothing" true true answered
ok "all directly ($OUTS $INS)" test "$OUTS" -ge 42 -a "$INS" -ge 38
changed "the source is no address of the host" "ip addr del $SOURCE/64 dev eth0" \
	"ip addr add $SOURCE/64 dev eth0 nodad preferred_lft 0" "timed out"
changed "the pair is gone" "umctl bis map del $SERVER4" "umctl bis map add $SERVER4 $SERVER6" "timed out"
changed "the device is down" "ip link set bis0 down" "ip link set bis0 up; ip -4 route replace 198.18.0.0/15 dev bis0" "timed out"
changed "no route to the server" "ip -6 route add blackhole $SERVER6/128" "ip -6 route del blackhole $SERVER6/128" "timed out"
changed "IPv4 has no route to it" "ip -4 route add blackhole $SERVER4/32" "ip -4 route del blackhole $SERVER4/32" "timed out"
changed "a rule drops it at IPv4's way out" \
	"nft 'table ip w { chain c { type filter hook postrouting priority 0; tcp dport 5002 drop; }; }'" \
	"nft delete table ip w" "timed out"
changed "a rule drops it at IPv6's way in" \
	"nft 'table ip6 w { chain c { type filter hook input priority 0; tcp sport 5002 drop; }; }'" \
	"nft delete table ip6 w" "timed out"
changed "a rule drops it at IPv4's way in" \
	"nft 'table ip w { chain c { type filter hook prerouting priority 0; tcp sport 5002 drop; }; }'" \
	"nft delete table ip w" "timed out"
changed "another MTU" "ip link set eth0 mtu 1400; ip link set bis0 mtu 1380" \
	"ip link set eth0 mtu 1500; ip link set bis0 mtu 1480" "answered"
taken

# --- under traffic -------------------------------------------------------------------------------------------------

spawn load in_ns "$HOST" sh -c "while :; do python3 $TMP/rounds.py 1000; done"
load=$PID
for _ in 1 2 3 4 5; do
	b map del $SERVER4
	b map add $SERVER4 $SERVER6
	b spool del
	bis_up
	x ip link set bis0 down
	x ip link set bis0 up
	x ip -4 route replace 198.18.0.0/15 dev bis0
done
ok "the spool off and on five times works" wait_for -t 30 x python3 "$TMP/rounds.py" 10
ip netns pids "$HOST" | xargs -r kill -KILL
stop "$load" KILL
taken

# --- a source that the host uses, too ------------------------------------------------------------------------------

b spool del
b spool add 198.18.0.0/15 source $NATIVE shared idle 1 incoming refuse || bail "a shared spool"
b map add $SERVER4 $SERVER6 || bail "a pair"
missed "a shared source" + +
in=$(count in_direct)
is "a connection of IPv6 from there" "$(TO=$SERVER6 x python3 "$TMP/rounds.py" 20)" 20
is "is IPv6's" "$(since in_direct "$in")" 0
# The kernel remembers that there were rules, when there are none any more.
x ip -6 rule add from 2001:db8:ff::/64 table main
missed "rules of IPv6 routing" + 0
b spool del
not_ok "no spool: IPv4 goes nowhere" x timeout 5 python3 "$TMP/rounds.py" 1
del_ns "$HOST"
ok "the module unloads" wait_for -t 30 rmmod umx_bis
finish

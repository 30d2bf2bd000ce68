#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns what a machine does that is saved once and restored twice: it prints the addresses it gives out, before
# and after ("restored" runs it, and compares).
#
# "was POOL ADDR": given out, or reserved for somebody, before. "gave POOL ADDR": given out by a copy.

set -eu

# until_it COMMAND...: a minute at most.
until_it()
{
	local n

	for ((n = 0; n < 300; n++)); do
		! "$@" || return 0
		sleep 0.2
	done
	echo "no end of waiting: $*" >&2
	return 1
}

# draw WORD POOL COUNT: SSAs for port 80.
draw()
{
	yes "ssa add port 80 pool $2 lifetime 3000" | head -n "$3" | umctl -b - | sed "s/^/$1 $2 /"
}

# reserved WORD: what port 81 has ready, and what the link's pool has.
reserved()
{
	umctl -j addr show state uncertain | jq -r --arg word "$1" '.[] | "\($word) \(.pool) \(.address)"'
}

# has POOL COUNT: so many are reserved of it.
has()
{
	[ "$(umctl -j addr show state uncertain | jq --arg pool "$1" '[.[] | select(.pool == $pool)] | length')" = "$2" ]
}

restored()
{
	grep -q "reseeded due to virtual machine fork" <(dmesg)
}

modprobe umx
ip link add one type veth peer name two
ip link set one up
ip link set two up
ip addr add 2001:db8:e::1/64 dev one nodad
umctl pool add keyed prefix 2001:db8:a::/64 key /root/key
umctl pool add drawn prefix 2001:db8:b::/64
umctl pool add random prefix 2001:db8:c::/64 gen random
umctl pool add small prefix 2001:db8:d::/96 key /root/key
umctl pool add ready prefix 2001:db8:f::/64 gen random
umctl pool add link prefix 2001:db8:e::/64 type onlink dev one ready 32
umctl listener set port 80 mode das pool random
umctl listener set port 81 mode auto pool ready
python3 -c "import socket, time; s = socket.create_server((\"::\", 81), family=socket.AF_INET6, backlog=16); time.sleep(1e6)" &
server=$!
until_it has link 32
until_it has ready 16

for pool in keyed drawn random small; do
	draw was "$pool" 100
done
reserved was
echo "<4>umx-fork: now" >/dev/kmsg
until_it restored
# nothing but the kernel's own message has told the module
for pool in keyed drawn random; do
	draw gave "$pool" 500
done
umctl ssa add port 80 pool small 2>&1 | sed 's/^/small: /' || :
umctl ssa lease port 81 | sed 's/^/gave leased /'
until_it has ready 15
until_it has link 0
reserved gave
umctl pool reserve keyed key /root/key
draw gave keyed 500
kill "$server"

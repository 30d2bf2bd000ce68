# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what fcnal-test.sh of 6.1's stable series calls without having it: those who took in its newer version
# left out the library it came with. Without it a client does not wait for its server.

# slowwait SECONDS COMMAND...: until COMMAND succeeds; its output.
slowwait()
{
	local end=$((SECONDS + $1)) out

	shift
	until out=$("$@"); do
		[ "$SECONDS" -lt "$end" ] || break
		sleep 0.1
	done
	echo "$out"
}

# wait_local_port_listen NAMESPACE PORT PROTOCOL
wait_local_port_listen()
{
	local i

	for i in $(seq 50); do
		[ -z "$(ip netns exec "$1" ss -Hln "--$3" "sport = :$2")" ] || break
		sleep 0.05
	done
}

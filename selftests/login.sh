# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns a host one can log in to: stock sshd, and a client's configuration for it.

# login NS: sshd there, and $TMP/ssh.conf for the client: nothing but keys.
login()
{
	mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f "$TMP/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$TMP/client_key"
	printf 'myhost %s\n' "$(cut -d' ' -f1-2 "$TMP/host_key.pub")" >"$TMP/known_hosts"
	cat >"$TMP/ssh.conf" <<-CONF
		HostKeyAlias myhost
		UserKnownHostsFile $TMP/known_hosts
		IdentityFile $TMP/client_key
		User root
		BatchMode yes
		LogLevel ERROR
		ConnectTimeout $((20 * SLOW))
	CONF
	spawn_listener sshd "$1" 22 /usr/sbin/sshd -D -e -h "$TMP/host_key" -o PidFile=none -o UsePAM=no \
		-o StrictModes=no -o AuthorizedKeysFile="$TMP/client_key.pub" -o PermitRootLogin=yes \
		-o MaxStartups=100
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the cache directory: where it is, its locks, its content keys, and the progress line.

: "${UMX_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/umx}"
export UMX_CACHE

SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# say TEXT: one progress line on stderr, with the seconds since the start.
say()
{
	printf 'umx %4ds  %s\n' "$SECONDS" "$*" >&2
}

die()
{
	printf 'umx: %s\n' "$*" >&2
	exit 1
}

# need COMMAND PACKAGE: the host must have COMMAND.
need()
{
	command -v "$1" >/dev/null && return
	if [ "$(id -u)" = 0 ]; then
		say "installing $2"
		{ apt-get install -y --no-install-recommends "$2" ||
		  { apt-get update && apt-get install -y --no-install-recommends "$2"; }
		} >"$UMX_CACHE/apt.log" 2>&1 && return
		tail -n 5 "$UMX_CACHE/apt.log" >&2
	fi
	die "$1 is missing: run 'apt-get install --no-install-recommends $2' as root, then start again."
}

# need_root WHAT: building roots takes chroot() and mounts.
need_root()
{
	[ "$(id -u)" = 0 ] ||
		die "$1 must be done as root once: run the same command with sudo and UMX_CACHE=$UMX_CACHE."
}

# locked NAME COMMAND...: run COMMAND while holding the cache's lock NAME; says so when it has to wait.
# The function runs in a subshell, so that the lock goes away with it whatever happens.
locked()
(
	name=$1
	shift
	mkdir -p "$UMX_CACHE/lock"
	exec 9>"$UMX_CACHE/lock/$name"
	if ! flock -n 9; then
		say "waiting for another run to finish with $name"
		flock 9
	fi
	"$@"
)

# key_of PATH...: a hash of names, modes and contents below PATHs of the checkout.
key_of()
{
	(cd "$SRC" && find "$@" -type f ! -name '*.o' ! -name '*.ko' ! -name '*.cmd' ! -name '*.mod*' \
		! -name '.*.d' ! -path '*/__pycache__/*' -print0 2>/dev/null | sort -z |
		xargs -0r sha256sum) | sha256sum | cut -c1-16
}

# fresh FILE KEY / stamp FILE KEY: is what FILE stands for up to date with KEY?
fresh()
{
	[ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

stamp()
{
	printf '%s\n' "$2" >"$1.new" && mv "$1.new" "$1"
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the roots: one Debian tree per release that builds, one that guests boot into, one for QEMU.
#
# Where packages come from is read from the machine's own apt configuration; another suite of the same
# archive is derived from it. On a machine that does not use Debian's archive set UMX_MIRROR.

packages()
{
	grep -v '^#' "$SRC/selftests/vm/$1.packages"
}

# mirror LABEL: the URI of the archive the host uses for packages labelled so ("Debian", "Debian-Security").
mirror()
{
	if [ "$1" = Debian ] && [ -n "${UMX_MIRROR:-}" ]; then
		echo "$UMX_MIRROR"
		return
	fi
	apt-get indextargets --format '$(LABEL)|$(ORIGIN)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
		awk -F'|' -v l="$1" '$1 == l && $2 == "Debian" && $3 == "main" { print $4; exit }'
}

# sources RELEASE: the sources.list of a root of RELEASE, its backports included.
sources()
{
	local main security key=${UMX_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
	local opt="[signed-by=$key]"

	main=$(mirror Debian)
	security=$(mirror Debian-Security)
	if [ -z "$main" ]; then
		[ "$(id -u)" = 0 ] && apt-get update >/dev/null 2>&1 && main=$(mirror Debian)
		[ -n "$main" ] || die "apt knows no Debian archive here: run 'apt-get update', or set UMX_MIRROR to the URI of one."
	fi
	[ -e "$key" ] || die "$key is missing: run 'apt-get install debian-archive-keyring' as root."
	echo "deb $opt $main $1 main"
	echo "deb $opt $main $1-updates main"
	echo "deb $opt $main $1-backports main"
	[ -z "$security" ] || echo "deb $opt $security $1-security main"
}

# root_dir NAME: where root NAME (RELEASE-build, RELEASE-guest, RELEASE-qemu) lives.
root_dir()
{
	echo "$UMX_CACHE/roots/$1"
}

# root_key NAME: what decides whether root NAME is as it should be.
root_key()
{
	echo "3 ${1##*-} $(packages "${1##*-}" | paste -sd,)" | sha256sum | cut -c1-16
}

# root_make NAME: make root NAME unless it is there and its list of packages is unchanged.
root_make()
{
	fresh "$(root_dir "$1").key" "$(root_key "$1")" || locked "root-$1" root_make_locked "$1"
}

root_make_locked()
{
	local name=$1 release=${1%-*} kind=${1##*-} dir key list start=$SECONDS
	local -a opts=()

	dir=$(root_dir "$name")
	list=$(packages "$kind" | paste -sd,)
	key=$(root_key "$name")
	fresh "$dir.key" "$key" && return
	need_root "Fetching the packages of $release"
	need mmdebstrap mmdebstrap
	say "fetching and unpacking $name ($(packages "$kind" | wc -l) packages and what they need)"
	rm -rf "$dir" "$dir.key"
	mkdir -p "$(dirname "$dir")"
	chmod 755 "$UMX_CACHE" "$UMX_CACHE/roots"
	apt-config dump | grep -E '^Acquire::(http|https|ftp|Retries)' >"$dir.apt" || :
	case $kind in
	# The emulator is only run by path, so unpacking it is enough; the newer one is the one that boots all.
	qemu)	opts+=(--variant=extract
		       --aptopt='APT::Default-Release "'"$release"'-backports"') ;;
	build)	opts+=(--variant=apt --skip=cleanup/apt/lists) ;;
	# jq 1.6 compiles its library at every start: 0.2 s in a guest, where gojq takes 0.04.
	guest)	opts+=(--variant=apt --customize-hook='ln -s gojq "$1/usr/bin/jq"') ;;
	esac
	sources "$release" |
	DEBIAN_FRONTEND=noninteractive mmdebstrap --mode=root "${opts[@]}" \
		--aptopt="$dir.apt" --aptopt='Acquire::Languages "none"' \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--dpkgopt='path-exclude=/usr/share/info/*' \
		--include="$list" "$release" "$dir" - >"$dir.log" 2>&1 || {
		tail -n 20 "$dir.log" >&2
		die "making $name failed, see $dir.log."
	}
	stamp "$dir.key" "$key"
	say "$name is there after $((SECONDS - start)) s"
}

# in_root NAME COMMAND...: run COMMAND inside root NAME as root, with /proc and /dev there (objtool needs /proc)
# and the debug kernel's tree, which outlives roots, in /usr/src/debug. The mounts live in a mount namespace of
# their own and end with it.
in_root()
{
	local dir
	dir=$(root_dir "$1")
	shift
	need_root "Building in $dir"
	mkdir -p "$dir/usr/src/debug" "$dir/umx" "$UMX_CACHE/debug"
	unshare --mount --pid --fork --kill-child -- bash -euc '
		dir=$1; shift
		mount --make-rprivate /
		mount --bind "$dir" "$dir"
		mount -t proc proc "$dir/proc"
		mount --rbind /dev "$dir/dev"
		mount --bind "$UMX_CACHE/debug" "$dir/usr/src/debug"
		[ ! -e /etc/resolv.conf ] || cp -L /etc/resolv.conf "$dir/etc/resolv.conf"
		# not chroot(): user namespaces cannot be made in there
		mkdir -p "$dir/umx/old"
		cd "$dir"
		pivot_root . umx/old
		cd /
		busybox umount -l /umx/old
		exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
			DEBIAN_FRONTEND=noninteractive MAKEFLAGS= "$@"
	' bash "$dir" "$@" </dev/null
}

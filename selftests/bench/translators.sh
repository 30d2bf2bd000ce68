# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the other translators: Jool and TAYGA, from the distribution's packages, in the cache. Jool's modules are
# built from the source its dkms package brings.

TRANSLATORS='jool-dkms jool-tools tayga'

# translators_make KERNEL: afterwards the variable translators is the directory to share with the guest.
translators_make()
{
	local release rest root key

	read -r release rest <<<"$(matrix_row "$1")"
	root=$release-build
	root_make "$root"
	kernel_make "$1"
	key=$(cat "$(root_dir "$root").key" "$(kernel_dir "$1")/key" "${BASH_SOURCE[0]}" | sha256sum | cut -c1-16)
	translators=$UMX_CACHE/translators-$1/$key
	[ -e "$translators" ] || locked "root-$root" translators_make_locked "$1" "$root"
}

translators_make_locked()
{
	local log=$UMX_CACHE/translators.log

	[ ! -e "$translators" ] || return 0
	say "building $TRANSLATORS"
	# shellcheck disable=SC2016
	in_root "$2" bash -euc '
		release=$1
		shift
		rm -rf /umx/translators
		mkdir -p /umx/translators
		cd /umx/translators
		apt-get update
		for package; do
			apt-get -o APT::Sandbox::User=root download "$package"
			dpkg-deb -x "$package"_*.deb .
			rm "$package"_*.deb
		done
		source=$(echo "$PWD"/usr/src/jool-dkms-*)
		for part in common nat64 siit; do
			make -C "/lib/modules/$release/build" M="$source/src/mod/$part" modules
			cp "$source/src/mod/$part"/*.ko .
		done
		rm -rf usr/src usr/share
	' bash "$(kernel_release "$1")" $TRANSLATORS >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "the other translators do not build, see $log."
	}
	rm -rf "${translators%/*}"
	mkdir -p "${translators%/*}"
	mv "$(root_dir "$2")/umx/translators" "$translators"
}

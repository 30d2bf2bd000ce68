# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what is carried into a guest: the modules as dkms installs them, the tools, the selftests.
#
# Each is a tar unpacked over the root of the guest, named by the hash of what went into it: a changed source file
# makes a new one of its kind, and two checkouts can share the cache.

# sources of the modules, of the tools, of the tests' own programs, relative to the checkout
MODULE_SOURCES=(Kbuild Makefile dkms.conf kernel.config include compat modules)
TOOL_SOURCES=(include modules/umx tools)

# payload_make KERNEL: make what is missing; afterwards the variable payload holds the tars.
payload_make()
{
	local release rest root base key

	read -r release rest <<<"$(matrix_row "$1")"
	root=$release-build
	mkdir -p "$UMX_CACHE/payload"
	payload=()

	key=$(echo "4 $(key_of "${MODULE_SOURCES[@]}") $(cat "$(kernel_dir "$1")/key")" | sha256sum | cut -c1-16)
	payload_one "modules-$1" "$key" "$root" modules_build "$1"
	base=$(cat "$(root_dir "$root").key")
	key=$(echo "2 $(key_of "${TOOL_SOURCES[@]}") $base" | sha256sum | cut -c1-16)
	payload_one "tools-$root" "$key" "$root" tools_build
	key=$(echo "2 $(key_of selftests include/uapi tools docs) $base" | sha256sum | cut -c1-16)
	payload_one "selftests-$root" "$key" "$root" selftests_build
}

# payload_one KIND KEY ROOT FUNCTION [ARG]: FUNCTION ROOT TAR LOG [ARG] makes TAR unless it is there.
payload_one()
{
	local kind=$1 key=$2 root=$3 tar

	shift 3
	tar=$UMX_CACHE/payload/$kind-$key.tar
	payload+=("$tar")
	touch -c "$tar" 2>/dev/null || : # still in use
	[ -e "$tar" ] || locked "root-$root" payload_one_locked "$kind" "$tar" "$root" "$@"
}

payload_one_locked()
{
	local kind=$1 tar=$2 root=$3 build=$4

	shift 4
	[ ! -e "$tar" ] || return 0 # made by another run meanwhile
	"$build" "$root" "$tar.new" "$UMX_CACHE/payload/$kind.log" "$@"
	mv "$tar.new" "$tar"
	# the last few are enough
	find "$UMX_CACHE/payload" -name "$kind-*.tar" -printf '%T@ %p\n' | sort -rn | tail -n +9 | cut -d' ' -f2- |
		xargs -r rm -f
}

# export_to ROOT DIR PATH...: copy PATHs of the checkout to DIR of ROOT, nothing that was built in the checkout.
export_to()
{
	local dir
	dir=$(root_dir "$1")$2
	shift 2
	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$SRC" && for p in "$@"; do [ ! -e "$p" ] || printf '%s\0' "$p"; done |
		tar -c --exclude='*.o' --exclude='*.ko' --exclude='*.cmd' --exclude='*.mod' \
		--exclude='*.mod.c' --exclude='__pycache__' --exclude='.*.d' --null -T -) | tar -x --no-same-owner -C "$dir"
}

modules_build()
{
	local root=$1 tar=$2 log=$3 name=$4 rel

	rel=$(kernel_release "$name")
	if ! grep -q '^obj-m' "$SRC/Kbuild" 2>/dev/null; then
		say "Kbuild lists no module: the guest will have none"
		tar -cf "$tar" -T /dev/null
		return
	fi
	say "dkms install for kernel $name ($rel)"
	export_to "$root" /umx/src/modules "${MODULE_SOURCES[@]}"
	in_root "$root" bash -euc '
		rel=$1
		name=umx
		version=$(sed -n "s/^PACKAGE_VERSION=\"\(.*\)\"/\1/p" /umx/src/modules/dkms.conf)
		# as on a machine that has never seen umx
		rm -rf "/var/lib/dkms/$name" /usr/src/$name-* "/lib/modules/$rel/updates"
		mv /umx/src/modules "/usr/src/$name-$version"
		dkms add -m "$name" -v "$version"
		dkms install -m "$name" -v "$version" -k "$rel" || {
			status=$?
			cat "/var/lib/dkms/$name/$version/build/make.log" || :
			exit $status
		}
		cat "/var/lib/dkms/$name/$version/$rel/x86_64/log/make.log" || :
		cd /
		mods=$(readlink -f /lib/modules)
		tar -cf "/umx/modules.tar" --transform "s,^,usr/lib/modules/," -C "$mods" \
			$(cd "$mods" && find "$rel" -maxdepth 1 -name "modules.*" -type f) \
			$(cd "$mods" && find "$rel/updates" -name "*.ko*")
	' bash "$rel" >"$log" 2>&1 || {
		grep -E -A3 'error|Error|warning' "$log" | head -n 60 >&2 || tail -n 20 "$log" >&2
		tail -n 3 "$log" >&2
		die "the modules do not build for kernel $name, see $log."
	}
	grep -E -A3 'warning:' "$log" >&2 || :
	mv "$(root_dir "$root")/umx/modules.tar" "$tar"
}

tools_build()
{
	local root=$1 tar=$2 log=$3

	say "building the tools for $root"
	export_to "$root" /umx/src/tools "${TOOL_SOURCES[@]}"
	in_root "$root" bash -euc '
		cd /umx/src/tools
		rm -rf /umx/tools
		mkdir -p /umx/tools/usr
		if [ -e tools/Makefile ]; then
			make -j"$(nproc)" -C tools all
			make -C tools install DESTDIR=/umx/tools PREFIX=/usr
		fi
		tar -cf /umx/tools.tar --owner=0 --group=0 -C /umx/tools $(ls /umx/tools)
	' bash >"$log" 2>&1 || {
		tail -n 30 "$log" >&2
		die "the tools do not build in $root, see $log."
	}
	mv "$(root_dir "$root")/umx/tools.tar" "$tar"
}

# The selftests as they stand in the checkout, at /umx/selftests, with the programs their Makefiles build; beside
# them the sources of the tools and the documents, which some tests compare with.
selftests_build()
{
	local root=$1 tar=$2 log=$3

	export_to "$root" /umx/src/tests/umx selftests include/uapi tools docs
	in_root "$root" bash -euc '
		cd /umx/src/tests/umx
		for m in $(grep -lE "^TEST_GEN_(FILES|PROGS)" selftests/*/Makefile || :); do
			make -j"$(nproc)" -C "${m%/Makefile}" all
		done
		tar -cf /umx/selftests.tar --owner=0 --group=0 -C /umx/src/tests umx/
	' bash >"$log" 2>&1 || {
		tail -n 30 "$log" >&2
		die "the programs of the selftests do not build in $root, see $log."
	}
	mv "$(root_dir "$root")/umx/selftests.tar" "$tar"
}

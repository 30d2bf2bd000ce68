# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the debug kernel: Debian's source of the release, tinyconfig plus debug.config, its build tree.

debug_source_there()
{
	[ -e "$UMX_CACHE/debug/linux/.unpacked" ]
}

# debug_source_make ROOT: the source the release ships is unpacked in the cache.
debug_source_make()
{
	! debug_source_there || return 0
	need_root "Fetching the kernel's source"
	say "fetching and unpacking the kernel's source"
	in_root "$1" bash -euc '
		cd /usr/src/debug
		rm -rf linux tree
		apt-get update
		apt-get -o APT::Sandbox::User=root download \
			"$(apt-cache depends linux-source | sed -n "s/.*Depends: //p")"
		dpkg-deb -x linux-source-*.deb tree
		mkdir linux
		tar -xf tree/usr/src/linux-source-*.tar.xz -C linux --strip-components=1
		rm -rf tree linux-source-*.deb
		touch linux/.unpacked
	' bash >"$UMX_CACHE/debug.log" 2>&1 || {
		tail -n 10 "$UMX_CACHE/debug.log" >&2
		die "fetching the kernel's source failed, see $UMX_CACHE/debug.log."
	}
}

debug_key()
{
	cat "$SRC/selftests/vm/debug.config" <(echo 1) | sha256sum | cut -c1-16
}

# debug_fresh ROOT: the kernel is built, and ROOT, perhaps made anew since, has its module tree.
debug_fresh()
{
	local dir

	dir=$(kernel_dir debug)
	fresh "$dir/key" "$(debug_key)" && [ -L "$(root_dir "$1")/lib/modules/$(cat "$dir/release")/build" ]
}

debug_make_locked()
{
	local root=$1 dir start=$SECONDS

	dir=$(kernel_dir debug)
	if fresh "$dir/key" "$(debug_key)"; then
		debug_place "$root"
		return
	fi
	need_root "Building the debug kernel"
	say "building the debug kernel (10 minutes or so; log in $dir/log)"
	mkdir -p "$dir"
	rm -f "$dir/key"
	cp "$SRC/selftests/vm/debug.config" "$(root_dir "$root")/umx/debug.config"
	debug_source_make "$root"
	in_root "$root" bash -euc '
		cd /usr/src/debug/linux
		make -s tinyconfig
		./scripts/kconfig/merge_config.sh -m .config /umx/debug.config
		echo "CONFIG_LOCALVERSION=\"-umx-debug\"" >>.config
		make -s olddefconfig
		# What the fragment asks for and this source knows must have come out as asked.
		grep -E "^CONFIG_.*=[^n]" /umx/debug.config | while read -r line; do
			grep -qxF "$line" .config || echo "not as asked: $line"
		done
		make -j"$(($(nproc) + 1))" bzImage modules
		rel=$(make -s kernelrelease)
		rm -rf "/lib/modules/$rel"
		make -s modules_install
		[ -e "/lib/modules/$rel/modules.dep" ] || depmod -a "$rel"
		echo "$rel" >/umx/kernel-debug
		cp arch/x86/boot/bzImage /umx/vmlinuz-debug
	' bash >"$dir/log" 2>&1 || {
		grep -E 'error|Error' "$dir/log" | tail -n 10 >&2 || tail -n 10 "$dir/log" >&2
		die "the debug kernel does not build, see $dir/log."
	}
	cp "$(root_dir "$root")/umx/kernel-debug" "$dir/release"
	cp "$(root_dir "$root")/umx/vmlinuz-debug" "$dir/vmlinuz"
	modules_keep debug "$root"
	stamp "$dir/key" "$(debug_key)"
	say "the debug kernel took $((SECONDS - start)) s"
}

# debug_place ROOT: give ROOT the module tree, which it has lost when it was made anew.
debug_place()
{
	local dir rel tree

	dir=$(kernel_dir debug)
	rel=$(cat "$dir/release")
	tree=$(root_dir "$1")/lib/modules/$rel
	[ ! -L "$tree/build" ] || return 0
	rm -rf "$tree"
	mkdir -p "${tree%/*}"
	cp -a "$dir/modules" "$tree"
	ln -s /usr/src/debug/linux "$tree/build"
}

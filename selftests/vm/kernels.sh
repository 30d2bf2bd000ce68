# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the kernels of the matrix: fetching a stock one into its release's root, and its initramfs.

# matrix_row NAME: "release suite flavour" of a kernel of the matrix.
matrix_row()
{
	awk -v k="$1" '!/^#/ && $1 == k { print $2, $3, $4; found = 1 } END { exit !found }' \
		"$SRC/selftests/matrix" ||
		die "no kernel '$1': the matrix has $(matrix_names | paste -sd' ')."
}

matrix_names()
{
	awk '!/^#/ && NF { print $1 }' "$SRC/selftests/matrix"
}

kernel_dir()
{
	echo "$UMX_CACHE/kernels/$1"
}

# kernel_release NAME: what uname -r says in it.
kernel_release()
{
	cat "$(kernel_dir "$1")/release"
}

# kernel_make NAME: the kernel, its headers and its module tree are in its root, its initramfs in the cache.
kernel_make()
{
	local release suite flavour

	read -r release suite flavour <<<"$(matrix_row "$1")"
	root_make "$release-build"
	if [ "$flavour" = source ]; then
		debug_fresh "$release-build" || locked "kernel-$1" debug_make_locked "$release-build"
	else
		stock_fresh "$1" "$release-build" || locked "root-$release-build" \
			stock_make_locked "$1" "$release-build" "$suite" "$flavour"
		initrd_fresh "$1" || locked "kernel-$1" initrd_make_locked "$1" "$release-build"
	fi
}

stock_key()
{
	echo "3 $(matrix_row "$1") $(cat "$(root_dir "$2").key")"
}

# stock_fresh NAME ROOT: the kernel is there, and ROOT, perhaps made anew since by another checkout, has its headers.
stock_fresh()
{
	local dir

	dir=$(kernel_dir "$1")
	fresh "$dir/key" "$(stock_key "$1" "$2")" &&
		[ -L "$(root_dir "$2")/lib/modules/$(cat "$dir/release")/build" ]
}

stock_make_locked()
{
	local name=$1 root=$2 suite=$3 flavour=$4 dir

	dir=$(kernel_dir "$name")
	! stock_fresh "$name" "$root" || return 0
	need_root "Fetching kernel $name"
	say "fetching kernel $name from $suite"
	mkdir -p "$dir"
	rm -f "$dir/key"
	in_root "$root" bash -euc '
		name=$1 suite=$2 flavour=$3
		apt-get update
		rel=$(apt-cache search --names-only "^linux-headers-${name//./\\.}[.][^ ]*-$flavour\$" |
			sed "s/^linux-headers-//; s/ .*//" | sort -V | tail -n 1)
		[ -n "$rel" ] || { echo "$suite has no kernel $name-*-$flavour any more."; exit 1; }
		# The headers, what of the kernel they stand on, and the image, which newer releases split in three.
		packages="linux-headers-$rel $(apt-cache depends "linux-headers-$rel" |
			sed -En "s/.*Depends: (linux-(headers|kbuild|base)-.*)/\1/p")"
		for p in "linux-image-$rel" "linux-modules-$rel" "linux-binary-$rel"; do
			! apt-cache show --no-all-versions "$p" >/dev/null 2>&1 || packages+=" $p"
		done
		# Unpacked, not installed: the packages would want a boot loader and an initramfs of their own.
		tmp=$(mktemp -d /umx/kernel.XXXXXX)
		trap "rm -rf $tmp" EXIT
		cd "$tmp"
		apt-get -o APT::Sandbox::User=root download $packages
		for deb in *.deb; do
			dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C / --exclude=./usr/share/doc
		done
		depmod -a "$rel"
		for image in "/boot/vmlinuz-$rel" "/lib/modules/$rel/vmlinuz"; do
			[ ! -e "$image" ] || mv "$image" "/umx/vmlinuz-$name"
		done
		echo "$rel" >"/umx/kernel-$name"
	' bash "$name" "$suite" "$flavour" >"$dir/log" 2>&1 || {
		tail -n 5 "$dir/log" >&2
		die "fetching kernel $name failed, see $dir/log."
	}
	cp "$(root_dir "$root")/umx/kernel-$name" "$dir/release"
	cp "$(root_dir "$root")/umx/vmlinuz-$name" "$dir/vmlinuz"
	modules_keep "$name" "$root"
	stamp "$dir/key" "$(stock_key "$name" "$root")"
	say "kernel $name is $(cat "$dir/release")"
}

# modules_keep NAME ROOT: keep the module tree as it came, for the image; dkms will write into the original.
modules_keep()
{
	local dir

	dir=$(kernel_dir "$1")
	rm -rf "$dir/modules"
	cp -a "$(root_dir "$2")/lib/modules/$(cat "$dir/release")" "$dir/modules"
	rm -rf "$dir/modules/updates" "$dir/modules/build" "$dir/modules/source"
}

initrd_key()
{
	echo "$(cat "$(kernel_dir "$1")/key") $(key_of selftests/vm/initrd)"
}

initrd_fresh()
{
	fresh "$(kernel_dir "$1")/initrd.key" "$(initrd_key "$1")"
}

# The initramfs: busybox, the modules of the disks, and a script that mounts vda and hands over.
initrd_make_locked()
{
	local name=$1 root=$2 dir rel

	dir=$(kernel_dir "$name")
	rel=$(cat "$dir/release")
	! initrd_fresh "$name" || return 0
	cp "$SRC/selftests/vm/initrd" "$(root_dir "$root")/umx/initrd-$name"
	in_root "$root" bash -euc '
		name=$1 rel=$2
		tmp=$(mktemp -d)
		trap "rm -rf $tmp" EXIT
		cd "$tmp"
		mkdir bin dev proc sys root mod
		cp /bin/busybox bin/
		cp "/umx/initrd-$name" init
		chmod 755 init
		for m in virtio_pci virtio_blk virtio_console virtio_rng ext4; do
			modprobe -S "$rel" --show-depends "$m" 2>/dev/null || :
		done | awk "\$1 == \"insmod\" && !seen[\$2]++ { print \$2 }" >list
		n=100
		while read -r ko; do
			n=$((n + 1))
			case $ko in
			*.xz)	xz -dc "$ko" >"mod/$n.ko" ;;
			*.zst)	zstd -dcq "$ko" >"mod/$n.ko" ;;
			*)	cp "$ko" "mod/$n.ko" ;;
			esac
		done <list
		rm list
		find . | cpio -o -H newc --quiet | gzip -1 >"/umx/initrd-$name.gz"
	' bash "$name" "$rel"
	cp "$(root_dir "$root")/umx/initrd-$name.gz" "$dir/initrd.gz"
	stamp "$dir/initrd.key" "$(initrd_key "$name")"
}

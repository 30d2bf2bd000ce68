# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the disks of a guest: the image with its userland and the kernel's own modules, and the share.

MKFS=(mkfs.ext4 -q -F -O '^has_journal,^resize_inode' -E lazy_itable_init=0 -m 0)

# image_make KERNEL: $(kernel_dir KERNEL)/image.ext4 is there and up to date.
image_make()
{
	local release rest

	read -r release rest <<<"$(matrix_row "$1")"
	root_make "$release-guest"
	image_fresh "$1" "$release-guest" || locked "image-$1" image_make_locked "$1" "$release-guest"
}

image_key()
{
	cat "$(root_dir "$2").key" "$(kernel_dir "$1")/key" "$SRC/selftests/vm/boot" <(echo 1) | sha256sum | cut -c1-16
}

image_fresh()
{
	fresh "$(kernel_dir "$1")/image.key" "$(image_key "$1" "$2")"
}

image_make_locked()
{
	local name=$1 root dir rel size

	root=$(root_dir "$2")
	dir=$(kernel_dir "$name")
	rel=$(kernel_release "$name")
	! image_fresh "$1" "$2" || return 0
	need_root "Making the image of kernel $name"
	need mkfs.ext4 e2fsprogs
	say "making the image of kernel $name"
	rm -f "$dir/image.key"
	size=$(($(du -sm "$root" | cut -f1) + $(du -sm "$dir/modules" | cut -f1) + 3072))
	unshare --mount -- bash -euc '
		root=$1 modules=$2 rel=$3 boot=$4 image=$5 size=$6
		shift 6
		mount --make-rprivate /
		mkdir -p "$root/umx" "$root/lib/modules/$rel"
		install -m 755 "$boot" "$root/umx/boot"
		printf "127.0.0.1 localhost\n::1 localhost\n" >"$root/etc/hosts"
		: >"$root/etc/resolv.conf"
		mount --bind "$modules" "$root/lib/modules/$rel"
		rm -f "$image"
		truncate -s "${size}M" "$image"
		"$@" -d "$root" "$image"
	' bash "$root" "$dir/modules" "$rel" "$SRC/selftests/vm/boot" "$dir/image.new" "$size" "${MKFS[@]}"
	chmod 644 "$dir/image.new"
	mv "$dir/image.new" "$dir/image.ext4"
	stamp "$dir/image.key" "$(image_key "$1" "$2")"
}

# share_make DIR IMAGE: a disk holding DIR.
share_make()
{
	local size files

	[ -d "$1" ] || die "--share $1: no such directory."
	need mkfs.ext4 e2fsprogs
	size=$(($(du -sm --apparent-size "$1" | cut -f1) + $(du -sm "$1" | cut -f1) + 16))
	files=$(($(find "$1" | wc -l) + 1024))
	truncate -s "${size}M" "$2"
	"${MKFS[@]}" -N "$files" -d "$1" "$2"
}

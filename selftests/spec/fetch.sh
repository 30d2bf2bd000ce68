# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the fetching of the kernel's schemas of netlink specifications, once, into the cache.

schemas=$UMX_CACHE/schemas

# schema_make: they are there. They come in the documentation of the newest kernel the last release of the matrix has:
# 40 MB, where the source is 150.
schema_make()
{
	local release suite rest root

	read -r release suite rest < <(matrix_row "$(matrix_names | grep -vx debug | tail -n 1)")
	root=$release-build
	[ ! -e "$schemas/genetlink.yaml" ] || return 0
	root_make "$root"
	locked "root-$root" schema_make_locked "$root" "$suite"
}

schema_make_locked()
{
	[ ! -e "$schemas/genetlink.yaml" ] || return 0
	say "fetching the kernel's schemas of netlink specifications"
	in_root "$1" bash -euc '
		rm -rf /umx/schemas
		mkdir -p /umx/schemas/partial
		cd /umx/schemas
		apt-get update
		apt-get -y -t "$1" --no-install-recommends --download-only -o APT::Sandbox::User=root \
			-o Dir::Cache::archives=/umx/schemas install linux-doc
		for package in linux-doc-[0-9]*.deb; do
			dpkg-deb --fsys-tarfile "$package" | tar -x --wildcards --strip-components=7 \
				"*/Documentation/netlink/genetlink*.yaml.gz"
		done
		gunzip genetlink*.yaml.gz
		rm -rf -- *.deb partial lock
		[ -e genetlink.yaml ]
	' bash "$2" >"$UMX_CACHE/schemas.log" 2>&1 || {
		tail -n 10 "$UMX_CACHE/schemas.log" >&2
		die "fetching the kernel's schemas failed, see $UMX_CACHE/schemas.log."
	}
	rm -rf "$schemas"
	mv "$(root_dir "$1")/umx/schemas" "$schemas"
}

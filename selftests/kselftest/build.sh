# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the tree of Linux's own selftests: built from the release's kernel source, kept in the cache.

# what is taken from tools/testing/selftests, and the make targets left out there: they want clang, or libnuma, or
# (tls) a hand
KSFT_FOLDERS=(net net/mptcp netfilter)
KSFT_WITHOUT='nat6to4.o reuseport_bpf_numa tls'

# ksft_make: afterwards the variable ksft_tree is the directory to share with the guest.
ksft_make()
{
	local root=bookworm-build key

	root_make "$root"
	debug_source_there || locked kernel-debug debug_source_make "$root"
	key=$({
		cat "$(root_dir "$root").key" "$SRC/selftests/kselftest/build.sh" "$SRC/selftests/kselftest/packages"
		head -n 5 "$UMX_CACHE/debug/linux/Makefile"
	} | sha256sum | cut -c1-16)
	ksft_tree=$UMX_CACHE/kselftest/$key
	[ -e "$ksft_tree" ] || locked "root-$root" ksft_make_locked "$root" "$ksft_tree"
}

ksft_make_locked()
{
	local root=$1 tree=$2 log=$UMX_CACHE/kselftest.log

	[ ! -e "$tree" ] || return 0
	say "building Linux's selftests (${KSFT_FOLDERS[*]})"
	cp "$SRC/selftests/kselftest/packages" "$(root_dir "$root")/umx/kselftest.packages"
	in_root "$root" bash -euc '
		without=" $1 "
		shift
		source=/usr/src/debug/linux/tools/testing/selftests
		rm -rf /umx/kselftest
		mkdir -p /umx/kselftest/root
		for folder; do
			out=/umx/kselftest/$folder
			mkdir -p "$out"
			cd "$source/$folder"
			find . -maxdepth 1 -type f ! -name "*.[cho]" ! -name Makefile -exec cp -t "$out" {} +
			# what their Makefile would build, less what it could not
			make -pnq OUTPUT="$out" all 2>/dev/null | sed -n "s/^TEST_GEN_\(FILES\|PROGS\) :*= *//p" | tr " " "\n" |
				while read -r target; do
					[[ -z $target || $without == *" ${target##*/} "* ]] || echo "$target"
				done >/umx/kselftest.targets
			make -s -j"$(nproc)" OUTPUT="$out" $(cat /umx/kselftest.targets)
		done
		# tls.c: tests of rekeying, which 6.1 has not, were taken in without the helper they call. Those with
		# twelve processes take minutes in an emulator. It is IPv4 throughout: the same again as IPv6.
		awk "/^TEST_F\(.*(rekey|mutliproc)/ { out = 1 } !out; /^}/ { out = 0 }" "$source/net/tls.c" >/umx/tls.c
		sed "s/struct sockaddr_in addr;/struct sockaddr_in6 addr = { 0 };/; s/sin_family = AF_INET;/sin6_family = AF_INET6;/
			s/sin_addr.s_addr = htonl(INADDR_ANY)/sin6_addr = in6addr_any/; s/sin_port/sin6_port/
			s/socket(AF_INET,/socket(AF_INET6,/" /umx/tls.c >/umx/tls6.c
		for name in tls tls6; do
			gcc -w -O2 -iquote "$source/net" -D"tls_crypto_info_init(v,c,t,...)=tls_crypto_info_init(v,c,t)" \
				-o "/umx/kselftest/net/$name" "/umx/$name.c"
		done
		cd /umx/kselftest/root
		apt-get update
		for package in $(grep -v "^#" /umx/kselftest.packages); do
			apt-get -o APT::Sandbox::User=root download "$package"
			dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x --exclude=./usr/share
			rm "$package"_*.deb
		done
		# what the package would do when it is installed
		for name in iptables ip6tables; do
			ln -s "$name-nft" "usr/sbin/$name"
		done
	' bash "$KSFT_WITHOUT" "${KSFT_FOLDERS[@]}" >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "Linux's selftests do not build, see $log."
	}
	rm -rf "$UMX_CACHE/kselftest"
	mkdir -p "$UMX_CACHE/kselftest"
	mv "$(root_dir "$root")/umx/kselftest" "$tree"
}

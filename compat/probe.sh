#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# This file owns the finding out of what a kernel's headers have: it tries to compile each compat/probe/NAME.c
# and writes a header that defines UMX_HAVE_NAME for those that do.
#
# usage: probe.sh HEADER KERNEL COMPILER FLAGS...
#
# Prints "ok", or why nothing could be found out. Does nothing when it was last run for the same kernel,
# flags and probes. Version numbers are no help here: stable kernels take interfaces from newer ones.

header=$1
kernel=$2
shift 2
dir=$(dirname "$0")/probe
config=include/generated/autoconf.h
[ -e "$config" ] || config=${kernel#* }/$config
key=$({ echo "$kernel $*"; ls -l --time-style=full-iso "$config"; cat "$0" "$dir"/*.c; } 2>/dev/null | cksum)
if [ "$(sed -n 's,^/\* probes: \(.*\) \*/$,\1,p' "$header" 2>/dev/null)" = "$key" ]; then
	echo ok
	exit
fi

mkdir -p "$(dirname "$header")"
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT

# probe NAME COMPILER FLAGS...: does NAME.c compile?
probe()
{
	name=$1
	shift
	"$@" -DKBUILD_MODNAME="\"$name\"" -DKBUILD_BASENAME="\"$name\"" -fsyntax-only -Werror -Wno-unused \
		-Wno-missing-prototypes -Wno-missing-declarations \
		-x c "$dir/$name.c" >"$tmp/$name.log" 2>&1 && : >"$tmp/$name.have"
}

for file in "$dir"/*.c; do
	probe "$(basename "$file" .c)" "$@" &
done
wait

# The one that every kernel passes tells a missing interface from headers that cannot be compiled at all.
if [ ! -e "$tmp/sane.have" ]; then
	echo "the headers of $kernel do not compile: $(grep -m 1 -E 'error|not found' "$tmp/sane.log" | tr -d '#$')"
	exit
fi
{
	echo "/* SPDX-License-Identifier: GPL-2.0 */"
	echo "/* This file owns what compat/probe.sh found out; it is written by it. */"
	echo "/* probes: $key */"
	for file in "$dir"/*.c; do
		name=$(basename "$file" .c)
		[ "$name" != sane ] || continue
		macro=UMX_HAVE_$(echo "$name" | tr a-z A-Z)
		if [ -e "$tmp/$name.have" ]; then
			echo "#define $macro 1"
		else
			echo "/* $macro: $(grep -m 1 -o 'error: .*' "$tmp/$name.log" | tr -d '*') */"
		fi
	done
} >"$header.$$" && mv "$header.$$" "$header" && echo ok

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns what the tests of the specifications share: where things are, and a specification with a mistake in it.

. "$(dirname "$0")/../lib.sh"
need python3
python3 -c 'import yaml, jsonschema' || bail "python3-yaml and python3-jsonschema are there"

here=$(dirname "$0")
docs=$here/../../docs/netlink
headers=$here/../../include/uapi/linux
families=(umx umx_anycast umx_preserve umx_bis)
: >"$TMP/out"

# wrong TEXT STATEMENT COMMAND...: COMMAND, given the specification of umx with that mistake as its last argument,
# finds it out.
wrong()
{
	local text=$1 statement=$2

	shift 2
	python3 "$here/wrong.py" "$docs/umx.yaml" "$statement" >"$TMP/umx.yaml" 2>"$TMP/err" &&
		"$@" "$TMP/umx.yaml" >"$TMP/out" 2>>"$TMP/err"
	grep -q '^not ok' "$TMP/out" && [ ! -s "$TMP/err" ]
	point $? "found out: $text" || diag "$(cat "$TMP/out" "$TMP/err")"
	: >"$TMP/out"
}

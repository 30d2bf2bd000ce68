#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umctl that need no module: what is wrong with a
# command line is said by name, with exit status 1; help, batches, completion
# and the manual agree with the binary.
#
#   UMCTL=../../tools/umctl/umctl ./usage.sh      (default: umctl of the PATH)

: "${UMCTL:=umctl}"
HERE=$(cd "$(dirname "$0")" && pwd)
MAN=$HERE/../../tools/umctl/man/umctl.8
COMPLETION=$HERE/../../tools/umctl/completion/umctl.bash

tests=0
failures=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

report()
{
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $2"
		sed 's/^/# out: /' "$tmp/out"
		sed 's/^/# err: /' "$tmp/err"
	fi
}

run()
{
	"$UMCTL" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
}

# usage SENTENCE WORD...: refused before the kernel is asked, saying SENTENCE.
usage()
{
	local sentence=$1
	shift
	run "$@"
	[ "$status" = 1 ] && [ ! -s "$tmp/out" ] && grep -qFx -- "umctl: $sentence" "$tmp/err"
	report $? "${*:-no words}: $sentence"
}

# completes "WORD..." "CANDIDATE...": the first words, the last one as far as it is typed.
completes()
{
	local words
	IFS=' ' read -ra words <<<"$1"
	case $1 in
	"" | *\ ) words+=("") ;;
	esac
	run __complete "${words[@]}"
	[ "$status" = 0 ] && [ "$(tr '\n' ' ' <"$tmp/out")" = "${2:+$2 }" ]
	report $? "completion of '$1' is '$2'"
}

if ! command -v "$UMCTL" >/dev/null; then
	echo "1..0 # SKIP there is no umctl"
	exit 4
fi
echo "TAP version 13"

# --- words ---
usage 'there is no object "foo"; "umctl help" lists them' foo
usage 'there is no option "-q"; "umctl -h" lists them' -q
usage 'option -n needs a value' -n
usage 'there is no network namespace "no.such.ns"' -n no.such.ns pool show
usage 'there is no process 4194305' -n pid:4194305 pool show
usage '"x" is not a process id' -n pid:x pool show
usage '"/dev/null" is not a network namespace' -n /dev/null pool show
usage 'pool has no command "sho"; "umctl pool help" lists them' pool sho
usage 'drain does not know "foo"' drain foo
usage 'version does not know "foo"' version foo

usage 'pool add needs NAME' pool add
usage 'pool add needs prefix' pool add p
usage '"prefix" needs a value: PREFIX' pool add p prefix
usage '"2001:db8::g/64" is not an IPv6 prefix' pool add p prefix 2001:db8::g/64
usage '"2001:db8::/129" is not an IPv6 prefix' pool add p prefix 2001:db8::/129
usage '"10.0.0.0/8" is not an IPv6 prefix' pool add p prefix 10.0.0.0/8
usage 'pool add does not know "foo"' pool add p prefix 2001:db8::/64 foo
usage '"prefix" is given twice' pool add p prefix 2001:db8::/64 prefix 2001:db8::/64
usage '"gen" takes random or sequential, not "dice"' pool add p prefix 2001:db8::/64 gen dice
usage '"type" takes routed, not "bridged"' pool add p prefix 2001:db8::/64 type bridged
usage '"a123456789b123456789c123456789de" is too long: a name has 31 characters at most' \
	pool add a123456789b123456789c123456789de prefix 2001:db8::/64
usage 'the name of "NAME" is empty' pool add "" prefix 2001:db8::/64
usage 'pool del needs NAME' pool del

usage 'ea add needs pool or legacy' ea add to 2001:db8::/32
usage '"fallback" takes legacy, not "drop"' ea add pool p fallback drop
usage 'ea del needs index or pool or legacy' ea del

usage 'listener set needs pid or port' listener set mode das
usage 'listener set needs mode' listener set port 80
usage '"0" is not a port: 1 to 65535' listener set port 0 mode das
usage '"65536" is not a port: 1 to 65535' listener set port 65536 mode das
usage '"http" is not a port: 1 to 65535' listener set port http mode das
usage '"0" is not a process id' listener set pid 0 mode das
usage '"ipv4" takes drop or keep, not "on"' listener set port 80 mode das ipv4 on
usage '"local" takes deny or allow, not "on"' listener set port 80 mode das local on

usage 'ssa add needs pid or port' ssa add
usage '"fe80::1%lo" is not an IPv6 address' ssa add port 80 addr fe80::1%lo
usage '"lifetime" takes a number up to 4294967295, not "1m"' ssa add port 80 lifetime 1m
usage '"lifetime" takes a number up to 4294967295, not "4294967296"' ssa add port 80 lifetime 4294967296
usage 'ssa del needs addr or port' ssa del
usage '"x" is not an IPv6 address' ssa del x
usage 'das needs PID' das
usage 'das needs ADDR' das 1 lo
usage '"1x" is not a process id' das 1x lo 2001:db8::1
usage '"state" takes tentative or uncertain or valid or closing or disposed, not "open"' addr show state open

# The usage line of the command follows the sentence.
run ssa del
grep -qx 'usage: umctl ssa del { \[addr\] ADDR | port N }' "$tmp/err"
report $? "a wrong word draws the usage of its command"

# The command by its other name.
ln -s "$(command -v "$UMCTL")" "$tmp/das"
"$tmp/das" >"$tmp/out" 2>"$tmp/err"
[ $? = 1 ] && grep -qx 'umctl: das needs PID' "$tmp/err"
report $? "das without words: das needs PID"

# A device is the kernel's to know.
run pool add p prefix 2001:db8::/64 dev no-such-dev
[ "$status" = 2 ] && [ ! -s "$tmp/out" ] &&
	grep -qx 'umctl: device no-such-dev is not in this network namespace' "$tmp/err"
report $? "a device that is not there: exit status 2"

# --- help ---
run
[ "$status" = 1 ] && [ ! -s "$tmp/out" ] && grep -q '^usage: umctl' "$tmp/err"
report $? "no words: usage, exit status 1"
run help
[ "$status" = 0 ] && [ ! -s "$tmp/err" ] && grep -q '^usage: umctl' "$tmp/out"
report $? "help: exit status 0"
run -V
[ "$status" = 0 ] && grep -qE '^umctl [0-9]+\.[0-9]+\.[0-9]+$' "$tmp/out"
report $? "-V prints a version"

# --- batches ---
printf '# a comment\n\n  \npool help # and another\nssa add port x\npool help\n' >"$tmp/batch"
run -b "$tmp/batch"
[ "$status" = 1 ] && grep -qFx "umctl: $tmp/batch:5: \"x\" is not a port: 1 to 65535" "$tmp/err" &&
	[ "$(grep -c '^umctl pool:' "$tmp/out")" = 1 ]
report $? "a batch stops at the first error and names its line"
"$UMCTL" -b - <"$tmp/batch" >"$tmp/out" 2>"$tmp/err"
[ $? = 1 ] && grep -qF 'umctl: stdin:5: ' "$tmp/err"
report $? "a batch from standard input"
usage "$tmp/none cannot be read: No such file or directory" -b "$tmp/none"
usage '-b FILE takes the commands from FILE, not from "pool"' -b "$tmp/batch" pool

# --- completion ---
completes "p" "pool"
completes "ss" "ssa"
completes "pool a" "add"
completes "pool add x " "prefix dev type gen reject"
completes "pool add x prefix 2001:db8::/64 gen s" "sequential"
completes "pool add x prefix 2001:db8::/64 g" "gen"
completes "pool add x dev lo d" ""
completes "-j -n pid:$$ listener set port 80 mode " "legacy das"
completes "listener set port 80 mode das ipv4 k" "keep"
completes "stats " "show help --explain"
completes "drain " "off help --abort"
completes "-" "-j -n -b -h -V"
completes "foo " ""
completes "das 1 l" "lo"

if [ -r "$COMPLETION" ]; then
	PATH=$(dirname "$(command -v "$UMCTL")"):$PATH bash -c '
		source "$1"
		COMP_WORDS=(umctl listener set port 80 m) COMP_CWORD=5
		_umctl umctl
		[ "${COMPREPLY[*]}" = mode ] || exit 1
		COMP_WORDS=(das 1 lo 2001:db8::1 p) COMP_CWORD=4
		_umctl das
		[ "${COMPREPLY[*]}" = port ]
	' bash "$COMPLETION" >"$tmp/out" 2>"$tmp/err"
	report $? "the shell's part of the completion"
fi

# --- the manual ---
if [ -r "$MAN" ]; then
	: >"$tmp/out"
	: >"$tmp/err"
	for object in $("$UMCTL" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
		"$UMCTL" "$object" help |
			sed -n "s/^  umctl $object \([a-z]*\).*/\1/p" |
			while read -r verb; do
				grep -qE "Nm umctl $object (.*)?$verb" "$MAN" || echo "umctl $object $verb" >>"$tmp/err"
			done
		grep -qE "Nm umctl $object" "$MAN" || echo "umctl $object" >>"$tmp/err"
	done
	[ ! -s "$tmp/err" ]
	report $? "the manual names every command"
	if command -v mandoc >/dev/null; then
		mandoc -T lint -W warning "$MAN" >"$tmp/out" 2>&1
		report $? "the manual is well formed"
	fi
fi

echo "1..$tests"
[ "$failures" = 0 ]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests of umctl that need no module: what is wrong with a
# command line is said by name, with exit status 1; help, batches, completion
# and the manual agree with the binary.

. "$(dirname "$0")/../lib.sh"
need umctl

# verdict STATUS TEXT: a point; what the last run printed is shown if it fails.
verdict()
{
	point "$1" "$2" || diag "out: $(cat "$TMP/out")"$'\n'"err: $(cat "$TMP/err")"
}

# run WORD...: leaves $status, $TMP/out, $TMP/err.
run()
{
	status=0
	umctl "$@" >"$TMP/out" 2>"$TMP/err" </dev/null || status=$?
}

# usage SENTENCE WORD...: refused before the kernel is asked, saying SENTENCE.
usage()
{
	local sentence=$1
	shift
	run "$@"
	[ "$status" = 1 ] && [ ! -s "$TMP/out" ] && grep -qFx -- "umctl: $sentence" "$TMP/err"
	verdict $? "${*:-no words}: $sentence"
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
	[ "$status" = 0 ] && [ "$(tr '\n' ' ' <"$TMP/out")" = "${2:+$2 }" ]
	verdict $? "completion of '$1' is '$2'"
}

# --- words ---
usage 'there is no object "foo"; "umctl help" lists them' foo
usage 'there is no option "-q"; "umctl -h" lists them' -q
usage 'there is no option "--json"; "umctl -h" lists them' --json pool
usage 'there is no option "-jq"; "umctl -h" lists them' -jq pool
usage 'option -n needs a value' -n
usage 'there is no network namespace "no.such.ns"' -n no.such.ns pool show
usage 'there is no process 4194305' -n pid:4194305 pool show
usage '"x" is not a process id' -n pid:x pool show
usage '"/dev/null" is not a network namespace' -n /dev/null pool show
usage 'pool has no command "sho"; "umctl pool help" lists them' pool sho
usage 'drain does not know "foo"' drain foo
usage 'version does not know "foo"' version foo
usage 'report does not know "foo"' report foo

usage 'pool add needs NAME' pool add
usage 'pool add needs prefix or addr' pool add p
usage '"prefix" needs a value: PREFIX' pool add p prefix
usage '"2001:db8::g/64" is not an IPv6 prefix' pool add p prefix 2001:db8::g/64
usage '"2001:db8::/129" is not an IPv6 prefix' pool add p prefix 2001:db8::/129
usage '"10.0.0.0/8" is not an IPv6 prefix' pool add p prefix 10.0.0.0/8
usage 'pool add does not know "foo"' pool add dev lo 2001:db8::1 foo
usage '"2001:db8::g" is not an IPv6 address' pool add dev lo 2001:db8::1 2001:db8::g
usage 'pool add does not know "foo"' pool add p prefix 2001:db8::/64 foo
usage '"prefix" is given twice' pool add p prefix 2001:db8::/64 prefix 2001:db8::/64
usage '"gen" takes random or sequential or traceable or list, not "dice"' pool add p prefix 2001:db8::/64 gen dice
usage '"type" takes routed or onlink, not "bridged"' pool add p prefix 2001:db8::/64 type bridged
usage '"a123456789b123456789c123456789de" is too long: a name has 31 characters at most' \
	pool add a123456789b123456789c123456789de prefix 2001:db8::/64
usage 'the name of "NAME" is empty' pool add "" prefix 2001:db8::/64
usage 'pool del needs NAME' pool del

usage 'ea add needs pool or legacy' ea add to 2001:db8::/32
usage '"fallback" takes legacy, not "drop"' ea add pool p fallback drop
usage '"uid" takes a user or a range of uids, not "1000-"' ea add pool p uid 1000-
usage '"uid" takes a user or a range of uids, not "no.such.user"' ea add pool p uid no.such.user
usage '"cgroup" needs a value: PATH' ea add pool p cgroup
usage 'ea del needs index or pool or legacy' ea del

usage 'limit set needs ea or ssa' limit set each
usage '"uid" takes a user, not "5-6"' limit set uid 5-6 ea 1
usage '"ea" takes a number up to 4294967294 or none, not "many"' limit set ea many
usage '"ssa" takes a number up to 4294967294 or none, not "4294967295"' limit set ssa 4294967295
usage 'limit del needs uid' limit del
usage 'listener set needs pid or port' listener set mode das
usage 'listener set needs mode' listener set port 80
usage '"0" is not a port: 1 to 65535' listener set port 0 mode das
usage 'listener rule add needs mode' listener rule add uid 1000
usage '"mode" takes legacy or das or auto, not "on"' listener rule add uid 1000 mode on
usage 'listener rule del needs index or mode' listener rule del uid 1000
usage '"65536" is not a port: 1 to 65535' listener set port 65536 mode das
usage '"http" is not a port: 1 to 65535' listener set port http mode das
usage '"0" is not a process id' listener set pid 0 mode das
usage '"ipv4" takes drop or keep, not "on"' listener set port 80 mode das ipv4 on
usage '"local" takes deny or allow, not "on"' listener set port 80 mode das local on
usage '"half_open" takes a number up to 255, not "256"' listener set port 80 mode das half_open 256
usage '"cookie_rate" takes a number up to 4294967295, not "-1"' listener set port 80 mode das cookie_rate -1

usage 'ssa add needs pid or port' ssa add
usage '"fe80::1%lo" is not an IPv6 address' ssa add port 80 addr fe80::1%lo
usage '"lifetime" takes a number up to 4294967295, not "1m"' ssa add port 80 lifetime 1m
usage '"lifetime" takes a number up to 4294967295, not "4294967296"' ssa add port 80 lifetime 4294967296
usage 'ssa lease needs port' ssa lease
usage 'ssa lease does not know "pool"' ssa lease port 80 pool x
usage 'ssa del needs addr or port' ssa del
usage '"x" is not an IPv6 address' ssa del x
usage 'name add needs SERVICE' name add
usage 'name add does not know "foo"' name add ssh foo
usage '"rate" takes a number up to 4294967295, not "x"' name add ssh rate x
usage 'name del needs id' name del
usage 'bis has no "pool"; "umctl bis help" lists what it has' bis pool
usage 'bis of what? "umctl bis help" lists what it has' bis
usage 'bis map has no command "ad"; "umctl bis map help" lists them' bis map ad
usage 'bis map add needs IPV4' bis map add
usage 'bis map add needs IPV6' bis map add 198.18.0.1
usage '"2001:db8::1" is not an IPv4 address' bis map add 2001:db8::1 198.18.0.1
usage '"198.18.0.1" is not an IPv6 address' bis map add 198.18.0.1 198.18.0.1
usage '"198.18.0.0/33" is not an IPv4 prefix' bis spool add 198.18.0.0/33 source 2001:db8::1
usage 'bis spool add needs source' bis spool add 198.18.0.0/15
usage 'bis eam add needs PREFIX6' bis eam add 192.0.2.0/24
usage '"64:ff9b::/129" is not an IPv6 prefix' bis prefix add 64:ff9b::/129
usage 'save needs FILE' save
usage 'restore needs FILE' restore
usage 'sync needs file' sync force
usage 'sync does not know "b"' sync a b
usage 'das needs PID' das
usage 'das needs ADDR' das 1 lo
usage '"1x" is not a process id' das 1x lo 2001:db8::1
usage '"state" takes tentative or uncertain or valid or closing or disposed, not "open"' addr show state open

# The usage line of the command follows the sentence.
run ssa del
grep -qx 'usage: umctl ssa del { \[addr\] ADDR | port N }' "$TMP/err"
verdict $? "a wrong word draws the usage of its command"

# The command by its other name.
ln -s "$(command -v umctl)" "$TMP/das"
status=0
"$TMP/das" >"$TMP/out" 2>"$TMP/err" || status=$?
[ "$status" = 1 ] && grep -qx 'umctl: das needs PID' "$TMP/err"
verdict $? "das without words: das needs PID"

# A device is the kernel's to know.
run pool add p prefix 2001:db8::/64 dev no-such-dev
[ "$status" = 2 ] && [ ! -s "$TMP/out" ] &&
	grep -qx 'umctl: device no-such-dev is not in this network namespace' "$TMP/err"
verdict $? "a device that is not there: exit status 2"

# A program that does not run, instead of a module that is not loaded.
run name show
[ "$status" = 2 ] && [ ! -s "$TMP/out" ] && grep -qx 'umctl: umx-dns does not answer here: it does not run' "$TMP/err"
verdict $? "umx-dns does not run: exit status 2"

# --- help ---
run
[ "$status" = 1 ] && [ ! -s "$TMP/out" ] && grep -q '^usage: umctl' "$TMP/err"
verdict $? "no words: usage, exit status 1"
run help
[ "$status" = 0 ] && [ ! -s "$TMP/err" ] && grep -q '^usage: umctl' "$TMP/out"
verdict $? "help: exit status 0"
run -V
[ "$status" = 0 ] && grep -qE '^umctl [0-9]+\.[0-9]+\.[0-9]+$' "$TMP/out"
verdict $? "-V prints a version"

# --- batches ---
printf '# a comment\n\n  \npool help # and another\nssa add port x\npool help\n' >"$TMP/batch"
run -b "$TMP/batch"
[ "$status" = 1 ] && grep -qFx "umctl: $TMP/batch:5: \"x\" is not a port: 1 to 65535" "$TMP/err" &&
	[ "$(grep -c '^umctl pool:' "$TMP/out")" = 1 ]
verdict $? "a batch stops at the first error and names its line"
status=0
umctl -b - <"$TMP/batch" >"$TMP/out" 2>"$TMP/err" || status=$?
[ "$status" = 1 ] && grep -qF 'umctl: stdin:5: ' "$TMP/err"
verdict $? "a batch from standard input"
usage "$TMP/none cannot be read: No such file or directory" -b "$TMP/none"
usage '-b FILE takes the commands from FILE, not from "pool"' -b "$TMP/batch" pool

# --- completion ---
completes "p" "pool preserve"
completes "ss" "ssa"
completes "rep" "report"
completes "pool a" "add"
completes "limit set each " "uid ea ssa"
completes "pool add x " "prefix dev type gen reject key host host_bits ready follow addr"
completes "pool add x prefix 2001:db8::/64 gen s" "sequential"
completes "pool add x prefix 2001:db8::/64 g" "gen"
completes "pool add x dev lo d" ""
completes "pool add dev lo 2001:db8::1 2001:db8::2 t" "type"
completes "ea add pool x " "legacy to uid cgroup fallback proto index"
completes "-j -n pid:$$ listener set port 80 mode " "legacy das auto"
completes "listener set port 80 mode das ipv4 k" "keep"
completes "listener r" "rule"
completes "listener rule add uid 1000 mode d" "das"
completes "stats " "show help --explain"
completes "name add ssh t" "totp token"
completes "drain " "off help --abort"
completes "-" "-j -n -b -h -V"
completes "foo " ""
completes "das 1 l" "lo"
completes "sync f" "file force"
completes "bi" "bis"
completes "bis " "spool map eam prefix port stats help"
completes "bis spool a" "add"
completes "bis spool add 198.18.0.0/15 s" "source shared self"
completes "bis stats show -" "--explain"
completes "sync file x " "dry-run -n force"

# first FILE...: the first that can be read: of the checkout, or installed.
first()
{
	local f

	for f; do
		[ ! -r "$f" ] || { echo "$f"; return; }
	done
}

tool=$(dirname "$0")/../../tools/umctl
script=$(first "$tool/completion/umctl.bash" /usr/share/bash-completion/completions/umctl)
bash -c '
	source "$1" || exit
	COMP_WORDS=(umctl listener set port 80 m) COMP_CWORD=5
	_umctl umctl m 80
	[ "${COMPREPLY[*]}" = mode ] || exit
	COMP_WORDS=(das 1 lo 2001:db8::1 p) COMP_CWORD=4
	_umctl das p 2001:db8::1
	[ "${COMPREPLY[*]}" = port ]
' bash "$script" >"$TMP/out" 2>"$TMP/err"
verdict $? "the shell's part of the completion"

# --- the manual ---
# page NAME: the file of NAME(8), or of the page it stands for.
page()
{
	local file to

	file=$(first "$tool/man/$1.8" "/usr/share/man/man8/$1.8")
	[ -n "$file" ] || return
	to=$(sed -n 's,^\.so man8/,,p' "$file")
	echo "${file%/*}/${to:-${file##*/}}"
}

run help
mapfile -t objects < <(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$TMP/out")
pages=("$(page umctl)")
for object in "${objects[@]}"; do
	page=$(page "umctl-$object")
	[ -r "$page" ] || { echo "no page umctl-$object(8)"; continue; }
	pages+=("$page")
	grep -qE "^\.It Xr (umctl-)?$object 8$" "${pages[0]}" || echo "$object in umctl(8)"
	grep -qE "^\.Nm umctl-$object( ,)?$" "$page" || echo "umctl-$object as a name of its page"
	run "$object" help
	# An object with one command and no word for it has none in its help either.
	verbs=$(sed -n "s/^  umctl $object \([a-z][a-z]*\).*/\1/p" "$TMP/out" | sort -u)
	for verb in ${verbs:-""}; do
		run "$object" "$verb" help
		if grep -q "^umctl $object $verb:" "$TMP/out"; then # a part
			verb=$(sed -n "s/^  umctl $object \($verb [a-z][a-z]*\).*/\1/p" "$TMP/out")
		fi
		while read -r words; do
			grep -qE "Nm umctl $object( .*)?\\b$words" "$page" || echo "umctl $object $words"
		done <<<"$verb"
	done
done >"$TMP/missing"
is "each object has its page, which names every command" "$(cat "$TMP/missing")" ""
if command -v mandoc >/dev/null; then
	ok "the manual is well formed" mandoc -T lint -W warning "${pages[@]}"
fi

finish

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns talking to an application: a program that does what each line of its input says, and answers each with
# one line.

# application NAME COMMAND...: one in the background, from now on.
application()
{
	local name=$1 in out

	shift
	mkfifo "$TMP/$name.in" "$TMP/$name.out"
	"$@" <"$TMP/$name.in" >"$TMP/$name.out" &
	lib_pids+=($!)
	exec {in}<>"$TMP/$name.in" {out}<>"$TMP/$name.out"
	printf -v "in_$name" %s "$in"
	printf -v "out_$name" %s "$out"
}

# does NAME WORD...: have it do something; its answer is in $SAID.
does()
{
	local in="in_$1" out="out_$1"

	shift
	echo "$*" >&"${!in}"
	SAID=
	read -r -t $((30 * SLOW)) -u "${!out}" SAID
}

# app NAME TEXT ANSWER WORD...: a point.
app()
{
	local who=$1 text=$2 wanted=$3

	shift 3
	does "$who" "$@"
	is "$text" "$SAID" "$wanted"
}

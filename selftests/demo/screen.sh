# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns how the story looks: numbered steps, typed commands with their output, and what was checked.
#
#	step "The client fetches a page."
#	typed "$CLIENT" client 'curl http://[2001:db8::1]/'	# leaves $OUT and $STATUS
#	check "the page came" test "$STATUS" = 0		# ends the story if not
#
# The caller has set COLOUR (always or never) and WIDTH.

screen_steps=0
screen_checks=0
STATUS=0
OUT=

if [ "$COLOUR" = always ]; then
	bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
	bold='' green='' red='' plain=''
fi

# wrapped FIRST REST: standard input, long lines broken at blanks; FIRST before each line, REST where it goes on.
wrapped()
{
	awk -v width="$WIDTH" -v first="$1" -v rest="$2" '
	{
		if (length(first $0) <= width) {
			print first $0
			next
		}
		match($0, /^ */)
		line = first substr($0, 1, RLENGTH)
		n = split($0, word, " ")
		empty = 1
		for (i = 1; i <= n; i++) {
			if (!empty && length(line) + 1 + length(word[i]) > width) {
				print line
				line = rest
				empty = 1
			}
			line = line (empty ? "" : " ") word[i]
			empty = 0
		}
		print line
	}'
}

# step TEXT: the next step, in a plain sentence.
step()
{
	screen_steps=$((screen_steps + 1))
	printf '\n%s' "$bold"
	wrapped '' '    ' <<<"$(printf '%2d. ' $screen_steps)$*"
	printf '%s' "$plain"
}

# note TEXT: a sentence between two commands.
note()
{
	wrapped '    ' '    ' <<<"$*"
}

prompt()
{
	printf '%s' "$bold"
	wrapped '    ' '        ' <<<"$1\$ $2"
	printf '%s' "$plain"
}

# show TEXT: what a command printed, without empty lines.
show()
{
	[ -z "$1" ] || grep . <<<"$1" | wrapped '      ' '          '
}

# quiet NS HOST COMMAND: run it in the directory of HOST; leaves $OUT and $STATUS.
quiet()
{
	STATUS=0
	OUT=$(cd "$TMP/$2" && in_ns "$1" bash -c "$3" 2>&1 </dev/null) || STATUS=$?
}

# typed NS HOST COMMAND: the same before the reader's eyes.
typed()
{
	prompt "$2" "$3"
	quiet "$@"
	show "$OUT"
}

# listed NS HOST COMMAND: the same, where an empty list is worth a word.
listed()
{
	typed "$@"
	[ -n "$OUT" ] || echo '      (nothing)'
}

# typed_background NS HOST COMMAND: the same, and go on meanwhile; its pid is in $PID.
typed_background()
{
	prompt "$2" "$3 &"
	spawn background in_ns "$1" bash -c "cd '$TMP/$2' && exec $3"
}

# check TEXT COMMAND...: the step has shown it; otherwise the story ends here.
check()
{
	local text=$1 status=0

	shift
	"$@" >/dev/null || status=$?
	if [ $status = 0 ]; then
		screen_checks=$((screen_checks + 1))
		printf '    %sok%s  ' "$green" "$plain"
		wrapped '' '        ' <<<"$text"
	else
		printf '    %snot so:%s %s\n' "$red" "$plain" "$text"
		printf '    %s -> status %s\n' "$*" $status
		story_end 1
	fi
}

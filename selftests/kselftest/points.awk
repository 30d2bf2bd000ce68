# SPDX-License-Identifier: GPL-2.0
# This file owns the reading of what Linux's selftests print: each in its own way, here one point a line.
#
# Reads what guest prints; prints, with tabs between,
#	point NAME RESULT TEXT					RESULT: ok, fail, skip
#	test NAME STATUS SECONDS CALLS PACKETS ARMED UNARMED
# Texts are stripped of what is another in every run: times, ports, sizes, random parts of names.

function result(word)
{
	word = tolower(word)
	if (word ~ /skip/)
		return "skip"
	return word ~ /fail|error/ ? "fail" : "ok"
}

function stripped(text)
{
	gsub(/\(duration[^)]*\)/, "", text)
	gsub(/[0-9]+(\.[0-9]+)? *(ms|us|ns|s|sec|seconds|bytes|KB|MB)([^a-z0-9]|$)/, " ", text)
	gsub(/ns-?[0-9A-Za-z_]*-[0-9A-Za-z]+(-[0-9A-Za-z]+)*/, "ns", text)
	gsub(/\/tmp\/[A-Za-z0-9.]+/, "file", text)
	gsub(/:1[0-9][0-9][0-9][0-9]/, ":port", text)
	gsub(/id:[0-9]+/, "id", text)
	gsub(/[ \t]+/, " ", text)
	sub(/^[ -]+/, "", text)
	sub(/[ :-]+$/, "", text)
	return text
}

function point(res, text)
{
	printf "point\t%s\t%s\t%s\n", name, res, stripped(text)
}

{
	gsub(/\033\[[0-9;]*[A-Za-z]|\r/, "")
}

/^@begin / { name = $2; title = ""; next }
/^@end / {
	sub(/^@end /, "test ")
	gsub(/ /, "\t")
	print
	name = ""
	next
}
name == "" { next }

# TAP
/^(not )?ok [0-9]+ / {
	res = /# SKIP/ ? "skip" : /^not/ ? "fail" : "ok"
	sub(/^(not )?ok [0-9]+ (- )?/, "")
	sub(/ *# SKIP.*/, "")
	point(res, $0)
	next
}

# 001 title      a text [ ok ], and further lines of that test without its title
/^[0-9][0-9][0-9] / { title = substr($0, 1, 40) }
/^                    / && title { $0 = title $0 }

# TEST: a text [ OK ], perhaps several on a line, perhaps with a reason behind
/\[ *(OK|ok|PASS|FAIL|fail|SKIP|skip|XFAIL) *\]/ {
	text = ""
	worst = "ok"
	while (match($0, /\[ *(OK|ok|PASS|FAIL|fail|SKIP|skip|XFAIL) *\]/)) {
		res = result(substr($0, RSTART, RLENGTH))
		if (res == "fail" || worst == "ok")
			worst = res
		text = text substr($0, 1, RSTART - 1)
		$0 = substr($0, RSTART + RLENGTH)
	}
	point(worst, text)
	next
}

# PASS: a text
/^[ \t]*(PASS|OK|FAIL|SKIP|ERROR|SUCCESS)([ :.]|$)/ {
	match($0, /PASS|OK|FAIL|SKIP|ERROR|SUCCESS/)
	res = result(substr($0, RSTART, RLENGTH))
	sub(/^[ \t]*[A-Z]+[ :.]*/, "")
	point(res, $0)
	next
}

# a text ... pass
/[.:] *(pass|ok|fail|OK|PASS|FAIL|skip|SKIP)$/ {
	match($0, /[A-Za-z]+$/)
	point(result(substr($0, RSTART)), substr($0, 1, RSTART - 1))
}

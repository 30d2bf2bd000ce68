# SPDX-License-Identifier: GPL-2.0
# This file owns the reading of what selftests/guest prints: one line per program, and the tally.
#
# Variables: kernel, tally (a file: "KERNEL PROGRAM PASSED FAILED SKIPPED" a line), strict (a skip is a failure).

function fail(text)
{
	failed++
	why = why "      " text "\n"
}

/^@begin / {
	program = $2
	passed = failed = skipped = lines = 0
	why = ""
	next
}

/^@end / {
	if ($3 == 4 && !passed && !failed)
		skipped += !skipped
	else if ($3 != 0 && !failed)
		fail("ended with status " $3)
	else if (!passed && !failed && !skipped)
		fail("not a single result")
	if (strict && skipped) {
		fail("skipped: " skipped ", which counts as failed here")
		failed += skipped - 1
		skipped = 0
	}
	printf "%-6s %-36s %4d passed%s%s %7.1f s\n", kernel, program, passed,
		failed ? sprintf(", %d failed", failed) : "", skipped ? sprintf(", %d skipped", skipped) : "", $4
	if (failed) {
		printf "%s", why
		printf "      last lines of %s:\n", program
		for (i = lines > 40 ? lines - 40 : 0; i < lines; i++)
			print "      | " line[i]
	}
	fflush()
	print kernel, program, passed, failed, skipped >>tally
	fflush(tally)
	program = ""
	next
}

/^(not )?ok / && / # SKIP/	{ skipped++ }
/^ok / && !/ # SKIP/		{ passed++ }
/^not ok / && !/ # SKIP/	{ fail($0) }
/^1\.\.0 # SKIP/		{ why = why "      " $0 "\n"; skipped++ }

program != "" { line[lines++] = $0 }

END {
	if (program != "") {
		printf "%-6s %-36s did not end\n", kernel, program
		for (i = lines > 40 ? lines - 40 : 0; i < lines; i++)
			print "      | " line[i]
		print kernel, program, passed, failed + 1, skipped >>tally
	}
}

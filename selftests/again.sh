# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# This file owns the second chance: a program that failed beside other guests runs once more with the machine to itself.
#
# A test that waits for a condition still has a bound, and a processor shared by two emulators and a compiler can
# stretch any bound. What fails again has failed. No second chance is given to a report of the kernel, to what failed on
# the host, or to anything at all when more than a few programs failed: that is no accident of time. A program that
# needed its second chance is named at the end of the run; its first output is kept.

AGAIN_MOST=3

# again_list: "KERNEL PROGRAM" of all that deserve it, from the tally.
again_list()
{
	awk -v most=$AGAIN_MOST '
		$4 { bad[$1 " " $2] = 1 }
		$4 && ($1 == "host" || $2 == "guest" || $6 == "report") { never[$1 " " $2] = 1 }
		END {
			for (p in bad) {
				n++
				if (!(p in never))
					list = list p "\n"
			}
			if (n <= most)
				printf "%s", list
		}' "$results/tally" | sort
}

# again: run them, and let their second results stand for their first.
again()
{
	local kernel program entry todo

	again_list >"$results/again"
	while read -r kernel program; do
		say "once more, alone: $program on $kernel"
		mapfile -t todo < <(programs "$kernel" | grep -F "$program:")
		entry="$kernel $program "
		grep -vF "$entry" "$results/tally" >"$results/tally.new" || :
		mv "$results/tally.new" "$results/tally"
		on_programs "$kernel" "$kernel-again-${program//\//-}" "${todo[@]}" </dev/null
	done <"$results/again"
}

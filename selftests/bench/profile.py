#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the table of instructions by function: each configuration beside plain.
"""usage: profile.py DIR CONFIGURATIONS TESTS [LINES]

DIR/log is what the guest printed (results, and "@ CONFIGURATION" before each line of /proc/kallsyms), DIR/count.N
what was counted in its N-th test; those of the round that warms up come first.
"""

import bisect
import sys
from collections import Counter, defaultdict

USER = 1 << 63


def read_log(path):
    symbols, results = defaultdict(dict), {}
    with open(path, encoding="ascii", errors="replace") as file:
        for line in file:
            word = line.split()
            if line.startswith("@") and word[3] in "tTwW":
                name = word[4] + (" " + word[5] if len(word) > 5 else "")
                symbols[word[1]].setdefault(int(word[2], 16), name)
            elif line.startswith("= "):
                results[word[2], word[3]] = int(word[4])
    return symbols, results


def read_count(path, symbols):
    starts = sorted(symbols)
    count = Counter()
    with open(path, encoding="ascii") as file:
        for line in file:
            address, n = line.split()
            address = int(address, 16)
            name = "(user space)"
            if address >= USER:
                name = symbols[starts[bisect.bisect_right(starts, address) - 1]]
            count[name] += int(n)
    return count


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    where, configs, tests = sys.argv[1], sys.argv[2].split(), sys.argv[3].split()
    lines = int(sys.argv[4]) if len(sys.argv) > 4 else 40
    symbols, operations = read_log(where + "/log")

    counts = {}
    window = len(tests)
    for config in configs:
        for test in tests:
            counts[config, test] = read_count(f"{where}/count.{window}", symbols[config])
            window += 1

    for config in configs[1:]:
        for test in tests:
            plain, ours, n = counts[configs[0], test], counts[config, test], operations[config, test]
            added = {name: (ours[name] - plain[name]) / n for name in plain | ours}
            print(f"{config} {test}, instructions per operation: {sum(plain.values()) / n:,.0f} in plain, "
                  f"{sum(added.values()):+,.0f}; of these")
            for name in sorted(added, key=lambda f: -abs(added[f]))[:lines]:
                if abs(added[name]) >= 1:
                    print(f"{added[name]:+10,.0f}  {name}")
            print()


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the comparison of the two settings: one line a test, and what is different in words.
#
# usage: compare.py DIRECTORY NAME...
#
# DIRECTORY holds plain-1, umx-1, plain-2, ... as points.awk has written them; tests that differ in a round are run
# again in the next. A test is the same when in one round both settings have ended with the same status and made the
# same points with the same results. With --differing the names of those that are not (yet) are printed, nothing else.

import collections
import os
import sys

Test = collections.namedtuple("Test", "status seconds calls packets armed unarmed points")


def read(path):
    """name -> Test of one run in one setting"""
    tests, points = {}, collections.defaultdict(collections.Counter)
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            kind, name, *rest = line.rstrip("\n").split("\t")
            if kind == "point":
                points[name][(rest[1], rest[0])] += 1
            else:
                tests[name] = Test(int(rest[0]), float(rest[1]), *map(int, rest[2:6]), points[name])
    return tests


def end(test):
    """how a test has ended, in a word"""
    if test is None:
        return "did not run"
    return {0: "ok", 4: "skipped", 124: "no end", 137: "no end"}.get(test.status, f"status {test.status}")


def cell(test):
    """its end, and its points by result"""
    if test is None or not test.points:
        return end(test)
    by = collections.Counter()
    for (_, result), n in test.points.items():
        by[result] += n
    return end(test) + ": " + ", ".join(f"{by[r]} {r}" for r in ("ok", "fail", "skip") if by[r])


def same(plain, umx):
    """A test without an end says nothing, one in namespaces without a pool proves nothing."""
    return (plain is not None and umx is not None and "no end" not in (end(plain), end(umx)) and not umx.unarmed and
            (plain.status, plain.points) == (umx.status, umx.points))


def difference(plain, umx):
    """lines of what one has and the other has not"""
    if plain is None or umx is None:
        return
    if umx.unarmed:
        yield f"{umx.unarmed} namespaces could not be armed"
    for sign, counter in (("plain", plain.points - umx.points), ("umx", umx.points - plain.points)):
        for (text, result), n in sorted(counter.items()):
            yield f"only {sign}: {result} {text}" + (f" ({n} times)" if n > 1 else "")


def main():
    args = sys.argv[1:]
    only_names = args[0] == "--differing"
    directory, *names = args[only_names:]
    rounds = []
    while os.path.exists(f"{directory}/umx-{len(rounds) + 1}"):
        n = len(rounds) + 1
        rounds.append((read(f"{directory}/plain-{n}"), read(f"{directory}/umx-{n}")))

    failed = 0
    if not only_names:
        print(f"{'test':<26} {'plain':<30} {'with umx':<30} {'':<9} {'calls':>7} {'packets':>8} {'s':>6}")
    for name in names:
        tries = [(p.get(name), u.get(name)) for p, u in rounds if name in p or name in u] or [(None, None)]
        plain, umx = tries[-1]
        good = same(plain, umx)
        failed += not good
        if only_names:
            if not good:
                print(name)
            continue
        verdict = ("same" if good else "DIFFERENT") + (f", try {len(tries)}" if len(tries) > 1 else "")
        calls, packets, seconds = (umx.calls, umx.packets, umx.seconds) if umx else (0, 0, 0)
        print(f"{name:<26} {cell(plain):<30} {cell(umx):<30} {verdict:<9} {calls:>7} {packets:>8} {seconds:>6.1f}")
        if not good:
            for line in list(difference(plain, umx))[:20]:
                print(f"    {line}")
    if only_names:
        return 0
    reached = sum(any(name in u and u[name].calls for _, u in rounds) for name in names)
    print(f"calls: of connect() and listen() that came to umx_tcp ({reached} tests have some); "
          "packets: that a hook of umx saw")
    # a report of the kernel, or modules that cannot be unloaded, belong to no test
    guests = [n for n, _ in enumerate(rounds, 1) if os.path.exists(f"{directory}/umx-{n}.bad")]
    for n in guests:
        with open(f"{directory}/umx-{n}.bad", encoding="utf-8") as file:
            print(f"try {n}, with umx: the {file.read().strip()}")
    print(f"{len(names) - failed} the same, {failed} different")
    print(f"{len(names) - failed} passed, {failed + len(guests)} failed")
    return failed + len(guests) > 0


sys.exit(main())

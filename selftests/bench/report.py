#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the tables: medians, ratios to plain, and the bars they must reach.
"""usage: report.py table|open|live FILE; exit status 1 when a bar is missed"""

import statistics
import sys
from collections import defaultdict

NS_PER_INSTRUCTION = 2

NAMES = {
    "plain": "plain",
    "off": "umx loaded, off",
    "ea": "EA on, server plain",
    "ssa": "SSA accept, client plain",
    "both": "EA and SSA, both ends",
    "idle": "umx_preserve loaded, off",
    "preserve": "umx_preserve, both ends, no move",
    "thesis": "umx_preserve, the thesis's form",
    "mptcp": "MPTCP, a second subflow",
    "bis_idle": "umx_bis loaded, off",
    "bis": "umx_bis: an IPv4 program, IPv6 path",
    "bis_rules": "umx_bis, with nftables chains",
    "router": "umx_bis, IPv4 to IPv6",
    "router_rules": "umx_bis, with an nftables chain",
    "siit": "Jool SIIT, IPv4 to IPv6",
    "nat64": "Jool NAT64, IPv4 to IPv6 by a static BIB",
    "tayga": "TAYGA, IPv4 to IPv6",
    "snat": "nftables snat fully-random",
    "freebind": "application: IPV6_FREEBIND + bind",
    "address": "/128 added and deleted",
    "thousand": "plain, 1,000 addresses on the interface",
    "conntrack": "conntrack active",
}

# configuration -> test -> (least ratio to plain, does the exit status depend on it)
BARS = {
    "off": {"crr": (0.995, True), "rr": (0.995, True), "bw": (0.995, True)},
    "ea": {"crr": (0.985, True), "rr": (0.990, True), "bw": (0.995, True)},
    "ssa": {"crr": (0.985, False)},
    "idle": {"crr": (0.995, True), "rr": (0.995, True), "bw": (0.995, True)},
    "preserve": {"crr": (0.95, False), "rr": (0.985, False), "bw": (0.995, False)},
    "both": {"rr": (0.985, False), "bw": (0.995, False)},
    "bis_idle": {"crr": (0.995, True), "rr": (0.995, True), "bw": (0.995, True)},
    "router": {"crr": (0.92, False), "rr": (0.94, False), "bw": (0.97, False), "bwoff": (0.85, False)},
    "bis": {"crr": (0.90, False), "rr": (0.92, False), "bw": (0.95, False)},
}

TESTS = {"crr": "connections", "rr": "round trips", "bw": "bulk", "bw512": "512-B writes", "bw2048": "2048-B writes",
         "bw8192": "8192-B writes", "bwoff": "no offloads",
         "pps": "datagrams"}
PER = {"crr": "connection", "rr": "round trip", "pps": "datagram"}


def table(lines):
    """= ROUND CONFIGURATION TEST OPERATIONS NANOSECONDS"""
    runs = defaultdict(list)
    order = []
    for line in lines:
        _, _, config, test, n, ns = line.split()
        runs[config, test].append(int(ns) / int(n))
        if config not in order:
            order.append(config)
    cost = {key: statistics.median(values) for key, values in runs.items()}
    tests = [t for t in TESTS if ("plain", t) in cost]

    plain = {t: cost["plain", t] for t in tests}
    units = {"crr": lambda ns: f"{1e9 / ns:,.0f}/s", "rr": lambda ns: f"{1e9 / ns:,.0f}/s",
             "pps": lambda ns: f"{1e9 / ns:,.0f}/s",
             "bw": lambda ns: f"{(1 << 20) * 1e3 / ns:,.0f} MB/s"}
    units.update({t: units["bw"] for t in TESTS if t.startswith("bw")})
    head = f"{'':40}" + "".join(f"{TESTS[t]:>14}" for t in tests) + "   added instructions per"
    print(head)
    print(f"{'':40}" + "".join(f"{units[t](plain[t]):>14}" for t in tests) +
          "".join(f"{PER.get(t, 'MB'):>12}" for t in tests))
    failed = False
    verdicts = []
    for config in order:
        row = f"{NAMES.get(config, config):40}"
        added = ""
        for t in tests:
            ratio = plain[t] / cost[config, t]
            bar, must = BARS.get(config, {}).get(t, (0, False))
            miss = ratio < bar
            failed |= miss and must
            row += f"{ratio:13.4f}" + ("!" if miss else " ")
            if bar:
                verdicts.append(f"{'FAIL' if miss else 'PASS'}  {NAMES[config]}, {TESTS[t]}: "
                                f"{ratio:.4f}, at least {bar}" + ("" if must else " (goal)"))
            delta = (cost[config, t] - plain[t]) / NS_PER_INSTRUCTION
            added += f"{delta:12,.0f}"
        print(row + ("" if config == "plain" else added))
    if "freebind" in order and "ea" in order:
        ea, free = (plain["crr"] / cost[c, "crr"] for c in ("ea", "freebind"))
        verdicts.append(f"{'PASS' if ea >= free else 'FAIL'}  {NAMES['ea']}, connections: {ea:.4f}, at least "
                        f"IPV6_FREEBIND's {free:.4f} (goal)")
    spread = max((max(runs["plain", t]) - min(runs["plain", t])) / plain[t] for t in tests)
    rounds = len(runs["plain", tests[0]])
    print(f"\nMedians of {rounds} rounds in one boot; plain differed by {spread:.2%} at most between rounds.")
    print("\n".join(verdicts))
    return failed


def curve(lines):
    """open CONFIGURATION OPEN NS-PER-CONNECT NS-PER-CONNECT-AND-BYTE"""
    points = defaultdict(dict)
    for line in lines:
        _, config, n, connect, _ = line.split()
        points[config][int(n)] = int(connect) / 1000
    marks = [n for n in (1000, 10000, 14000, 15000, 16000, 20000, 28000, 50000, 100000)
             if any(n in p for p in points.values())]

    def level(curve, n):
        """not the window itself: one in which a table grew counts for itself, below"""
        return statistics.median(us for at, us in curve.items() if n - 2000 <= at <= n)

    print(f"{'connect(), us, with so many open:':40}" + "".join(f"{n:>10,}" for n in marks))
    for config, p in points.items():
        print(f"{NAMES[config]:40}" + "".join(f"{p[n]:10.1f}" if n in p else f"{'-':>10}" for n in marks))
    ours = points["ea"]
    first, last = ours[1000], max(level(ours, n) for n in marks if n in ours)
    dearest = max(ours, key=lambda n: ours[n] if n > 1000 else 0)
    print(f"\n{'FAIL' if last > 1.1 * first else 'PASS'}  EA: at most {last / first - 1:+.1%} of the cost at 1,000, "
          f"bar +10 % (goal); dearest 1,000 connections: {ours[dearest]:.1f} us up to {dearest:,}")
    return False


def live(lines):
    """live POPULATION WHAT OPERATIONS NANOSECONDS, memory POPULATION BYTES"""
    cost, memory = defaultdict(dict), {}
    for line in lines:
        kind, population, *rest = line.split()
        if kind == "memory":
            memory[int(population)] = int(rest[0])
        else:
            cost[rest[0]][int(population)] = int(rest[2]) / int(rest[1]) / 1000
    populations = sorted(next(iter(cost.values())))
    print(f"{'us per request, with so many live:':40}" + "".join(f"{p:>12,}" for p in populations))
    verdicts = []
    for what, at in cost.items():
        print(f"{what:40}" + "".join(f"{at[p]:12.2f}" for p in populations))
        drift = max(at[p] / at[1000] - 1 for p in populations if p > 1000)
        verdicts.append(f"{'FAIL' if drift > 0.10 else 'PASS'}  {what}: {drift:+.1%} of the cost at 1,000, "
                        "at most +10 % (goal)")
    # a few addresses drown in what else the kernel does
    few = min(memory)
    for many in (p for p in populations if p >= 100_000):
        size = (memory[many] - memory[few]) / (many - few)
        verdicts.append(f"{'FAIL' if size > 256 else 'PASS'}  memory: {size:.0f} bytes each of {many:,} live addresses, "
                        "its part of the table included, at most 256 (goal)")
    print()
    print("\n".join(verdicts))
    return False


def main():
    kinds = {"table": table, "open": curve, "live": live}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="ascii") as file:
        sys.exit(1 if kinds[sys.argv[1]](file) else 0)


main()

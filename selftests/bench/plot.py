#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the plots, as SVG on standard output: curves with logarithmic axes; bars of ratios to plain.
"""usage: plot.py open|live|ratios FILE >SVG"""

import math
import statistics
import sys
from collections import defaultdict

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 150, 48, 56
COLOURS = ["#4c566a", "#b5432a", "#2a6fb5", "#2a8f5a"]


def read_open(file):
    names = {"plain": "plain", "ea": "EA"}
    curves = defaultdict(list)
    for line in file:
        _, config, n, connect, _ = line.split()
        curves[names.get(config, config)].append((int(n), int(connect) / 1000))
    return curves, "connect() to one server address and port", "connections open", "microseconds (500 instructions each)"


def read_live(file):
    curves = defaultdict(list)
    for line in file:
        if not line.startswith("live "):
            continue
        _, population, what, n, ns = line.split()
        curves[what].append((int(population), int(ns) / int(n) / 1000))
    return curves, "an address, by request over netlink", "addresses live", "microseconds (500 instructions each)"


def decades(low, high):
    return [10 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def text(x, y, what, anchor="middle", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {extra}>{what}</text>'


def draw(curves, title, x_label, y_label):
    points = [p for curve in curves.values() for p in curve]
    xs = decades(min(p[0] for p in points), max(p[0] for p in points))
    ys = decades(min(p[1] for p in points), max(p[1] for p in points))

    def at_x(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(x / xs[0]) / math.log10(xs[-1] / xs[0])

    def at_y(y):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * math.log10(y / ys[0]) / math.log10(ys[-1] / ys[0])

    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12" fill="#222">')
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield text(LEFT, 24, title, "start", 'font-size="15"')
    for x in xs:
        yield f'<path d="M{at_x(x):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield text(at_x(x), HEIGHT - BOTTOM + 18, f"{x:,}")
    for y in ys:
        yield f'<path d="M{LEFT} {at_y(y):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield text(LEFT - 8, at_y(y) + 4, f"{y:,}", "end")
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_label)
    yield text(18, (TOP + HEIGHT - BOTTOM) / 2, y_label, "middle",
               f'transform="rotate(-90 18 {(TOP + HEIGHT - BOTTOM) / 2})"')
    for colour, (name, curve) in zip(COLOURS, curves.items()):
        path = "L".join(f"{at_x(x):.1f} {at_y(y):.1f}" for x, y in curve)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield text(at_x(curve[-1][0]) + 8, at_y(curve[-1][1]) + 4, name, "start", f'fill="{colour}"')
    yield "</svg>"


def read_ratios(file):
    runs = defaultdict(list)
    for line in file:
        _, _, config, test, n, ns = line.split()
        runs[config, test].append(int(ns) / int(n))
    cost = {key: statistics.median(values) for key, values in runs.items()}
    configs = list(dict.fromkeys(config for config, _ in cost if config != "plain"))
    tests = list(dict.fromkeys(test for _, test in cost))
    return configs, tests, {key: cost["plain", key[1]] / value for key, value in cost.items()}


def draw_ratios(configs, tests, ratios):
    """A group of bars per test, one for each configuration; 1 is plain."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    bar = wide / (len(tests) * (len(configs) + 1))
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12" fill="#222">')
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield text(LEFT, 24, "ratio to plain, by instructions", "start", 'font-size="15"')
    for tenth in range(0, 11, 2):
        y = HEIGHT - BOTTOM - high * tenth / 10
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield text(LEFT - 8, y + 4, f"{tenth / 10:.1f}", "end")
    for i, test in enumerate(tests):
        left = LEFT + wide * i / len(tests) + bar / 2
        yield text(left + bar * len(configs) / 2, HEIGHT - BOTTOM + 18, test)
        for j, config in enumerate(configs):
            height = high * ratios[config, test]
            yield (f'<rect x="{left + bar * j:.1f}" y="{HEIGHT - BOTTOM - height:.1f}" width="{bar * 0.9:.1f}" '
                   f'height="{height:.1f}" fill="{COLOURS[j % len(COLOURS)]}"/>')
    for j, config in enumerate(configs):
        yield text(WIDTH - RIGHT + 8, TOP + 16 * (j + 1), config, "start", f'fill="{COLOURS[j % len(COLOURS)]}"')
    yield "</svg>"


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "ratios":
        with open(sys.argv[2], encoding="ascii") as file:
            print("\n".join(draw_ratios(*read_ratios(file))))
        return
    kinds = {"open": read_open, "live": read_live}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="ascii") as file:
        print("\n".join(draw(*kinds[sys.argv[1]](file))))


main()

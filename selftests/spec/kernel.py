#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the comparison of a specification with what the kernel says of the family: its commands and groups, the
# policy of each command, and the attributes of its answers.
#
# usage: kernel.py policy|replies SPECIFICATION
import sys
import genl
from spec import RANGES, Spec, point

DO, DUMP = 1, 2
HOW = {"do": DO, "dump": DUMP}
# enum netlink_attribute_type
TYPES = {1: "flag", 2: "u8", 3: "u16", 4: "u32", 5: "u64", 10: "binary", 11: "unterminated", 12: "string", 13: "nest"}
# enum netlink_policy_type_attr
TYPE, MIN_VALUE, MAX_VALUE, MIN_LENGTH, MAX_LENGTH = 1, 4, 5, 6, 7
UNS_ADMIN_PERM, ADMIN_PERM = 0x10, 1
WIDTHS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "flag": 0}


def said(policy):
    """A policy as the kernel describes it, in the form of Spec.policy()."""
    kind = TYPES.get(genl.number(policy[TYPE]), "unknown")
    values = {n: genl.number(v) for n, v in policy.items()}
    if kind in RANGES:
        return kind, values.get(MIN_VALUE), values.get(MAX_VALUE)
    if kind == "string":
        return kind, values.get(MIN_LENGTH, 0), values.get(MAX_LENGTH)
    if kind == "binary":
        return kind, values.get(MIN_LENGTH), values.get(MAX_LENGTH)
    return (kind,)


def families_match(family, spec):
    ops = {n: op for n, op in spec.commands().items() if "event" not in op}
    point(family.version == spec.yaml["version"], f"{spec.family}: version", family.version)
    point(family.groups == spec.groups, f"{spec.family}: multicast groups", family.groups)
    point(set(family.ops) == set(ops), f"{spec.family}: the kernel has these commands, and no other",
          sorted(family.ops))
    for n, op in ops.items():
        flags = family.ops.get(n, 0)
        handlers = {how for how in HOW if flags & HOW[how] << 1}
        point(handlers == set(HOW) & set(op), f"{op['name']} is a request or a dump", handlers)
        perm = ["uns-admin-perm"] * bool(flags & UNS_ADMIN_PERM) + ["admin-perm"] * bool(flags & ADMIN_PERM)
        point(perm == op.get("flags", []), f"{op['name']} asks for privilege", perm)


def policies_match(family, spec):
    policies = family.policies()
    for n, op in spec.commands().items():
        for how in HOW:
            if how not in op:
                continue
            wanted = {a: spec.policy(attribute) for a, attribute in spec.listed(op, how, "request").items()}
            got = {a: said(policy) for a, policy in policies.get((n, HOW[how]), {}).items()}
            point(set(wanted) == set(got), f"{op['name']} takes these attributes, and no other",
                  f"the kernel takes {sorted(got)}, the specification says {sorted(wanted)}")
            for a, attribute in spec.listed(op, how, "request").items():
                point(wanted[a] == got.get(a), f"{op['name']}: {attribute['name']}",
                      f"the kernel says {got.get(a)}, the specification {wanted[a]}")


def value_fits(spec, attribute, data):
    kind = attribute["type"]
    if kind in WIDTHS:
        enum = attribute.get("enum")
        return len(data) == WIDTHS[kind] and (not enum or genl.number(data) < len(spec.definitions[enum]["entries"]))
    if kind == "string":
        return data.endswith(b"\0") and data.find(b"\0") == len(data) - 1
    if kind == "binary":
        return len(data) == attribute["checks"]["exact-len"]
    if kind == "nest":
        inner = spec.attributes(attribute["nested-attributes"])
        return all(n in inner and value_fits(spec, inner[n], value) for n, value in genl.attrs(data))
    return kind == "pad"


def answers_match(spec, op, how, answers):
    """Every attribute of the answers is listed and fits; returns the names of those that came."""
    listed = spec.listed(op, how, "reply")
    pads = {n for n, a in spec.attributes(op["attribute-set"]).items() if a["type"] == "pad"}
    strange, misfits, seen = set(), set(), set()
    for n, data in (pair for answer in answers for pair in answer):
        if n in pads:
            continue
        if n not in listed:
            strange.add(n)
        elif not value_fits(spec, listed[n], data):
            misfits.add(listed[n]["name"])
        else:
            seen.add(listed[n]["name"])
    point(not strange, f"{op['name']} answers with these attributes, and no other", strange)
    point(not misfits, f"{op['name']} answers with values that fit", misfits)
    missing = {a["name"] for a in listed.values()} - seen
    point(not missing, f"{op['name']}: every attribute was seen", missing)


def replies_match(family, spec):
    for n, op in spec.commands().items():
        if "dump" in op:
            verbose = [a for a, x in spec.listed(op, "dump", "request").items() if x["name"] == "verbose"]
            request = b"".join(genl.attr(a, b"") for a in verbose)
            answers_match(spec, op, "dump", genl.ask(family.id, n, genl.DUMP, request))
        elif op["name"] in ("version-get", "drain"):
            answers_match(spec, op, "do", genl.ask(family.id, n))


def main():
    spec = Spec(sys.argv[2])
    family = genl.Family(spec.family)
    if sys.argv[1] == "policy":
        families_match(family, spec)
        policies_match(family, spec)
    else:
        replies_match(family, spec)


main()

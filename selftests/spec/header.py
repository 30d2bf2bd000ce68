#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the comparison of a specification with the uapi header of its family.
#
# usage: header.py HEADER SPECIFICATION
import re, sys
from spec import Spec, point

TYPES = {"padding": "pad"}
LENGTHS = {"in4": 4, "in6": 16}
KINDS = r"in4|in6|padding|string|u8|u16|u32|u64|flag|nest|\w+ bytes"


def header_defines(text):
    """Name -> value, of the header's #defines but the guard."""
    found = {}
    for name, value in re.findall(r"^#define\s+(\w+)[ \t]+(\S.*)$", text, re.M):
        value = re.sub(r"/\*.*", "", value).strip()
        if re.fullmatch(r"0x[\da-f]+|[\d\s()*+-]+", value):
            found[name] = eval(value)  # nothing but numbers and signs
        else:
            found[name] = value.strip('"')
    return found


def header_enums(text):
    """Name -> (kernel-doc, public members, private members)."""
    found = {}
    pattern = r"/\*\*\n \* enum (\w+) - (.*?)\*/\nenum \1 \{\n(.*?)\n\};"
    for name, doc, body in re.findall(pattern, text, re.S):
        public, _, private = body.partition("/* private: */")
        found[name] = (doc, re.findall(r"(\w+),", public), " ".join(private.split()))
    return found


def compare(text, spec):
    defines, enums = header_defines(text), header_enums(text)
    undocumented = set(re.findall(r"^enum (\w+)", text, re.M)) - set(enums)
    point(not undocumented, f"{spec.family}: every enum of the header has its kernel-doc", undocumented)

    wanted = spec.constants()
    for name in sorted(set(wanted) | set(defines)):
        point(wanted.get(name) == defines.get(name), f"constant {name}",
              f"the header says {defines.get(name)}, the specification {wanted.get(name)}")

    wanted = spec.enums()
    for name in sorted(set(wanted) | set(enums)):
        doc, public, private = enums.get(name, ("", [], ""))
        members = wanted.get(name, [])
        point(members == public, f"enum {name}",
              f"only in the header: {[m for m in public if m not in members]}, only in the specification: "
              f"{[m for m in members if m not in public]}; else it is the order")
        for member in public:
            if not member.endswith("_UNSPEC"):
                point(f"@{member}:" in doc, f"{member} has its kernel-doc")
        end = re.fullmatch(r"__(\w+_MAX), \1 = __\1 - 1", private)
        point(end is not None, f"enum {name} ends with its maximum", private)

    for s in spec.sets.values():
        name = s["enum-name"].replace("-", "_")
        doc, public, _ = enums.get(name, ("", [], ""))
        everywhere = re.search(r"all (\w+)$", doc.partition("\n")[0])
        for member, attribute in zip(public[1:], s["attributes"]):
            said = re.search(rf"@{member}: ({KINDS})\b", doc) or everywhere
            length = LENGTHS.get(said[1], defines.get(said[1].removesuffix(" bytes"))) if said else None
            kind = "binary" if length else said and TYPES.get(said[1], said[1])
            point(kind == attribute["type"], f"type of {member}",
                  f"the header says {kind}, the specification {attribute['type']}")
            if length:
                point(attribute.get("checks") == {"exact-len": length}, f"length of {member}", attribute.get("checks"))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    spec = Spec(sys.argv[2])
    point(not spec.undocumented(), f"{spec.family}: everything says what it means", spec.undocumented())
    compare(text, spec)


main()

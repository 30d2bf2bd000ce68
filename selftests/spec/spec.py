# SPDX-License-Identifier: GPL-2.0
# This file owns the reading of a specification: what it says, in the names of C and the numbers of netlink.
import yaml

RANGES = {"u8": 0xff, "u16": 0xffff, "u32": 0xffffffff, "u64": 0xffffffffffffffff}


def upper(*parts):
    return "-".join(parts).replace("-", "_").upper()


def lower(*parts):
    return "-".join(parts).replace("-", "_")


def entry_name(entry):
    return entry if isinstance(entry, str) else entry["name"]


class Spec:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.yaml = yaml.safe_load(file)
        self.family = self.yaml["name"]
        self.definitions = {d["name"]: d for d in self.yaml["definitions"]}
        self.sets = {s["name"]: s for s in self.yaml["attribute-sets"]}
        self.ops = self.yaml["operations"]["list"]
        self.groups = [g["name"] for g in self.yaml.get("mcast-groups", {}).get("list", [])]

    def constants(self):
        """C name -> value, of everything that is a #define in C."""
        named = {upper(self.yaml["c-family-name"]): self.family,
                 upper(self.yaml["c-version-name"]): self.yaml["version"]}
        named |= {upper(self.family, "mcgrp", g): g for g in self.groups}
        named |= {upper(self.family, d["name"]): d["value"] for d in self.definitions.values() if d["type"] == "const"}
        return named

    def enums(self):
        """C name of the enum -> C names of its members, in order."""
        named = {}
        for d in self.definitions.values():
            if d["type"] != "const":
                prefix = d.get("name-prefix", f"{self.family}-{d['name']}-")
                named[lower(d.get("enum-name", f"{self.family}-{d['name']}"))] = [
                    upper(prefix + entry_name(e)) for e in d["entries"]]
        for s in self.sets.values():
            prefix = s.get("name-prefix", f"{self.family}-a-{s['name']}-")
            members = ["unspec"] + [a["name"] for a in s["attributes"]]
            named[lower(s["enum-name"])] = [upper(prefix + name) for name in members]
        named[lower(self.yaml["operations"]["enum-name"])] = [
            upper(self.family, "cmd", n) for n in ["unspec"] + [op["name"] for op in self.ops]]
        return named

    def attributes(self, name):
        """Number -> attribute of a set."""
        return dict(enumerate(self.sets[name]["attributes"], 1))

    def commands(self):
        """Number -> operation."""
        return dict(enumerate(self.ops, 1))

    def listed(self, op, how, what):
        """Number -> attribute, of those a request or reply of the operation lists."""
        names = op[how].get(what, {}).get("attributes", [])
        return {n: a for n, a in self.attributes(op["attribute-set"]).items() if a["name"] in names}

    def unknown(self):
        """What operations list, but their sets do not have."""
        lists = [(op, part.get("attributes", [])) for op in self.ops for how in ("do", "dump")
                 for part in op.get(how, {}).values()]
        lists += [(op, op["event"]["attributes"]) for op in self.ops if "event" in op]
        return [f"{op['name']}: {name}" for op, names in lists for name in names
                if name not in {a["name"] for a in self.sets[op["attribute-set"]]["attributes"]}]

    def policy(self, attribute):
        """What the kernel should say of the attribute: ("u8", least, most), ("string", 0, longest), ("flag",)..."""
        kind, checks = attribute["type"], attribute.get("checks", {})
        if kind in RANGES:
            enum = attribute.get("enum")
            most = len(self.definitions[enum]["entries"]) - 1 if enum else RANGES[kind]
            return kind, checks.get("min", 0), checks.get("max", most)
        if kind == "string":
            return kind, 0, checks.get("max-len")
        if kind == "binary":
            return kind, checks.get("exact-len"), checks.get("exact-len")
        return (kind,)

    def undocumented(self):
        """Everything without a word on what it means."""
        places = [("family", self.yaml)]
        places += [(f"definition {d['name']}", d) for d in self.definitions.values()]
        places += [(f"{d['name']}: {entry_name(e)}", e if isinstance(e, dict) else {})
                   for d in self.definitions.values() for e in d.get("entries", [])]
        places += [(f"set {s['name']}", s) for s in self.sets.values()]
        places += [(f"{s['name']}: {a['name']}", a)
                   for s in self.sets.values() for a in s["attributes"] if a["type"] != "pad"]
        places += [(f"operation {op['name']}", op) for op in self.ops]
        return [name for name, place in places if not place.get("doc", "").strip()]


def point(good, text, why=""):
    """A line for points() of lib.sh."""
    print(("ok " if good else "not ok ") + text)
    if not good and why:
        print(why)

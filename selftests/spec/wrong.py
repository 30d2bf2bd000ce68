#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the making of a specification with a mistake in it.
#
# usage: wrong.py SPECIFICATION STATEMENT, which has the specification as "spec" and its parts through item()
import sys
import yaml


def item(where, name):
    """The set, attribute, operation... of that name."""
    return next(entry for entry in where if entry["name"] == name)


with open(sys.argv[1], encoding="utf-8") as file:
    spec = yaml.safe_load(file)
sets, ops, defs = spec["attribute-sets"], spec["operations"]["list"], spec["definitions"]
names = {"spec": spec, "sets": sets, "ops": ops, "defs": defs, "item": item}
names["attrs"] = lambda name: item(sets, name)["attributes"]
exec(sys.argv[2], names)
yaml.safe_dump(spec, sys.stdout, sort_keys=False)

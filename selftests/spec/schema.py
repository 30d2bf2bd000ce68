#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# This file owns the check of a specification against the kernel's schemas.
#
# usage: schema.py DIRECTORY-OF-SCHEMAS SPECIFICATION
import copy, os, sys
import jsonschema, yaml
from spec import Spec, point


def check(schemas, name, spec, text):
    with open(os.path.join(schemas, name + ".yaml"), encoding="utf-8") as file:
        schema = yaml.safe_load(file)
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
              for e in jsonschema.Draft7Validator(schema).iter_errors(spec)]
    point(not errors, text, "\n".join(errors))


def without_names(spec):
    """The specification without what it says for C only, and with a name of the strict kind."""
    plain = copy.deepcopy(spec)
    for key in ("c-family-name", "c-version-name", "version", "protocol"):
        del plain[key]
    for definition in plain["definitions"]:
        definition.pop("name-prefix", None)
        definition.pop("enum-name", None)
    plain["name"] = plain["name"].replace("_", "-")
    return plain


def main():
    schemas = sys.argv[1]
    spec = Spec(sys.argv[2])
    check(schemas, spec.yaml["protocol"], spec.yaml, f"{spec.family} keeps the schema {spec.yaml['protocol']}")
    check(schemas, "genetlink", without_names(spec.yaml),
          f"{spec.family} without its names in C keeps the schema genetlink")
    point(not spec.unknown(), f"{spec.family}: every attribute a command lists is there", spec.unknown())
    used = {op["attribute-set"] for op in spec.ops}
    used |= {a["nested-attributes"] for s in spec.sets.values() for a in s["attributes"] if "nested-attributes" in a}
    point(used == set(spec.sets), f"{spec.family}: every set is there, and used", used ^ set(spec.sets))
    enums = {a["enum"] for s in spec.sets.values() for a in s["attributes"] if "enum" in a}
    known = {n for n, d in spec.definitions.items() if d["type"] == "enum"}
    point(enums == known, f"{spec.family}: every enum is there, and used", enums ^ known)


main()

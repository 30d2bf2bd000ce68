#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the tests that the specifications and the uapi headers say the same: names, numbers, order, types.

. "$(dirname "$0")/world.sh"

for family in "${families[@]}"; do
	points python3 "$here/header.py" "$headers/$family.h" "$docs/$family.yaml"
done

compare=(python3 "$here/header.py" "$headers/umx.h")
wrong "an attribute that is missing" 'attrs("pool").remove(item(attrs("pool"), "detached"))' "${compare[@]}"
wrong "an attribute by another name" 'item(attrs("pool"), "detached")["name"] = "removed"' "${compare[@]}"
wrong "attributes in another order" 'attrs("ea").reverse()' "${compare[@]}"
wrong "an attribute of another type" 'item(attrs("listener"), "half-open")["type"] = "u16"' "${compare[@]}"
wrong "an address of another length" 'item(attrs("addr"), "address")["checks"]["exact-len"] = 4' "${compare[@]}"
wrong "a key of another length" 'item(attrs("pool"), "key")["checks"]["exact-len"] = 32' "${compare[@]}"
wrong "a command that is missing" 'ops.remove(item(ops, "drain"))' "${compare[@]}"
wrong "a value that is missing" 'item(defs, "generator")["entries"].pop()' "${compare[@]}"
wrong "another constant" 'item(defs, "ssa-lifetime-max")["value"] += 1' "${compare[@]}"
wrong "a constant that is missing" 'defs.remove(item(defs, "half-open"))' "${compare[@]}"
wrong "another multicast group" 'spec["mcast-groups"]["list"][0]["name"] = "news"' "${compare[@]}"
wrong "an attribute without a word on it" 'del item(attrs("pool"), "stats")["doc"]' "${compare[@]}"

finish

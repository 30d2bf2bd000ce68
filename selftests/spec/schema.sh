#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test that the specifications keep the kernel's own schemas.
#
# The schemas are those of the newest kernel's documentation; selftests/run fetches them once (fetch.sh), and gives
# the guest their directory.

. "$(dirname "$0")/world.sh"
schemas=/mnt/share
[ -e "$schemas/genetlink.yaml" ] ||
	bail "the kernel's schemas are there (selftests/run gives them; selftests/vm/run does with --share)"

for family in "${families[@]}"; do
	points python3 "$here/schema.py" "$schemas" "$docs/$family.yaml"
done

check=(python3 "$here/schema.py" "$schemas")
wrong "a word the schema does not know" 'item(defs, "generator")["render-maximum"] = True' "${check[@]}"
wrong "a name the schema does not allow" 'item(attrs("drain"), "off")["name"] = "o_ff"' "${check[@]}"
wrong "a type the schema does not know" 'item(attrs("pool"), "stats")["type"] = "nested"' "${check[@]}"
wrong "an attribute its set does not have" 'item(ops, "drain")["do"]["reply"]["attributes"] += ["uid"]' "${check[@]}"
wrong "a set nobody uses" 'del item(attrs("pool"), "stats")["nested-attributes"]' "${check[@]}"

finish

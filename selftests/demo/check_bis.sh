#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of the demonstration of BIS: it runs, and every step of it shows what it says.

. "$(dirname "$0")/../lib.sh"

ok "the demonstration of BIS shows what it says" "$(dirname "$0")/bis"

# What comes next finds the guest as it was.
ok "the module can go afterwards" wait_for -t 30 rmmod umx_bis
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of the demonstration of names: it runs, and every step of it shows what it says.

. "$(dirname "$0")/../lib.sh"

ok "the demonstration of names shows what it says" "$(dirname "$0")/names"

# What comes next finds the guest as it was.
ok "the modules can go afterwards" wait_for -t 30 rmmod umx
ok "both of them" wait_for -t 30 rmmod umx_tcp
finish

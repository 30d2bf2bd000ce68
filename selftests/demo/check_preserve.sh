#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of the demonstration of PreserveTCP: it runs, and every step of it shows what it says.

. "$(dirname "$0")/../lib.sh"

ok "the demonstration of PreserveTCP shows what it says" "$(dirname "$0")/preserve"

# What comes next finds the guest as it was.
ok "the module can go afterwards" wait_for -t 60 rmmod umx_preserve
finish

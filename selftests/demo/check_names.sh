#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the test of the demonstration of names: it runs, and every step of it shows what it says.

. "$(dirname "$0")/../lib.sh"

ok "the demonstration of names shows what it says" "$(dirname "$0")/names"
finish

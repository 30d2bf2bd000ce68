#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# This file owns the soak of netlink: the test of random messages with a million of them.

percent=${SOAK_PERCENT:-100}
cd "$(dirname "$0")/../netlink" || exit
exec ./random.sh $((1000000 * percent / 100))

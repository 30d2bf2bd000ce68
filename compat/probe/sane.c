// SPDX-License-Identifier: GPL-2.0
/* This file owns the probe every supported kernel passes: the headers can be compiled at all. */
#include <linux/module.h>
#include <net/tcp.h>
#include <net/ipv6.h>

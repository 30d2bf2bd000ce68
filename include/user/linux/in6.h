/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns struct in6_addr for pure code built in user space: the C library's. */
#ifndef _UNIT_LINUX_IN6_H
#define _UNIT_LINUX_IN6_H

#include <netinet/in.h>

#endif /* _UNIT_LINUX_IN6_H */

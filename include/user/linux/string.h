/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns memory functions for pure code built in user space: the C library's. */
#ifndef _UNIT_LINUX_STRING_H
#define _UNIT_LINUX_STRING_H

#include <string.h>

#endif /* _UNIT_LINUX_STRING_H */

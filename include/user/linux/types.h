/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the kernel's short type names for pure code built in user space. */
#ifndef _UNIT_LINUX_TYPES_H
#define _UNIT_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#endif /* _UNIT_LINUX_TYPES_H */

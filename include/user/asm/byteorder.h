/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns byte order for pure code built in user space: the C library's. */
#ifndef _UNIT_ASM_BYTEORDER_H
#define _UNIT_ASM_BYTEORDER_H

#include_next <asm/byteorder.h>
#include <endian.h>

#define be64_to_cpu(x) be64toh(x)
#define cpu_to_be64(x) htobe64(x)
#define le64_to_cpu(x) le64toh(x)
#define be32_to_cpu(x) be32toh(x)
#define cpu_to_be32(x) htobe32(x)
#define be16_to_cpu(x) be16toh(x)
#define cpu_to_be16(x) htobe16(x)

#ifndef __force
#define __force
#endif

#endif /* _UNIT_ASM_BYTEORDER_H */

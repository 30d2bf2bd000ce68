/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns net/gso.h where the kernel has none: its functions are in netdevice.h there (until 6.5). */
#ifndef _UMX_COMPAT_NET_GSO_H
#define _UMX_COMPAT_NET_GSO_H

#include <umx/have.h>

#ifdef UMX_HAVE_NET_GSO
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif /* _UMX_COMPAT_NET_GSO_H */

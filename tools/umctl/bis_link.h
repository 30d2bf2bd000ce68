/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of bis_link.c: the BIS device, its address and its route. */
#ifndef UMCTL_BIS_LINK_H
#define UMCTL_BIS_LINK_H

#include <netinet/in.h>
#include <stdint.h>

/* The device that is made where none is named. */
#define BIS_LINK_NAME	"bis0"

/* Each returns 0 or -errno; what is there already, or gone already, is no error. */
int bis_link_make(const char *name);
int bis_link_up(int ifindex);
int bis_link_addr(int ifindex, const struct in_addr *self);
int bis_link_route(int ifindex, const struct in_addr *prefix, uint8_t plen,
		   const struct in_addr *self);
int bis_link_clear(int ifindex, const struct in_addr *prefix, uint8_t plen,
		   const struct in_addr *self);

#endif /* UMCTL_BIS_LINK_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of control.c: the connections of umctl. */
#ifndef UMX_DNS_CONTROL_H
#define UMX_DNS_CONTROL_H

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>

bool control_init(void);
void control_close(void);

/**
 * struct control - a request, and what is said to it
 * @attrs: its attributes, by number.
 * @reply: message to put the reply's attributes into.
 * @replied: there is something in it.
 * @sentence: why it was refused.
 */
struct control {
	struct nlattr **attrs;
	struct nl_msg *reply;
	bool replied;
	const char *sentence;
};

/* control_name.c: requests, 0 or a negative errno and a sentence. */
int control_name_add(struct control *control);
int control_name_del(struct control *control);

/* Puts the first item at or after @at into @msg and says where to go on;
 * 0: there is none.
 */
uint32_t control_name_get(struct nl_msg *msg, struct nlattr **attrs, uint32_t at);
uint32_t control_stats_get(struct nl_msg *msg, struct nlattr **attrs, uint32_t at);

#endif /* UMX_DNS_CONTROL_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of words.c: enums of the uapi as words. */
#ifndef UMCTL_WORDS_H
#define UMCTL_WORDS_H

extern const char *const words_generator[];
extern const char *const words_pool_type[];
extern const char *const words_no_yes[];
extern const char *const words_listener_mode[];
extern const char *const words_addr_state[];
extern const char *const words_role[];
extern const char *const words_proto[];
extern const char *const words_event[];
extern const char *const words_limit_scope[];
extern const char *const words_stats_kind[];

#endif /* UMCTL_WORDS_H */

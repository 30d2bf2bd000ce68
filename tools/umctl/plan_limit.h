/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of plan_limit.c: the way from one set of limits to
 * another.
 *
 * A user's limit is his own, or that of each. So that it goes from what it was
 * to what it is to be and is nothing else in between, limits of users are set
 * before that of each changes, and removed after it has.
 */
#ifndef UMCTL_PLAN_LIMIT_H
#define UMCTL_PLAN_LIMIT_H

#include "plan.h"

/* Limits that are new, or change: before there are more addresses. */
void limits_come(struct plan *plan, const struct config *have, const struct config *want);

/* Limits that are no more: when there are no more addresses. */
void limits_go(struct plan *plan, const struct config *have, const struct config *want);

#endif /* UMCTL_PLAN_LIMIT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of plan_thing.c: the steps of every kind that says
 * in its struct keep how its things come and go.
 */
#ifndef UMCTL_PLAN_THING_H
#define UMCTL_PLAN_THING_H

#include "plan.h"

/* Refuses if what uses a thing that has to go forbids it; returns what to exit
 * with.
 */
int things_check(const struct config *have, const struct config *want);

/* What stands in the way goes, settings change, things come, and the rest goes:
 * in this order.
 */
void things_change(struct plan *plan, const struct config *have, const struct config *want);

#endif /* UMCTL_PLAN_THING_H */

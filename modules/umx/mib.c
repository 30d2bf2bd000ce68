// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns counting: per namespace, per CPU, by reason.
 */
#include <linux/cpumask.h>
#include "mib.h"
#include "netns.h"
#include "pool.h"
#include "trace.h"

struct umx_mib_text {
	const char *name;
	const char *explain;
	enum umx_mib_kind kind;
};

static const struct umx_mib_text umx_mib_texts[UMX_MIB_MAX] = {
#define UMX_MIB_TEXT(id, n, k, text)					\
	[UMX_MIB_##id] = { .name = #n, .explain = text, .kind = UMX_MIB_##k },
	UMX_MIB_TABLE(UMX_MIB_TEXT)
#undef UMX_MIB_TEXT
};

const char *umx_mib_name(enum umx_mib id)
{
	return umx_mib_texts[id].name;
}

const char *umx_mib_explain(enum umx_mib id)
{
	return umx_mib_texts[id].explain;
}

enum umx_mib_kind umx_mib_kind(enum umx_mib id)
{
	return umx_mib_texts[id].kind;
}

u64 umx_mib_read(const struct umx_net *un, enum umx_mib id)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(un->mib, cpu)->c[id]);
	return sum;
}

void umx_mib_inc(struct umx_net *un, enum umx_mib id)
{
	this_cpu_inc(un->mib->c[id]);
}

void umx_drop(struct umx_net *un, struct umx_pool *pool, enum umx_mib reason,
	      const struct sk_buff *skb)
{
	trace_umx_drop(un, pool, reason, skb);
	umx_mib_inc(un, reason);
	if (pool)
		umx_pool_count(pool, UMX_POOL_DROPPED, 1);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns counting: per namespace, per CPU, by reason.
 */
#include <linux/cpumask.h>
#include "mib.h"
#include "netns.h"

static const char *const umx_preserve_mib_texts[UMX_PRESERVE_MIB_MAX][2] = {
#define UMX_PRESERVE_MIB_TEXT(id, name, text)				\
	[UMX_PRESERVE_MIB_##id] = { #name, text },
	UMX_PRESERVE_MIB_TABLE(UMX_PRESERVE_MIB_TEXT)
#undef UMX_PRESERVE_MIB_TEXT
};

const char *umx_preserve_mib_name(enum umx_preserve_mib id)
{
	return umx_preserve_mib_texts[id][0];
}

const char *umx_preserve_mib_explain(enum umx_preserve_mib id)
{
	return umx_preserve_mib_texts[id][1];
}

u64 umx_preserve_mib_read(const struct umx_preserve_net *pn,
			 enum umx_preserve_mib id)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(pn->mib, cpu)->c[id]);
	return sum;
}

void umx_preserve_mib_inc(struct umx_preserve_net *pn, enum umx_preserve_mib id)
{
	this_cpu_inc(pn->mib->c[id]);
}

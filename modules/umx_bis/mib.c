// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns counting: per namespace, per CPU, by reason.
 */
#include <linux/cpumask.h>
#include "mib.h"
#include "netns.h"

static const char *const umx_bis_mib_texts[UMX_BIS_MIB_MAX][2] = {
#define UMX_BIS_MIB_TEXT(id, name, text)				\
	[UMX_BIS_MIB_##id] = { #name, text },
	UMX_BIS_MIB_TABLE(UMX_BIS_MIB_TEXT)
#undef UMX_BIS_MIB_TEXT
};

const char *umx_bis_mib_name(enum umx_bis_mib id)
{
	return umx_bis_mib_texts[id][0];
}

const char *umx_bis_mib_explain(enum umx_bis_mib id)
{
	return umx_bis_mib_texts[id][1];
}

u64 umx_bis_mib_read(const struct umx_bis_net *bn, enum umx_bis_mib id)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(bn->mib, cpu)->c[id]);
	return sum;
}

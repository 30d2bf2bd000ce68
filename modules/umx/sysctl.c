// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the registration of net.umx, one table per namespace. As with
 * all of a namespace's sysctls under net, its administrator may write them. No
 * lock: readers take what they find.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <umx/compat.h>
#include "netns.h"
#include "sysctl.h"

static const unsigned int umx_sysctl_level_max = UMX_PORT_AWARE;
static const unsigned int umx_sysctl_port_max = U16_MAX;

static const struct ctl_table umx_sysctl_template[] = {
	{
		.procname = "port_ignore",
		.maxlen = sizeof(u8),
		.mode = 0644,
		.proc_handler = proc_dou8vec_minmax,
		.extra2 = (void *)&umx_sysctl_level_max,
	},
	{
		.procname = "reduced_port",
		.maxlen = sizeof(unsigned int),
		.mode = 0644,
		.proc_handler = proc_douintvec_minmax,
		.extra2 = (void *)&umx_sysctl_port_max,
	},
};

/**
 * struct umx_sysctl - net.umx of a namespace
 * @header: its registration
 * @table: the template with the namespace's own data, and an empty entry
 */
struct umx_sysctl {
	struct ctl_table_header *header;
	struct ctl_table table[ARRAY_SIZE(umx_sysctl_template) + 1];
};

/* Return: 0 or -ENOMEM. */
int umx_sysctl_init(struct umx_net *un)
{
	struct umx_sysctl *sysctl;

	un->port_ignore = UMX_PORT_IGNORE_L1;
	if (!IS_ENABLED(CONFIG_SYSCTL))
		return 0;
	sysctl = kzalloc(sizeof(*sysctl), GFP_KERNEL);
	if (!sysctl)
		return -ENOMEM;
	memcpy(sysctl->table, umx_sysctl_template, sizeof(umx_sysctl_template));
	sysctl->table[0].data = &un->port_ignore;
	sysctl->table[1].data = &un->reduced_port;
	sysctl->header = umx_register_net_sysctl(un->net, "net/umx",
						 sysctl->table,
						 ARRAY_SIZE(umx_sysctl_template));
	if (!sysctl->header) {
		kfree(sysctl);
		return -ENOMEM;
	}
	un->sysctl = sysctl;
	return 0;
}

void umx_sysctl_exit(struct umx_net *un)
{
	if (!un->sysctl)
		return;
	unregister_net_sysctl_table(un->sysctl->header);
	kfree(un->sysctl);
}

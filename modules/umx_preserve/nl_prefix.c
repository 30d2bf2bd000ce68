// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about prefixes.
 */
#include <linux/umx_preserve.h>
#include <net/genetlink.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include "netlink.h"
#include "netns.h"
#include "prefix.h"

/* The prefix of a request. */
static int umx_preserve_nl_prefix(struct genl_info *info, int attr,
				  int attr_plen, struct in6_addr *addr,
				  u8 *plen)
{
	if (!info->attrs[attr] || !info->attrs[attr_plen]) {
		NL_SET_ERR_MSG(info->extack,
			       "a prefix is needed, and its length");
		return -EINVAL;
	}
	*addr = nla_get_in6_addr(info->attrs[attr]);
	*plen = nla_get_u8(info->attrs[attr_plen]);
	return 0;
}

static int umx_preserve_nl_exclude(struct genl_info *info,
				   int (*change)(struct umx_preserve_net *pn,
						 const struct in6_addr *addr,
						 u8 plen,
						 struct netlink_ext_ack *extack))
{
	struct umx_preserve_net *pn = umx_preserve_net(genl_info_net(info));
	struct in6_addr addr;
	u8 plen;
	int err;

	err = umx_preserve_nl_prefix(info, UMX_PRESERVE_EXCLUDE_A_PREFIX,
				     UMX_PRESERVE_EXCLUDE_A_PLEN, &addr, &plen);
	if (err)
		return err;
	mutex_lock(&pn->lock);
	err = change(pn, &addr, plen, info->extack);
	mutex_unlock(&pn->lock);
	return err;
}

int umx_preserve_nl_exclude_add(struct sk_buff *skb, struct genl_info *info)
{
	return umx_preserve_nl_exclude(info, umx_preserve_exclude_add);
}

int umx_preserve_nl_exclude_del(struct sk_buff *skb, struct genl_info *info)
{
	return umx_preserve_nl_exclude(info, umx_preserve_exclude_del);
}

int umx_preserve_nl_exclude_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_preserve_net *pn = umx_preserve_net(genl_info_net(info));

	mutex_lock(&pn->lock);
	umx_preserve_exclude_flush(pn);
	mutex_unlock(&pn->lock);
	return 0;
}

static int umx_preserve_nl_exclude_put(struct sk_buff *skb,
				       struct netlink_callback *cb,
				       const struct umx_preserve_prefix *p)
{
	void *hdr = umx_preserve_nl_dump_put(skb, cb,
					     UMX_PRESERVE_CMD_EXCLUDE_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_in6_addr(skb, UMX_PRESERVE_EXCLUDE_A_PREFIX, &p->addr) ||
	    nla_put_u8(skb, UMX_PRESERVE_EXCLUDE_A_PLEN, p->plen)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/*
 * Go on with the prefixes of a list behind those that were put. One that comes
 * or goes between two messages may show another twice, or hide it.
 */
static int umx_preserve_nl_prefix_dump(struct sk_buff *skb,
				       struct netlink_callback *cb,
				       const struct umx_preserve_prefixes *list,
				       int (*put)(struct sk_buff *skb,
						  struct netlink_callback *cb,
						  const struct umx_preserve_prefix *p))
{
	const struct umx_preserve_prefix *p;
	long n = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(p, &list->list, list) {
		if (n++ < cb->args[0])
			continue;
		if (put(skb, cb, p))
			break;
		cb->args[0] = n;
	}
	rcu_read_unlock();
	return skb->len;
}

int umx_preserve_nl_exclude_dump(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(skb->sk));

	return umx_preserve_nl_prefix_dump(skb, cb, &pn->excludes,
					   umx_preserve_nl_exclude_put);
}

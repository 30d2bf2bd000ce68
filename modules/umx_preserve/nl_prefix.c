// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the commands about prefixes.
 */
#include <linux/umx_preserve.h>
#include <net/genetlink.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include "exclude.h"
#include "key.h"
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

/* --- what is excluded ------------------------------------------------------- */

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

int umx_preserve_nl_exclude_dump(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(skb->sk));

	return umx_preserve_nl_prefix_dump(skb, cb, &pn->excludes,
					   umx_preserve_nl_exclude_put);
}

/* --- keys ------------------------------------------------------------------ */

/*
 * The key leaves the message, which is copied into the answer of a refused
 * request, and freed as it is.
 */
static void umx_preserve_nl_take_key(struct nlattr *attr,
				     u8 secret[UMX_PRESERVE_KEY_LEN])
{
	memcpy(secret, nla_data(attr), UMX_PRESERVE_KEY_LEN);
	memzero_explicit(nla_data(attr), UMX_PRESERVE_KEY_LEN);
}

int umx_preserve_nl_key_add(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_preserve_net *pn = umx_preserve_net(genl_info_net(info));
	struct nlattr *key = info->attrs[UMX_PRESERVE_KEY_A_KEY];
	u8 secret[UMX_PRESERVE_KEY_LEN];
	struct in6_addr addr;
	u8 plen;
	int err;

	if (!key) {
		NL_SET_ERR_MSG(info->extack, "there is no key in the request");
		return -EINVAL;
	}
	umx_preserve_nl_take_key(key, secret);
	err = umx_preserve_nl_prefix(info, UMX_PRESERVE_KEY_A_PREFIX,
				     UMX_PRESERVE_KEY_A_PLEN, &addr, &plen);
	if (!err) {
		mutex_lock(&pn->lock);
		err = umx_preserve_key_add(pn, &addr, plen, secret,
					   info->extack);
		mutex_unlock(&pn->lock);
	}
	memzero_explicit(secret, sizeof(secret));
	return err;
}

int umx_preserve_nl_key_del(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_preserve_net *pn = umx_preserve_net(genl_info_net(info));
	struct in6_addr addr;
	u8 plen;
	int err;

	err = umx_preserve_nl_prefix(info, UMX_PRESERVE_KEY_A_PREFIX,
				     UMX_PRESERVE_KEY_A_PLEN, &addr, &plen);
	if (err)
		return err;
	mutex_lock(&pn->lock);
	err = umx_preserve_key_del(pn, &addr, plen, info->extack);
	mutex_unlock(&pn->lock);
	return err;
}

int umx_preserve_nl_key_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct umx_preserve_net *pn = umx_preserve_net(genl_info_net(info));

	mutex_lock(&pn->lock);
	umx_preserve_key_flush(pn);
	mutex_unlock(&pn->lock);
	return 0;
}

static int umx_preserve_nl_key_put(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   const struct umx_preserve_prefix *p)
{
	void *hdr = umx_preserve_nl_dump_put(skb, cb, UMX_PRESERVE_CMD_KEY_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_in6_addr(skb, UMX_PRESERVE_KEY_A_PREFIX, &p->addr) ||
	    nla_put_u8(skb, UMX_PRESERVE_KEY_A_PLEN, p->plen) ||
	    nla_put_u64_64bit(skb, UMX_PRESERVE_KEY_A_KEY_ID,
			      umx_preserve_key_of(p)->id,
			      UMX_PRESERVE_KEY_A_PAD)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int umx_preserve_nl_key_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct umx_preserve_net *pn = umx_preserve_net(sock_net(skb->sk));

	return umx_preserve_nl_prefix_dump(skb, cb, &pn->keys,
					   umx_preserve_nl_key_put);
}

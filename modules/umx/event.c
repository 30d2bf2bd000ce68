// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns telling listeners of group "events" what happened. Nobody
 * listens, nothing is built.
 */
#include <net/genetlink.h>
#include "address.h"
#include "event.h"
#include "netlink.h"
#include "netns.h"
#include "pool.h"

static struct sk_buff *umx_event_begin(struct umx_net *un,
				       enum umx_event event, void **hdr)
{
	struct sk_buff *msg;

	msg = genlmsg_new(256, GFP_ATOMIC);
	if (!msg)
		return NULL;
	*hdr = genlmsg_put(msg, 0, 0, &umx_genl_family, 0, UMX_CMD_EVENT);
	if (*hdr && !nla_put_u8(msg, UMX_EVENT_A_EVENT, event))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static void umx_event_end(struct umx_net *un, struct sk_buff *msg, void *hdr)
{
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&umx_genl_family, un->net, msg, 0, 0,
				GFP_ATOMIC);
}

static bool umx_event_wanted(struct umx_net *un)
{
	return unlikely(genl_has_listeners(&umx_genl_family, un->net, 0));
}

void umx_event_pool(struct umx_net *un, enum umx_event event,
		    const char *name)
{
	struct sk_buff *msg;
	void *hdr;

	if (!umx_event_wanted(un))
		return;
	msg = umx_event_begin(un, event, &hdr);
	if (!msg)
		return;
	if (nla_put_string(msg, UMX_EVENT_A_POOL, name))
		nlmsg_free(msg);
	else
		umx_event_end(un, msg, hdr);
}

void umx_event_listener(struct umx_net *un, u16 port, u8 mode)
{
	struct sk_buff *msg;
	void *hdr;

	if (!umx_event_wanted(un))
		return;
	msg = umx_event_begin(un, UMX_EVENT_LISTENER_SET, &hdr);
	if (!msg)
		return;
	if (nla_put_u16(msg, UMX_EVENT_A_PORT, port) ||
	    nla_put_u8(msg, UMX_EVENT_A_MODE, mode))
		nlmsg_free(msg);
	else
		umx_event_end(un, msg, hdr);
}

static noinline void umx_event_addr_send(struct umx_net *un,
					 const struct umx_addr *addr,
					 enum umx_event event)
{
	struct sk_buff *msg;
	void *hdr;

	msg = umx_event_begin(un, event, &hdr);
	if (!msg)
		return;
	if (nla_put_in6_addr(msg, UMX_EVENT_A_ADDRESS, &addr->addr) ||
	    nla_put_u8(msg, UMX_EVENT_A_ROLE, addr->role) ||
	    nla_put_string(msg, UMX_EVENT_A_POOL, addr->pool->name))
		goto free;
	if (addr->role == UMX_ROLE_SSA &&
	    nla_put_u16(msg, UMX_EVENT_A_PORT, addr->port))
		goto free;
	if (addr->bound && addr->peer_port &&
	    (nla_put_u16(msg, UMX_EVENT_A_LOCAL_PORT, ntohs(addr->local_port)) ||
	     nla_put_in6_addr(msg, UMX_EVENT_A_PEER, &addr->peer) ||
	     nla_put_u16(msg, UMX_EVENT_A_PEER_PORT, ntohs(addr->peer_port))))
		goto free;
	umx_event_end(un, msg, hdr);
	return;
free:
	nlmsg_free(msg);
}

/**
 * umx_event_addr() - something happened to an address
 * @addr: the address; its lock is held, or nobody else changes it now
 * @event: what
 *
 * Context: any.
 */
void umx_event_addr(const struct umx_addr *addr, enum umx_event event)
{
	struct umx_net *un = addr->pool->un;

	if (umx_event_wanted(un))
		umx_event_addr_send(un, addr, event);
}

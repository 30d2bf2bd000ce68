// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns telling listeners of group "events" what happened. Nobody
 * listens, nothing is built.
 */
#include <net/genetlink.h>
#include "event.h"
#include "netlink.h"
#include "netns.h"
#include "session.h"

static int umx_preserve_event_put(struct sk_buff *msg,
				  const struct umx_preserve_session *s,
				  enum umx_preserve_event event, int from,
				  int reason)
{
	if (nla_put_u8(msg, UMX_PRESERVE_EVENT_A_EVENT, event) ||
	    nla_put_u32(msg, UMX_PRESERVE_EVENT_A_ID, s->id) ||
	    (reason >= 0 &&
	     nla_put_u8(msg, UMX_PRESERVE_EVENT_A_REASON, reason)) ||
	    (from >= 0 &&
	     umx_preserve_netlink_pair(msg, UMX_PRESERVE_EVENT_A_FROM, s->set,
				       from)))
		return -EMSGSIZE;
	return umx_preserve_netlink_pair(msg, UMX_PRESERVE_EVENT_A_TO, s->set,
					 s->current_pair);
}

static noinline void umx_preserve_event_send(const struct umx_preserve_session *s,
					     enum umx_preserve_event event,
					     int from, int reason)
{
	struct sk_buff *msg = genlmsg_new(256, GFP_ATOMIC);
	void *hdr;

	if (!msg)
		return;
	hdr = genlmsg_put(msg, 0, 0, &umx_preserve_genl_family, 0,
			  UMX_PRESERVE_CMD_EVENT);
	if (!hdr || umx_preserve_event_put(msg, s, event, from, reason)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&umx_preserve_genl_family, s->pn->net, msg, 0,
				0, GFP_ATOMIC);
}

static bool umx_preserve_event_wanted(const struct umx_preserve_session *s)
{
	return unlikely(genl_has_listeners(&umx_preserve_genl_family,
					   s->pn->net, 0));
}

/**
 * umx_preserve_event_moved() - a session has moved
 * @s: the session; its socket is locked
 * @from: the pair it has left
 * @reason: why
 *
 * Context: any.
 */
void umx_preserve_event_moved(const struct umx_preserve_session *s, u8 from,
			      enum umx_preserve_reason reason)
{
	if (umx_preserve_event_wanted(s))
		umx_preserve_event_send(s, UMX_PRESERVE_EVENT_MOVED, from,
					reason);
}

/**
 * umx_preserve_event_path() - the paths of a session are gone, or back
 * @s: the session; its socket is locked
 * @event: which of both
 *
 * Context: any.
 */
void umx_preserve_event_path(const struct umx_preserve_session *s,
			     enum umx_preserve_event event)
{
	if (umx_preserve_event_wanted(s))
		umx_preserve_event_send(s, event, -1, -1);
}

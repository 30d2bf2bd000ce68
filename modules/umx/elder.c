// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns elders: ports on which somebody listened when a rule that closes
 * servers was made, or an exception taken away, or which were opened by hand. Rules leave them alone until
 * the next listen().
 *
 * On all other ports whatever answers a SYN has come after the rules: if one
 * closes it, and the port is not closed, its listen() went past us (MPTCP,
 * other kernel sockets, tricks with a socket's state), and it is closed now
 * (umx_listen_late()).
 */
#include <linux/bitmap.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/mptcp.h>
#include "elder.h"
#include "listen_rule.h"
#include "netns.h"

#define UMX_PORTS	0x10000

/**
 * struct umx_elders - those of a namespace
 * @ports: a bit for each port; set and read without a lock
 */
struct umx_elders {
	DECLARE_BITMAP(ports, UMX_PORTS);
};

/* Does it listen, and not because it got round a rule? Context: RCU. */
static bool umx_elder_listens(struct umx_net *un, struct sock *sk)
{
	return net_eq(sock_net(sk), un->net) && sk->sk_state == TCP_LISTEN &&
	       (sk->sk_family == AF_INET6 || sk_is_mptcp(sk)) &&
	       !umx_listen_rule_closes(un, sk, sk->sk_num);
}

static void umx_elder_find_in(struct umx_net *un,
			      struct inet_listen_hashbucket *bucket)
{
	struct hlist_nulls_node *node;
	struct sock *sk;

	rcu_read_lock();
	spin_lock(&bucket->lock);
	sk_nulls_for_each(sk, node, &bucket->nulls_head)
		if (umx_elder_listens(un, sk))
			umx_elder_set(un, sk->sk_num);
	spin_unlock(&bucket->lock);
	rcu_read_unlock();
}

/**
 * umx_elder_find() - rules are about to close more: who listens already?
 * @un: the namespace; its lock is held
 *
 * Return: 0 or -ENOMEM.
 */
int umx_elder_find(struct umx_net *un)
{
	struct inet_hashinfo *info = un->net->ipv4.tcp_death_row.hashinfo;
	struct umx_elders *elders;
	unsigned int i;

	lockdep_assert_held(&un->lock);
	if (!rcu_access_pointer(un->elders)) {
		elders = kzalloc(sizeof(*elders), GFP_KERNEL_ACCOUNT);
		if (!elders)
			return -ENOMEM;
		rcu_assign_pointer(un->elders, elders);
	}
	for (i = 0; i <= info->lhash2_mask; i++) {
		if (!hlist_nulls_empty(&info->lhash2[i].nulls_head))
			umx_elder_find_in(un, &info->lhash2[i]);
		cond_resched();
	}
	return 0;
}

/* They go with the namespace only: no lock keeps them. */
static struct umx_elders *umx_elders(const struct umx_net *un)
{
	return rcu_dereference_raw(un->elders);
}

/* Rules leave @port alone. Context: any. */
void umx_elder_set(struct umx_net *un, u16 port)
{
	struct umx_elders *elders = umx_elders(un);

	if (elders)
		set_bit(port, elders->ports);
}

/* Context: any. */
bool umx_elder_is(const struct umx_net *un, u16 port)
{
	const struct umx_elders *elders = umx_elders(un);

	return elders && test_bit(port, elders->ports);
}

/* There is no rule any more. */
void umx_elder_forget(struct umx_net *un)
{
	struct umx_elders *elders = umx_elders(un);

	lockdep_assert_held(&un->lock);
	if (elders)
		bitmap_zero(elders->ports, UMX_PORTS);
}

/* Nothing of the namespace runs any more. */
void umx_elder_exit(struct umx_net *un)
{
	kfree(umx_elders(un));
}

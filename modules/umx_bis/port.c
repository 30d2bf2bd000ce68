// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns reservations of ports. Where IPv4 sessions leave from an
 * address the host also uses natively, a port may be one of theirs, or IPv6's,
 * not both: what came back would be anybody's. So the first packet of a session
 * has a socket of IPv6 bound to its source port, which nobody reads from and
 * which keeps all others from the port, bind() and connect() alike.
 *
 * The first packet is mostly sent by a task that must not sleep. Sockets are
 * therefore made ahead; binding one to a given port takes no more than the
 * locks of the kernel's tables. No lock of that socket is needed, since nobody
 * else knows it.
 *
 *   a spare socket --claim--> bound to the port --reap--> unbound, closed
 *
 * TCP may do without a reservation where connections of IPv6 have the port, but
 * nobody has bound it: connect() gives a port to several sessions, and each is
 * known by both of its ends (host.c).
 */
#include <linux/memcontrol.h>
#include <linux/net.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/umx_bis.h>
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <umx/compat.h>
#include "host.h"
#include "map.h"
#include "mib.h"
#include "netns.h"
#include "out.h"
#include "port.h"
#include "spool.h"
#include "sweep.h"
#include "wire.h"
#include "xlat46.h"

/* Reservations that are looked through without a pause. */
#define UMX_BIS_PORT_BATCH	64

/* Sweeps that may miss a socket: it is moved while the table is walked. */
#define UMX_BIS_PORT_MISSED	2

#define UMX_BIS_TCP_FLAGS	13	/* where they are in the header */
#define UMX_BIS_TCP_SYN		0x02
#define UMX_BIS_TCP_ACK		0x10

static const struct {
	int type;
	int proto;
} umx_bis_port_kinds[UMX_BIS_PORT_KINDS] = {
	{ SOCK_STREAM, IPPROTO_TCP },
	{ SOCK_DGRAM, IPPROTO_UDP },
};

static unsigned int umx_bis_port_kind(u8 proto)
{
	return proto == IPPROTO_UDP;
}

static unsigned long umx_bis_port_index(u8 proto, u16 port)
{
	return (unsigned long)umx_bis_port_kind(proto) << 16 | port;
}

static struct umx_bis_port *umx_bis_port_find(const struct umx_bis_net *bn,
					      u8 proto, u16 port)
{
	return xa_load((struct xarray *)&bn->ports.table,
		       umx_bis_port_index(proto, port));
}

/* Is the port reserved? */
bool umx_bis_port_has(const struct umx_bis_net *bn, u8 proto, u16 port)
{
	return umx_bis_port_find(bn, proto, port);
}

static void umx_bis_port_use(struct umx_bis_port *port)
{
	unsigned long now = jiffies;

	if (READ_ONCE(port->used) != now)
		WRITE_ONCE(port->used, now);
}

/* Writes only what has changed, as for pairs. */
static void umx_bis_port_touch(struct umx_bis_port *port, bool local)
{
	if (local && !READ_ONCE(port->local))
		WRITE_ONCE(port->local, true);
	if (!local && !READ_ONCE(port->others))
		WRITE_ONCE(port->others, true);
	umx_bis_port_use(port);
}

/* --- binding --- */

static int umx_bis_port_bind(struct sock *sk, const struct in6_addr *source,
			     u16 port)
{
	sk->sk_v6_rcv_saddr = *source;
	inet6_sk(sk)->saddr = *source;
	if (sk->sk_prot->get_port(sk, port))
		return -EADDRINUSE;
	sk->sk_userlocks |= SOCK_BINDADDR_LOCK | SOCK_BINDPORT_LOCK;
	inet_sk(sk)->inet_sport = htons(port);
	return 0;
}

/* From here on the port is anybody's. Closing the socket sleeps. */
static void umx_bis_port_unbind(struct sock *sk)
{
	if (sk->sk_prot->put_port)
		sk->sk_prot->put_port(sk);
	else
		sk->sk_prot->unhash(sk);
}

static int umx_bis_port_make(struct umx_bis_ports *ports,
			     const struct in6_addr *source, u8 proto, u16 num,
			     bool local)
{
	unsigned int kind = umx_bis_port_kind(proto), n = ports->n_spare[kind];
	struct umx_bis_port *port;
	int err;

	lockdep_assert_held(&ports->lock);
	port = kzalloc(sizeof(*port), GFP_ATOMIC | __GFP_NOWARN |
				      __GFP_ACCOUNT);
	if (!port)
		return -ENOMEM;
	port->sock = ports->spare[kind][n - 1];
	port->proto = proto;
	port->port = num;
	port->missed = 1;
	umx_bis_port_touch(port, local);
	err = umx_bis_port_bind(port->sock->sk, source, num);
	if (err)
		goto err_free;
	err = xa_err(xa_store(&ports->table, umx_bis_port_index(proto, num),
			      port, GFP_ATOMIC | __GFP_NOWARN));
	if (err)
		goto err_unbind;
	ports->n_spare[kind] = n - 1;
	ports->n++;
	return 0;

err_unbind:
	umx_bis_port_unbind(port->sock->sk);
err_free:
	kfree(port);
	return err;
}

/* A packet that has found no spare socket waits for the work. */
static int umx_bis_port_wait(struct umx_bis_ports *ports, struct sk_buff *skb)
{
	lockdep_assert_held(&ports->lock);
	if (skb_queue_len(&ports->waiting) >= UMX_BIS_PORT_WAITING)
		return -ENOBUFS;
	skb_dst_force(skb);
	__skb_queue_tail(&ports->waiting, skb);
	return -EINPROGRESS;
}

static int umx_bis_port_reserve(struct umx_bis_net *bn,
				const struct umx_bis_spool *spool,
				struct sk_buff *skb, u8 proto, u16 port,
				bool local)
{
	struct umx_bis_ports *ports = &bn->ports;
	unsigned int kind = umx_bis_port_kind(proto);
	int err = 0;

	spin_lock_bh(&ports->lock);
	/* A spool that has gone, or another one, meanwhile. */
	if (rcu_access_pointer(bn->spool) != spool)
		err = -ENOENT;
	else if (umx_bis_port_find(bn, proto, port))
		err = 0;
	else if (ports->n >= UMX_BIS_PORT_MAX)
		err = -ENOSPC;
	else if (!ports->n_spare[kind])
		err = umx_bis_port_wait(ports, skb);
	else
		err = umx_bis_port_make(ports, &spool->source, proto, port,
					local);
	if (ports->on && ports->n_spare[kind] <= UMX_BIS_PORT_SPARES / 2)
		schedule_work(&ports->work);
	spin_unlock_bh(&ports->lock);
	return err;
}

/*
 * Nobody has bound the port, but connect() has given it to connections, none
 * of them to this peer: TCP tells them apart.
 */
static bool umx_bis_port_is_shared(const struct umx_bis_net *bn, u16 port)
{
	struct inet_hashinfo *info = bn->net->ipv4.tcp_death_row.hashinfo;
	struct inet_bind_hashbucket *head;
	struct inet_bind_bucket *tb;
	bool shared = false;

	head = &info->bhash[inet_bhashfn(bn->net, port, info->bhash_size)];
	spin_lock_bh(&head->lock);
	inet_bind_bucket_for_each(tb, &head->chain) {
		if (net_eq(ib_net(tb), bn->net) && tb->port == port &&
		    !tb->l3mdev) {
			shared = tb->fastreuse < 0 && tb->fastreuseport < 0;
			break;
		}
	}
	spin_unlock_bh(&head->lock);
	return shared;
}

/*
 * Does a socket of this host send it, whose end can be seen? Not if NAT has
 * changed where it is from.
 */
static bool umx_bis_port_is_local(const struct umx_bis_spool *spool,
				  const struct sk_buff *skb, u8 proto, u16 num)
{
	const struct sock *sk = skb_to_full_sk(skb);

	return sk && READ_ONCE(sk->sk_num) == num &&
	       sk->sk_type ==
	       umx_bis_port_kinds[umx_bis_port_kind(proto)].type &&
	       (!READ_ONCE(sk->sk_rcv_saddr) ||
		READ_ONCE(sk->sk_rcv_saddr) == spool->self);
}

/**
 * umx_bis_port_claim() - a packet leaves: its session is to have its source
 * port to itself
 * @bn: the namespace
 * @spool: its spool, whose source is shared
 * @skb: an IPv4 packet that was read, at its header
 * @head: what it says
 * @peer: whom it goes to
 *
 * Return: 0; -EADDRINUSE (IPv6 has the port); -EPROTONOSUPPORT (there are no
 * ports); -ENOSPC (there are UMX_BIS_PORT_MAX reservations); -ENOBUFS (too many
 * wait); -ENOMEM; -ENOENT (the spool has gone); -EINPROGRESS: @skb is kept, and
 * comes to umx_bis_out() once more.
 * Context: RCU, BH off.
 */
int umx_bis_port_claim(struct umx_bis_net *bn,
		       const struct umx_bis_spool *spool, struct sk_buff *skb,
		       const struct umx_bis_head4 *head,
		       const struct in6_addr *peer)
{
	const u8 *upper = skb->data + head->len;
	struct umx_bis_port *port;
	bool local, first = true;
	u16 num, to;
	int err;

	if (head->proto == UMX_BIS_ICMP4)
		return 0;
	if (head->proto != UMX_BIS_TCP && head->proto != UMX_BIS_UDP)
		return -EPROTONOSUPPORT;
	num = umx_bis_get16(upper);
	to = umx_bis_get16(upper + 2);
	local = umx_bis_port_is_local(spool, skb, head->proto, num);
	if (head->proto == UMX_BIS_TCP)
		first = (upper[UMX_BIS_TCP_FLAGS] &
			 (UMX_BIS_TCP_SYN | UMX_BIS_TCP_ACK)) ==
			UMX_BIS_TCP_SYN;
	/* The sweep meets its socket. */
	if (!first && local)
		return 0;
	port = umx_bis_port_find(bn, head->proto, num);
	if (port)
		umx_bis_port_touch(port, local);
	if (port || !first || !num)
		return 0;
	err = umx_bis_port_reserve(bn, spool, skb, head->proto, num, local);
	if (!err)
		umx_bis_sweep_want(bn);
	/* what comes back is known by both ends only where IPv4 has a socket */
	if (err != -EADDRINUSE || head->proto != UMX_BIS_TCP || !local ||
	    umx_bis_host_has_tcp6(bn, peer, htons(to), &spool->source, num,
				  0) || !umx_bis_port_is_shared(bn, num))
		return err;
	umx_bis_mib_inc(bn, UMX_BIS_MIB_OUT_PORT_SHARED);
	return 0;
}

/* --- ending --- */

bool umx_bis_port_any(struct umx_bis_net *bn)
{
	return !xa_empty(&bn->ports.table);
}

/* The sweep has met a TCP socket. Context: RCU. */
void umx_bis_port_seen(struct umx_bis_net *bn,
		       const struct umx_bis_spool *spool,
		       const struct sock *sk)
{
	struct umx_bis_port *port;

	if (READ_ONCE(sk->sk_rcv_saddr) != spool->self)
		return;
	port = umx_bis_port_find(bn, IPPROTO_TCP, sk->sk_num);
	if (!port)
		return;
	WRITE_ONCE(port->missed, 0);
	umx_bis_port_touch(port, true);
}

/* Is the socket of this host that used it gone? */
static bool umx_bis_port_has_no_sock(struct umx_bis_net *bn,
				     const struct umx_bis_spool *spool,
				     struct umx_bis_port *port)
{
	u8 missed = READ_ONCE(port->missed);

	if (port->proto == IPPROTO_UDP)
		return !umx_bis_host_has_udp4(bn, spool, port->port);
	if (missed > UMX_BIS_PORT_MISSED)
		return true;
	WRITE_ONCE(port->missed, missed + 1);
	return false;
}

static bool umx_bis_port_is_over(struct umx_bis_net *bn,
				 const struct umx_bis_spool *spool,
				 struct umx_bis_port *port)
{
	if (!spool)
		return true;
	if (READ_ONCE(port->local) &&
	    !umx_bis_port_has_no_sock(bn, spool, port))
		return false;
	return !READ_ONCE(port->others) ||
	       time_after(jiffies, READ_ONCE(port->used) + spool->idle * HZ);
}

/* Some of them; false: that was the rest. */
static bool umx_bis_port_reap_some(struct umx_bis_net *bn,
				   unsigned long *index,
				   struct list_head *gone)
{
	struct umx_bis_ports *ports = &bn->ports;
	const struct umx_bis_spool *spool;
	struct umx_bis_port *port;
	unsigned int n = 0;

	rcu_read_lock();
	spin_lock_bh(&ports->lock);
	spool = ports->on ? rcu_dereference(bn->spool) : NULL;
	xa_for_each_start(&ports->table, *index, port, *index) {
		if (n++ == UMX_BIS_PORT_BATCH)
			break;
		if (!umx_bis_port_is_over(bn, spool, port))
			continue;
		xa_erase(&ports->table, *index);
		umx_bis_port_unbind(port->sock->sk);
		list_add(&port->gone, gone);
		ports->n--;
	}
	spin_unlock_bh(&ports->lock);
	rcu_read_unlock();
	return port;
}

/* End the reservations nobody uses any more; all of them without a spool. */
void umx_bis_port_reap(struct umx_bis_net *bn)
{
	struct umx_bis_port *port, *next;
	unsigned long index = 0;
	LIST_HEAD(gone);
	bool more;

	do {
		more = umx_bis_port_reap_some(bn, &index, &gone);
		list_for_each_entry_safe(port, next, &gone, gone) {
			sock_release(port->sock);
			kfree_rcu(port, rcu);
		}
		INIT_LIST_HEAD(&gone);
		cond_resched();
	} while (more);
}

/* --- spare sockets --- */

static int umx_bis_port_spare(struct umx_bis_net *bn, unsigned int kind)
{
	struct umx_bis_ports *ports = &bn->ports;
	struct mem_cgroup *memcg;
	struct socket *sock;
	int err;

	memcg = set_active_memcg(ports->memcg);
	err = sock_create_kern(bn->net, AF_INET6,
			       umx_bis_port_kinds[kind].type,
			       umx_bis_port_kinds[kind].proto, &sock);
	set_active_memcg(memcg);
	if (err)
		return err;
	ip6_sock_set_v6only(sock->sk);
	/* What it hears, from the source itself, is one datagram at most. */
	WRITE_ONCE(sock->sk->sk_rcvbuf, 0);
	spin_lock_bh(&ports->lock);
	ports->spare[kind][ports->n_spare[kind]++] = sock;
	spin_unlock_bh(&ports->lock);
	return 0;
}

/* Nobody else adds any: there is one work, and before it begins the start. */
static int umx_bis_port_fill(struct umx_bis_net *bn)
{
	unsigned int kind;
	int err;

	for (kind = 0; kind < UMX_BIS_PORT_KINDS; kind++) {
		while (READ_ONCE(bn->ports.n_spare[kind]) <
		       UMX_BIS_PORT_SPARES) {
			err = umx_bis_port_spare(bn, kind);
			if (err)
				return err;
		}
	}
	return 0;
}

static void umx_bis_port_send(struct umx_bis_net *bn, struct sk_buff *skb,
			      bool may)
{
	struct net_device *dev;

	local_bh_disable();
	rcu_read_lock();
	dev = rcu_dereference(bn->dev);
	if (may && dev) {
		umx_bis_out(bn, dev, skb);
	} else {
		umx_bis_mib_inc(bn, may ? UMX_BIS_MIB_OUT_NO_SPOOL :
				UMX_BIS_MIB_OUT_NO_MEMORY);
		kfree_skb(skb);
	}
	rcu_read_unlock();
	local_bh_enable();
}

/* Without memory nothing waits any longer: it would come here for ever. */
static void umx_bis_port_work(struct work_struct *work)
{
	struct umx_bis_ports *ports = container_of(work, struct umx_bis_ports,
						   work);
	bool may = !umx_bis_port_fill(ports->bn);
	struct sk_buff_head waiting;
	struct sk_buff *skb;

	__skb_queue_head_init(&waiting);
	spin_lock_bh(&ports->lock);
	skb_queue_splice_init(&ports->waiting, &waiting);
	spin_unlock_bh(&ports->lock);
	while ((skb = __skb_dequeue(&waiting)))
		umx_bis_port_send(ports->bn, skb, may);
}

/* --- the spool comes and goes --- */

/**
 * umx_bis_port_start() - a spool whose source is shared is about to be there
 * @bn: the namespace; its lock is held
 *
 * Return: 0, or a negative errno.
 */
int umx_bis_port_start(struct umx_bis_net *bn)
{
	int err;

	lockdep_assert_held(&bn->lock);
	bn->ports.memcg = get_mem_cgroup_from_mm(current->mm);
	err = umx_bis_port_fill(bn);
	if (err) {
		umx_bis_port_stop(bn);
		return err;
	}
	spin_lock_bh(&bn->ports.lock);
	bn->ports.on = true;
	spin_unlock_bh(&bn->ports.lock);
	return 0;
}

/**
 * umx_bis_port_stop() - the spool has gone: end every reservation
 * @bn: the namespace; its lock is held
 */
void umx_bis_port_stop(struct umx_bis_net *bn)
{
	struct umx_bis_ports *ports = &bn->ports;
	struct sk_buff *skb;
	unsigned int kind;

	lockdep_assert_held(&bn->lock);
	spin_lock_bh(&ports->lock);
	ports->on = false;
	spin_unlock_bh(&ports->lock);
	/* Whoever starts it, or has a packet wait, has seen a spool. */
	cancel_work_sync(&ports->work);
	while ((skb = __skb_dequeue(&ports->waiting))) {
		umx_bis_mib_inc(bn, UMX_BIS_MIB_OUT_NO_SPOOL);
		kfree_skb(skb);
	}
	umx_bis_port_reap(bn);
	for (kind = 0; kind < UMX_BIS_PORT_KINDS; kind++)
		while (ports->n_spare[kind])
			sock_release(ports->spare[kind][--ports->n_spare[kind]]);
	mem_cgroup_put(ports->memcg);
	ports->memcg = NULL;
}

void umx_bis_port_init(struct umx_bis_net *bn)
{
	struct umx_bis_ports *ports = &bn->ports;

	ports->bn = bn;
	xa_init(&ports->table);
	spin_lock_init(&ports->lock);
	__skb_queue_head_init(&ports->waiting);
	INIT_WORK(&ports->work, umx_bis_port_work);
}

void umx_bis_port_exit(struct umx_bis_net *bn)
{
	xa_destroy(&bn->ports.table);
}

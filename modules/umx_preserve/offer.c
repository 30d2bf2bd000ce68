// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the choice of the addresses that are offered, the judgement
 * of those a peer offers, and the check that ties an acceptance to an offer.
 */
#include <linux/netdevice.h>
#include <linux/siphash.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include <umx/tcp.h>
#include "exclude.h"
#include "key.h"
#include "netns.h"
#include "offer.h"
#include "set.h"
#include "sockopt.h"

/*
 * The check is no secret unless a key is: it tells a set corrupted on the way,
 * and one that was never offered in this connection, from the true one.
 */
static const siphash_key_t umx_preserve_check_key;

static bool umx_preserve_offer_signed(const struct sock *sk)
{
#ifdef CONFIG_TCP_MD5SIG
	if (rcu_access_pointer(tcp_sk(sk)->md5sig_info))
		return true;
#endif
#ifdef CONFIG_TCP_AO
	if (rcu_access_pointer(tcp_sk(sk)->ao_info))
		return true;
#endif
	return false;
}

/**
 * umx_preserve_offer_allowed() - may this socket have a preserved connection?
 * @pn: the namespace
 * @sk: a socket before its SYN, or a listener
 *
 * Refusals are counted. Context: any.
 */
bool umx_preserve_offer_allowed(struct umx_preserve_net *pn,
				const struct sock *sk)
{
	enum umx_preserve_mode mode = umx_preserve_sockopt_mode(sk);

	if (mode == UMX_PRESERVE_MODE_OFF) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SKIP_OFF);
		return false;
	}
	if (sk->sk_bound_dev_if ||
	    (!READ_ONCE(pn->set.bound) && mode != UMX_PRESERVE_MODE_ON &&
	     (sk->sk_userlocks & SOCK_BINDADDR_LOCK) &&
	     !ipv6_addr_any(&sk->sk_v6_rcv_saddr))) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SKIP_BOUND);
		return false;
	}
	if (umx_preserve_offer_signed(sk) ||
	    rcu_access_pointer(inet6_sk(sk)->opt)) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_SKIP_SOCKET);
		return false;
	}
	return true;
}

/* An address of this host that may stand in for @base, which has @scope. */
static bool umx_preserve_offer_wanted(const struct umx_preserve_net *pn,
				      const struct inet6_ifaddr *ifa,
				      const struct in6_addr *base, int scope)
{
	const struct in6_addr *addr = &ifa->addr;
	int type;

	if (READ_ONCE(ifa->flags) & (IFA_F_DEPRECATED | IFA_F_TENTATIVE |
				     IFA_F_DADFAILED | IFA_F_OPTIMISTIC))
		return false;
	type = __ipv6_addr_type(addr);
	return type & IPV6_ADDR_UNICAST &&
	       __ipv6_addr_src_scope(type) >= scope &&
	       !ipv6_addr_equal(addr, base) &&
	       !umx_preserve_excluded(pn, addr);
}

/* Fill @addrs with the addresses of @dev. Return: how many there are now. */
static unsigned int umx_preserve_offer_dev(const struct umx_preserve_net *pn,
					   const struct net_device *dev,
					   const struct in6_addr *base,
					   int scope, struct in6_addr *addrs,
					   unsigned int n, bool *has_base)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	struct inet6_ifaddr *ifa;

	*has_base = false;
	if (!idev || !(dev->flags & IFF_UP) || netif_is_l3_slave(dev) ||
	    netif_is_l3_master(dev))
		return n;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list) {
		if (ipv6_addr_equal(&ifa->addr, base))
			*has_base = true;
		if (n < 2 * UMX_OFFER_MAX &&
		    umx_preserve_offer_wanted(pn, ifa, base, scope))
			addrs[n++] = ifa->addr;
	}
	return n;
}

/*
 * The alternatives of @base, those of other devices first: what takes one
 * address of a device away often takes all of them.
 */
static unsigned int umx_preserve_offer_collect(struct umx_preserve_net *pn,
					       const struct in6_addr *base,
					       struct in6_addr *addrs)
{
	struct in6_addr same[2 * UMX_OFFER_MAX] __uninitialized;
	int scope = ipv6_addr_src_scope(base);
	unsigned int n = 0, n_same = 0, before;
	struct net_device *dev;
	bool has_base;

	rcu_read_lock();
	for_each_netdev_rcu(pn->net, dev) {
		before = n;
		n = umx_preserve_offer_dev(pn, dev, base, scope, addrs, n,
					   &has_base);
		if (!has_base || n_same)
			continue;
		n_same = n - before;
		memcpy(same, addrs + before, n_same * sizeof(*same));
		n = before;
	}
	rcu_read_unlock();
	n_same = min(n_same, 2 * UMX_OFFER_MAX - n);
	memcpy(addrs + n, same, n_same * sizeof(*same));
	return n + n_same;
}

/* How many addresses fit that share nothing with @base, beside what is there? */
static unsigned int umx_preserve_offer_room(const struct umx_option *option,
					    const struct in6_addr *base,
					    unsigned int limit,
					    unsigned int most)
{
	struct umx_option full = *option;
	struct in6_addr other = *base;

	other.s6_addr32[3] = ~other.s6_addr32[3];
	while (full.offer.n < most && umx_offer_add(&full.offer, &other, base))
		if (umx_option_length(&full) > limit)
			return full.offer.n - 1;
	return full.offer.n;
}

/*
 * The alternatives of @base, which is made for this session only: others made
 * for it, too, and none of the host's own, which would tell whose it is.
 */
static noinline_for_stack unsigned int
umx_preserve_offer_spares(struct umx_preserve_net *pn,
			  const struct in6_addr *base, unsigned int max,
			  struct in6_addr *addrs)
{
	unsigned int i, n, good = 0;

	n = umx_tcp_spares(pn->net, base, addrs, min(max, 2U * UMX_OFFER_MAX));
	for (i = 0; i < n; i++)
		if (!umx_preserve_excluded(pn, &addrs[i]))
			addrs[good++] = addrs[i];
	return good;
}

/**
 * umx_preserve_offer_make() - put this host's offer into an option
 * @pn: the namespace
 * @base: our address of the connection
 * @onetime: it is a one-time address
 * @option: gets the offer; what it accepts, if it does, is in it already
 *
 * As many as fit into the limit, which an acceptance may exceed by 8 bytes: with
 * one, a single /128 does not fit into the 24 bytes that most paths let pass.
 * Context: any.
 */
void umx_preserve_offer_make(struct umx_preserve_net *pn,
			     const struct in6_addr *base, bool onetime,
			     struct umx_option *option)
{
	unsigned int limit = READ_ONCE(pn->set.header_max), i, n;
	u8 most = READ_ONCE(pn->set.max_prefixes);
	struct in6_addr addrs[2 * UMX_OFFER_MAX] __uninitialized;

	if (option->what & UMX_OPTION_ACCEPT)
		limit += 8;
	option->what |= UMX_OPTION_OFFER;
	option->offer.n = 0;
	if (onetime)
		n = umx_preserve_offer_spares(pn, base,
				umx_preserve_offer_room(option, base, limit,
							most), addrs);
	else
		n = umx_preserve_offer_collect(pn, base, addrs);
	for (i = 0; i < n && option->offer.n < most; i++) {
		if (!umx_offer_add(&option->offer, &addrs[i], base))
			break;
		if (umx_option_length(option) > limit)
			option->offer.n--;
	}
	if (option->offer.n < n)
		umx_preserve_count(pn, UMX_PRESERVE_MIB_OFFER_CUT);
}

/**
 * umx_preserve_offer_judge() - what of a peer's offer is accepted
 * @pn: the namespace
 * @offer: it
 * @base: the peer's address of the connection
 * @own: ours
 *
 * Context: any. Return: a bit for each entry.
 */
u8 umx_preserve_offer_judge(struct umx_preserve_net *pn,
			    const struct umx_offer *offer,
			    const struct in6_addr *base,
			    const struct in6_addr *own)
{
	u8 most = READ_ONCE(pn->set.max_prefixes), bitmap = 0;
	int scope = ipv6_addr_src_scope(base), type;
	unsigned int i, n = 0;
	struct in6_addr addr;

	for (i = 0; i < offer->n; i++) {
		umx_prefix_resolve(&offer->entry[i], base, &addr);
		type = __ipv6_addr_type(&addr);
		if (umx_preserve_excluded(pn, &addr)) {
			umx_preserve_count(pn, UMX_PRESERVE_MIB_NO_EXCLUDED);
			continue;
		}
		if (n < most && type & IPV6_ADDR_UNICAST &&
		    !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
			      IPV6_ADDR_MAPPED | IPV6_ADDR_COMPATv4)) &&
		    __ipv6_addr_src_scope(type) >= scope &&
		    !ipv6_addr_equal(&addr, base) &&
		    !ipv6_addr_equal(&addr, own)) {
			bitmap |= 1 << i;
			n++;
		} else {
			umx_preserve_count(pn, UMX_PRESERVE_MIB_NO_PREFIX);
		}
	}
	return bitmap;
}

/*
 * The check of an acceptance. It covers the offer that stands beside it as well:
 * the other end's acceptance of that comes later, and to us.
 */
static noinline_for_stack u32
umx_preserve_offer_check(const struct umx_preserve_net *pn,
			 const struct umx_option *option,
			 const struct umx_preserve_signed *what)
{
	siphash_key_t key = umx_preserve_check_key;
	struct umx_option_digest digest[2] __uninitialized;
	unsigned int len;
	u32 check;

	len = umx_offer_digest(what->offer, option->bitmap, htonl(what->isn),
			       what->port, what->peer_port, digest);
	/* right behind it: what is there of a digest is a multiple of 8 long */
	if (option->what & UMX_OPTION_OFFER)
		len += umx_offer_digest(&option->offer, 0,
					htonl(what->peer_isn),
					what->peer_port, what->port,
					(void *)digest + len);
	umx_preserve_key_find(pn, what->peer, &key);
	check = siphash(digest, len, &key);
	memzero_explicit(&key, sizeof(key));
	return check;
}

/**
 * umx_preserve_offer_accept() - put the acceptance of an offer into an option
 * @option: gets it, but for the check: umx_preserve_offer_sign()
 * @offer: what was offered, as it came
 * @bitmap: what of it is accepted
 */
void umx_preserve_offer_accept(struct umx_option *option,
			       const struct umx_offer *offer, u8 bitmap)
{
	unsigned int i;

	option->what |= UMX_OPTION_ACCEPT;
	option->bitmap = bitmap;
	option->echo.n = 0;
	for (i = 0; i < offer->n; i++)
		if (bitmap >> i & 1)
			option->echo.entry[option->echo.n++] = offer->entry[i];
}

/**
 * umx_preserve_offer_sign() - put the check into an option
 * @pn: the namespace
 * @option: is complete otherwise
 * @what: what it accepts
 *
 * Context: any.
 */
void umx_preserve_offer_sign(const struct umx_preserve_net *pn,
			     struct umx_option *option,
			     const struct umx_preserve_signed *what)
{
	if (!option->thesis)
		option->check = umx_preserve_offer_check(pn, option, what);
}

/* The thesis's acceptance: which entries of @own does @echo repeat? */
static bool umx_preserve_offer_echoed(const struct umx_offer *own,
				      const struct umx_offer *echo, u8 *bitmap)
{
	unsigned int i, j = 0;

	*bitmap = 0;
	for (i = 0; i < own->n && j < echo->n; i++) {
		if (own->entry[i].plen != echo->entry[j].plen ||
		    !ipv6_addr_equal(&own->entry[i].addr, &echo->entry[j].addr))
			continue;
		*bitmap |= 1 << i;
		j++;
	}
	return j == echo->n;
}

/**
 * umx_preserve_offer_accepted() - does an acceptance belong to our offer?
 * @pn: the namespace
 * @option: what came
 * @what: our offer, and the connection
 * @bitmap: what of it was accepted
 *
 * Refusals are counted. Context: any.
 */
bool umx_preserve_offer_accepted(struct umx_preserve_net *pn,
				 const struct umx_option *option,
				 const struct umx_preserve_signed *what,
				 u8 *bitmap)
{
	bool good;

	if (option->thesis &&
	    (READ_ONCE(pn->set.check) ||
	     umx_preserve_key_find(pn, what->peer, NULL))) {
		umx_preserve_count(pn, UMX_PRESERVE_MIB_BAD_FORM);
		return false;
	}
	if (option->thesis) {
		good = umx_preserve_offer_echoed(what->offer, &option->echo,
						 bitmap);
	} else {
		*bitmap = option->bitmap;
		good = !(*bitmap >> what->offer->n) &&
		       option->check == umx_preserve_offer_check(pn, option,
								 what);
	}
	if (!good)
		umx_preserve_count(pn, UMX_PRESERVE_MIB_BAD_CHECK);
	return good;
}

/**
 * umx_preserve_offer_resolve() - the addresses of one end
 * @offer: its offer
 * @bitmap: what of it was accepted
 * @base: its address of the connection
 * @addrs: gets them, @base first; UMX_PATH_ADDRS
 *
 * Return: how many.
 */
u8 umx_preserve_offer_resolve(const struct umx_offer *offer, u8 bitmap,
			      const struct in6_addr *base,
			      struct in6_addr *addrs)
{
	unsigned int i;
	u8 n = 0;

	addrs[n++] = *base;
	for (i = 0; i < offer->n; i++)
		if (bitmap >> i & 1)
			umx_prefix_resolve(&offer->entry[i], base, &addrs[n++]);
	return n;
}

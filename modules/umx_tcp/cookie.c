// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns SYN cookies for SYNs a capability picks: TCP's own depend on
 * how full a listener's queue is, and on a sysctl; ours on neither.
 *
 *   SYN  -> umx_tcp_cookie_send()    a SYN-ACK whose sequence number is the
 *                                    cookie; nothing is kept
 *   ACK  -> umx_tcp_cookie_accept()  the SYN is made up again from the ACK and
 *                                    given to the listener, sequence number
 *                                    included, as TCP itself does for a SYN
 *                                    that met a TIME_WAIT (tcp_tw_isn). The
 *                                    ACK then finds an ordinary handshake
 *
 * The cookie: 30 bits of a keyed hash over the 4-tuple, the client's sequence
 * number, the minute and the MSS; 2 bits that name the MSS. Good for one to two
 * minutes. As with TCP's own cookies for clients without timestamps, such a
 * connection has no window scaling and no SACK; and if the client's ACK is lost
 * and the server speaks first, the client waits in vain.
 */
#include <linux/siphash.h>
#include <linux/security.h>
#include <net/inet6_hashtables.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/tcp.h>
#include <umx/compat.h>
#include "umx_tcp.h"

/* How long a cookie's minute is. */
#define UMX_TCP_COOKIE_PERIOD	(64 * HZ)

/* What the two lowest bits stand for, ascending; the first fits every path. */
static const u16 umx_tcp_cookie_mss[] = { 1220, 1380, 1440, 8940 };

#define UMX_TCP_COOKIE_MSS_BITS	3u

static siphash_key_t umx_tcp_cookie_key;

/* What a cookie vouches for; without holes. */
struct umx_tcp_cookie {
	u64 net;
	struct in6_addr client;
	struct in6_addr server;
	__be16 client_port;
	__be16 server_port;
	u32 client_isn;
	u32 period;
	u32 mss;
};

static u32 umx_tcp_cookie_period(void)
{
	return div_u64(get_jiffies_64(), UMX_TCP_COOKIE_PERIOD);
}

static u32 umx_tcp_cookie_make(const struct net *net,
			       const struct sk_buff *skb, bool ports,
			       u32 client_isn, u32 period, u32 mss)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	const struct umx_tcp_cookie cookie = {
		.net = net->net_cookie,
		.client = ip6h->saddr,
		.server = ip6h->daddr,
		.client_port = ports ? th->source : 0,
		.server_port = ports ? th->dest : 0,
		.client_isn = client_isn,
		.period = period,
		.mss = mss,
	};

	return ((u32)siphash(&cookie, sizeof(cookie), &umx_tcp_cookie_key) &
		~UMX_TCP_COOKIE_MSS_BITS) | mss;
}

static u16 umx_tcp_cookie_client_mss(const struct sock *lsk,
				     const struct sk_buff *syn)
{
	struct tcp_options_received opt = {
		.mss_clamp = umx_tcp_cookie_mss[0],
	};

	tcp_parse_options(sock_net(lsk), syn, &opt, 0, NULL);
	return opt.mss_clamp;
}

static u32 umx_tcp_cookie_mss_index(u16 mss)
{
	u32 i;

	for (i = ARRAY_SIZE(umx_tcp_cookie_mss) - 1; i; i--)
		if (mss >= umx_tcp_cookie_mss[i])
			break;
	return i;
}

/*
 * Put a TCP header with an MSS option into the empty @skb; ports are the
 * caller's.
 */
static struct tcphdr *umx_tcp_cookie_header(struct sk_buff *skb, u16 mss)
{
	struct tcphdr *th;
	u8 *opt;

	th = skb_push(skb, sizeof(*th) + TCPOLEN_MSS);
	skb_reset_transport_header(skb);
	memset(th, 0, sizeof(*th));
	th->doff = (sizeof(*th) + TCPOLEN_MSS) / 4;
	th->syn = 1;
	opt = (u8 *)(th + 1);
	opt[0] = TCPOPT_MSS;
	opt[1] = TCPOLEN_MSS;
	put_unaligned_be16(mss, opt + 2);
	return th;
}

static struct dst_entry *umx_tcp_cookie_route(struct sock *lsk,
					      struct sk_buff *syn,
					      struct flowi6 *fl6)
{
	const struct tcphdr *th = tcp_hdr(syn);

	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_proto = IPPROTO_TCP;
	fl6->daddr = ipv6_hdr(syn)->saddr;
	fl6->saddr = ipv6_hdr(syn)->daddr;
	fl6->flowi6_oif = inet_request_bound_dev_if(lsk, syn);
	if (ipv6_addr_type(&fl6->daddr) & IPV6_ADDR_LINKLOCAL)
		fl6->flowi6_oif = tcp_v6_iif(syn);
	fl6->flowi6_mark = inet_request_mark(lsk, syn);
	fl6->fl6_dport = th->source;
	fl6->fl6_sport = th->dest;
	fl6->flowi6_uid = lsk->sk_uid;
	security_skb_classify_flow(syn, flowi6_to_flowi_common(fl6));
	return ip6_dst_lookup_flow(sock_net(lsk), lsk, fl6, NULL);
}

/**
 * umx_tcp_cookie_send() - answer a SYN and remember nothing
 * @lsk: an attached listener
 * @syn: the SYN, as umx_tcp_ops.syn is given it
 * @ports: whether the ACK has to have its ports
 *
 * The listener's own IPv6 options and IPV6_REFLECT_TOS are not honoured.
 * Context: ->syn(). Return: 0, -ENOMEM, or the error of the way back.
 */
int umx_tcp_cookie_send(struct sock *lsk, struct sk_buff *syn, bool ports)
{
	const struct tcphdr *th = tcp_hdr(syn);
	u32 isn = ntohl(th->seq), mss, cookie;
	struct dst_entry *dst;
	struct sk_buff *skb;
	struct tcphdr *reply;
	struct flowi6 fl6;
	int err;

	mss = umx_tcp_cookie_mss_index(umx_tcp_cookie_client_mss(lsk, syn));
	cookie = umx_tcp_cookie_make(sock_net(lsk), syn, ports, isn,
				     umx_tcp_cookie_period(), mss);
	dst = umx_tcp_cookie_route(lsk, syn, &fl6);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	skb = alloc_skb(MAX_TCP_HEADER + sizeof(*th) + TCPOLEN_MSS, GFP_ATOMIC);
	if (!skb) {
		dst_release(dst);
		return -ENOMEM;
	}
	skb_reserve(skb, MAX_TCP_HEADER + sizeof(*th) + TCPOLEN_MSS);
	skb_dst_set(skb, dst);

	reply = umx_tcp_cookie_header(skb, tcp_mss_clamp(tcp_sk(lsk),
							 dst_metric_advmss(dst)));
	reply->source = th->dest;
	reply->dest = th->source;
	reply->seq = htonl(cookie);
	reply->ack_seq = htonl(isn + 1);
	reply->ack = 1;
	reply->window = htons(TCP_INIT_CWND * umx_tcp_cookie_mss[0]);
	reply->check = tcp_v6_check(skb->len, &fl6.saddr, &fl6.daddr,
				    csum_partial(reply, skb->len, 0));

	err = ip6_xmit(lsk, skb, &fl6, fl6.flowi6_mark, NULL,
		       inet6_sk(lsk)->tclass, READ_ONCE(lsk->sk_priority));
	return min(err, 0);	/* congestion is no error */
}
EXPORT_SYMBOL_GPL(umx_tcp_cookie_send);

/* Which MSS the cookie @th acknowledges stands for; -1: it is none of ours. */
static int umx_tcp_cookie_check(const struct net *net,
				const struct sk_buff *ack, bool ports)
{
	const struct tcphdr *th = tcp_hdr(ack);
	u32 cookie = ntohl(th->ack_seq) - 1, isn = ntohl(th->seq) - 1;
	u32 mss = cookie & UMX_TCP_COOKIE_MSS_BITS;
	u32 period = umx_tcp_cookie_period();

	if (cookie &&
	    (cookie == umx_tcp_cookie_make(net, ack, ports, isn, period, mss) ||
	     cookie == umx_tcp_cookie_make(net, ack, ports, isn, period - 1,
					   mss)))
		return mss;
	return -1;
}

/* The SYN that @ack stands for. */
static struct sk_buff *umx_tcp_cookie_syn(struct sk_buff *ack, u16 mss)
{
	const struct tcphdr *ack_th = tcp_hdr(ack);
	struct sk_buff *skb;
	struct tcphdr *th;

	skb = alloc_skb(MAX_TCP_HEADER + sizeof(*th) + TCPOLEN_MSS, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER + sizeof(*th) + TCPOLEN_MSS);
	th = umx_tcp_cookie_header(skb, mss);
	th->source = ack_th->source;
	th->dest = ack_th->dest;
	th->seq = htonl(ntohl(ack_th->seq) - 1);
	th->window = ack_th->window;

	skb_push(skb, sizeof(struct ipv6hdr));
	skb_reset_network_header(skb);
	skb_reset_mac_header(skb);	/* TCP_SAVE_SYN 2: there is none */
	*ipv6_hdr(skb) = *ipv6_hdr(ack);
	ipv6_hdr(skb)->payload_len = htons(sizeof(*th) + TCPOLEN_MSS);
	skb_pull(skb, sizeof(struct ipv6hdr));	/* as TCP gets it */

	skb->protocol = htons(ETH_P_IPV6);
	skb->skb_iif = ack->skb_iif;
	skb->mark = ack->mark;
	skb_copy_secmark(skb, ack);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	memset(TCP_SKB_CB(skb), 0, sizeof(struct tcp_skb_cb));
	TCP_SKB_CB(skb)->header.h6 = *IP6CB(ack);
	TCP_SKB_CB(skb)->seq = ntohl(th->seq);
	TCP_SKB_CB(skb)->end_seq = ntohl(th->seq) + 1;
	TCP_SKB_CB(skb)->tcp_flags = TCPHDR_SYN;
	TCP_SKB_CB(skb)->ip_dsfield = ipv6_get_dsfield(ipv6_hdr(ack));
	return skb;
}

/*
 * Cookies brought back may take no more memory than SYNs would. A server that
 * wants to hear of a client with its first data only (TCP_DEFER_ACCEPT) would
 * leave the request socket of a bare ACK waiting for it; the data brings the
 * cookie as well.
 */
static bool umx_tcp_cookie_room(const struct sock *lsk,
				const struct sk_buff *ack)
{
	const struct inet_connection_sock *icsk = inet_csk(lsk);
	u32 bare = tcp_hdr(ack)->doff * 4;

	if (READ_ONCE(icsk->icsk_accept_queue.rskq_defer_accept) &&
	    ntohs(ipv6_hdr(ack)->payload_len) == bare)
		return false;
	return inet_csk_reqsk_queue_len(lsk) <=
	       2 * READ_ONCE(lsk->sk_max_ack_backlog) + 1;
}

/*
 * Is there a request socket now? The time between its SYN-ACK and the ACK says
 * nothing of the path: the cookie went out before.
 */
static bool umx_tcp_cookie_request(struct net *net, const struct sk_buff *ack)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(ack);
	const struct tcphdr *th = tcp_hdr(ack);
	struct sock *sk;
	bool found;

	sk = umx_inet6_lookup_established(net, &ip6h->saddr, th->source,
					  &ip6h->daddr, ntohs(th->dest),
					  inet6_iif(ack));
	if (!sk)
		return false;
	found = sk->sk_state == TCP_NEW_SYN_RECV;
	if (found)
		tcp_rsk(inet_reqsk(sk))->snt_synack = 0;
	sock_gen_put(sk);
	return found;
}

/**
 * umx_tcp_cookie_accept() - does this ACK complete a handshake we sent a cookie
 * for?
 * @lsk: an attached listener
 * @ack: the ACK, at its IPv6 header; its TCP header is linear and its checksum
 *	was verified
 * @local: the route by which it will be delivered
 * @ports: as umx_tcp_cookie_send() was told
 *
 * If so a request socket is made, as if its SYN had come first; the client sees
 * the SYN-ACK once more. Context: softirq or BH off, RCU.
 */
enum umx_tcp_cookie_verdict umx_tcp_cookie_accept(struct sock *lsk,
						  struct sk_buff *ack,
						  struct dst_entry *local,
						  bool ports)
{
	int mss = umx_tcp_cookie_check(sock_net(lsk), ack, ports);
	struct sk_buff *syn;

	if (mss < 0)
		return UMX_TCP_COOKIE_NONE;
	if (!umx_tcp_cookie_room(lsk, ack))
		return UMX_TCP_COOKIE_WAIT;
	syn = umx_tcp_cookie_syn(ack, umx_tcp_cookie_mss[mss]);
	if (!syn)
		return UMX_TCP_COOKIE_WAIT;
	skb_dst_set(syn, dst_clone(local));
	umx_tcp_tw_isn_set(syn, ntohl(tcp_hdr(ack)->ack_seq) - 1);
	umx_tcp_origin.af_ops->conn_request(lsk, syn);
	umx_tcp_tw_isn_clear();
	consume_skb(syn);
	return umx_tcp_cookie_request(sock_net(lsk), ack) ?
	       UMX_TCP_COOKIE_REQUEST : UMX_TCP_COOKIE_WAIT;
}
EXPORT_SYMBOL_GPL(umx_tcp_cookie_accept);

void umx_tcp_cookie_setup(void)
{
	get_random_bytes(&umx_tcp_cookie_key, sizeof(umx_tcp_cookie_key));
}

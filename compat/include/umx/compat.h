/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the names for what differs between supported kernels and
 * cannot be hidden by a shadow header; what a kernel has was found out by
 * compat/probe.sh.
 */
#ifndef _UMX_COMPAT_H
#define _UMX_COMPAT_H

#include <linux/compiler_attributes.h>
#include <umx/have.h>

/* not written before it is read, and not by the compiler either; early 6.1 has no name for it */
#ifndef __uninitialized
#define __uninitialized	__attribute__((__uninitialized__))
#endif

/* what struct proto's connect() is given */
#ifdef UMX_HAVE_SOCKADDR_UNSIZED
typedef struct sockaddr_unsized umx_sockaddr;
#else
typedef struct sockaddr umx_sockaddr;
#endif

/* the parameters of inet_connection_sock_af_ops.syn_recv_sock(), and the same handed on */
#ifdef UMX_HAVE_SYN_RECV_SOCK_INIT
#define UMX_SYN_RECV_SOCK_PARAMS						\
	const struct sock *sk, struct sk_buff *skb, struct request_sock *req,	\
	struct dst_entry *dst, struct request_sock *req_unhash, bool *own_req,	\
	void (*opt_child_init)(struct sock *newsk, const struct sock *sk)
#define UMX_SYN_RECV_SOCK_ARGS							\
	sk, skb, req, dst, req_unhash, own_req, opt_child_init
#else
#define UMX_SYN_RECV_SOCK_PARAMS						\
	const struct sock *sk, struct sk_buff *skb, struct request_sock *req,	\
	struct dst_entry *dst, struct request_sock *req_unhash, bool *own_req
#define UMX_SYN_RECV_SOCK_ARGS							\
	sk, skb, req, dst, req_unhash, own_req
#endif

/* the socket lookups, which took the hash tables as an argument once */
#ifdef UMX_HAVE_LOOKUP_HASHINFO
#define UMX_HASHINFO(net)	(net)->ipv4.tcp_death_row.hashinfo,
#else
#define UMX_HASHINFO(net)
#endif
#define umx_inet6_lookup_established_sdif(net, saddr, sport, daddr, hnum, dif,	\
					  sdif)					\
	__inet6_lookup_established(net, UMX_HASHINFO(net) saddr, sport, daddr,	\
				   hnum, dif, sdif)
#define umx_inet6_lookup_established(net, saddr, sport, daddr, hnum, dif)	\
	umx_inet6_lookup_established_sdif(net, saddr, sport, daddr, hnum, dif, 0)
#define umx_inet_lookup_established(net, saddr, sport, daddr, hnum, dif)	\
	__inet_lookup_established(net, UMX_HASHINFO(net) saddr, sport, daddr,	\
				  hnum, dif, 0)
#define umx_inet6_lookup_listener(net, skb, doff, saddr, sport, daddr, hnum,	\
				  dif, sdif)					\
	inet6_lookup_listener(net, UMX_HASHINFO(net) skb, doff, saddr, sport,	\
			      daddr, hnum, dif, sdif)
#define umx_inet_lookup_listener(net, skb, doff, saddr, sport, daddr, hnum,	\
				 dif, sdif)					\
	__inet_lookup_listener(net, UMX_HASHINFO(net) skb, doff, saddr, sport,	\
			       daddr, hnum, dif, sdif)

/* the table of UDP sockets of a namespace, which may be everybody's */
#ifdef UMX_HAVE_NET_UDP_TABLE
#define umx_udp_table_of(net)	((net)->ipv4.udp_table)
#else
#define umx_udp_table_of(net)	(&udp_table)
#endif

/* a UDP socket, without a reference */
#ifdef UMX_HAVE_UDP_LOOKUP_TABLE
#define umx_udp4_lookup(net, saddr, sport, daddr, dport, dif)			\
	__udp4_lib_lookup(net, saddr, sport, daddr, dport, dif, 0,		\
			  umx_udp_table_of(net), NULL)
#else
#define umx_udp4_lookup(net, saddr, sport, daddr, dport, dif)			\
	__udp4_lib_lookup(net, saddr, sport, daddr, dport, dif, 0, NULL)
#endif

/* the sequence number a SYN that met a TIME_WAIT is to be answered with */
#ifdef UMX_HAVE_TCP_TW_ISN_PERCPU
#define umx_tcp_tw_isn_set(skb, isn)	__this_cpu_write(tcp_tw_isn, isn)
#define umx_tcp_tw_isn_clear()		__this_cpu_write(tcp_tw_isn, 0)
#else
#define umx_tcp_tw_isn_set(skb, isn)	(TCP_SKB_CB(skb)->tcp_tw_isn = (isn))
#define umx_tcp_tw_isn_clear()		do { } while (0)
#endif

/* a namespace's sysctls; an empty entry after the last of @n ends older tables */
#ifdef UMX_HAVE_NET_SYSCTL_SZ
#define umx_register_net_sysctl(net, path, table, n)				\
	register_net_sysctl_sz(net, path, table, n)
#else
#define umx_register_net_sysctl(net, path, table, n)				\
	register_net_sysctl(net, path, table)
#endif

/* an ACK at once */
#ifdef UMX_HAVE_TCP_SEND_ACK_FLAGS
#define umx_tcp_send_ack(sk, rcv_nxt)	__tcp_send_ack(sk, rcv_nxt, 0)
#else
#define umx_tcp_send_ack(sk, rcv_nxt)	__tcp_send_ack(sk, rcv_nxt)
#endif

/* the attributes of the request that started a dump */
#ifdef UMX_HAVE_GENL_INFO_DUMP
#define umx_genl_dump_attrs(cb)	genl_info_dump(cb)->attrs
#else
#define umx_genl_dump_attrs(cb)	genl_dumpit_info(cb)->attrs
#endif

/* how a device class names the namespace of a device */
#if defined(UMX_HAVE_CLASS_NAMESPACE_NS_COMMON)
#define UMX_CLASS_NAMESPACE(name, dev)						\
	const struct ns_common *name(const struct device *dev)
#define umx_class_ns(net)	to_ns_common(net)
#elif defined(UMX_HAVE_CLASS_NAMESPACE_CONST)
#define UMX_CLASS_NAMESPACE(name, dev)	const void *name(const struct device *dev)
#define umx_class_ns(net)	(net)
#else
#define UMX_CLASS_NAMESPACE(name, dev)	const void *name(struct device *dev)
#define umx_class_ns(net)	(net)
#endif

/* a device whose transmission takes no lock of the queue */
#ifdef UMX_HAVE_NETDEV_LLTX
#define umx_netdev_set_lltx(dev)	((dev)->lltx = true)
#else
#define umx_netdev_set_lltx(dev)	((dev)->features |= NETIF_F_LLTX)
#endif

/*
 * a packet socket wants packets of one protocol: those of this device, and
 * those of any, where the kernel tells
 */
#ifdef UMX_HAVE_NET_PTYPE_SPECIFIC
#define umx_netdev_has_ptype(dev)	(!list_empty(&(dev)->ptype_specific) ||	\
					 !list_empty(&dev_net(dev)->ptype_specific))
#else
#define umx_netdev_has_ptype(dev)	(!list_empty(&(dev)->ptype_specific))
#endif

/* traffic control or BPF looks at what a device receives or transmits */
#if defined(UMX_HAVE_NETDEV_TCX) && defined(CONFIG_NET_XGRESS)
#define umx_netdev_has_tc(dev)	(rcu_access_pointer((dev)->tcx_ingress) ||	\
				 rcu_access_pointer((dev)->tcx_egress))
#elif !defined(UMX_HAVE_NETDEV_TCX) && defined(CONFIG_NET_CLS_ACT)
#define umx_netdev_has_tc(dev)	(rcu_access_pointer((dev)->miniq_ingress) ||	\
				 rcu_access_pointer((dev)->miniq_egress))
#else
#define umx_netdev_has_tc(dev)	false
#endif

#endif /* _UMX_COMPAT_H */

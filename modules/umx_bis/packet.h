/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of packet.c: what host and router do alike with
 * a packet.
 */
#ifndef _UMX_BIS_PACKET_H
#define _UMX_BIS_PACKET_H

#include "wire.h"

struct sk_buff;
struct umx_bis_head4;
struct umx_bis_head6;

enum umx_bis_verdict umx_bis_packet_read4(struct sk_buff *skb,
					  struct umx_bis_head4 *head);
enum umx_bis_verdict umx_bis_packet_read6(struct sk_buff *skb,
					  struct umx_bis_head6 *head);
bool umx_bis_packet_lacks_checksum(const struct sk_buff *skb, unsigned int off,
				   u8 proto, bool fragment);

void umx_bis_packet_put6(struct sk_buff *skb, const struct umx_bis_head4 *head,
			 const struct in6_addr *saddr,
			 const struct in6_addr *daddr);
void umx_bis_packet_put4(struct sk_buff *skb, const struct umx_bis_head6 *head,
			 __be32 saddr, __be32 daddr, u16 id);

struct sk_buff *umx_bis_packet_error46(struct sk_buff *skb,
				       struct umx_bis_head4 *head,
				       const struct umx_bis_env *env,
				       const struct in6_addr *saddr,
				       const struct in6_addr *daddr,
				       unsigned int headroom,
				       enum umx_bis_verdict *verdict);
struct sk_buff *umx_bis_packet_error64(struct sk_buff *skb,
				       struct umx_bis_head6 *head,
				       const struct umx_bis_env *env,
				       enum umx_bis_verdict *verdict);

#endif /* _UMX_BIS_PACKET_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of umx_loan.ko: one-time addresses for sessions
 * that have no IPv6 socket on this host, since somebody translates them.
 *
 * A borrower (umx_bis) has such sessions, a lender (umx) has addresses. Neither
 * needs the other: each registers here while it exists.
 *
 *   borrower                        lender
 *   umx_loan_draw()  ------------>  ->draw(): an address, for this session only
 *     packets of the session, and errors about it, pass the lender's gate: out
 *     if ip6_local_out() was given no socket, in to the namespace's own input
 *   umx_loan_return()  ---------->  ->give_back(), once
 *   ->end()  <--------------------  umx_loan_end(): the lender wants it back
 *
 * A loan holds the lender's module, and outlives no namespace: the borrower
 * returns it in its pre_exit at the latest.
 */
#ifndef _UMX_LOAN_H
#define _UMX_LOAN_H

#include <linux/in6.h>
#include <linux/module.h>
#include <net/sock.h>

/**
 * struct umx_loan - a loan; embedded in the lender's object
 * @lender: who takes it back; constant
 */
struct umx_loan {
	const struct umx_loan_lender *lender;
};

/**
 * struct umx_loan_session - the session a loan is for
 * @net: where
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @sk: the socket whose session it is, of any family, in that namespace
 * @peer: the other end
 * @port: this end's port
 */
struct umx_loan_session {
	struct net *net;
	u8 proto;
	struct sock *sk;
	struct sockaddr_in6 peer;
	__be16 port;
};

/**
 * struct umx_loan_lender - who has addresses
 * @owner: its module; one reference per loan
 * @draw: an address for a session that begins. Context: RCU, BH off; the lock
 *	of the socket may be held. Return: the loan, with its address in *@addr;
 *	NULL: the session is to have none; ERR_PTR(-EADDRNOTAVAIL) or
 *	ERR_PTR(-ENOMEM): nor is it to leave without
 * @give_back: the session is over. Context: any
 */
struct umx_loan_lender {
	struct module *owner;
	struct umx_loan *(*draw)(const struct umx_loan_session *session,
				 struct in6_addr *addr);
	void (*give_back)(struct umx_loan *loan);
};

/**
 * struct umx_loan_borrower - who has sessions
 * @end: end the session on @addr now, and return its loan. Context: process,
 *	may sleep. Return: whether there was one
 */
struct umx_loan_borrower {
	bool (*end)(struct net *net, const struct in6_addr *addr);
};

int umx_loan_lend(const struct umx_loan_lender *lender);
void umx_loan_lend_no_more(const struct umx_loan_lender *lender);
int umx_loan_borrow(const struct umx_loan_borrower *borrower);
void umx_loan_borrow_no_more(const struct umx_loan_borrower *borrower);

bool umx_loan_offered(void);
struct umx_loan *umx_loan_draw(const struct umx_loan_session *session,
			       struct in6_addr *addr);
void umx_loan_return(struct umx_loan *loan);
bool umx_loan_end(struct net *net, const struct in6_addr *addr);

#endif /* _UMX_LOAN_H */

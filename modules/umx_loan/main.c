// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the place where a borrower and a lender of addresses meet
 * (include/umx/loan.h): who they are, if they are there.
 *
 * The lender is read by packets, under RCU; the borrower by tasks that may
 * sleep, under SRCU. Both change under umx_loan_lock.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/srcu.h>
#include <umx/loan.h>

static DEFINE_MUTEX(umx_loan_lock);	/* protects writers of both */
static const struct umx_loan_lender __rcu *umx_loan_lender;
static const struct umx_loan_borrower __rcu *umx_loan_borrower;
DEFINE_STATIC_SRCU(umx_loan_srcu);

/**
 * umx_loan_lend() - have a lender asked from now on
 * @lender: its answers; must stay until umx_loan_lend_no_more()
 *
 * Context: process, may sleep. Return: 0, or -EBUSY: there is one.
 */
int umx_loan_lend(const struct umx_loan_lender *lender)
{
	int err = -EBUSY;

	mutex_lock(&umx_loan_lock);
	if (!rcu_access_pointer(umx_loan_lender)) {
		rcu_assign_pointer(umx_loan_lender, lender);
		err = 0;
	}
	mutex_unlock(&umx_loan_lock);
	return err;
}
EXPORT_SYMBOL_GPL(umx_loan_lend);

/**
 * umx_loan_lend_no_more() - stop asking a lender
 * @lender: as registered
 *
 * On return nobody is asking it. Loans it has given hold its module.
 * Context: process, may sleep.
 */
void umx_loan_lend_no_more(const struct umx_loan_lender *lender)
{
	mutex_lock(&umx_loan_lock);
	if (rcu_access_pointer(umx_loan_lender) == lender)
		RCU_INIT_POINTER(umx_loan_lender, NULL);
	mutex_unlock(&umx_loan_lock);
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(umx_loan_lend_no_more);

/**
 * umx_loan_borrow() - have a borrower told to end sessions
 * @borrower: who; must stay until umx_loan_borrow_no_more()
 *
 * Context: process, may sleep. Return: 0, or -EBUSY: there is one.
 */
int umx_loan_borrow(const struct umx_loan_borrower *borrower)
{
	int err = -EBUSY;

	mutex_lock(&umx_loan_lock);
	if (!rcu_access_pointer(umx_loan_borrower)) {
		rcu_assign_pointer(umx_loan_borrower, borrower);
		err = 0;
	}
	mutex_unlock(&umx_loan_lock);
	return err;
}
EXPORT_SYMBOL_GPL(umx_loan_borrow);

/**
 * umx_loan_borrow_no_more() - stop telling a borrower
 * @borrower: as registered
 *
 * On return nobody is telling it anything.
 * Context: process, may sleep.
 */
void umx_loan_borrow_no_more(const struct umx_loan_borrower *borrower)
{
	mutex_lock(&umx_loan_lock);
	if (rcu_access_pointer(umx_loan_borrower) == borrower)
		RCU_INIT_POINTER(umx_loan_borrower, NULL);
	mutex_unlock(&umx_loan_lock);
	synchronize_srcu(&umx_loan_srcu);
}
EXPORT_SYMBOL_GPL(umx_loan_borrow_no_more);

/* Is there anybody to ask? A hint, for packet paths. */
bool umx_loan_offered(void)
{
	return rcu_access_pointer(umx_loan_lender);
}
EXPORT_SYMBOL_GPL(umx_loan_offered);

/**
 * umx_loan_draw() - borrow an address for a session
 * @session: whose
 * @addr: gets the address
 *
 * Context, return: as umx_loan_lender.draw; NULL also if there is no lender.
 */
struct umx_loan *umx_loan_draw(const struct umx_loan_session *session,
			       struct in6_addr *addr)
{
	const struct umx_loan_lender *lender = rcu_dereference(umx_loan_lender);
	struct umx_loan *loan;

	/* a lender that goes lends no more */
	if (!lender || !try_module_get(lender->owner))
		return NULL;
	loan = lender->draw(session, addr);
	if (IS_ERR_OR_NULL(loan))
		module_put(lender->owner);
	else
		loan->lender = lender;
	return loan;
}
EXPORT_SYMBOL_GPL(umx_loan_draw);

/**
 * umx_loan_return() - the session is over
 * @loan: from umx_loan_draw(); gone afterwards
 *
 * Context: any.
 */
void umx_loan_return(struct umx_loan *loan)
{
	const struct umx_loan_lender *lender = loan->lender;

	lender->give_back(loan);
	module_put(lender->owner);
}
EXPORT_SYMBOL_GPL(umx_loan_return);

/**
 * umx_loan_end() - have the session on a lent address ended
 * @net: where
 * @addr: the address
 *
 * Context: process, may sleep. Return: whether there was one.
 */
bool umx_loan_end(struct net *net, const struct in6_addr *addr)
{
	const struct umx_loan_borrower *borrower;
	bool ended;
	int idx;

	idx = srcu_read_lock(&umx_loan_srcu);
	borrower = srcu_dereference(umx_loan_borrower, &umx_loan_srcu);
	ended = borrower && borrower->end(net, addr);
	srcu_read_unlock(&umx_loan_srcu, idx);
	return ended;
}
EXPORT_SYMBOL_GPL(umx_loan_end);

static int __init umx_loan_init(void)
{
	return 0;
}

static void __exit umx_loan_exit(void)
{
}

module_init(umx_loan_init);
module_exit(umx_loan_exit);

MODULE_DESCRIPTION("One-time IPv6 addresses for sessions that are translated");
MODULE_AUTHOR("The umx authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(UMX_VERSION);

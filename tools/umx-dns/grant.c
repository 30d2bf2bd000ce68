// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the decision who gets an address of this host, and what the
 * kernel tells of those that were given out.
 */
#include <string.h>

#include "count.h"
#include "daemon.h"
#include "grant.h"
#include "journal.h"
#include "kernel.h"
#include "state.h"

/* What is only statistics is written down once in so many seconds. */
#define SAVE_S		10
/* The kernel tells when an address ends; so long after it should have, it has
 * been forgotten together with the module.
 */
#define GRACE_MS	5000
/* Periods of rates, in ms. */
#define SECOND		1000
#define MINUTE		60000

static struct bucket all;
static struct event *tick;
static bool changed;

/* --- what ends --- */

/* A name that has had all its connections is over. */
static void name_used(struct name *name)
{
	if (!name->uses || name->used < name->uses || name->waiting)
		return;
	journal_name("used_up", name);
	name_del(&dns.names, name);
	grant_save();
}

static void on_claimed(const struct in6_addr *addr, uint16_t port, const struct in6_addr *peer,
		       uint16_t peer_port)
{
	struct lease *lease = lease_find(&dns.leases, addr);
	struct name *name = lease ? lease->name : NULL;

	journal_claim(name, addr, port, peer, peer_port);
	if (!lease)
		return;
	count(COUNT_CLAIMED);
	name->claimed++;
	lease_del(&dns.leases, lease);
	grant_changed();
	name_used(name);
}

/* Unused: the use goes back. */
static void lease_end(struct lease *lease, const char *event)
{
	struct name *name = lease->name;

	count(COUNT_EXPIRED);
	journal_end(event, name, &lease->addr);
	lease_del(&dns.leases, lease);
	if (name->uses && name->used) {
		name->used--;
		grant_changed();
	}
}

static void on_ended(const struct in6_addr *addr)
{
	struct lease *lease = lease_find(&dns.leases, addr);

	if (lease)
		lease_end(lease, "expired");
}

/* Events were lost: of what waits no more nobody knows whether it was used. Its
 * use counts.
 */
static struct lease_list waits;

static void waiting_keep(const struct in6_addr *addr)
{
	struct lease *lease = lease_find(&dns.leases, addr);

	if (!lease)
		return;
	TAILQ_REMOVE(&dns.leases.list, lease, link);
	TAILQ_INSERT_TAIL(&waits, lease, link);
}

static void on_lost(void)
{
	struct lease *lease;
	struct name *name;
	int err;

	TAILQ_INIT(&waits);
	err = kernel_waiting(waiting_keep);
	while (!err && (lease = TAILQ_FIRST(&dns.leases.list))) {
		name = lease->name;
		journal_end("lost", name, &lease->addr);
		lease_del(&dns.leases, lease);
		name_used(name);
	}
	TAILQ_CONCAT(&dns.leases.list, &waits, link);
}

static const struct kernel_events events = {
	.claimed = on_claimed,
	.ended = on_ended,
	.lost = on_lost,
};

void grant_revoke(struct name *name, const char *event)
{
	struct lease *lease, *next;

	for (lease = TAILQ_FIRST(&dns.leases.list); lease; lease = next) {
		next = TAILQ_NEXT(lease, link);
		if (lease->name != name)
			continue;
		journal_end("withdrawn", name, &lease->addr);
		kernel_release(&lease->addr);
		lease_del(&dns.leases, lease);
	}
	journal_name(event, name);
	name_del(&dns.names, name);
}

static bool name_over(struct name *name)
{
	if (!name->expires || name->expires > time(NULL))
		return false;
	count(COUNT_EXPIRED_NAME);
	grant_revoke(name, "over");
	grant_changed();
	return true;
}

/* --- who may --- */

/* Who is let in: the name's prefix, the asker's, or that of the asker's site;
 * of two the longer one. False: they have nobody in common.
 */
static bool clients_of(const struct name *name, const struct asker *asker, struct prefix *from)
{
	struct prefix client = {};
	unsigned int i;

	*from = name->from;
	if (prefix_is_ipv4(&asker->prefix))
		return true;
	if (asker->subnet)
		client = asker->prefix;
	for (i = 0; !asker->subnet && i < dns.config.site_count; i++)
		if (prefix_in(&asker->prefix, &dns.config.sites[i]))
			client = dns.config.sites[i];
	if (asker->subnet)
		prefix_widen(&client, dns.config.client_plen);
	if (prefix_in(&client, from))
		*from = client;
	else if (!prefix_in(from, &client))
		return false;
	return true;
}

/* The reason against, COUNT_MAX if there is none. */
static enum count refusal(struct name *name, int64_t now)
{
	const struct config *config = &dns.config;

	if (name->uses && name->used >= name->uses)
		return COUNT_NAME_USES;
	if (name->waiting >= config->leases_per_name)
		return COUNT_NAME_LEASES;
	if (!bucket_fits(&name->bucket, name->rate, MINUTE, now))
		return COUNT_NAME_RATE;
	if (!bucket_fits(&name->share, (config->rate + 1) / 2, SECOND, now))
		return COUNT_NAME_SHARE;
	if (leases_count(&dns.leases) >= config->leases)
		return COUNT_LEASES;
	if (!bucket_fits(&all, config->rate, SECOND, now))
		return COUNT_RATE;
	return COUNT_MAX;
}

static struct name *name_asked(const struct service *service, const char *label)
{
	if (*label)
		return name_find(&dns.names, service->label, label);
	if (service->public)
		return &dns.public[service - dns.config.services];
	return NULL;
}

/* --- giving --- */

/* Written down before the address is told: a crash does not give uses back. */
static bool use_take(struct name *name)
{
	if (!name->uses)
		return true;
	name->used++;
	if (grant_save())
		return true;
	name->used--;
	return false;
}

static enum grant address_lease(const struct service *service, struct name *name,
				const struct asker *asker, const struct prefix *from,
				struct in6_addr *addr)
{
	int64_t now = now_ms();
	int err;

	err = kernel_lease(service->port, from, dns.config.lifetime, addr);
	if (err) {
		count(COUNT_KERNEL);
		if (journal_due("refused"))
			journal_note("refused", "no address of port %u: %s", service->port,
				     *kernel_sentence() ? kernel_sentence() : strerror(-err));
		return GRANT_UNABLE;
	}
	if (!use_take(name) || !lease_add(&dns.leases, name, addr, &asker->prefix, now)) {
		kernel_release(addr);
		count(COUNT_STATE);
		return GRANT_UNABLE;
	}
	bucket_take(&name->bucket, MINUTE);
	bucket_take(&name->share, SECOND);
	bucket_take(&all, SECOND);
	name->leased++;
	name->last = time(NULL);
	grant_changed();
	count(COUNT_LEASED);
	journal_lease(name, addr, &asker->prefix, from);
	return GRANT_ADDRESS;
}

enum grant grant_ask(const char *service_label, const char *label, const struct asker *asker,
		     struct in6_addr *addr)
{
	struct service *service = config_service(&dns.config, service_label);
	struct lease *held;
	struct name *name;
	struct prefix from;
	enum count why;

	/* A connection made meanwhile ends a hold or a name: hear of it first. */
	kernel_listen();
	names_turn(&dns.names, time(NULL));
	name = service && service->port ? name_asked(service, label) : NULL;
	if (!name || name_over(name)) {
		count(COUNT_NO_NAME);
		return GRANT_NONE;
	}
	if (!clients_of(name, asker, &from)) {
		count(COUNT_ELSEWHERE);
		return GRANT_NONE;
	}
	held = lease_held(&dns.leases, name, &asker->prefix, now_ms() - dns.config.hold);
	if (held) {
		count(COUNT_HELD);
		*addr = held->addr;
		return GRANT_ADDRESS;
	}
	why = refusal(name, now_ms());
	if (why != COUNT_MAX) {
		count(why);
		return GRANT_NONE;
	}
	return address_lease(service, name, asker, &from, addr);
}

/* --- from time to time --- */

bool grant_save(void)
{
	changed = !state_write(&dns.names, dns.config.state);
	return !changed;
}

void grant_changed(void)
{
	changed = true;
}

/* What waited when the last umx-dns ended counts as used: a name may be used up
 * from the start.
 */
static void names_over(void)
{
	struct name *name, *next;

	for (name = TAILQ_FIRST(&dns.names.list); name; name = next) {
		next = TAILQ_NEXT(name, link);
		if (!name_over(name))
			name_used(name);
	}
}

static void leases_over(void)
{
	int64_t before = now_ms() - dns.config.lifetime * 1000ll - GRACE_MS;
	struct lease *lease;

	while ((lease = TAILQ_FIRST(&dns.leases.list)) && lease->made < before)
		lease_end(lease, "expired");
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	static unsigned int ticks;

	(void)fd;
	(void)what;
	(void)arg;
	kernel_listen();
	leases_over();
	names_over();
	names_turn(&dns.names, time(NULL));
	if (changed && !(++ticks % SAVE_S))
		grant_save();
}

bool grant_init(void)
{
	const struct timeval second = { .tv_sec = 1 };
	unsigned int i;

	for (i = 0; i < dns.config.service_count; i++) {
		dns.public[i].kind = NAME_PUBLIC;
		strcpy(dns.public[i].service, dns.config.services[i].label);
	}
	kernel_init(&events);
	tick = event_new(dns.base, -1, EV_PERSIST, on_tick, NULL);
	return tick && !event_add(tick, &second);
}

void grant_close(void)
{
	if (changed)
		grant_save();
	if (tick)
		event_free(tick);
	kernel_close();
}

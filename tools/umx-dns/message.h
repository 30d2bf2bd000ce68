/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the contract of message.c: what hosts say to each other, JSON
 * objects one a line, without state.
 *
 *	{"id":7,"service":"ssh","label":"TOKEN","asker":"2001:db8::/56","subnet":true}
 *	{"id":7,"address":"2001:db8:5:a::1"}	an address
 *	{"id":7}				none
 *	{"id":7,"unable":true}			none here and now
 *
 * A question without a service asks whether somebody is there; {"id":7}.
 */
#ifndef UMX_DNS_MESSAGE_H
#define UMX_DNS_MESSAGE_H

#include <stddef.h>

#include "grant.h"

#define MESSAGE_MAX	1024

/**
 * struct message - a question or an answer
 * @id: number of the question.
 * @service: "": is somebody there?
 * @label: token; "": the public name.
 * @asker: who asks.
 * @grant: the answer.
 * @addr: with GRANT_ADDRESS.
 */
struct message {
	uint32_t id;
	char service[LABEL_SIZE];
	char label[LABEL_SIZE];
	struct asker asker;
	enum grant grant;
	struct in6_addr addr;
};

/* @text has a NUL. False: it is neither of both. */
bool message_read_question(const char *text, size_t len, struct message *message);
bool message_read_answer(const char *text, size_t len, struct message *message);

/* A line, to be freed; NULL: no memory. */
char *message_question(const struct message *message);
char *message_answer(const struct message *message);

#endif /* UMX_DNS_MESSAGE_H */

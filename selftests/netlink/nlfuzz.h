/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the parts of nlfuzz know of each other.
 */
#ifndef _NLFUZZ_H
#define _NLFUZZ_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/umx.h>
#include <linux/umx_anycast.h>
#include <linux/umx_bis.h>
#include <linux/umx_preserve.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEADERS	((int)(NLMSG_HDRLEN + GENL_HDRLEN))
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* --- spec.c: what each command takes --- */

/* What an attribute holds: how long it is, and which values are worth trying. */
enum form { U8, PORT, U32, U64, IFINDEX, PID, LIFETIME, IN4, IN6, NAME, FLAG, NEST };

struct attr_spec {
	unsigned short type;	/* 0 ends a list */
	enum form form;
	/* of a number, as the policy has it (not of U64); max bytes of a name; types in a nest, of addresses all */
	unsigned int min, max;
};

/* An attribute of a request that is accepted, its value as umctl prints it. */
struct value {
	unsigned short type;	/* 0 ends a list */
	const char *text;
};

struct cmd_spec {
	const char *name;
	unsigned char cmd;
	bool dump;
	bool bare;	/* accepted without any attribute */
	unsigned short max;	/* last attribute of its enum */
	const struct attr_spec *takes;
	/*
	 * accepted in the namespace malformed.sh makes; in such an order that
	 * it is refused when it ends early (but see bare)
	 */
	const struct value *base;
	int answer;	/* to that, if it is refused after all: what it names is drawn, or does not live long */
};

struct family_spec {
	const char *name;
	const struct cmd_spec *cmds;
	size_t n;
	unsigned short id;	/* of the running kernel */
};

extern struct family_spec families[4];

const struct cmd_spec *cmd_find(const struct family_spec *f, unsigned char cmd);
const struct attr_spec *attr_find(const struct cmd_spec *c, unsigned short type);
int form_size(enum form form);	/* bytes; 0 for a flag, -1 if it varies, as of names and nests */

/* --- message.c: a message being built, well formed or not --- */

struct message {
	union {
		struct nlmsghdr nlh;
		unsigned char b[2048];
	};
	int len;	/* bytes to be sent, whatever the header says */
};

struct genlmsghdr *message_genl(struct message *m);
void message_begin(struct message *m, const struct family_spec *f,
		   unsigned char cmd, bool dump);
void message_put(struct message *m, unsigned short type, const void *data, int len);
void message_put_text(struct message *m, unsigned short type, enum form form,
		      const char *text);
void message_base(struct message *m, const struct family_spec *f,
		  const struct cmd_spec *c, unsigned short without);
void message_print(const struct message *m);
int message_attrs(const struct message *m, struct nlattr *at[], int max, int *left);

/* --- talk.c: asking the kernel, hearing what it says --- */

#define SILENCE	(-1)

struct answer {
	int error;	/* errno, 0, or SILENCE */
	char sentence[256];
};

void talk_open(void);
void talk(const struct message *m, struct answer *a);
void talk_quiet(void);
void talk_dump(const struct message *m, void (*each)(const struct nlmsghdr *nlh));
const char *error_name(int error);

/* --- state.c, malformed.c, random.c, starve.c --- */

uint64_t state_hash(const struct family_spec *of);	/* NULL: of all */
void malformed(void);
void wellformed(void);
void starve(void);
bool random_messages(uint64_t seed, uint64_t from, uint64_t count, bool show);

void point(bool passed, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* _NLFUZZ_H */

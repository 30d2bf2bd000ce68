/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns the tables umctl is made of: object -> verbs -> arguments.
 *
 * The parser (args.c), the usage text (usage.c) and the completion
 * (complete.c) all walk these tables, so that what is accepted, what is
 * documented and what is offered cannot drift apart. An object is one file:
 * its tables, its printing, and OBJECT() at the end.
 */
#ifndef UMCTL_H
#define UMCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct args;
struct family;
struct field;
struct nlmsghdr;
struct verb;

/* What umctl exits with. A function that returns one of the last two has
 * said why on stderr.
 */
enum {
	UMCTL_DONE,
	UMCTL_USAGE,	/* the words are wrong; the kernel was not asked */
	UMCTL_REFUSED,	/* the kernel said no */
};

/* The most arguments a verb takes. */
#define UMCTL_ARGS_MAX	12
/* The most values of an argument that takes several. */
#define UMCTL_LIST_MAX	256
/* More words than any command has. */
#define UMCTL_WORDS_MAX	(2 * UMCTL_ARGS_MAX + 4 + UMCTL_LIST_MAX)

/**
 * enum arg_type - what an argument's value is and how it goes to the kernel
 * @ARG_FLAG: no value; a flag.
 * @ARG_TRUE: no value; u8 1.
 * @ARG_WORD: one of @words; u8, its position in them.
 * @ARG_WORD_FLAG: the only one of @words; a flag.
 * @ARG_NAME: string.
 * @ARG_U8: number up to 255; u8.
 * @ARG_U32: number; u32.
 * @ARG_PID: 1 or more; u32.
 * @ARG_PORT: 1..65535; u16.
 * @ARG_ADDR: IPv6 address; in6.
 * @ARG_PREFIX: IPv6 prefix; in6 as @attr, u8 as @attr2.
 * @ARG_DEV: device of this network namespace; u32 ifindex.
 * @ARG_LINK: name of a device, which may not be there yet; string.
 * @ARG_LIMIT: number, or "none", which is UINT32_MAX; u32.
 * @ARG_UIDS: a user's name or number, or, with @attr2, a range of numbers; u32 as
 *	@attr, and the last one of the range, u32, as @attr2.
 * @ARG_ADDR4: IPv4 address; in4.
 * @ARG_PREFIX4: IPv4 prefix; in4 as @attr, u8 as @attr2.
 * @ARG_ADDRS: IPv6 addresses, one word each; how they go to the kernel is for
 *	the verb's @run, and what it says of them for &keep.tell.
 */
enum arg_type {
	ARG_FLAG,
	ARG_TRUE,
	ARG_WORD,
	ARG_WORD_FLAG,
	ARG_NAME,
	ARG_U8,
	ARG_U32,
	ARG_PID,
	ARG_PORT,
	ARG_ADDR,
	ARG_PREFIX,
	ARG_DEV,
	ARG_LIMIT,
	ARG_UIDS,
	ARG_ADDR4,
	ARG_PREFIX4,
	ARG_ADDRS,
	ARG_LINK,
};

/**
 * enum arg_place - where an argument stands
 * @ARG_KEYWORD: anywhere, after its keyword.
 * @ARG_BARE: anywhere; its keyword may be left out.
 * @ARG_POSITION: required, without a keyword, before all others.
 */
enum arg_place {
	ARG_KEYWORD,
	ARG_BARE,
	ARG_POSITION,
};

/**
 * struct live - where the completion finds the values that exist now
 * @family: family to ask.
 * @cmd: its dump.
 * @attr: attribute of the dump that holds the value; the length of a prefix has
 *	the number there that it has in the request.
 */
struct live {
	const struct family *family;
	uint8_t cmd;
	uint16_t attr;
};

/**
 * struct arg - an argument of a verb
 * @name: keyword; for ARG_POSITION what the usage calls it.
 * @value: what the usage calls the value; NULL: the usual word of @type.
 * @type: kind of the value.
 * @place: where it stands.
 * @required: the verb does not run without it.
 * @group: not 0: one argument of this group at least is required.
 * @attr: attribute that carries it; 0: it stays in umctl. The object's
 *	&keep.tell then says what it is.
 * @attr2: attribute of the prefix length (ARG_PREFIX, ARG_PREFIX4), of the end
 *	(ARG_UIDS).
 * @words: NULL-terminated choice (ARG_WORD, ARG_WORD_FLAG); an empty word
 *	holds the place of a value that cannot be given.
 * @max: longest string (ARG_NAME), 0: no limit.
 * @live: values to offer; NULL: none.
 * @left_out: what leaving it out means, as it would be typed; NULL: nothing.
 * @usual: what leaving it out means here, and not leaving it out elsewhere: a
 *	configuration does not say it.
 * @chosen: left out, the kernel chooses, and whatever it chose is right.
 * @key: of a kept verb: two things with the same are one.
 * @not_kept: a kept verb may have it, a configuration may not.
 * @like: left out, it is the word of the argument of this name, which then comes
 *	first, and is no keyword (ARG_POSITION).
 * @revoke: "-" instead of a name takes back one that was given (ARG_NAME).
 */
struct arg {
	const char *name;
	const char *value;
	enum arg_type type;
	enum arg_place place;
	bool required;
	unsigned char group;
	uint16_t attr;
	uint16_t attr2;
	const char *const *words;
	size_t max;
	const struct live *live;
	const char *left_out;
	const char *usual;
	const char *like;
	bool chosen;
	bool key;
	bool not_kept;
	bool revoke;
};

/**
 * struct verb - a command of an object
 * @name: its word; NULL: the object has this command only and no word for it.
 * @help: half a line for the overview.
 * @cmd: netlink command.
 * @args: its arguments, ended by an entry without a name; NULL: none.
 * @flag: flag attribute that every request of this verb carries; 0: none.
 * @fields: what a dump of @cmd prints; NULL: @cmd is a plain request.
 * @reply: what the reply to a plain request prints; NULL: nothing.
 * @run: does it instead, when a request or a dump is not all there is to do;
 *	returns what to exit with.
 * @kept: a configuration consists of commands with this verb. What the dump of
 *	the object's "show" says of each of its arguments is what was given.
 * @keep: how what it makes is kept, if not as the object says.
 */
struct verb {
	const char *name;
	const char *help;
	uint8_t cmd;
	const struct arg *args;
	uint16_t flag;
	const struct field *fields;
	const struct field *reply;
	int (*run)(const struct args *args);
	bool kept;
	const struct keep *keep;
};

/**
 * struct keep - how the things of a kind are kept in a file
 * @order: which kind's come first.
 * @heading: comment above them.
 * @undo: the verb that takes one back, followed by its keys. NULL: what comes
 *	and goes how is in plan.c.
 * @listed: their order matters; they have no key.
 * @single: there is one at most.
 * @settings: what is set is always there, by left_out as long as nobody has set
 *	it: that is not written, and is set where a file does not have it.
 * @replaces: the command takes the place of one with the same keys.
 * @late: it goes after everything else has come, as what keeps something off
 *	should; otherwise before, as what stands in the way must.
 * @within: the object its things live in: they end when one of its does.
 * @when: attribute of the dump that is true where there is one; 0: always.
 * @unless: attribute of the dump of what nobody has configured; 0: none.
 * @leaving: attribute of the dump: a u8, and true of what is on its way out.
 * @stale: attribute of the dump: a u8, and true of what names a thing that is
 *	gone, for which another may have come.
 * @may_go: refuses to take one back for the sake of what uses it, unless forced;
 *	NULL: nothing does.
 * @tell: finds what a message of the dump says in other words than the
 *	arguments; NULL: nothing. Strings live as long as umctl runs. Says what
 *	is wrong and returns what to exit with, as the next one.
 * @tidy: makes one of two ways to say the same; NULL: there are none.
 */
struct keep {
	unsigned int order;
	const char *heading;
	const char *undo;
	bool listed;
	bool single;
	bool settings;
	bool replaces;
	bool late;
	const struct object *within;
	uint16_t when;
	uint16_t unless;
	uint16_t leaving;
	uint16_t stale;
	int (*may_go)(const struct args *args);
	int (*tell)(struct args *args, const struct nlmsghdr *nlh);
	int (*tidy)(struct args *args);
};

/**
 * struct object - a noun of the command line
 * @name: its word.
 * @help: half a line for the overview.
 * @family: netlink family its commands go to.
 * @verbs: its commands, ended by an entry without @help. Without a word
 *	"show" is meant, or the first command if it has no name; an object has
 *	one of them.
 * @keep: how what its verbs make that are kept is kept; NULL: it has none, or
 *	each says so itself.
 * @parts: nouns that come after @name, ended by NULL: each an object called
 *	"NAME PART"; NULL: there are none. With parts @verbs may be NULL.
 */
struct object {
	const char *name;
	const char *help;
	const struct family *family;
	const struct verb *verbs;
	const struct keep *keep;
	const struct object *const *parts;
};

/* Puts an object into the table; the linker makes the table. */
#define OBJECT(var) \
	static const struct object *const var##_entry \
	__attribute__((used, section("umctl_objects"))) = &(var)

extern const struct object *const __start_umctl_objects[];
extern const struct object *const __stop_umctl_objects[];

#define for_each_object(entry) \
	for (entry = __start_umctl_objects; entry < __stop_umctl_objects; entry++)

#define for_each_part(part, object) \
	for (part = (object)->parts; part && *part; part++)

#define for_each_verb(verb, object) \
	for (verb = (object)->verbs; verb && verb->help; verb++)

#define for_each_arg(arg, verb) \
	for (arg = (verb)->args; arg && arg->name; arg++)

/* command.c */
const struct object *object_find(const char *name);
const struct object *part_find(const struct object *object, const char *name);
const char *part_word(const struct object *part);
const struct verb *verb_find(const struct object *object, const char *name);
const struct verb *verb_default(const struct object *object);
int command_run(int argc, char **argv);

/* batch.c */
int batch_run(const char *path);

/* Cuts @line into at most UMCTL_WORDS_MAX words, blanks and a comment left out;
 * returns their number, -1 if there are more.
 */
int line_split(char *line, char **words);

/* Runs the command in @line, which it cuts up. */
int line_run(char *line);

/* complete.c */
int complete_run(int argc, char **argv);

#endif /* UMCTL_H */

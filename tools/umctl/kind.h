/* SPDX-License-Identifier: GPL-2.0 */
/* This file owns the contract of kind.c: the kinds of things a configuration has. */
#ifndef UMCTL_KIND_H
#define UMCTL_KIND_H

#include "args.h"

/**
 * struct kind - a kind of thing
 * @object: what it is of.
 * @verb: the command that makes one.
 * @keep: how it is kept.
 */
struct kind {
	const struct object *object;
	const struct verb *verb;
	const struct keep *keep;
};

/* All of them, in the order of the file; the last one has no @object. */
const struct kind *kinds(void);

#define for_each_kind(kind) \
	for (kind = kinds(); kind->object; kind++)

/* The kind that the command @args makes one of; NULL: it makes none. */
const struct kind *kind_of(const struct args *args);

#endif /* UMCTL_KIND_H */

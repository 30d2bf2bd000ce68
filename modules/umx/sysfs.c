// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns /sys/class/umx_pool/NAME/: one directory per pool, seen only
 * in the pool's network namespace; settings as files, numbers in statistics/.
 */
#include <linux/device.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <net/net_namespace.h>
#include <umx/compat.h>
#include "listed.h"
#include "netns.h"
#include "pool.h"
#include "sysfs.h"

static struct umx_pool *umx_pool_from(const struct device *dev)
{
	return container_of(dev, struct umx_pool, dev);
}

static ssize_t prefix_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const struct umx_pool *pool = umx_pool_from(dev);

	return sysfs_emit(buf, "%pI6c/%u\n", &pool->prefix, pool->plen);
}
static DEVICE_ATTR_RO(prefix);

static ssize_t left_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	const struct umx_listed *listed =
		READ_ONCE(umx_pool_from(dev)->listed);

	/* the directory is there a moment before the list */
	return sysfs_emit(buf, "%u\n", listed ? umx_listed_left(listed) : 0);
}
static DEVICE_ATTR_RO(left);

static ssize_t type_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	static const char * const names[] = {
		[UMX_POOL_ROUTED] = "routed",
		[UMX_POOL_ONLINK] = "onlink",
	};

	return sysfs_emit(buf, "%s\n", names[umx_pool_from(dev)->type]);
}
static DEVICE_ATTR_RO(type);

static ssize_t generator_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	static const char * const names[] = {
		[UMX_GENERATOR_RANDOM] = "random",
		[UMX_GENERATOR_SEQUENTIAL] = "sequential",
		[UMX_GENERATOR_TRACEABLE] = "traceable",
		[UMX_GENERATOR_LIST] = "list",
	};

	return sysfs_emit(buf, "%s\n", names[umx_pool_from(dev)->generator]);
}
static DEVICE_ATTR_RO(generator);

static ssize_t ifindex_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%u\n", umx_pool_from(dev)->ifindex);
}
static DEVICE_ATTR_RO(ifindex);

static ssize_t reject_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%d\n", umx_pool_from(dev)->reject);
}
static DEVICE_ATTR_RO(reject);

static ssize_t detached_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(umx_pool_from(dev)->detached));
}
static DEVICE_ATTR_RO(detached);

static struct attribute *umx_pool_attrs[] = {
	&dev_attr_prefix.attr,
	&dev_attr_left.attr,
	&dev_attr_type.attr,
	&dev_attr_generator.attr,
	&dev_attr_ifindex.attr,
	&dev_attr_reject.attr,
	&dev_attr_detached.attr,
	NULL
};

/* A list has no prefix, and only of a list it is known how many are left. */
static umode_t umx_pool_visible(struct kobject *kobj, struct attribute *attr,
				int n)
{
	const struct umx_pool *pool = umx_pool_from(kobj_to_dev(kobj));
	bool list = pool->generator == UMX_GENERATOR_LIST;

	if (attr == &dev_attr_prefix.attr && list)
		return 0;
	if (attr == &dev_attr_left.attr && !list)
		return 0;
	return attr->mode;
}

static const struct attribute_group umx_pool_group = {
	.attrs = umx_pool_attrs,
	.is_visible = umx_pool_visible,
};

#define UMX_POOL_STAT_ATTR(_name, _stat)				\
static ssize_t _name##_show(struct device *dev,				\
			    struct device_attribute *attr, char *buf)	\
{									\
	return sysfs_emit(buf, "%llu\n",				\
			  umx_pool_stat(umx_pool_from(dev), _stat));	\
}									\
static DEVICE_ATTR_RO(_name)

UMX_POOL_STAT_ATTR(tentative, UMX_POOL_TENTATIVE);
UMX_POOL_STAT_ATTR(uncertain, UMX_POOL_UNCERTAIN);
UMX_POOL_STAT_ATTR(valid, UMX_POOL_VALID);
UMX_POOL_STAT_ATTR(closing, UMX_POOL_CLOSING);
UMX_POOL_STAT_ATTR(disposed, UMX_POOL_DISPOSED);
UMX_POOL_STAT_ATTR(exhausted, UMX_POOL_EXHAUSTED);
UMX_POOL_STAT_ATTR(duplicates, UMX_POOL_DUPLICATES);
UMX_POOL_STAT_ATTR(dropped, UMX_POOL_DROPPED);

static struct attribute *umx_pool_stat_attrs[] = {
	&dev_attr_tentative.attr,
	&dev_attr_uncertain.attr,
	&dev_attr_valid.attr,
	&dev_attr_closing.attr,
	&dev_attr_disposed.attr,
	&dev_attr_exhausted.attr,
	&dev_attr_duplicates.attr,
	&dev_attr_dropped.attr,
	NULL
};

static const struct attribute_group umx_pool_stat_group = {
	.name = "statistics",
	.attrs = umx_pool_stat_attrs,
};

static const struct attribute_group *umx_pool_groups[] = {
	&umx_pool_group,
	&umx_pool_stat_group,
	NULL
};

static void umx_pool_release(struct device *dev)
{
	struct umx_pool *pool = umx_pool_from(dev);

	free_percpu(pool->stats);
	kfree(pool);
}

static UMX_CLASS_NAMESPACE(umx_pool_namespace, dev)
{
	return umx_class_ns(umx_pool_from(dev)->un->net);
}

static struct class umx_pool_class = {
	.name = "umx_pool",
	.dev_groups = umx_pool_groups,
	.dev_release = umx_pool_release,
	.ns_type = &net_ns_type_operations,
	.namespace = umx_pool_namespace,
};

/**
 * umx_sysfs_add() - show a pool
 * @pool: complete; from now on its device owns its memory
 *
 * Return: 0, or an error after which the pool is freed.
 */
int umx_sysfs_add(struct umx_pool *pool)
{
	int err;

	device_initialize(&pool->dev);
	pool->dev.class = &umx_pool_class;
	dev_set_uevent_suppress(&pool->dev, true);
	err = dev_set_name(&pool->dev, "%s", pool->name);
	if (!err)
		err = device_add(&pool->dev);
	if (err)
		put_device(&pool->dev);
	return err;
}

void umx_sysfs_del(struct umx_pool *pool)
{
	device_del(&pool->dev);
}

void umx_sysfs_put(struct umx_pool *pool)
{
	put_device(&pool->dev);
}

int umx_sysfs_setup(void)
{
	return class_register(&umx_pool_class);
}

void umx_sysfs_teardown(void)
{
	class_unregister(&umx_pool_class);
}

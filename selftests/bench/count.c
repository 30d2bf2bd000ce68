// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the emulator's part of the profile: a plugin that counts, per
 * translated block, the instructions executed between the marks of the load
 * program (sock.c). One window of marks is one file PREFIX.N of lines
 * "ADDRESS INSTRUCTIONS".
 *
 * The interface is declared here, as far as used, after QEMU's plugin API
 * version 4: no header of it is packaged.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT	__attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t qemu_plugin_id_t;

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t i);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *dest,
			     size_t len);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*cb)(qemu_plugin_id_t id,
						      struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  void (*cb)(unsigned int cpu, void *data),
					  int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int cpu, void *data),
					    int flags, void *data);

EXPORT int qemu_plugin_version = 4;

/* nopl 0x554d58NN(%rax); NN is 1 at the beginning, 2 at the end. */
static const uint8_t mark[] = { 0x0f, 0x1f, 0x80 };
static const uint8_t mark_tail[] = { 0x58, 0x4d, 0x55 };

/**
 * struct block - a translated block
 * @next: in its bucket
 * @vaddr: where it begins
 * @insns: instructions in it
 * @count: instructions executed in this window
 */
struct block {
	struct block *next;
	uint64_t vaddr;
	size_t insns;
	uint64_t count;
};

#define BUCKETS	(1 << 16)

static struct block *blocks[BUCKETS];
static const char *prefix = "count";
static bool on;
static int windows;

static struct block *block_find(uint64_t vaddr, size_t insns)
{
	struct block **at = &blocks[(vaddr ^ vaddr >> 16) & (BUCKETS - 1)];
	struct block *b;

	for (b = *at; b; b = b->next)
		if (b->vaddr == vaddr && b->insns == insns)
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->vaddr = vaddr;
	b->insns = insns;
	b->next = *at;
	*at = b;
	return b;
}

static void block_ran(unsigned int cpu, void *data)
{
	struct block *b = data;

	(void)cpu;
	if (on)
		b->count += b->insns;
}

static void window_write(void)
{
	char path[4096];
	struct block *b;
	FILE *file;
	size_t i;

	snprintf(path, sizeof(path), "%s.%d", prefix, windows++);
	file = fopen(path, "w");
	if (!file)
		return;
	for (i = 0; i < BUCKETS; i++)
		for (b = blocks[i]; b; b = b->next) {
			if (b->count)
				fprintf(file, "%llx %llu\n",
					(unsigned long long)b->vaddr,
					(unsigned long long)b->count);
			b->count = 0;
		}
	fclose(file);
}

static void marked(unsigned int cpu, void *data)
{
	(void)cpu;
	if (on)
		window_write();
	on = (uintptr_t)data == 1;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	struct qemu_plugin_insn *insn;
	uint8_t code[7];

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, block_ran, 0,
					     block_find(qemu_plugin_tb_vaddr(tb), n));
	for (i = 0; i < n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		if (qemu_plugin_insn_data(insn, code, sizeof(code)) == sizeof(code) &&
		    !memcmp(code, mark, sizeof(mark)) &&
		    !memcmp(code + 4, mark_tail, sizeof(mark_tail)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marked, 0,
							       (void *)(uintptr_t)code[3]);
	}
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc,
			       char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			prefix = strdup(argv[i] + 4);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}

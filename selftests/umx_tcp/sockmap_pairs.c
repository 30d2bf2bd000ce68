// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns sockets of umx in a BPF sockmap: client sockets, accepted
 * children, and listeners, whose children leave the map's operations through
 * sk_prot_creator (tcp_bpf_clone()).
 *
 * usage: sockmap_pairs CLIENT SERVER PORT PLAIN PROGS < addresses
 *
 * Every address is connected to, and every such connection has a companion in
 * PLAIN, which knows nothing of umx. PROGS: 1 with a verdict on what is sent, 2
 * on what is received, 3 both. The listeners are in a map of their own for half
 * of the run (in one with a verdict on what is received the children of any
 * listener are deaf, umx or not).
 */
#include <linux/bpf.h>
#include <linux/bpf_common.h>
#include <sys/syscall.h>
#include "pair.h"

#define KEEP		8
#define PLAIN_PORT	8090

enum { A, B = A + KEEP, SLOTS = B + KEEP };

struct world {
	const char *client;
	const char *addr;
	int port;
	int lfd;
	int map, listeners;
	int a[KEEP], b[KEEP];
};

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int map_create(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_SOCKMAP,
		.key_size = 4,
		.value_size = 4,
		.max_entries = SLOTS,
	};
	int fd = bpf(BPF_MAP_CREATE, &attr);

	if (fd >= 0)
		return fd;
	if (errno == EINVAL || errno == ENOSYS) {
		printf("this kernel has no sockmap\n");
		exit(KSFT_SKIP);
	}
	die("BPF_MAP_CREATE");
}

/* return SK_PASS; */
static int prog_load(enum bpf_prog_type type)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = type,
		.insns = (unsigned long)insns,
		.insn_cnt = 2,
		.license = (unsigned long)"GPL",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		die("BPF_PROG_LOAD %d", type);
	return fd;
}

static void prog_attach(int map, enum bpf_prog_type type,
			enum bpf_attach_type where)
{
	int prog = prog_load(type);
	union bpf_attr attr = {
		.target_fd = map,
		.attach_bpf_fd = prog,
		.attach_type = where,
	};

	if (bpf(BPF_PROG_ATTACH, &attr))
		die("BPF_PROG_ATTACH %d", where);
	close(prog);
}

static void map_set(int map, int key, int fd)
{
	union bpf_attr attr = {
		.map_fd = map,
		.key = (unsigned long)&key,
		.value = (unsigned long)&fd,
	};

	if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
		die("socket into slot %d of the map", key);
}

static void map_del(int map, int key)
{
	union bpf_attr attr = {
		.map_fd = map,
		.key = (unsigned long)&key,
	};

	if (bpf(BPF_MAP_DELETE_ELEM, &attr))
		die("socket out of slot %d of the map", key);
}

static void world_init(struct world *w, const char *client,
		       const char *server, int port, int progs)
{
	w->client = client;
	w->port = port;
	w->lfd = listen6(server, port);
	w->map = map_create();
	w->listeners = map_create();
	if (progs & 1)
		prog_attach(w->map, BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT);
	if (progs & 2)
		prog_attach(w->map, BPF_PROG_TYPE_SK_SKB,
			    BPF_SK_SKB_STREAM_VERDICT);
}

static void one(struct world *w, unsigned int n, const char *addr)
{
	unsigned int i = n % KEEP;

	if (n >= KEEP) {
		transfer(w->a[i], w->b[i], 1000, n);
		switch (n % 3) {	/* closed in the map, or taken out */
		case 0:
			map_del(w->map, A + i);
			break;
		case 1:
			map_del(w->map, B + i);
			map_del(w->map, A + i);
			transfer(w->a[i], w->b[i], 1000, n);
			break;
		}
		close_pair(w->a[i], w->b[i], n / KEEP);
	}
	w->a[i] = tcp6(w->client);
	w->b[i] = pair6(w->a[i], addr, w->port, w->lfd);
	transfer(w->a[i], w->b[i], 1000, n);
	transfer(w->b[i], w->a[i], 1000, n + 1);
	map_set(w->map, A + i, w->a[i]);
	transfer(w->a[i], w->b[i], 1000, n + 2);
	map_set(w->map, B + i, w->b[i]);
	transfer(w->b[i], w->a[i], 30000, n + 3);
	transfer(w->a[i], w->b[i], 30000, n + 4);
}

int main(int argc, char **argv)
{
	struct world w[2];
	unsigned int n = 0, i, k;
	char addr[64];
	int progs;

	if (argc != 6)
		return 2;
	progs = atoi(argv[5]);
	world_init(&w[0], argv[1], argv[2], atoi(argv[3]), progs);
	world_init(&w[1], argv[4], argv[4], PLAIN_PORT, progs);
	while (scanf("%63s", addr) == 1) {
		/* listeners come and go */
		for (k = 0; k < 2; k++)
			if (n % 16 == 4)
				map_set(w[k].listeners, 0, w[k].lfd);
			else if (n % 16 == 12)
				map_del(w[k].listeners, 0);
		one(&w[0], n, addr);
		one(&w[1], n, "::1");
		n++;
	}
	for (k = 0; k < 2; k++)
		for (i = 0; i < KEEP && i < n; i++) {
			transfer(w[k].a[i], w[k].b[i], 1000, i);
			if (i == 3)	/* the last ones lose their map */
				close(w[k].map);
			close_pair(w[k].a[i], w[k].b[i], i);
		}
	printf("%u pairs\n", n);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This file owns what the files of the load program share.
 *
 * The first byte of a connection says what the server is to do with it, and
 * is answered with one byte:
 *
 *	LOAD_ECHO	answer every byte until the end, then the next connection
 *	LOAD_SINK	read until the end of data, answer with one byte
 *	LOAD_KEEP	leave it open for ever, take the next connection
 *	LOAD_HOLD	leave it open until LOAD_DROP, take the next connection
 *	LOAD_DROP	close what is held, then this one
 *	LOAD_UDP	take datagrams on the same port until one says LOAD_DROP;
 *			answer those that say LOAD_ECHO
 */
#ifndef _BENCH_LOAD_H
#define _BENCH_LOAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#define LOAD_HELD_MAX	1024

/* bytes of a datagram, and how many are sent before one is answered */
#define LOAD_DATAGRAM	64
#define LOAD_WINDOW	32

enum load_mode {
	LOAD_ECHO = 'e',
	LOAD_SINK = 's',
	LOAD_KEEP = 'k',
	LOAD_HOLD = 'h',
	LOAD_DROP = 'd',
	LOAD_UDP = 'u',
	LOAD_DATA = '.',
};

/**
 * struct load_job - what is measured
 * @to: where to connect, one after the other, the last for ever; an IPv4-mapped
 *      address by an IPv4 socket
 * @n_to: how many
 * @port: of all of them
 * @n: connections, round trips, megabytes, or datagrams
 * @window: open: connections per figure
 * @chunk: bw: bytes per write
 */
struct load_job {
	struct in6_addr *to;
	size_t n_to;
	in_port_t port;
	long n;
	long window;
	long chunk;
};

/* sock.c */
extern int load_protocol;
void die(const char *what) __attribute__((noreturn));
void usage(void) __attribute__((noreturn));
long long now(void);
void mark_begin(void);
void mark_end(void);
int load_connect(const struct load_job *job, long i);
int load_datagrams(const struct load_job *job);
void load_ask(int fd, char mode);
void load_reset(int fd);

void burst_segments(int fd);
void burst_connections(const struct load_job *job, long i, long to);

/* source.c: where the application itself takes its address from */
void source_parse(const char *text);
void source_bind(int fd);
bool source_given(int fd, struct in6_addr *from);
void source_done(const struct in6_addr *from);

/* ifaddr.c */
void ifaddr_change(bool add, unsigned int ifindex, const struct in6_addr *addr);

/* genl.c: requests to the module */
int genl_ssa_add(in_port_t port, const struct in6_addr *given,
		 struct in6_addr *made);
int genl_ssa_del(const struct in6_addr *addr);

void serve(in_port_t port);
void crr(const struct load_job *job);
void rr(const struct load_job *job);
void bw(const struct load_job *job);
void pps(const struct load_job *job);
void open_many(const struct load_job *job);
void live(const char *populations, in_port_t port);

#endif /* _BENCH_LOAD_H */

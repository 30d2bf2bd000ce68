// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the sender of TCP segments nobody's TCP would send: forged
 * sources, odd flags, wrong checksums, headers in between, by the thousand.
 *
 * usage: segment [-n COUNT] [-r RATE] [-t SECONDS] [-s SOURCE] [-d COUNT] [-f FLAGS]
 *		  [-x WHAT] DEV MAC DESTINATION PORT
 *
 *   -n COUNT    how many (1); 0: until the end
 *   -r RATE     at most so many a second (no limit)
 *   -t SECONDS  no longer than that
 *   -s SOURCE   from this address; default: a new one of 2001:db8:f000::/36
 *		 (198.18.0.0/15) for each
 *   -d COUNT    to so many destinations in turn, counted up from DESTINATION
 *   -f FLAGS    letters of SAFRPU (S), or none
 *   -x WHAT     checksum: a wrong one; broadcast: to everybody on the link;
 *		 options, routing, fragment: such a header first; short: a data
 *		 offset beyond the end
 *
 * DESTINATION may be one of IPv4: then without -x, but for checksum. Ports,
 * sequence and acknowledgment numbers are random.
 *
 * Prints how many were sent, and in how many milliseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH	64

struct frame {
	struct ether_header eth;
	union {
		struct {
			struct ip6_hdr ip;
			unsigned char rest[64];	/* perhaps a header of 8 bytes, TCP */
		};
		struct {
			struct iphdr ip4;
			struct tcphdr tcp4;
		};
	} __attribute__((packed));
} __attribute__((packed));

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static uint32_t sum16(const void *data, size_t len, uint32_t sum)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	return sum;
}

static uint16_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Both addresses lie one behind the other, in either family. */
static void checksum(struct frame *f, bool v4, struct tcphdr *th)
{
	uint32_t sum = IPPROTO_TCP + sizeof(*th);

	th->check = 0;
	sum = v4 ? sum16(&f->ip4.saddr, 8, sum) : sum16(&f->ip.ip6_src, 32, sum);
	th->check = folded(sum16(th, sizeof(*th), sum));
	if (v4) {
		f->ip4.check = 0;
		f->ip4.check = folded(sum16(&f->ip4, sizeof(f->ip4), 0));
	}
}

/* A header between IPv6 and TCP: its type, or 0 if @what is none. */
static int between(const char *what, unsigned char *h)
{
	memset(h, 0, 8);
	h[0] = IPPROTO_TCP;
	if (!strcmp(what, "options")) {
		h[2] = 1;		/* PadN */
		h[3] = 4;
		return IPPROTO_DSTOPTS;
	}
	if (!strcmp(what, "routing")) {
		h[2] = 253;		/* no type anybody knows, */
		h[3] = 0;		/* at its end */
		return IPPROTO_ROUTING;
	}
	if (!strcmp(what, "fragment")) {
		h[3] = 1;		/* more will follow */
		h[7] = 1;
		return IPPROTO_FRAGMENT;
	}
	return 0;
}

static struct tcphdr *network(struct frame *f, bool v4, const char *what)
{
	int nexthdr = between(what, f->rest);

	if (v4) {
		f->eth.ether_type = htons(ETHERTYPE_IP);
		f->ip4.version = 4;
		f->ip4.ihl = 5;
		f->ip4.ttl = 64;
		f->ip4.protocol = IPPROTO_TCP;
		f->ip4.tot_len = htons(sizeof(f->ip4) + sizeof(f->tcp4));
		return (struct tcphdr *)((char *)f + offsetof(struct frame, tcp4));
	}
	f->eth.ether_type = htons(ETHERTYPE_IPV6);
	f->ip.ip6_flow = htonl(6u << 28);
	f->ip.ip6_nxt = nexthdr ? nexthdr : IPPROTO_TCP;
	f->ip.ip6_hlim = 64;
	f->ip.ip6_plen = htons((nexthdr ? 8 : 0) + sizeof(struct tcphdr));
	return (struct tcphdr *)(f->rest + (nexthdr ? 8 : 0));
}

static void transport(struct tcphdr *th, const char *what, const char *flags, int port)
{
	memset(th, 0, sizeof(*th));
	th->dest = htons(port);
	th->doff = strcmp(what, "short") ? 5 : 15;
	th->window = htons(64240);
	th->syn = !!strchr(flags, 'S');
	th->ack = !!strchr(flags, 'A');
	th->fin = !!strchr(flags, 'F');
	th->rst = !!strchr(flags, 'R');
	th->psh = !!strchr(flags, 'P');
	th->urg = !!strchr(flags, 'U');
}

/* From another one of the forged addresses. */
static void forge(struct frame *f, bool v4)
{
	uint32_t r[3] = { random(), random(), random() };

	if (v4)
		f->ip4.saddr = htonl(198u << 24 | 18 << 16 | (r[0] & 0x1ffff));
	else
		memcpy((char *)&f->ip.ip6_src + 5, r, 11);
}

int main(int argc, char **argv)
{
	unsigned long count = 1, rate = 0, done = 0, seconds = 0, spread = 1, allowed;
	const char *source = NULL, *flags = "S", *what = "";
	struct frame frames[BATCH] = {};
	struct mmsghdr msgs[BATCH] = {};
	struct iovec iov[BATCH];
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };
	struct tcphdr *ths[BATCH], *th;
	struct in6_addr src, dst;
	uint32_t last, nth;
	bool v4;
	double start;
	int opt, fd, i, n;

	while ((opt = getopt(argc, argv, "n:r:t:s:d:f:x:")) != -1) {
		switch (opt) {
		case 'n':
			count = strtoul(optarg, NULL, 0);
			break;
		case 'r':
			rate = strtoul(optarg, NULL, 0);
			break;
		case 't':
			seconds = strtoul(optarg, NULL, 0);
			break;
		case 's':
			source = optarg;
			break;
		case 'd':
			spread = strtoul(optarg, NULL, 0);
			break;
		case 'f':
			flags = optarg;
			break;
		case 'x':
			what = optarg;
			break;
		default:
			return 2;
		}
	}
	argv += optind;
	v4 = argc - optind == 4 && inet_pton(AF_INET, argv[2], &dst) == 1;
	if (argc - optind != 4 || (!v4 && inet_pton(AF_INET6, argv[2], &dst) != 1) ||
	    sscanf(argv[1], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &to.sll_addr[0], &to.sll_addr[1],
		   &to.sll_addr[2], &to.sll_addr[3], &to.sll_addr[4], &to.sll_addr[5]) != 6 ||
	    inet_pton(v4 ? AF_INET : AF_INET6, source ? source : v4 ? "198.18.0.0" : "2001:db8:f000::", &src) != 1 ||
	    !spread) {
		fputs("usage: segment [-n COUNT] [-r RATE] [-t SECONDS] [-s SOURCE] [-d COUNT] [-f FLAGS] [-x WHAT] DEV MAC DESTINATION PORT\n", stderr);
		return 2;
	}
	to.sll_ifindex = if_nametoindex(argv[0]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || !to.sll_ifindex) {
		perror("segment");
		return 1;
	}
	if (!strcmp(what, "broadcast"))
		memset(to.sll_addr, 0xff, ETH_ALEN);
	for (i = 0; i < BATCH; i++) {
		memcpy(frames[i].eth.ether_dhost, to.sll_addr, ETH_ALEN);
		ths[i] = network(&frames[i], v4, what);
		transport(ths[i], what, flags, atoi(argv[3]));
		if (v4) {
			memcpy(&frames[i].ip4.saddr, &src, 4);
			memcpy(&frames[i].ip4.daddr, &dst, 4);
		} else {
			frames[i].ip.ip6_src = src;
			frames[i].ip.ip6_dst = dst;
		}
		iov[i].iov_base = &frames[i];
		iov[i].iov_len = (char *)(ths[i] + 1) - (char *)&frames[i];
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
		msgs[i].msg_hdr.msg_name = &to;
		msgs[i].msg_hdr.msg_namelen = sizeof(to);
	}
	memcpy(&last, (char *)&dst + (v4 ? 0 : 12), 4);
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	srandom(getpid());
	start = now();
	while (!stopped && (!count || done < count) && (!seconds || now() - start < seconds)) {
		n = BATCH;
		if (count && count - done < BATCH)
			n = count - done;
		if (rate) {
			allowed = (now() - start) * rate + 1;
			if (allowed <= done) {
				usleep(1000);
				continue;
			}
			if (allowed - done < (unsigned long)n)
				n = allowed - done;
		}
		for (i = 0; i < n; i++) {
			th = ths[i];
			if (!source)
				forge(&frames[i], v4);
			if (spread > 1) {
				nth = htonl(ntohl(last) + (done + i) % spread);
				memcpy(v4 ? (char *)&frames[i].ip4.daddr : (char *)&frames[i].ip.ip6_dst + 12, &nth, 4);
			}
			th->source = htons(1024 + random() % 60000);
			th->seq = random() << 1;
			th->ack_seq = random() << 1;
			checksum(&frames[i], v4, th);
			if (!strcmp(what, "checksum"))
				th->check ^= htons(1);
		}
		n = sendmmsg(fd, msgs, n, 0);
		if (n < 0 && (errno == ENOBUFS || errno == EAGAIN || errno == EINTR))
			continue;
		if (n < 0) {
			perror("segment");
			break;
		}
		done += n;
	}
	printf("%lu %.0f\n", done, (now() - start) * 1000);
	return 0;
}

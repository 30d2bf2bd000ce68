// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns many kTLS connections: every line of standard input is an
 * address in the server's namespace to connect to; with each of them goes one
 * in a namespace that knows nothing of umx.
 *
 * usage: ktls_pairs CLIENT SERVER PORT PLAIN < addresses
 *        ktls_pairs hold PLAIN	until standard input ends
 *
 * The last KEEP connections of both kinds stay open and are used again before
 * they are closed, so that the tables of kTLS are rebuilt, if they are, around
 * living sockets. A connection is closed first by one end, the other, or with
 * an RST from either.
 */
#include <linux/tls.h>
#include <poll.h>
#include "pair.h"

#define KEEP		8
#define PLAIN_PORT	4430

struct pair {
	int a, b;
};

/* Keys are the same for all; the kernel does not mind. */
static void tls(int fd, int direction, int key)
{
	struct tls12_crypto_info_aes_gcm_128 info = {
		.info.version = TLS_1_2_VERSION,
		.info.cipher_type = TLS_CIPHER_AES_GCM_128,
	};

	memset(info.key, key, sizeof(info.key));
	memset(info.salt, key + 1, sizeof(info.salt));
	memset(info.iv, key + 2, sizeof(info.iv));
	if (setsockopt(fd, SOL_TLS, direction, &info, sizeof(info)))
		die("TLS keys");
}

static void ulp(int fd)
{
	if (!setsockopt(fd, SOL_TCP, TCP_ULP, "tls", sizeof("tls")))
		return;
	if (errno == ENOENT) {
		printf("this kernel has no kTLS\n");
		exit(KSFT_SKIP);
	}
	die("TCP_ULP tls");
}

static struct pair tls_pair(int fd, const char *addr, int port, int lfd)
{
	struct pair p = { .a = fd, .b = pair6(fd, addr, port, lfd) };

	ulp(p.a);
	ulp(p.b);
	tls(p.a, TLS_TX, 1);
	tls(p.b, TLS_RX, 1);
	tls(p.b, TLS_TX, 7);
	tls(p.a, TLS_RX, 7);
	return p;
}

static void talk(struct pair p, unsigned int seed)
{
	transfer(p.a, p.b, 3000, seed);
	transfer(p.b, p.a, 20000, seed + 1);
	transfer(p.a, p.b, 1, seed + 2);
}

static int hold(const char *plain)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	int lfd = listen6(plain, PLAIN_PORT + 1);
	struct pair p[KEEP];
	unsigned int i, n = 0;

	for (i = 0; i < KEEP; i++)
		p[i] = tls_pair(tcp6(plain), "::1", PLAIN_PORT + 1, lfd);
	printf("holding\n");
	fflush(stdout);
	while (!poll(&in, 1, 100))
		for (i = 0; i < KEEP; i++)
			talk(p[i], n++);
	for (i = 0; i < KEEP; i++)
		close_pair(p[i].a, p[i].b, i);
	printf("%u rounds\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	struct pair kept[2][KEEP];
	char addr[64];
	int lfd[2], k;
	unsigned int n = 0, i;

	if (argc == 3 && !strcmp(argv[1], "hold"))
		return hold(argv[2]);
	if (argc != 5)
		return 2;
	lfd[0] = listen6(argv[2], atoi(argv[3]));
	lfd[1] = listen6(argv[4], PLAIN_PORT);

	while (scanf("%63s", addr) == 1) {
		i = n % KEEP;
		for (k = 0; k < 2; k++) {
			if (n >= KEEP) {
				talk(kept[k][i], n);
				close_pair(kept[k][i].a, kept[k][i].b, n / KEEP + k);
			}
			kept[k][i] = k ? tls_pair(tcp6(argv[4]), "::1", PLAIN_PORT, lfd[1]) :
				tls_pair(tcp6(argv[1]), addr, atoi(argv[3]), lfd[0]);
			talk(kept[k][i], n);
		}
		n++;
	}
	for (k = 0; k < 2; k++)
		for (i = 0; i < KEEP && i < n; i++) {
			talk(kept[k][i], i);
			close_pair(kept[k][i].a, kept[k][i].b, i);
		}
	printf("%u pairs\n", n);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns setsockopt(TCP_ULP) of kTLS that comes late: the kernel copies
 * the name before it locks the socket, and the socket is another one when the
 * name is there.
 *
 * usage: ulp_late CLIENT SERVER ADDRESS PORT
 *
 * A page that userfaultfd() fills holds the call for as long as it takes.
 */
#include <linux/umx_socket.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include "pair.h"

static int uffd;
static long page_size;

struct late {
	pthread_t thread;
	char *name;
	int fd, err;
};

static int ulp(int fd, const char *name)
{
	return setsockopt(fd, SOL_TCP, TCP_ULP, name, sizeof("tls")) ? errno : 0;
}

static const char *name_of(int err)
{
	return err ? strerrorname_np(err) : "ok";
}

static void *late_call(void *arg)
{
	struct late *l = arg;

	l->err = ulp(l->fd, l->name);
	return NULL;
}

/* On return the kernel waits for the name. */
static void late_begin(struct late *l, int fd)
{
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffd_msg msg;

	l->fd = fd;
	l->name = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (l->name == MAP_FAILED)
		die("mmap");
	reg.range.start = (unsigned long)l->name;
	reg.range.len = page_size;
	if (ioctl(uffd, UFFDIO_REGISTER, &reg))
		die("UFFDIO_REGISTER");
	if (pthread_create(&l->thread, NULL, late_call, l))
		die("a thread");
	if (read(uffd, &msg, sizeof(msg)) != sizeof(msg) ||
	    msg.event != UFFD_EVENT_PAGEFAULT)
		die("no page fault");
}

/* Now the name is there. Return: what the call said. */
static const char *late_end(struct late *l)
{
	static char page[1 << 16] = "tls";
	struct uffdio_copy copy = {
		.dst = (unsigned long)l->name,
		.src = (unsigned long)page,
		.len = page_size,
	};

	if (ioctl(uffd, UFFDIO_COPY, &copy) || pthread_join(l->thread, NULL))
		die("UFFDIO_COPY");
	munmap(l->name, page_size);
	return name_of(l->err);
}

static void disconnect(int fd)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };

	if (connect(fd, &unspec, sizeof(unspec)))
		die("AF_UNSPEC");
}

static void note(int fd, int mode)
{
	if (setsockopt(fd, IPPROTO_IPV6, UMX_SO_EA, &mode, sizeof(mode)))
		die("UMX_SO_EA");
}

/* The connection is reset meanwhile; the next one may have kTLS. */
static void after_reset(int fd, const char *addr, int port, int lfd)
{
	struct pollfd over = { .fd = fd };
	struct linger rst = { .l_onoff = 1 };
	int peer = pair6(fd, addr, port, lfd);
	struct late l;

	late_begin(&l, fd);
	setsockopt(peer, SOL_SOCKET, SO_LINGER, &rst, sizeof(rst));
	close(peer);
	while (!(over.revents & POLLHUP))
		if (poll(&over, 1, -1) < 0)
			die("poll");
	printf("after a reset: %s\n", late_end(&l));
	disconnect(fd);
	peer = pair6(fd, addr, port, lfd);
	printf("and on the next connection: %s\n", name_of(ulp(fd, "tls")));
	close_pair(fd, peer, 2);
}

/* Another call, that is done by then. */
static void after_another(int fd, const char *addr, int port, int lfd)
{
	struct late l;

	late_begin(&l, fd);
	printf("before connect(): %s\n", name_of(ulp(fd, "tls")));
	printf("and one that began before: %s\n", late_end(&l));
	close_pair(fd, pair6(fd, addr, port, lfd), 2);
}

/* Something is noted of the socket meanwhile. */
static void after_note(int fd, const char *addr, int port, int lfd)
{
	struct late l;

	late_begin(&l, fd);
	note(fd, UMX_SOCKET_EA_ALWAYS);
	printf("after a note: %s\n", late_end(&l));
	close_pair(fd, pair6(fd, addr, port, lfd), 2);
}

int main(int argc, char **argv)
{
	struct uffdio_api api = { .api = UFFD_API };
	int lfd, port;

	if (argc != 5)
		return 2;
	page_size = sysconf(_SC_PAGESIZE);
	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api)) {
		printf("this kernel has no userfaultfd\n");
		return KSFT_SKIP;
	}
	port = atoi(argv[4]);
	lfd = listen6(argv[2], port);
	after_reset(tcp6(argv[1]), argv[3], port, lfd);
	after_another(tcp6(argv[1]), argv[3], port, lfd);
	after_note(tcp6(argv[1]), argv[3], port, lfd);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * This file owns the socket the counters are read from: whoever may connect is
 * told them, a line each, and that is all. Nothing is ever read from him.
 */
#include <errno.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "count.h"
#include "daemon.h"
#include "local.h"

/* All lines: they fit into what a socket takes at once. */
#define TEXT_SIZE	16384

static struct evconnlistener *listener;
static char path[PATH_SIZE];

/* The socket of the network namespace we are in. */
static bool path_find(void)
{
	struct stat st;

	if (stat("/proc/self/ns/net", &st)) {
		fprintf(stderr, "umx-resolved: no /proc: %s\n", strerror(errno));
		return false;
	}
	snprintf(path, sizeof(path), CONTROL_DIR "/control.%lu", (unsigned long)st.st_ino);
	return true;
}

static void on_accept(struct evconnlistener *from, evutil_socket_t fd, struct sockaddr *addr,
		      int addr_len, void *arg)
{
	char text[TEXT_SIZE];
	size_t len = 0;
	int i;

	(void)from;
	(void)addr;
	(void)addr_len;
	(void)arg;
	for (i = 0; i < COUNT_MAX && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s %llu %s\n", count_name(i),
				(unsigned long long)count_value(i), count_explain(i));
	if (len < sizeof(text))
		send(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

bool control_init(void)
{
	int fd = path_find() ? local_listen(path, SOCK_STREAM, "") : -1;

	if (fd < 0)
		return false;
	listener = evconnlistener_new(resolved.base, on_accept, NULL,
				      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	return listener;
}

void control_close(void)
{
	if (!listener)
		return;
	evconnlistener_free(listener);
	unlink(path);
}

/* --- the other end --- */

static FILE *control_connect(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	FILE *file;
	int fd;

	if (!path_find())
		return NULL;
	memcpy(addr.sun_path, path, sizeof(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && !connect(fd, (void *)&addr, sizeof(addr))) {
		file = fdopen(fd, "r");
		if (file)
			return file;
	}
	fprintf(stderr, "umx-resolved: it does not answer here: %s\n",
		errno == ENOENT || errno == ECONNREFUSED ? "it does not run" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* "NAME VALUE SENTENCE" without its line feed; our sentences have nothing JSON
 * would have to escape.
 */
static void line_print(char *text, bool explain, bool json, bool first)
{
	char *rest, *name = strtok_r(text, " ", &rest), *value = strtok_r(NULL, " ", &rest);

	if (!name || !value)
		return;
	if (!json) {
		printf("%s %s%s%s\n", name, value, explain ? " " : "", explain ? rest : "");
		return;
	}
	printf("%s{\"name\":\"%s\",\"value\":%s", first ? "" : ",", name, value);
	if (explain)
		printf(",\"explain\":\"%s\"", rest);
	putchar('}');
}

int control_print(bool explain, bool json)
{
	FILE *file = control_connect();
	char *text = NULL;
	size_t size = 0;
	bool first = true;

	if (!file)
		return 2;
	if (json)
		putchar('[');
	while (getline(&text, &size, file) > 0) {
		text[strcspn(text, "\n")] = '\0';
		line_print(text, explain, json, first);
		first = false;
	}
	if (json)
		puts("]");
	free(text);
	fclose(file);
	return first ? 2 : 0;
}

/* SPDX-License-Identifier: Apache-2.0
 * bare_release - the least a program can do to bring one warning to its far sides: one write and
 * fdatasync, then all of them at once, each on a connection that is open already. It checks,
 * signs and remembers nothing. bench_release.py gives it a plan, in words apart by one blank:
 *
 *   disk PATH BYTES       what is on disk before anything leaves
 *   http PORT FILE...     requests as they are, on one connection, each when the one before is
 *                         answered
 *   mqtt PORT FILE        messages, QoS 1; FILE: "RETAIN TOPIC LENGTH\n" and the payload, repeated
 *   file FROM TO          a file of the site: written aside, then renamed; each round to a name of
 * its own, as lists come in generations and pages with each warning
 *
 * Each line on standard input is a round; it answers with the microseconds until each line of the
 * plan was done (files: all of them). Whatever goes wrong ends it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINES = 64, WORDS = 2048, ANSWER = 1 << 16 };

struct bytes {
	char *data;
	size_t len;
};

struct line {
	char *words[16];
	int count;
	int fd; /* http */
	struct mosquitto *client;
	int left; /* acknowledgements to come */
	struct bytes in[16];
	pthread_t thread;
	struct timespec done;
};

static void die(const char *what, const char *which)
{
	fprintf(stderr, "bare_release: %s %s: %s\n", what, which, strerror(errno));
	exit(1);
}

static struct bytes load(const char *path)
{
	struct bytes in = {malloc(1 << 20), 0};
	FILE *file = fopen(path, "rb");

	if (!file || !in.data)
		die("read", path);
	in.len = fread(in.data, 1, 1 << 20, file);
	fclose(file);
	return in;
}

static void put(const char *path, const struct bytes *in, bool sync)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, in->data, in->len) != (ssize_t)in->len || (sync && fdatasync(fd)))
		die("write", path);
	close(fd);
}

/* --- http ------------------------------------------------------------------------------------- */

static int dial(const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	        .sin_port = htons((unsigned short)strtoul(port, NULL, 10)),
	        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
		die("connect", port);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	return fd;
}

/* The whole answer, by its Content-Length. */
static void read_answer(int fd, const char *port)
{
	char in[ANSWER + 1];
	size_t len = 0;

	for (;;) {
		ssize_t got = read(fd, in + len, ANSWER - len);
		if (got <= 0)
			die("answer", port);
		len += (size_t)got;
		in[len] = '\0';
		char *end = strstr(in, "\r\n\r\n");
		char *said = end ? strcasestr(in, "\r\nContent-Length:") : NULL;
		if (said && len >= (size_t)(end + 4 - in) + strtoul(said + 17, NULL, 10))
			return;
	}
}

static void run_http(struct line *line)
{
	for (int i = 2; i < line->count; i++) {
		const struct bytes *ask = &line->in[i];
		if (write(line->fd, ask->data, ask->len) != (ssize_t)ask->len)
			die("ask", line->words[1]);
		read_answer(line->fd, line->words[1]);
	}
}

/* --- mqtt ------------------------------------------------------------------------------------- */

static void on_publish(
        struct mosquitto *client, void *arg, int mid, int reason, const mosquitto_property *list)
{
	struct line *line = arg;

	(void)client;
	(void)mid;
	(void)list;
	if (reason >= 128)
		die("publish", mosquitto_reason_string(reason));
	line->left--;
}

static void dial_broker(struct line *line)
{
	line->client = mosquitto_new(NULL, true, line);
	mosquitto_int_option(line->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_int_option(line->client, MOSQ_OPT_TCP_NODELAY, 1);
	mosquitto_username_pw_set(line->client, line->words[3], line->words[4]);
	mosquitto_publish_v5_callback_set(line->client, on_publish);
	if (mosquitto_connect(
	            line->client, "127.0.0.1", (int)strtol(line->words[1], NULL, 10), 600))
		die("connect", line->words[1]);
	for (int i = 0; i < 20; i++)
		mosquitto_loop(line->client, 10, 1);
}

static void run_mqtt(struct line *line)
{
	const char *at = line->in[2].data;
	const char *end = at + line->in[2].len;
	char topic[512];
	int retain;
	int len;
	int head;

	while (at < end) {
		if (sscanf(at, "%d %511s %d%n", &retain, topic, &len, &head) != 3)
			die("plan", line->words[2]);
		at += head + 1;
		line->left++;
		if (mosquitto_publish_v5(line->client, NULL, topic, len, at, 1, retain, NULL))
			die("publish", topic);
		at += len;
	}
	while (line->left)
		if (mosquitto_loop(line->client, 1000, 1))
			die("broker", line->words[1]);
}

/* --- rounds ----------------------------------------------------------------------------------- */

struct plan {
	struct line lines[LINES];
	int count;
	int rounds;
};

static void run_files(struct plan *plan)
{
	char aside[512];
	char name[512];

	for (int i = 0; i < plan->count; i++) {
		struct line *line = &plan->lines[i];
		if (strcmp(line->words[0], "file") != 0)
			continue;
		snprintf(aside, sizeof aside, "%s.new", line->words[2]);
		put(aside, &line->in[1], false);
		snprintf(name, sizeof name, "%s-%d", line->words[2], plan->rounds);
		if (rename(aside, name))
			die("rename", name);
		clock_gettime(CLOCK_MONOTONIC, &line->done);
	}
}

static void *one_line(void *arg)
{
	struct line *line = arg;

	if (line->client)
		run_mqtt(line);
	else
		run_http(line);
	clock_gettime(CLOCK_MONOTONIC, &line->done);
	return NULL;
}

static void one_round(struct plan *plan)
{
	for (int i = 0; i < plan->count; i++) {
		struct line *line = &plan->lines[i];
		if (strcmp(line->words[0], "disk") != 0)
			continue;
		line->in[0].len = strtoul(line->words[2], NULL, 10);
		put(line->words[1], &line->in[0], true);
		clock_gettime(CLOCK_MONOTONIC, &line->done);
	}
	for (int i = 0; i < plan->count; i++)
		if (plan->lines[i].client || plan->lines[i].fd)
			pthread_create(&plan->lines[i].thread, NULL, one_line, &plan->lines[i]);
	plan->rounds++;
	run_files(plan);
	for (int i = 0; i < plan->count; i++)
		if (plan->lines[i].client || plan->lines[i].fd)
			pthread_join(plan->lines[i].thread, NULL);
}

static void prepare(struct line *line)
{
	const char *kind = line->words[0];
	bool http = strcmp(kind, "http") == 0;

	if (http)
		line->fd = dial(line->words[1]);
	else if (strcmp(kind, "mqtt") == 0)
		dial_broker(line);
	else if (strcmp(kind, "disk") == 0)
		line->in[0].data = calloc(1, 1 << 20);
	for (int i = http ? 2 : 1; http && i < line->count; i++)
		line->in[i] = load(line->words[i]);
	if (line->client)
		line->in[2] = load(line->words[2]);
	if (strcmp(kind, "file") == 0)
		line->in[1] = load(line->words[1]);
}

static void read_plan(const char *path, struct plan *plan)
{
	static char text[1 << 16];
	FILE *file = fopen(path, "r");

	if (!file)
		die("read", path);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	for (char *at = text, *words; (words = strsep(&at, "\n")) && plan->count < LINES;) {
		struct line *line = &plan->lines[plan->count];
		for (char *word; (word = strsep(&words, " ")) && line->count < 16;)
			line->words[line->count++] = word;
		if (!*line->words[0])
			continue;
		prepare(line);
		plan->count++;
	}
}

int main(int argc, char **argv)
{
	static struct plan plan;
	char go[16];

	if (argc != 2)
		return 64;
	mosquitto_lib_init();
	read_plan(argv[1], &plan);
	while (fgets(go, sizeof go, stdin)) {
		struct timespec from;
		clock_gettime(CLOCK_MONOTONIC, &from);
		one_round(&plan);
		for (int i = 0; i < plan.count; i++) {
			const struct timespec *done = &plan.lines[i].done;
			printf("%ld ", (done->tv_sec - from.tv_sec) * 1000000 +
			                       (done->tv_nsec - from.tv_nsec) / 1000);
		}
		printf("\n");
		fflush(stdout);
	}
	return 0;
}

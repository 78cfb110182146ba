/* SPDX-License-Identifier: Apache-2.0
 * api_metrics - /metrics, in Prometheus' text format, on a port of its own: no officer, no token,
 * and nothing about persons or words.
 */
#include "api.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "exposition.h"
#include "outbox.h"

static double resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long whole = 0;
	long resident = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%ld %ld", &whole, &resident) != 2)
		resident = 0;
	fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static double open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	double count = -3; /* itself, "." and ".." */

	if (!folder)
		return 0;
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void gauge(struct buf *out, const char *name, const char *help, double value)
{
	exposition_head(out, name, "gauge", help);
	exposition_put(out, name, value, NULL);
}

/* As they are on disk: what another has taken over since shows his. */
static bool put_leases(struct store *reader, struct buf *out, struct err *err)
{
	struct lease_list list;

	if (!store_list_leases(reader, &list, err))
		return false;
	exposition_head(out, "tocsin_lease_token", "gauge",
	        "Raised whenever a tocsind takes over what only one may do.");
	for (size_t i = 0; i < list.count; i++)
		exposition_put(out, "tocsin_lease_token", (double)list.items[i].token, "lease",
		        list.items[i].name, NULL);
	lease_list_finish(&list);
	return true;
}

static bool get_metrics(struct call *call, struct err *err)
{
	struct house *house = call->house;
	struct buf out;

	buf_init(&out, 0);
	if (!put_leases(call->reader, &out, err))
		return false;
	exposition_head(&out, "tocsin_info", "gauge", "The program.");
	exposition_put(&out, "tocsin_info", 1, "version", TOCSIN_VERSION, "node",
	        house->config->node, "mode", mode_text(house->config->mode), NULL);
	gauge(&out, "tocsin_held", "1: restored from a backup, nothing leaves.",
	        atomic_load(&house->held));
	gauge(&out, "tocsin_record_damaged", "1: a page of the record is.",
	        atomic_load(&house->record_damaged));
	gauge(&out, "process_resident_memory_bytes", "Memory in use.", resident_bytes());
	gauge(&out, "process_open_fds", "Open files and sockets.", open_files());
	outbox_figures(house->outbox, &out);
	call_text(call, "text/plain; version=0.0.4; charset=utf-8", out.data ? out.data : "");
	buf_finish(&out);
	return true;
}

static const struct route metrics[] = {
        {"GET", "/metrics", NULL, 0, get_metrics},
        {0},
};

const struct route *const metrics_routes[] = {metrics, NULL};

/* SPDX-License-Identifier: Apache-2.0
 * web_pages - see web_pages.h.
 */
#include "web_pages.h"

#include <dirent.h>
#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "digest.h"
#include "mem.h"

enum { PAGE_MOST = 1 << 20, PAGES_MOST = 256 };

static const char root[] = "/desk/";
static const char first_page[] = "index.html";
static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

static const struct {
	const char *ending, *type;
} kinds[] = {
        {"html", "text/html; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"svg", "image/svg+xml"},
        {"json", "application/json"},
};

struct page {
	char *name;
	const char *type;
	char *bytes;
	size_t len;
	char tag[DIGEST_HEX + 2]; /* ETag, with its quotes */
};

struct web_pages {
	struct page *items;
	size_t count;
};

/* --- reading ---------------------------------------------------------------------------------- */

static const char *type_of(const char *name)
{
	size_t stem = strspn(name, name_characters);

	for (size_t i = 0; stem > 0 && i < sizeof kinds / sizeof kinds[0]; i++)
		if (name[stem] == '.' && strcmp(name + stem + 1, kinds[i].ending) == 0)
			return kinds[i].type;
	return NULL;
}

/* A link to somewhere else is no page. */
static bool read_bytes(int folder, const char *name, struct buf *bytes)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat about;
	bool plain = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
	FILE *file = plain ? fdopen(fd, "rb") : NULL;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	bool ok = buf_read(bytes, file);
	fclose(file);
	return ok;
}

static bool read_page(struct web_pages *pages, int folder, const char *name, struct err *err)
{
	const char *type = type_of(name);
	char digest[DIGEST_HEX];
	struct buf bytes;

	if (!type || pages->count == PAGES_MOST)
		return err_set(err, ERR_CONFIG,
		        "值班台目录中的 %s 不是网页文件（小写字母、数字、-、_，%s）",
		        "%s in the desk's folder is no page (small letters, digits, - and _, then "
		        "%s)",
		        name, ".html .js .css .svg .json");
	buf_init(&bytes, PAGE_MOST);
	if (!read_bytes(folder, name, &bytes)) {
		buf_finish(&bytes);
		return err_set(err, ERR_CONFIG,
		        "值班台文件 %s 读不出来（须为普通文件，至多 %d 字节）",
		        "the desk's file %s cannot be read (a plain file of at most %d bytes)",
		        name, PAGE_MOST);
	}
	struct page *page = mem_push(&pages->items, &pages->count, sizeof *page);
	page->name = mem_text(name);
	page->type = type;
	page->len = bytes.len;
	page->bytes = buf_take(&bytes);
	digest_sha256(page->bytes, page->len, digest);
	snprintf(page->tag, sizeof page->tag, "\"%.*s\"", DIGEST_HEX - 1, digest);
	return true;
}

static const struct page *find(const struct web_pages *pages, const char *name)
{
	for (size_t i = 0; i < pages->count; i++)
		if (strcmp(pages->items[i].name, name) == 0)
			return &pages->items[i];
	return NULL;
}

static bool read_all(struct web_pages *pages, DIR *dir, struct err *err)
{
	const struct dirent *entry;
	bool ok = true;

	while (ok && (entry = readdir(dir)) != NULL)
		ok = *entry->d_name == '.' || read_page(pages, dirfd(dir), entry->d_name, err);
	return ok;
}

struct web_pages *web_pages_read(const char *folder, struct err *err)
{
	DIR *dir = opendir(folder);
	struct web_pages *pages;

	if (!dir) {
		err_set(err, ERR_CONFIG, "打不开值班台目录 %s：%s",
		        "cannot open the desk's folder %s: %s", folder, strerror(errno));
		return NULL;
	}
	pages = mem_zero(sizeof *pages);
	bool ok = read_all(pages, dir, err) &&
	          (find(pages, first_page) ||
	                  err_set(err, ERR_CONFIG, "值班台目录 %s 中没有 %s",
	                          "the desk's folder %s has no %s", folder, first_page));
	closedir(dir);
	if (!ok)
		web_pages_destroy(&pages);
	return pages;
}

void web_pages_destroy(struct web_pages **pages)
{
	if (!*pages)
		return;
	for (size_t i = 0; i < (*pages)->count; i++) {
		free((*pages)->items[i].name);
		free((*pages)->items[i].bytes);
	}
	free((*pages)->items);
	free(*pages);
	*pages = NULL;
}

/* --- answering -------------------------------------------------------------------------------- */

/* What a browser may do with these pages. Scripts make no markup out of text at all (Trusted
 * Types): what a feed says stays words, whatever mistake a page of ours may hold. */
static const char *const rules[][2] = {
        {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
                                    "img-src 'self'; connect-src 'self'; "
                                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                                    "require-trusted-types-for 'script'; trusted-types 'none'"},
        {"X-Frame-Options", "DENY"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy",
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
                "publickey-credentials-get=(self), publickey-credentials-create=(self)"},
        /* Asked for again each time, by its tag: after an upgrade nobody works with yesterday's
           page. */
        {"Cache-Control", "no-cache"},
};

static struct evkeyvalq *with_rules(struct evhttp_request *request)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(request);

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		evhttp_add_header(out, rules[i][0], rules[i][1]);
	return out;
}

static void give(struct evhttp_request *request, const struct page *page)
{
	struct evkeyvalq *out = with_rules(request);
	const char *known =
	        evhttp_find_header(evhttp_request_get_input_headers(request), "If-None-Match");
	bool head = evhttp_request_get_command(request) == EVHTTP_REQ_HEAD;
	struct evbuffer *body = evbuffer_new();
	char length[24];

	evhttp_add_header(out, "ETag", page->tag);
	if (known && strcmp(known, page->tag) == 0) {
		evhttp_send_reply(request, HTTP_NOTMODIFIED, NULL, body);
	} else {
		evhttp_add_header(out, "Content-Type", page->type);
		snprintf(length, sizeof length, "%zu", page->len);
		evhttp_add_header(out, "Content-Length", length);
		if (!head)
			evbuffer_add(body, page->bytes, page->len);
		evhttp_send_reply(request, HTTP_OK, NULL, body);
	}
	evbuffer_free(body);
}

bool web_pages_answer(const struct web_pages *pages, struct evhttp_request *request)
{
	enum evhttp_cmd_type method = evhttp_request_get_command(request);
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
	size_t len = sizeof root - 1;

	if (!pages || !path || (method != EVHTTP_REQ_GET && method != EVHTTP_REQ_HEAD))
		return false;
	if (strcmp(path, "/") == 0 || strcmp(path, "/desk") == 0) {
		evhttp_add_header(with_rules(request), "Location", root);
		evhttp_send_reply(request, 303, "See Other", NULL);
		return true;
	}
	if (strncmp(path, root, len) != 0)
		return false;
	const struct page *page = find(pages, path[len] ? path + len : first_page);
	if (page)
		give(request, page);
	return page != NULL;
}

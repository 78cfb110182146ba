/* SPDX-License-Identifier: Apache-2.0
 * sign_fixture - see sign_fixture.h. Ends the test program when the machine fails it.
 */
#include "sign_fixture.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"

extern char **environ;

const char sign_sample[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
                           "  <identifier>12000041600000_20261123090000_1</identifier>\n"
                           "  <sender>warning@example.cn</sender>\n"
                           "  <sent>2026-11-23T09:00:00+08:00</sent>\n"
                           "  <status>Actual</status>\n"
                           "  <msgType>Alert</msgType>\n"
                           "  <scope>Public</scope>\n"
                           "  <info>\n"
                           "    <language>zh-CN</language>\n"
                           "    <category>Met</category>\n"
                           "    <event>暴雨</event>\n"
                           "    <urgency>Immediate</urgency>\n"
                           "    <severity>Extreme</severity>\n"
                           "    <certainty>Likely</certainty>\n"
                           "    <expires>2026-11-23T15:00:00+08:00</expires>\n"
                           "    <headline>天津市暴雨红色预警</headline>\n"
                           "    <description>雨强 &gt; 50 毫米 &amp; 大风</description>\n"
                           "    <area>\n"
                           "      <areaDesc>滨海新区</areaDesc>\n"
                           "    </area>\n"
                           "  </info>\n"
                           "</alert>\n";

char *sign_file(const struct sign_place *place, const char *name)
{
	return mem_format("%s/%s", place->folder, name);
}

void sign_place_init(struct sign_place *place)
{
	char folder[] = "/tmp/tocsin-sign-XXXXXX";

	if (!mkdtemp(folder))
		abort();
	snprintf(place->folder, sizeof place->folder, "%s", folder);
	place->key = key_generate();
	place->attacker = key_generate();
	place->private_pem = sign_file(place, "key.pem");
	place->public_pem = sign_file(place, "pub.pem");
	place->attacker_pem = sign_file(place, "attacker.pem");
	if (!key_write_private(place->key, place->private_pem, MODE_LIVE, NULL) ||
	        !key_write_public(place->key, place->public_pem, MODE_LIVE, NULL) ||
	        !key_write_private(place->attacker, place->attacker_pem, MODE_LIVE, NULL))
		abort();
}

void sign_place_finish(struct sign_place *place)
{
	const char *const argv[] = {"rm", "-r", place->folder, NULL};

	sign_run(argv);
	key_destroy(&place->key);
	key_destroy(&place->attacker);
	free(place->private_pem);
	free(place->public_pem);
	free(place->attacker_pem);
}

void sign_put(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0)
		abort();
}

char *sign_get(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	struct buf all;
	char chunk[4096];
	size_t got;

	buf_init(&all, 0);
	while (file && (got = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(&all, chunk, got);
	if (file)
		fclose(file);
	*len = all.len;
	return buf_take(&all);
}

char *sign_list(const struct sign_place *place, const char *lines)
{
	char *path = sign_file(place, "list.trust");

	sign_put(path, lines, strlen(lines));
	return path;
}

bool sign_run(const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = -1;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	bool ran = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ) == 0 &&
	           waitpid(pid, &status, 0) == pid;
	posix_spawn_file_actions_destroy(&actions);
	return ran && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static char *last_of(const char *text, const char *mark)
{
	char *found = NULL;

	for (char *p = strstr(text, mark); p; p = strstr(p + 1, mark))
		found = p;
	return found;
}

char *sign_insert(const char *text, const char *mark, bool last, const char *what)
{
	const char *at = last ? last_of(text, mark) : strstr(text, mark);

	if (!at)
		abort();
	return mem_format("%.*s%s%s", (int)(at - text), text, what, at);
}

char *sign_replace(const char *text, const char *old, const char *new_text)
{
	const char *at = strstr(text, old);

	if (!at)
		abort();
	return mem_format("%.*s%s%s", (int)(at - text), text, new_text, at + strlen(old));
}

char *sign_reference(const char *uri, const char *transforms, const char *digest_method)
{
	return mem_format("<ds:Reference URI=\"%s\"><ds:Transforms>%s</ds:Transforms>"
	                  "<ds:DigestMethod Algorithm=\"%s\"/><ds:DigestValue/></ds:Reference>",
	        uri, transforms, digest_method);
}

char *sign_template(
        const char *c14n, const char *method, const char *references, const char *key_info)
{
	return mem_format(
	        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>"
	        "<ds:CanonicalizationMethod Algorithm=\"%s\"/><ds:SignatureMethod "
	        "Algorithm=\"%s\"/>%s"
	        "</ds:SignedInfo><ds:SignatureValue/>%s</ds:Signature>",
	        c14n, method, references, key_info);
}

char *sign_by_command(
        const struct sign_place *place, const char *document, const char *keyopt, const char *key)
{
	char *in = sign_file(place, "template.xml");
	char *out = sign_file(place, "signed.xml");
	const char *const argv[] = {"xmlsec1", "--sign", "--id-attr:Id", "alert", keyopt, key,
	        "--output", out, in, NULL};
	size_t len;

	sign_put(in, document, strlen(document));
	if (!sign_run(argv))
		abort();
	char *text = sign_get(out, &len);
	free(in);
	free(out);
	return text;
}

bool sign_command_accepts(
        const struct sign_place *place, const char *document, const char *keyopt, const char *key)
{
	char *path = sign_file(place, "check.xml");
	const char *const argv[] = {
	        "xmlsec1", "--verify", "--id-attr:Id", "alert", keyopt, key, path, NULL};

	sign_put(path, document, strlen(document));
	bool ok = sign_run(argv);
	free(path);
	return ok;
}

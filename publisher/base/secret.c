/* SPDX-License-Identifier: Apache-2.0
 * secret - see secret.h.
 */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

enum { SECRET_MAX = 4096 };

char *secret_path(const char *name, struct err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (strchr(name, '/'))
		return mem_text(name);
	if (folder && *folder)
		return mem_format("%s/%s", folder, name);
	err_set(err, ERR_CONFIG,
	        "凭据 %s 不是路径，且未设置 CREDENTIALS_DIRECTORY：由 systemd 启动，"
	        "或以 tocsin 用户并指明凭据所在目录执行（OPERATING 第 2 节）",
	        "secret %s is no path and CREDENTIALS_DIRECTORY is not set: let systemd start it, "
	        "or "
	        "run it as tocsin with the folder of the secrets (OPERATING, section 2)",
	        name);
	return NULL;
}

static char *first_line(int fd, const char *path, struct err *err)
{
	struct stat st;
	char text[SECRET_MAX + 2];

	/* systemd's credentials are root:root 0440 in a folder of the unit's own: a group may read.
	 */
	if (fstat(fd, &st) != 0 || (st.st_mode & 027) != 0) {
		err_set(err, ERR_CONFIG, "凭据文件 %s 权限过宽，请执行 chmod 600",
		        "secret file %s can be read by others: chmod 600 it", path);
		return NULL;
	}
	ssize_t len = read(fd, text, SECRET_MAX + 1);
	if (len < 0)
		len = 0;
	text[len] = '\0';
	bool whole = len <= SECRET_MAX && strlen(text) == (size_t)len;
	text[strcspn(text, "\r\n")] = '\0';
	char *line = text[0] && whole ? mem_text(text) : NULL;
	explicit_bzero(text, sizeof text);
	if (!line)
		err_set(err, ERR_CONFIG, "凭据文件 %s 为空、过大或不是文本",
		        "secret file %s is empty, too large or no text", path);
	return line;
}

char *secret_read(const char *name, struct err *err)
{
	char *path = secret_path(name, err);
	char *line = NULL;

	if (!path)
		return NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set(err, ERR_CONFIG, "无法读取凭据文件 %s：%s",
		        "cannot read secret file %s: %s", path, strerror(errno));
	} else {
		line = first_line(fd, path, err);
		close(fd);
	}
	free(path);
	return line;
}

void secret_forget(char **secret)
{
	if (!*secret)
		return;
	explicit_bzero(*secret, strlen(*secret));
	free(*secret);
	*secret = NULL;
}

/* SPDX-License-Identifier: Apache-2.0
 * notify - see notify.h: one datagram, by hand (sd_notify(3) says how). A failure is nobody's
 * concern.
 */
#include "notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_systemd(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;

	if (len < 2 || len >= sizeof addr.sun_path || !strchr("/@", path[0]))
		return;
	memcpy(addr.sun_path, path, len);
	if (path[0] == '@')
		addr.sun_path[0] = '\0'; /* an abstract name */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
	        (struct sockaddr *)&addr,
	        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
}

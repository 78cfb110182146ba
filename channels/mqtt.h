/* SPDX-License-Identifier: Apache-2.0
 * mqtt - the inside of the MQTT channel, shared by mqtt*.c only. The topics are in mqtt.c.
 */
#ifndef TOCSIN_MQTT_H
#define TOCSIN_MQTT_H

#include <mosquitto.h>

#include "channel.h"
#include "lookup.h"

enum { MQTT_WINDOW = 16, MQTT_WHY = 200 };

/* A job whose messages are on their way. */
struct mqtt_flight {
	const struct channel_job *job; /* NULL = free place */
	size_t waiting;                /* acknowledgements to come */
	size_t sent;
	int last_mid;
	enum channel_verdict verdict;
	char why[MQTT_WHY]; /* the first refusal */
};

struct mqtt_waiting {
	int mid;
	int flight; /* index; -1 = our own house-keeping */
};

struct mqtt {
	struct channel channel;
	char *host, *client_id, *username, *password, *cafile, *certfile, *keyfile, *topic_root;
	long port, keepalive, connect_timeout;
	long look_back; /* ms; 0 = what it shows is not looked at */

	bool library; /* mosquitto_lib_init was called */
	struct mosquitto *client;
	bool connected;
	bool spoilt; /* a message was refused or given up: what the broker holds must be asked again
	              */
	char why[MQTT_WHY]; /* why it is not connected */
	char *root;         /* topic_root, and the mode's word unless live */
	int64_t next_try;   /* when_boot() ms */

	bool can_read;       /* the broker lets us read our own topics back */
	struct lookup known; /* retained state topics the broker holds */
	int64_t clear_era;   /* channel_job.active_era whose set all of them are of; 0 = unknown */
	char probe[44];      /* what we wait for on the probe topic */
	bool probe_back;
	int64_t probe_sent; /* when_boot() ms */
	int late;           /* looks in a row at which the probe was overdue */
	bool hides;         /* a probe did not come back */
	bool subscribed;
	char digest[DIGEST_HEX]; /* of the active set the broker holds; "" = not known */

	struct mqtt_flight flights[MQTT_WINDOW];
	struct mqtt_waiting *waiting;
	size_t waiting_count;
	bool own_done;     /* our own message was acknowledged */
	struct buf listed; /* identifiers in force after the last job taken, as JSON texts */
	size_t listed_count;
	int64_t listed_era;
	char state_digest[DIGEST_HEX]; /* of them */
	int64_t state_sequence;
	bool state_due;     /* the state topic is behind */
	int64_t next_state; /* when_boot() ms: not before */
};

/* A message to publish. */
struct mqtt_message {
	const char *topic;
	const void *payload;
	size_t len;
	bool retain;
	const char *content_type;      /* NULL: none */
	int64_t expires;               /* when_now() ms; 0 = never */
	const struct channel_job *job; /* for the user properties; may be NULL */
};

/* mqtt_link.c */
bool mqtt_connect(struct mqtt *mqtt, int64_t deadline, struct err *err);
void mqtt_disconnect(struct mqtt *mqtt); /* nothing is left in the library's queue */
bool mqtt_pump(struct mqtt *mqtt,
        int64_t until); /* one turn of the library's loop; false: the connection is gone */

/* mqtt_send.c */
bool mqtt_publish(struct mqtt *mqtt, int flight,
        const struct mqtt_message *message); /* false: refused at once */
void mqtt_acknowledged(struct mqtt *mqtt, int mid, int reason);
bool mqtt_publish_own(
        struct mqtt *mqtt, const struct mqtt_message *message, int64_t deadline); /* and wait */

/* mqtt_job.c */
bool mqtt_send_job(struct mqtt *mqtt, int flight, const struct channel_job *job);

/* mqtt_look.c */
void mqtt_send_probe(struct mqtt *mqtt);
bool mqtt_shows(struct mqtt *mqtt, struct err *err); /* at each turn, after the library's own */

/* mqtt_state.c: what the broker holds */
void mqtt_make_probe(struct mqtt *mqtt); /* a new one, not yet back */
bool mqtt_learn(struct mqtt *mqtt, int64_t deadline);
void mqtt_heard(struct mqtt *mqtt, const struct mosquitto_message *message);
char *mqtt_state_topic(
        const struct mqtt *mqtt, const char *area, const char *identifier); /* the caller's */
char *mqtt_sys_topic(const struct mqtt *mqtt, const char *what);            /* the caller's */
/* The six digits of an area; false: it cannot be expressed. */
bool mqtt_area(const struct view_area *area, char six[7]);
bool mqtt_area_seen(
        const struct view *view, size_t index); /* an earlier area has the same six digits */
/* Topic -> bulletin of all that should be retained. */
void mqtt_wanted(const struct mqtt *mqtt, const struct channel_job *job, struct lookup *out);
void mqtt_know(struct mqtt *mqtt, const char *topic);
void mqtt_know_nothing(struct mqtt *mqtt);
void mqtt_list(struct mqtt *mqtt, const struct channel_job *job); /* what is in force after it */
void mqtt_put_state(struct mqtt *mqtt); /* the list, onto the state topic */

#endif

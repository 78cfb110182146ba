/* SPDX-License-Identifier: Apache-2.0
 * steady - the wall clock as expiries may believe it: CLOCK_REALTIME watched against
 * CLOCK_BOOTTIME, which never steps. Pure: both clocks are parameters.
 *
 * A drift is followed. A step back, or forward by at most five minutes, is taken over and told. A
 * jump further forward is not: whatever set the clock may be wrong, and what expired by it would be
 * gone for good. Then time goes on as before, and the clock is in doubt until it comes back, or
 * until the program is started anew by somebody who has looked. So is a clock that stands before
 * this program was written.
 */
#ifndef TOCSIN_STEADY_H
#define TOCSIN_STEADY_H

#include <stdbool.h>
#include <stdint.h>

struct steady {
	int64_t offset; /* what is added to boot ms; 0 = not looked yet */
	bool doubtful;
	int64_t steps; /* told so far */
};

enum steady_word {
	STEADY_SAME,
	STEADY_STEPPED,  /* taken over: *step ms */
	STEADY_DOUBTFUL, /* not believed: *step ms away; told once */
	STEADY_TRUSTED,  /* the doubt is over; *step ms were taken over */
};

enum steady_word steady_look(struct steady *steady, int64_t utc, int64_t boot, int64_t *step);
int64_t steady_now(const struct steady *steady, int64_t boot); /* ms, UTC; after a look */

#endif

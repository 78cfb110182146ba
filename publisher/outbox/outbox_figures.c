/* SPDX-License-Identifier: Apache-2.0
 * outbox_figures - what the loop counts, and how it stands, as text that any thread may take: made
 * anew once a second, so that whoever asks does not wait for the loop, nor the loop for them.
 */
#include "outbox_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "channel.h"
#include "exposition.h"

static const double steps[FIGURE_STEPS] = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300};
static const char *const ranks[FIGURE_RANKS] = {"none", "blue", "yellow", "orange", "red"};
static const char *const verdicts[FIGURE_VERDICTS] = {
        "delivered", "deferred", "rejected", "unknown"};

void figures_init(struct figures *figures, size_t targets)
{
	pthread_mutex_init(&figures->lock, NULL);
	figures->ended = mem_array(targets + 1, sizeof *figures->ended);
	figures->attempts = mem_array(targets + 1, sizeof *figures->attempts);
	figures->reports = mem_array(targets + 1, sizeof *figures->reports);
}

void figures_finish(struct figures *figures)
{
	free(figures->ended);
	free(figures->attempts);
	free(figures->reports);
	free(figures->text);
	free(figures->standing);
	pthread_mutex_destroy(&figures->lock);
}

void figures_attempt(struct figures *figures, int target, int64_t verdict)
{
	if (verdict >= 0 && verdict < FIGURE_VERDICTS)
		figures->attempts[target][verdict]++;
}

void figures_first_byte(struct figures *figures, enum level level, int64_t ms)
{
	struct figure_delay *delay = &figures->first_byte[level_rank(level)];
	int i = 0;

	while (i < FIGURE_STEPS && (double)ms / 1000 > steps[i])
		i++;
	delay->counts[i]++;
	delay->sum += (double)ms / 1000;
}

/* --- as text ------------------------------------------------------------------------------------
 */

static void put_lanes(const struct outbox *outbox, struct buf *out, const char *name,
        double (*value)(const struct dispatch_lane_now *now, int rank), int by_rank)
{
	for (size_t t = 0; t < outbox->config->target_count; t++) {
		const struct config_target *target = &outbox->config->targets[t];
		for (int lane = 0; lane < (target->traits->lanes ? 2 : 1); lane++) {
			struct dispatch_lane_now now;
			const char *word = !target->traits->lanes ? "all"
			                   : lane                 ? "routine"
			                                          : "urgent";
			dispatch_lane_look(
			        outbox->dispatch, (int)t, (enum dispatch_lane)lane, &now);
			for (int rank = 0; rank < (by_rank ? FIGURE_RANKS : 1); rank++)
				if (by_rank)
					exposition_put(out, name, value(&now, rank), "target",
					        target->name, "lane", word, "level", ranks[rank],
					        NULL);
				else
					exposition_put(out, name, value(&now, 0), "target",
					        target->name, "lane", word, NULL);
		}
	}
}

static double waiting(const struct dispatch_lane_now *now, int rank)
{
	return (double)now->waiting[rank];
}

static double sending(const struct dispatch_lane_now *now, int rank)
{
	(void)rank;
	return (double)now->sending;
}

static double parked(const struct dispatch_lane_now *now, int rank)
{
	(void)rank;
	return (double)now->parked;
}

static double window(const struct dispatch_lane_now *now, int rank)
{
	(void)rank;
	return now->window;
}

static double silent(const struct dispatch_lane_now *now, int rank)
{
	(void)rank;
	return now->open;
}

static void put_standing(const struct outbox *outbox, struct buf *out)
{
	static const struct {
		const char *name, *help;
		double (*value)(const struct dispatch_lane_now *now, int rank);
		int by_rank;
	} rows[] = {
	        {"tocsin_deliveries_waiting",
	                "Deliveries that wait; a response counts with its colour.", waiting, 1},
	        {"tocsin_deliveries_sending", "Deliveries in a channel's hands.", sending, 0},
	        {"tocsin_deliveries_unknown", "Deliveries that wait for an officer's word.", parked,
	                0},
	        {"tocsin_far_side_window",
	                "Deliveries below red in flight at most; 0: no agent yet.", window, 0},
	        {"tocsin_far_side_silent", "1: the far side does not answer, only red is tried.",
	                silent, 0},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		exposition_head(out, rows[i].name, "gauge", rows[i].help);
		put_lanes(outbox, out, rows[i].name, rows[i].value, rows[i].by_rank);
	}
	exposition_head(out, "tocsin_agent_connected", "gauge", "Channel processes that are here.");
	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next)
		if (agent->welcome && !agent->source)
			exposition_put(out, "tocsin_agent_connected", 1, "target", agent->name,
			        "lane", agent->lane, NULL);
	exposition_head(out, "tocsin_bulletins_in_force", "gauge",
	        "Released, and neither replaced, cancelled nor expired.");
	exposition_put(out, "tocsin_bulletins_in_force", (double)outbox->active_count, NULL);
	exposition_head(out, "tocsin_targets_paused", "gauge",
	        "Far sides of bulletins in force that an officer holds back.");
	exposition_put(out, "tocsin_targets_paused", (double)outbox->paused_count, NULL);
	exposition_head(
	        out, "tocsin_clock_doubtful", "gauge", "1: the wall clock is not believed.");
	exposition_put(out, "tocsin_clock_doubtful", outbox->clock.doubtful, NULL);
}

static void put_counts(const struct outbox *outbox, struct buf *out)
{
	const struct figures *f = &outbox->figures;

	exposition_head(out, "tocsin_deliveries_ended_total", "counter",
	        "Deliveries that ended since the start, by their last word.");
	for (size_t t = 0; t < outbox->config->target_count; t++)
		for (int state = DELIVERY_DELIVERED; state < DELIVERY_STATE_COUNT; state++)
			exposition_put(out, "tocsin_deliveries_ended_total",
			        (double)f->ended[t][state], "target",
			        outbox->config->targets[t].name, "state",
			        delivery_state_text((enum delivery_state)state), NULL);
	exposition_head(out, "tocsin_clock_steps_total", "counter",
	        "How often the wall clock was set since the start.");
	exposition_put(out, "tocsin_clock_steps_total", (double)outbox->clock.steps, NULL);
	exposition_head(out, "tocsin_attempts_total", "counter",
	        "Attempts answered since the start, by verdict.");
	for (size_t t = 0; t < outbox->config->target_count; t++)
		for (int verdict = 0; verdict < FIGURE_VERDICTS; verdict++)
			exposition_put(out, "tocsin_attempts_total",
			        (double)f->attempts[t][verdict], "target",
			        outbox->config->targets[t].name, "verdict", verdicts[verdict],
			        NULL);
}

static void put_reports(const struct outbox *outbox, struct buf *out)
{
	const struct figures *f = &outbox->figures;

	exposition_head(out, "tocsin_reports_total", "counter",
	        "Recipients the phone network reported on since the start, by what it said.");
	for (size_t t = 0; t < outbox->config->target_count; t++)
		for (int word = REPORT_ACCEPTED;
		        outbox->config->targets[t].traits->recipients && word < REPORT_WORDS;
		        word++)
			exposition_put(out, "tocsin_reports_total",
			        (double)f->reports[t].counts[word], "target",
			        outbox->config->targets[t].name, "result",
			        report_word_text((enum report_word)word), NULL);
	exposition_head(out, "tocsin_reports_refused_total", "counter",
	        "Reports about nobody we know, or at addresses not ours, since the start.");
	exposition_put(out, "tocsin_reports_refused_total", (double)f->refused, NULL);
}

static void put_delays(const struct outbox *outbox, struct buf *out)
{
	static const char name[] = "tocsin_first_byte_seconds";

	exposition_head(out, name, "histogram",
	        "From the release on disk to the first attempt's first byte.");
	for (int rank = 0; rank < FIGURE_RANKS; rank++) {
		const struct figure_delay *delay = &outbox->figures.first_byte[rank];
		int64_t sum = 0;
		for (int i = 0; i <= FIGURE_STEPS; i++) {
			char le[32];
			if (i < FIGURE_STEPS)
				snprintf(le, sizeof le, "%g", steps[i]);
			else
				snprintf(le, sizeof le, "+Inf");
			sum += delay->counts[i];
			exposition_put(out, "tocsin_first_byte_seconds_bucket", (double)sum,
			        "level", ranks[rank], "le", le, NULL);
		}
		exposition_put(out, "tocsin_first_byte_seconds_sum", delay->sum, "level",
		        ranks[rank], NULL);
		exposition_put(out, "tocsin_first_byte_seconds_count", (double)sum, "level",
		        ranks[rank], NULL);
	}
}

void outbox_figures_renew(struct outbox *outbox)
{
	struct buf out;

	buf_init(&out, 0);
	put_standing(outbox, &out);
	put_counts(outbox, &out);
	put_reports(outbox, &out);
	put_delays(outbox, &out);
	char *text = buf_take(&out);
	pthread_mutex_lock(&outbox->figures.lock);
	char *old = outbox->figures.text;
	outbox->figures.text = text;
	pthread_mutex_unlock(&outbox->figures.lock);
	free(old);
}

void outbox_figures(struct outbox *outbox, struct buf *out)
{
	pthread_mutex_lock(&outbox->figures.lock);
	buf_text(out, outbox->figures.text ? outbox->figures.text : "");
	pthread_mutex_unlock(&outbox->figures.lock);
}

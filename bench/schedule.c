/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include "mishap.h"

/* The shortest pause that the pool's rule for retries allows after the first failure. */
#define SHORTEST_PAUSE_MS 375

/* An upload in flight, or one that waits until it may be sent again. */
typedef struct
{
  double time;
  guint n_failures;
  guint status;
} Event;

typedef struct
{
  GRand *moods;
  double mean_latency_ms;
  ScheduleRule rule;
  double now;
  double held_until;
  guint n_unsent;
  /* element-type Event, the next one first */
  GQueue flights;
  GQueue pauses;
} Schedule;

static int
compare_events (gconstpointer a, gconstpointer b, gpointer data)
{
  const Event *left = a;
  const Event *right = b;

  return (left->time > right->time) - (left->time < right->time);
}

static void
send (Schedule *self, Event *event)
{
  Mishap mishap = mishap_next (self->moods, self->mean_latency_ms);

  event->time = self->now + mishap.latency_ms;
  event->status = mishap.status;
  g_queue_insert_sorted (&self->flights, event, compare_events, NULL);
}

static void
send_what_may_go (Schedule *self, guint limit)
{
  while (self->flights.length < limit && self->now >= self->held_until)
    {
      Event *again = g_queue_peek_head (&self->pauses);

      if (again != NULL && again->time <= self->now)
        send (self, g_queue_pop_head (&self->pauses));
      else if (self->n_unsent > 0)
        {
          self->n_unsent--;
          send (self, g_new0 (Event, 1));
        }
      else
        return;
    }
}

static void
end_flight (Schedule *self, Event *event)
{
  if (event->status == 200)
    {
      g_free (event);
      return;
    }
  if (event->status == 429)
    event->time = self->now + MISHAP_WAIT_MS;
  else
    event->time = self->now + (SHORTEST_PAUSE_MS << event->n_failures);
  if (event->status == 429 && self->rule == SCHEDULE_TOGETHER)
    self->held_until = event->time;
  event->n_failures++;
  g_queue_insert_sorted (&self->pauses, event, compare_events, NULL);
}

static double
get_next_start (Schedule *self, guint limit)
{
  Event *again = g_queue_peek_head (&self->pauses);
  double start = again != NULL ? again->time : G_MAXDOUBLE;

  if (self->flights.length >= limit)
    return G_MAXDOUBLE;
  if (self->n_unsent > 0)
    start = self->now;

  return start < G_MAXDOUBLE ? MAX (start, self->held_until) : start;
}

static void
advance (Schedule *self, guint limit)
{
  Event *flight = g_queue_peek_head (&self->flights);
  double end = flight != NULL ? flight->time : G_MAXDOUBLE;
  double start = get_next_start (self, limit);

  self->now = MIN (end, start);
  if (end <= start)
    end_flight (self, g_queue_pop_head (&self->flights));
}

/**
 * schedule_get_ideal_ms:
 * @seed: seed of the server's moods
 * @mean_latency_ms: mean of its latencies
 * @n_uploads: how many uploads there are
 * @limit: how many may be in flight
 * @rule: who waits after a status 429
 *
 * The ideal is list scheduling by one who loses no time of his own: whenever a place is free and
 * waiting is not called for, the next upload is sent at once, those that failed first. Each try
 * meets the latency and the status that the server has for it in its sequence. What cannot be
 * avoided counts: the second that a status 429 asks for, and after a status 500 the shortest pause
 * that the rule for retries allows, which occupies no place. The limit is never lowered.
 *
 * Returns: when the last upload has its good answer, in milliseconds
 */
double
schedule_get_ideal_ms (guint32 seed,
                       double mean_latency_ms,
                       guint n_uploads,
                       guint limit,
                       ScheduleRule rule)
{
  Schedule self = { .moods = g_rand_new_with_seed (seed),
                    .mean_latency_ms = mean_latency_ms,
                    .rule = rule,
                    .n_unsent = n_uploads,
                    .flights = G_QUEUE_INIT,
                    .pauses = G_QUEUE_INIT };

  send_what_may_go (&self, limit);
  while (self.flights.length > 0 || self.pauses.length > 0)
    {
      advance (&self, limit);
      send_what_may_go (&self, limit);
    }
  g_rand_free (self.moods);

  return self.now;
}

/* SPDX-License-Identifier: MIT */
#include "live-deadline.h"

/* A service that says something all the time, but nothing that is waited for, has so many times as
 * long. */
#define ROUNDS 6

/**
 * WhisLiveDeadline:
 *
 * How long a live session waits for its service: a time that begins anew with every sign of life,
 * up to a last one that begins anew only with a step forward.
 */
struct _WhisLiveDeadline
{
  GMainContext *context;
  guint timeout_ms;
  GSourceFunc passed;
  gpointer user_data;
  GSource *source;  /* NULL while nothing is expected */
  gint64 last_time; /* when waiting ends, whatever is said until then */
  guint last_step;
};

/**
 * whis_live_deadline_new:
 * @timeout_ms: how long to wait for a sign of life, in milliseconds
 * @passed: called when the service has been waited for long enough, in the thread-default main
 *   context of the caller
 * @user_data: for @passed
 *
 * Returns: (transfer full): a deadline while nothing is expected
 */
WhisLiveDeadline *
whis_live_deadline_new (guint timeout_ms, GSourceFunc passed, gpointer user_data)
{
  WhisLiveDeadline *self = g_new0 (WhisLiveDeadline, 1);

  self->context = g_main_context_ref_thread_default ();
  self->timeout_ms = timeout_ms;
  self->passed = passed;
  self->user_data = user_data;

  return self;
}

/**
 * whis_live_deadline_free:
 * @self: (transfer full): a deadline
 */
void
whis_live_deadline_free (WhisLiveDeadline *self)
{
  g_return_if_fail (self != NULL);

  whis_live_deadline_stop (self);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * whis_live_deadline_stop:
 * @self: a deadline
 *
 * Nothing is expected any more.
 */
void
whis_live_deadline_stop (WhisLiveDeadline *self)
{
  g_return_if_fail (self != NULL);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/**
 * whis_live_deadline_expect:
 * @self: a deadline
 * @step: a number that is another one when something was reached, and not only said
 * @is_alive: whether this is a sign of life
 *
 * Something is expected of the service.
 */
void
whis_live_deadline_expect (WhisLiveDeadline *self, guint step, gboolean is_alive)
{
  gboolean begins_anew;
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (self != NULL);

  begins_anew = self->source == NULL || step != self->last_step;
  self->last_step = step;
  if (!begins_anew && !is_alive)
    return;
  if (begins_anew)
    self->last_time = now + (gint64) self->timeout_ms * ROUNDS * 1000;
  whis_live_deadline_stop (self);
  self->source =
      g_timeout_source_new ((guint) MIN (self->timeout_ms, MAX (self->last_time - now, 0) / 1000));
  g_source_set_callback (self->source, self->passed, self->user_data, NULL);
  g_source_attach (self->source, self->context);
}

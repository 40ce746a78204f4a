/* SPDX-License-Identifier: MIT */
#include "follower.h"

/* So long a failure can be read. */
#define PROBLEM_SECONDS 6

/**
 * WhisIndicatorFollower:
 *
 * Follows a dictation by the microphone, and the next one when that begins to record, until none is
 * left to be shown.
 */
struct _WhisIndicatorFollower
{
  GObject parent_instance;

  WhisServiceProxy *service;
  char *dictation;
  WhisIndicatorContent *content;
  gboolean watches_text;
  gboolean has_ended;
  guint timer;
};

enum
{
  CHANGED,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisIndicatorFollower, whis_indicator_follower, G_TYPE_OBJECT)

static void
follower_change (WhisIndicatorFollower *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
follower_end (WhisIndicatorFollower *self)
{
  if (self->has_ended)
    return;

  self->has_ended = TRUE;
  g_signal_emit (self, signals[ENDED], 0);
}

static gboolean
on_problem_read (gpointer user_data)
{
  WhisIndicatorFollower *self = user_data;

  self->timer = 0;
  follower_end (self);

  return G_SOURCE_REMOVE;
}

static void
follower_begin (WhisIndicatorFollower *self, const char *dictation)
{
  g_free (self->dictation);
  self->dictation = g_strdup (dictation);
  g_clear_pointer (&self->content, whis_indicator_content_free);
  self->content = whis_indicator_content_new ();
  g_clear_handle_id (&self->timer, g_source_remove);
}

/* Of the dictation that is followed. */
static void
follower_set_state (WhisIndicatorFollower *self, WhisDictationState state)
{
  self->content->state = state;
  if (whis_indicator_content_is_problem (self->content))
    {
      if (self->timer == 0)
        self->timer = g_timeout_add_seconds (PROBLEM_SECONDS, on_problem_read, self);
    }
  else if (!whis_dictation_state_is_busy (state))
    {
      follower_end (self);
      return;
    }
  follower_change (self);
}

/* Only what comes from a microphone is ever recording. */
static void
on_state_changed (WhisIndicatorFollower *self, const char *dictation, const char *nick)
{
  WhisDictationState state = whis_dictation_state_from_nick (nick);

  if (self->has_ended)
    return;
  if (state == WHIS_DICTATION_STATE_RECORDING && !g_str_equal (dictation, self->dictation))
    follower_begin (self, dictation);
  if (g_str_equal (dictation, self->dictation))
    follower_set_state (self, state);
}

static void
on_failed (WhisIndicatorFollower *self,
           const char *dictation,
           const char *code,
           const char *message,
           const char *kept,
           gboolean resumable)
{
  if (!g_str_equal (dictation, self->dictation))
    return;

  whis_indicator_content_set_failure (self->content, code, message);
  follower_change (self);
}

static void
on_partial_text (WhisIndicatorFollower *self, const char *dictation, const char *text)
{
  if (!g_str_equal (dictation, self->dictation))
    return;

  whis_indicator_content_set_text (self->content, text);
  follower_change (self);
}

static gboolean
is_current (WhisIndicatorFollower *self)
{
  return g_str_equal (whis_service_proxy_get_dictation (self->service), self->dictation);
}

/* The service tells length and level together. */
static void
on_elapsed_changed (WhisIndicatorFollower *self)
{
  guint64 elapsed = whis_service_proxy_get_elapsed (self->service);

  if (!is_current (self) || elapsed == self->content->elapsed_ms)
    return;

  self->content->elapsed_ms = elapsed;
  if (whis_indicator_content_is_open (self->content))
    whis_level_history_push (&self->content->levels, whis_service_proxy_get_level (self->service));
  follower_change (self);
}

static void
on_silent_changed (WhisIndicatorFollower *self)
{
  gboolean is_silent = whis_service_proxy_get_silent (self->service);

  if (self->content->is_silent == is_silent)
    return;

  self->content->is_silent = is_silent;
  follower_change (self);
}

/* The service is there; what it told before was not heard. */
static void
follower_catch_up (WhisIndicatorFollower *self)
{
  WhisDictationState state = whis_service_proxy_get_state (self->service);

  if (state == WHIS_DICTATION_STATE_RECORDING && !is_current (self))
    follower_begin (self, whis_service_proxy_get_dictation (self->service));
  if (!is_current (self))
    {
      follower_end (self);
      return;
    }

  self->content->elapsed_ms = whis_service_proxy_get_elapsed (self->service);
  self->content->is_silent = whis_service_proxy_get_silent (self->service);
  if (state == WHIS_DICTATION_STATE_FAILED || whis_dictation_state_is_unfinished (state))
    whis_indicator_content_set_failure (self->content, whis_service_proxy_get_code (self->service),
                                        whis_service_proxy_get_message (self->service));
  follower_set_state (self, state);
}

static void
on_availability_changed (WhisIndicatorFollower *self)
{
  WhisAvailability availability = whis_service_proxy_get_availability (self->service);

  if (availability == WHIS_AVAILABILITY_ABSENT)
    follower_end (self);
  if (availability != WHIS_AVAILABILITY_RUNNING || self->watches_text)
    return;

  self->watches_text = TRUE;
  whis_bus_whis1_call_watch_text (whis_service_proxy_get_interface (self->service), TRUE, NULL,
                                  NULL, NULL);
  follower_catch_up (self);
}

static void
whis_indicator_follower_dispose (GObject *object)
{
  WhisIndicatorFollower *self = WHIS_INDICATOR_FOLLOWER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_indicator_follower_parent_class)->dispose (object);
}

static void
whis_indicator_follower_finalize (GObject *object)
{
  WhisIndicatorFollower *self = WHIS_INDICATOR_FOLLOWER (object);

  g_clear_pointer (&self->content, whis_indicator_content_free);
  g_free (self->dictation);

  G_OBJECT_CLASS (whis_indicator_follower_parent_class)->finalize (object);
}

static void
whis_indicator_follower_class_init (WhisIndicatorFollowerClass *klass)
{
  GType type = WHIS_TYPE_INDICATOR_FOLLOWER;

  G_OBJECT_CLASS (klass)->dispose = whis_indicator_follower_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_indicator_follower_finalize;

  /**
   * WhisIndicatorFollower::changed:
   * @self: the follower
   *
   * Something of the content is another.
   */
  signals[CHANGED] =
      g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisIndicatorFollower::ended:
   * @self: the follower
   *
   * There is nothing to be shown any more.
   */
  signals[ENDED] =
      g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_indicator_follower_init (WhisIndicatorFollower *self)
{
}

/**
 * whis_indicator_follower_new:
 * @service: the service
 * @dictation: the id of a dictation by the microphone
 *
 * Returns: (transfer full): an object that follows the dictation
 */
WhisIndicatorFollower *
whis_indicator_follower_new (WhisServiceProxy *service, const char *dictation)
{
  WhisIndicatorFollower *self;

  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);
  g_return_val_if_fail (dictation != NULL, NULL);

  self = g_object_new (WHIS_TYPE_INDICATOR_FOLLOWER, NULL);
  self->service = g_object_ref (service);
  follower_begin (self, dictation);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (on_availability_changed),
                           self, G_CONNECT_SWAPPED);
  whis_service_proxy_connect (service, "state-changed", G_CALLBACK (on_state_changed), self);
  whis_service_proxy_connect (service, "failed", G_CALLBACK (on_failed), self);
  whis_service_proxy_connect (service, "partial-text", G_CALLBACK (on_partial_text), self);
  whis_service_proxy_connect (service, "notify::elapsed", G_CALLBACK (on_elapsed_changed), self);
  whis_service_proxy_connect (service, "notify::silent", G_CALLBACK (on_silent_changed), self);

  return self;
}

/**
 * whis_indicator_follower_get_content:
 * @self: a follower
 *
 * Returns: (transfer none): what is known of the dictation
 */
const WhisIndicatorContent *
whis_indicator_follower_get_content (WhisIndicatorFollower *self)
{
  g_return_val_if_fail (WHIS_IS_INDICATOR_FOLLOWER (self), NULL);

  return self->content;
}

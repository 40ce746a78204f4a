/* SPDX-License-Identifier: MIT */
#include "unfinished.h"

#include "failure.h"
#include "service-error.h"

/**
 * WhisUnfinished:
 *
 * The dictations that are to be finished: those that an earlier run of the service left behind,
 * those that wait for a service that cannot be reached, and those that wait for a model. Waiting
 * ones are tried again when the network changes, and now and then, or when a model has come; their
 * text is offered, since the user is long somewhere else.
 */

/* Between tries; doubled each time. */
#define FIRST_DELAY_S 60
#define LONGEST_DELAY_S (60 * 60)

/* A network that comes up changes several times. */
#define SETTLING_S 2

/* How soon what others work on is looked at again, in case they end without finishing it. */
#define OTHERS_S 5

/* How many wait at most that are tried in one go. */
#define MOST_AT_ONCE 100

struct _WhisUnfinished
{
  GObject parent_instance;

  WhisHistory *history;
  WhisDictations *dictations;
  WhisLocalModelChoice *local_model;
  GNetworkMonitor *network; /* only while something waits */
  GCancellable *cancellable;
  gboolean counting;
  gboolean recount;
  guint count;
  guint delay_s;
  gint64 not_before; /* monotonic time, in microseconds: a service asked for a longer wait */
  guint timer;
  guint others_timer;    /* while another run of Whis works on something */
  GHashTable *recovered; /* the ids of what was told as interrupted */
};

enum
{
  PROP_COUNT = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  INTERRUPTED,
  READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisUnfinished, whis_unfinished, G_TYPE_OBJECT)

static void try_later (WhisUnfinished *self, guint seconds);

static void
continued_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDictation) dictation =
      whis_dictations_continue_finish (WHIS_DICTATIONS (object), result, &error);

  if (dictation == NULL)
    g_debug ("A waiting dictation cannot go on: %s", error->message);
}

/* Whether a try makes sense: without a model it fails as it did. */
static gboolean
can_be_tried (WhisUnfinished *self, const WhisRecord *record)
{
  return g_strcmp0 (record->code, WHIS_FAILURE_NO_MODEL) != 0
         || *whis_local_model_choice_get_current (self->local_model) != '\0';
}

static void
try_listed (WhisUnfinished *self, GAsyncResult *result, const char *code)
{
  g_autoptr (GPtrArray) records = whis_history_list_finish (self->history, result, NULL, NULL);

  for (guint i = records != NULL ? records->len : 0; i > 0; i--)
    {
      const WhisRecord *record = g_ptr_array_index (records, i - 1);

      if (can_be_tried (self, record) && (code == NULL || g_strcmp0 (record->code, code) == 0))
        whis_dictations_continue_async (self->dictations, record->id, WHIS_DICTATION_MODE_RESUME,
                                        NULL, TRUE, self->cancellable, continued_cb, NULL);
    }
}

static void
waiting_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisUnfinished) self = user_data;

  if (self->history != NULL)
    try_listed (self, result, NULL);
}

static void
model_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisUnfinished) self = user_data;

  if (self->history != NULL)
    try_listed (self, result, WHIS_FAILURE_NO_MODEL);
}

static gboolean
try_cb (gpointer user_data)
{
  WhisUnfinished *self = user_data;
  const WhisHistoryQuery waiting = {
    .states = 1u << WHIS_DICTATION_STATE_WAITING,
    .limit = MOST_AT_ONCE,
  };

  self->timer = 0;
  self->delay_s = MIN (self->delay_s * 2, LONGEST_DELAY_S);
  whis_history_list_async (self->history, &waiting, self->cancellable, waiting_listed_cb,
                           g_object_ref (self));
  try_later (self, self->delay_s);

  return G_SOURCE_REMOVE;
}

static guint
get_wait_s (WhisUnfinished *self, guint seconds)
{
  gint64 asked_s = (self->not_before - g_get_monotonic_time ()) / G_USEC_PER_SEC + 1;

  return asked_s > (gint64) seconds ? (guint) MIN (asked_s, LONGEST_DELAY_S) : seconds;
}

static void
try_later (WhisUnfinished *self, guint seconds)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (get_wait_s (self, seconds), try_cb, self);
}

/* Asking a service earlier than it wants to be asked is of no use. */
static void
state_changed_cb (WhisUnfinished *self, GParamSpec *pspec, WhisDictation *dictation)
{
  guint64 wait_ms = whis_service_error_get_retry_after_ms (whis_dictation_get_error (dictation));

  if (whis_dictation_get_state (dictation) == WHIS_DICTATION_STATE_WAITING && wait_ms > 0)
    self->not_before = MAX (self->not_before, g_get_monotonic_time ()
                                                  + (gint64) MIN (wait_ms, 1000 * LONGEST_DELAY_S)
                                                        * G_TIME_SPAN_MILLISECOND);
}

static void
added_cb (WhisUnfinished *self, WhisDictation *dictation)
{
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
network_changed_cb (WhisUnfinished *self)
{
  if (!g_network_monitor_get_network_available (self->network))
    return;

  self->delay_s = FIRST_DELAY_S;
  try_later (self, SETTLING_S);
}

static void
watch_network (WhisUnfinished *self)
{
  if (self->network != NULL)
    return;

  self->network = g_object_ref (g_network_monitor_get_default ());
  /* The one comes from the kernel's plan, the other from NetworkManager. */
  g_signal_connect_object (self->network, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->network, "notify::connectivity", G_CALLBACK (network_changed_cb),
                           self, G_CONNECT_SWAPPED);
  try_later (self, self->delay_s);
}

static void
leave_network (WhisUnfinished *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->network != NULL)
    g_signal_handlers_disconnect_by_data (self->network, self);
  g_clear_object (&self->network);
}

static void
set_counts (WhisUnfinished *self, guint count, guint n_waiting)
{
  if (n_waiting > 0)
    watch_network (self);
  /* One that is being tried may wait again, and longer than before. */
  else if (!whis_dictations_are_busy (self->dictations))
    {
      leave_network (self);
      self->delay_s = FIRST_DELAY_S;
    }

  if (self->count == count)
    return;
  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

static void unfinished_count (WhisUnfinished *self);

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisUnfinished) self = user_data;
  g_autoptr (GPtrArray) records =
      whis_history_list_finish (WHIS_HISTORY (object), result, NULL, NULL);
  guint n_waiting = 0;

  self->counting = FALSE;
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const WhisRecord *record = g_ptr_array_index (records, i);

      n_waiting += record->state == WHIS_DICTATION_STATE_WAITING && can_be_tried (self, record);
    }
  if (records != NULL)
    set_counts (self, records->len, n_waiting);
  if (self->recount)
    unfinished_count (self);
}

/* One count at a time; changes that come meanwhile are counted together. */
static void
unfinished_count (WhisUnfinished *self)
{
  const WhisHistoryQuery unfinished = {
    .states = 1u << WHIS_DICTATION_STATE_WAITING | 1u << WHIS_DICTATION_STATE_INTERRUPTED,
  };

  self->recount = self->counting;
  if (self->counting)
    return;

  self->counting = TRUE;
  whis_history_list_async (self->history, &unfinished, self->cancellable, counted_cb,
                           g_object_ref (self));
}

static void
keyring_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisUnfinished) self = user_data;

  if (self->history != NULL)
    try_listed (self, result, WHIS_FAILURE_KEYRING);
}

/**
 * whis_unfinished_try_keyring:
 * @self: the unfinished dictations
 *
 * Tries at once what waits for the keyring, since that has been unlocked.
 */
void
whis_unfinished_try_keyring (WhisUnfinished *self)
{
  const WhisHistoryQuery waiting = {
    .states = 1u << WHIS_DICTATION_STATE_WAITING,
    .limit = MOST_AT_ONCE,
  };

  g_return_if_fail (WHIS_IS_UNFINISHED (self));

  /* Only while something waits is there a reason to look. */
  if (self->count > 0)
    whis_history_list_async (self->history, &waiting, self->cancellable, keyring_listed_cb,
                             g_object_ref (self));
}

/* What waits for a model is tried at once when one has come. */
static void
local_model_changed_cb (WhisUnfinished *self)
{
  const WhisHistoryQuery waiting = {
    .states = 1u << WHIS_DICTATION_STATE_WAITING,
    .limit = MOST_AT_ONCE,
  };

  if (*whis_local_model_choice_get_current (self->local_model) != '\0')
    whis_history_list_async (self->history, &waiting, self->cancellable, model_listed_cb,
                             g_object_ref (self));
}

static gboolean
lacks_text (const WhisRecord *record)
{
  if (record->text == NULL || !record->complete)
    return TRUE;

  for (guint i = 0; i < record->chunks->len; i++)
    {
      const WhisRecordChunk *chunk = g_ptr_array_index (record->chunks, i);

      if (chunk->chunk->has_speech && chunk->text == NULL)
        return TRUE;
    }

  return FALSE;
}

/* Whether its text is whole, and was on its way to the clipboard or to the program that asked. */
static gboolean
was_handed_over (const WhisRecord *record)
{
  return !lacks_text (record)
         && (record->state == WHIS_DICTATION_STATE_DELIVERING
             || (record->state == WHIS_DICTATION_STATE_INTERRUPTED && !record->deliver));
}

/* Its text was there when the service ended, and may or may not have been delivered: to deliver it
 * twice would be as wrong as to lose it. */
static void
set_ready (WhisUnfinished *self, WhisRecord *record)
{
  record->state = WHIS_DICTATION_STATE_DONE;
  whis_history_put (self->history, record);
  g_signal_emit (self, signals[READY], 0, record->id);
}

static gboolean
recover_again_cb (gpointer user_data)
{
  WhisUnfinished *self = user_data;

  self->others_timer = 0;
  whis_unfinished_recover (self);

  return G_SOURCE_REMOVE;
}

static void
recovered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisUnfinished) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n_owned = 0;
  g_autoptr (GPtrArray) records =
      whis_history_recover_finish (WHIS_HISTORY (object), result, &n_owned, &error);
  guint n_interrupted = 0;

  if (records == NULL)
    {
      g_message ("Nothing recovered: %s", error->message);
      return;
    }

  for (guint i = 0; i < records->len; i++)
    {
      WhisRecord *record = g_ptr_array_index (records, i);

      if (was_handed_over (record))
        set_ready (self, record);
      else if (record->state != WHIS_DICTATION_STATE_WAITING)
        n_interrupted += g_hash_table_add (self->recovered, g_strdup (record->id));
    }
  if (n_interrupted > 0)
    g_signal_emit (self, signals[INTERRUPTED], 0, n_interrupted);
  if (n_owned > 0 && self->others_timer == 0 && self->history != NULL)
    self->others_timer = g_timeout_add_seconds (OTHERS_S, recover_again_cb, self);
  whis_history_apply_rules (self->history);
  unfinished_count (self);
}

/**
 * whis_unfinished_recover:
 * @self: the unfinished dictations
 *
 * Looks for what an earlier run of the service left behind, and again for as long as another run
 * works on something. At the start of the service.
 */
void
whis_unfinished_recover (WhisUnfinished *self)
{
  g_return_if_fail (WHIS_IS_UNFINISHED (self));

  whis_history_recover_async (self->history, self->cancellable, recovered_cb, g_object_ref (self));
}

/**
 * whis_unfinished_get_count:
 * @self: the unfinished dictations
 *
 * Returns: how many wait or were interrupted
 */
guint
whis_unfinished_get_count (WhisUnfinished *self)
{
  g_return_val_if_fail (WHIS_IS_UNFINISHED (self), 0);

  return self->count;
}

static void
whis_unfinished_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_COUNT)
    g_value_set_uint (value, WHIS_UNFINISHED (object)->count);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_unfinished_dispose (GObject *object)
{
  WhisUnfinished *self = WHIS_UNFINISHED (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->others_timer, g_source_remove);
  leave_network (self);
  g_clear_object (&self->history);
  g_clear_object (&self->dictations);
  g_clear_object (&self->local_model);

  G_OBJECT_CLASS (whis_unfinished_parent_class)->dispose (object);
}

static void
whis_unfinished_finalize (GObject *object)
{
  g_object_unref (WHIS_UNFINISHED (object)->cancellable);
  g_hash_table_unref (WHIS_UNFINISHED (object)->recovered);

  G_OBJECT_CLASS (whis_unfinished_parent_class)->finalize (object);
}

static void
whis_unfinished_class_init (WhisUnfinishedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_unfinished_get_property;
  object_class->dispose = whis_unfinished_dispose;
  object_class->finalize = whis_unfinished_finalize;

  properties[PROP_COUNT] =
      g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisUnfinished::interrupted:
   * @self: the unfinished dictations
   * @n: how many
   *
   * An earlier run of the service left dictations behind.
   */
  signals[INTERRUPTED] = g_signal_new ("interrupted", WHIS_TYPE_UNFINISHED, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  /**
   * WhisUnfinished::ready:
   * @self: the unfinished dictations
   * @id: a dictation
   *
   * An earlier run of the service left a text behind, which may not have been delivered.
   */
  signals[READY] = g_signal_new ("ready", WHIS_TYPE_UNFINISHED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_unfinished_init (WhisUnfinished *self)
{
  self->cancellable = g_cancellable_new ();
  self->recovered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->delay_s = FIRST_DELAY_S;
}

/**
 * whis_unfinished_new:
 * @history: where they are recorded
 * @dictations: who finishes them
 * @local_model: what the embedded recogniser uses
 *
 * Returns: (transfer full): the unfinished dictations, not looked for yet
 */
WhisUnfinished *
whis_unfinished_new (WhisHistory *history,
                     WhisDictations *dictations,
                     WhisLocalModelChoice *local_model)
{
  WhisUnfinished *self = g_object_new (WHIS_TYPE_UNFINISHED, NULL);

  self->history = g_object_ref (history);
  self->dictations = g_object_ref (dictations);
  self->local_model = g_object_ref (local_model);
  g_signal_connect_object (local_model, "notify::current", G_CALLBACK (local_model_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "changed", G_CALLBACK (unfinished_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "removed", G_CALLBACK (unfinished_count), self,
                           G_CONNECT_SWAPPED);

  return self;
}

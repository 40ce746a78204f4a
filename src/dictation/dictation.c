/* SPDX-License-Identifier: MIT */
#include "dictation.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "failure.h"
#include "merge.h"
#include "speech-error.h"

/**
 * WhisDictation:
 *
 * One dictation, from the first sample to the delivered text.
 *
 * Its sound goes to a file while it is spoken; chunks of that file go to the provider while the
 * recording goes on; the texts are merged and delivered. The sound file is deleted only after the
 * text was delivered, or when it is a copy of a file that the user still has.
 */

#define SILENCE_DB (-100.0)

struct _WhisDictation
{
  GObject parent_instance;

  char *id;
  char *path;
  gboolean is_file;
  int file; /* -1 for the microphone, or if no descriptor was free */
  char *microphone;
  const WhisProvider *provider;
  char *model;
  char *language;
  char *prompt;
  guint longest_chunk_ms;
  gboolean deliver;

  WhisPool *pool;
  WhisKeyring *keyring;
  WhisClipboard *clipboard;
  GCancellable *cancellable;

  WhisDictationState state;
  WhisCapture *capture;
  double level;
  char *key;
  gboolean key_settled;
  GError *key_error;
  GPtrArray *chunks;
  WhisMerge *merge;
  guint n_in_flight;
  guint n_with_speech;
  guint n_failed;
  guint64 done_ms;
  gboolean sound_ended;
  GError *sound_error;
  GError *speech_error; /* the first error of a chunk */
  GError *error;        /* why it failed in the end */
  char *text;
  char *kept;
};

enum
{
  PROP_STATE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  LEVEL,
  PROGRESS,
  PARTIAL_TEXT,
  WARNING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDictation, whis_dictation, G_TYPE_OBJECT)

/* The one place that changes the state. */
static void
set_state (WhisDictation *self, WhisDictationState state)
{
  if (!whis_dictation_state_may_follow (self->state, state))
    {
      g_critical ("%s: no edge from %s to %s", self->id,
                  whis_dictation_state_get_nick (self->state),
                  whis_dictation_state_get_nick (state));
      return;
    }

  g_debug ("%s: %s -> %s", self->id, whis_dictation_state_get_nick (self->state),
           whis_dictation_state_get_nick (state));
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static guint64
get_sound_size (WhisDictation *self)
{
  GStatBuf status;

  return g_stat (self->path, &status) == 0 ? (guint64) status.st_size : 0;
}

static void
delete_sound (WhisDictation *self)
{
  if (g_unlink (self->path) != 0 && errno != ENOENT)
    g_warning ("%s: cannot delete the sound: %s", self->id, g_strerror (errno));
}

/* Says what is left of a dictation that was not delivered whole. */
static char *
describe_kept (WhisDictation *self)
{
  g_autofree char *path = NULL;

  if (whis_dictation_is_file (self))
    return g_strdup (_ ("Your file is as it was."));
  if (get_sound_size (self) == 0)
    return g_strdup ("");

  path = strpbrk (self->path, " '\"$&()*;<>?[]\\`|~") != NULL ? g_shell_quote (self->path)
                                                              : g_strdup (self->path);

  return g_strdup_printf (_ ("The sound is kept: “whis transcribe %s” tries again."), path);
}

static void
tidy_sound (WhisDictation *self)
{
  if (whis_dictation_is_file (self) || get_sound_size (self) == 0)
    delete_sound (self);
}

static void
end_work (WhisDictation *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->capture != NULL && !self->sound_ended)
    whis_capture_cancel (self->capture);
  self->level = SILENCE_DB;
}

static void
fail (WhisDictation *self, const GError *error)
{
  g_return_if_fail (self->error == NULL);

  self->error = g_error_copy (error);
  if (self->kept == NULL)
    self->kept = describe_kept (self);
  end_work (self);
  tidy_sound (self);
  set_state (self, WHIS_DICTATION_STATE_FAILED);
}

static void
succeed (WhisDictation *self)
{
  delete_sound (self);
  set_state (self, WHIS_DICTATION_STATE_DONE);
}

/* The error that a text with gaps, or of a broken recording, is delivered with. */
static const GError *
get_partial_error (WhisDictation *self)
{
  return self->speech_error != NULL ? self->speech_error : self->sound_error;
}

static void
finish_partial (WhisDictation *self, gboolean on_clipboard)
{
  g_autofree char *sound = describe_kept (self);

  self->kept =
      g_strdup_printf (on_clipboard ? _ ("What was understood is on the clipboard, with a mark "
                                         "where a part is missing. %s")
                                    : _ ("What was understood is kept: “whis last” prints it. %s"),
                       sound);
  fail (self, get_partial_error (self));
}

static void
delivered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictation) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean delivered = whis_clipboard_set_text_finish (WHIS_CLIPBOARD (object), result, &error);

  if (self->state != WHIS_DICTATION_STATE_DELIVERING)
    return;

  if (delivered && get_partial_error (self) == NULL)
    succeed (self);
  else if (get_partial_error (self) != NULL)
    finish_partial (self, delivered);
  else
    {
      self->kept = g_strdup (_ ("The text is kept: “whis last” prints it."));
      fail (self, error);
    }
}

static void
hand_over (WhisDictation *self)
{
  if (self->deliver)
    {
      set_state (self, WHIS_DICTATION_STATE_DELIVERING);
      whis_clipboard_set_text_async (self->clipboard, self->text, self->cancellable, delivered_cb,
                                     g_object_ref (self));
    }
  else if (get_partial_error (self) != NULL)
    finish_partial (self, FALSE);
  else
    succeed (self);
}

static void
fail_without_speech (WhisDictation *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_NO_SPEECH,
                           _ ("No speech heard, so the clipboard is as it was."));

  fail (self, error);
}

/* All sound is there and every chunk is settled. */
static void
conclude (WhisDictation *self)
{
  if (self->n_with_speech > 0 && self->n_failed == self->n_with_speech)
    {
      fail (self, self->speech_error);
      return;
    }

  self->text = whis_merge_get_text (self->merge, self->chunks->len);
  if (*self->text != '\0')
    hand_over (self);
  else if (self->sound_error != NULL)
    fail (self, self->sound_error);
  else
    fail_without_speech (self);
}

static void
conclude_if_complete (WhisDictation *self)
{
  if (self->state != WHIS_DICTATION_STATE_TRANSCRIBING || !self->sound_ended || !self->key_settled
      || self->n_in_flight > 0)
    return;

  conclude (self);
}

static void
emit_progress (WhisDictation *self)
{
  guint64 total = 0;

  if (self->sound_ended)
    total = whis_capture_get_elapsed_ms (self->capture);
  else if (whis_dictation_is_file (self))
    total = whis_capture_get_duration_ms (self->capture);
  g_signal_emit (self, signals[PROGRESS], 0, MIN (self->done_ms, total > 0 ? total : G_MAXUINT64),
                 total);
}

static void
settle_chunk (WhisDictation *self, WhisChunk *chunk)
{
  self->done_ms = MAX (self->done_ms, chunk->start_ms + chunk->length_ms);
  emit_progress (self);
}

static void
settle_with_text (WhisDictation *self, WhisChunk *chunk, const char *text)
{
  g_autofree char *so_far = NULL;

  whis_merge_set (self->merge, chunk->index, text, chunk->overlaps_previous);
  settle_chunk (self, chunk);
  so_far = whis_merge_get_prefix (self->merge);
  if (*so_far != '\0')
    g_signal_emit (self, signals[PARTIAL_TEXT], 0, so_far);
}

static void
settle_with_error (WhisDictation *self, WhisChunk *chunk, const GError *error)
{
  self->n_failed++;
  if (self->speech_error == NULL)
    {
      self->speech_error = g_error_copy (error);
      g_signal_emit (self, signals[WARNING], 0, error->message);
    }
  settle_chunk (self, chunk);
}

typedef struct
{
  WhisDictation *dictation;
  WhisChunk *chunk;
} Flight;

static void
transcribed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Flight *flight = user_data;
  g_autoptr (WhisDictation) self = g_steal_pointer (&flight->dictation);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = whis_pool_transcribe_finish (WHIS_POOL (object), result, &error);

  self->n_in_flight--;
  if (whis_dictation_state_is_final (self->state))
    return;

  if (text != NULL)
    settle_with_text (self, flight->chunk, text);
  else
    settle_with_error (self, flight->chunk, error);
  conclude_if_complete (self);
}

static void
submit (WhisDictation *self, WhisChunk *chunk)
{
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new_for_chunk (self->path, chunk);
  Flight *flight = g_new0 (Flight, 1);

  whis_speech_request_set_model (request, self->model);
  whis_speech_request_set_language (request, self->language);
  whis_speech_request_set_prompt (request, self->prompt);
  whis_speech_request_set_key (request, self->key);
  flight->dictation = g_object_ref (self);
  flight->chunk = chunk;
  self->n_in_flight++;
  whis_pool_transcribe_async (self->pool, request, self->cancellable, transcribed_cb, flight);
}

/* A refusal that the next chunk would meet as well: nothing more is sent. */
static gboolean
is_hopeless (const GError *error)
{
  return g_error_matches (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_NO_KEY)
         || g_error_matches (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_WRONG_KEY)
         || g_error_matches (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_MONEY)
         || g_error_matches (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_REDIRECT);
}

static void
process_chunk (WhisDictation *self, WhisChunk *chunk)
{
  if (!chunk->has_speech)
    settle_with_text (self, chunk, "");
  else if (self->key_error != NULL)
    settle_with_error (self, chunk, self->key_error);
  else if (self->speech_error != NULL && is_hopeless (self->speech_error))
    settle_with_error (self, chunk, self->speech_error);
  else
    submit (self, chunk);
}

static void
chunk_cb (WhisDictation *self, WhisChunk *chunk)
{
  WhisChunk *copy;

  if (whis_dictation_state_is_final (self->state))
    return;

  copy = whis_chunk_copy (chunk);
  g_ptr_array_add (self->chunks, copy);
  if (copy->has_speech)
    self->n_with_speech++;
  if (self->key_settled)
    process_chunk (self, copy);
}

static void
started_cb (WhisDictation *self)
{
  if (self->state == WHIS_DICTATION_STATE_STARTING && !whis_dictation_is_file (self))
    set_state (self, WHIS_DICTATION_STATE_RECORDING);
}

static void
level_cb (WhisDictation *self, double level)
{
  if (!whis_dictation_state_takes_sound (self->state))
    return;

  self->level = level;
  g_signal_emit (self, signals[LEVEL], 0, level);
}

static void
capture_warning_cb (WhisDictation *self, const char *sentence)
{
  g_signal_emit (self, signals[WARNING], 0, sentence);
}

static void
ended_cb (WhisDictation *self, const GError *error)
{
  self->sound_ended = TRUE;
  self->level = SILENCE_DB;
  if (whis_dictation_state_is_final (self->state))
    return;

  self->sound_error = error != NULL ? g_error_copy (error) : NULL;
  if (error != NULL && self->chunks->len == 0)
    {
      fail (self, error);
      return;
    }

  if (error != NULL)
    g_signal_emit (self, signals[WARNING], 0, error->message);
  if (self->state != WHIS_DICTATION_STATE_TRANSCRIBING)
    set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  emit_progress (self);
  conclude_if_complete (self);
}

static gboolean
start_capture (WhisDictation *self, GError **error)
{
  WhisCaptureOptions options = WHIS_CAPTURE_OPTIONS_INIT;

  if (self->is_file && self->file < 0)
    {
      g_set_error_literal (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                           _ ("Too many files are open; try again when other transcriptions have "
                              "ended."));
      return FALSE;
    }

  options.dictation = self->id;
  options.path = self->path;
  options.microphone = self->microphone;
  options.file = self->file;
  options.longest_chunk_ms = self->longest_chunk_ms;

  self->capture = whis_capture_new (&options);
  g_signal_connect_object (self->capture, "started", G_CALLBACK (started_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->capture, "level", G_CALLBACK (level_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->capture, "chunk", G_CALLBACK (chunk_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->capture, "warning", G_CALLBACK (capture_warning_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->capture, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);

  return whis_capture_start (self->capture, error);
}

static void
settle_key (WhisDictation *self)
{
  self->key_settled = TRUE;
  for (guint i = 0; i < self->chunks->len; i++)
    process_chunk (self, g_ptr_array_index (self->chunks, i));
  conclude_if_complete (self);
}

static void
fail_without_key (WhisDictation *self)
{
  g_autoptr (GError) error = g_error_new (
      WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_NO_KEY,
      _ ("There is no API key for %s; add one in the preferences, or with “whis key set %s”."),
      whis_provider_get_name (self->provider), self->provider->id);

  fail (self, error);
}

static void
key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictation) self = user_data;
  g_autoptr (GError) error = NULL;
  char *key = whis_keyring_lookup_finish (WHIS_KEYRING (object), result, &error);

  if (whis_dictation_state_is_final (self->state))
    {
      whis_key_free (key);
      return;
    }

  self->key = key;
  self->key_error = g_steal_pointer (&error);
  /* Without a key every word would be spoken in vain: say so at once. */
  if (key == NULL && self->key_error == NULL && self->provider->needs_key)
    fail_without_key (self);
  else
    settle_key (self);
}

/**
 * whis_dictation_start:
 * @self: an idle dictation
 *
 * Opens the microphone or the file. What goes wrong is told by the state and
 * whis_dictation_get_error().
 */
void
whis_dictation_start (WhisDictation *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (WHIS_IS_DICTATION (self));
  g_return_if_fail (self->state == WHIS_DICTATION_STATE_IDLE);

  set_state (self, WHIS_DICTATION_STATE_STARTING);
  if (!start_capture (self, &error))
    {
      fail (self, error);
      return;
    }

  if (whis_dictation_is_file (self))
    set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  whis_backend_warm_up (whis_pool_get_backend (self->pool));
  if (self->provider->takes_key)
    whis_keyring_lookup_async (self->keyring, self->provider->id, self->provider->key_variable,
                               self->cancellable, key_found_cb, g_object_ref (self));
  else
    settle_key (self);
}

/**
 * whis_dictation_stop:
 * @self: a dictation
 *
 * Ends the recording; the text follows. Does nothing when nothing is recorded.
 */
void
whis_dictation_stop (WhisDictation *self)
{
  g_return_if_fail (WHIS_IS_DICTATION (self));

  if (!whis_dictation_state_takes_sound (self->state))
    return;

  set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  whis_capture_stop (self->capture);
}

/**
 * whis_dictation_cancel:
 * @self: a dictation
 *
 * Ends the dictation without text. The sound that was recorded is kept.
 */
void
whis_dictation_cancel (WhisDictation *self)
{
  g_return_if_fail (WHIS_IS_DICTATION (self));

  if (self->state == WHIS_DICTATION_STATE_IDLE || whis_dictation_state_is_final (self->state))
    return;

  self->error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The dictation was cancelled."));
  end_work (self);
  self->kept = describe_kept (self);
  tidy_sound (self);
  set_state (self, WHIS_DICTATION_STATE_CANCELLED);
}

const char *
whis_dictation_get_id (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->id;
}

WhisDictationState
whis_dictation_get_state (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), WHIS_DICTATION_STATE_IDLE);

  return self->state;
}

/**
 * whis_dictation_get_elapsed_ms:
 * @self: a dictation
 *
 * Returns: length of the sound so far in milliseconds
 */
guint64
whis_dictation_get_elapsed_ms (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), 0);

  return self->capture != NULL ? whis_capture_get_elapsed_ms (self->capture) : 0;
}

/**
 * whis_dictation_get_level:
 * @self: a dictation
 *
 * Returns: peak input level in dBFS, -100 when no sound is taken
 */
double
whis_dictation_get_level (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), SILENCE_DB);

  return self->level;
}

const WhisProvider *
whis_dictation_get_provider (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->provider;
}

/**
 * whis_dictation_get_destination:
 * @self: a dictation
 *
 * Returns: the host that its sound goes to
 */
const char *
whis_dictation_get_destination (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return whis_backend_get_host (whis_pool_get_backend (self->pool));
}

/**
 * whis_dictation_get_text:
 * @self: a dictation
 *
 * Returns: (nullable): its text, once it is complete; with gaps if it failed in part
 */
const char *
whis_dictation_get_text (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->text;
}

/**
 * whis_dictation_get_error:
 * @self: a dictation
 *
 * Returns: (nullable) (transfer none): why it failed or was cancelled
 */
const GError *
whis_dictation_get_error (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->error;
}

/**
 * whis_dictation_get_kept:
 * @self: a dictation
 *
 * Returns: a sentence that says what is left of a failed dictation; may be empty
 */
const char *
whis_dictation_get_kept (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->kept != NULL ? self->kept : "";
}

/**
 * whis_dictation_delivers:
 * @self: a dictation
 *
 * Returns: whether its text goes to the clipboard
 */
gboolean
whis_dictation_delivers (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->deliver;
}

gboolean
whis_dictation_is_file (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->is_file;
}

static void
whis_dictation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_STATE)
    g_value_set_enum (value, (int) WHIS_DICTATION (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_dictation_dispose (GObject *object)
{
  WhisDictation *self = WHIS_DICTATION (object);

  g_clear_object (&self->capture);
  g_clear_object (&self->pool);
  g_clear_object (&self->keyring);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->merge);

  G_OBJECT_CLASS (whis_dictation_parent_class)->dispose (object);
}

static void
whis_dictation_finalize (GObject *object)
{
  WhisDictation *self = WHIS_DICTATION (object);

  if (self->file >= 0)
    close (self->file);
  g_free (self->id);
  g_free (self->path);
  g_free (self->microphone);
  g_free (self->model);
  g_free (self->language);
  g_free (self->prompt);
  whis_key_free (self->key);
  g_clear_error (&self->key_error);
  g_clear_error (&self->sound_error);
  g_clear_error (&self->speech_error);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->chunks);
  g_free (self->text);
  g_free (self->kept);

  G_OBJECT_CLASS (whis_dictation_parent_class)->finalize (object);
}

static void
whis_dictation_class_init (WhisDictationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = WHIS_TYPE_DICTATION;

  object_class->get_property = whis_dictation_get_property;
  object_class->dispose = whis_dictation_dispose;
  object_class->finalize = whis_dictation_finalize;

  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, WHIS_TYPE_DICTATION_STATE, WHIS_DICTATION_STATE_IDLE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisDictation::level:
   * @self: a dictation
   * @level: peak input level in dBFS
   *
   * About ten times a second while the microphone is open.
   */
  signals[LEVEL] = g_signal_new ("level", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_DOUBLE);

  /**
   * WhisDictation::progress:
   * @self: a dictation
   * @done: milliseconds of sound that are settled
   * @total: milliseconds of sound in all, 0 while unknown
   */
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_UINT64);

  /**
   * WhisDictation::partial-text:
   * @self: a dictation
   * @text: the text up to the first chunk that is still missing
   */
  signals[PARTIAL_TEXT] = g_signal_new ("partial-text", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisDictation::warning:
   * @self: a dictation
   * @sentence: what went wrong
   *
   * Something went wrong that does not end the dictation yet.
   */
  signals[WARNING] = g_signal_new ("warning", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_dictation_init (WhisDictation *self)
{
  self->file = -1;
  self->level = SILENCE_DB;
  self->cancellable = g_cancellable_new ();
  self->merge = whis_merge_new ();
  self->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_chunk_free);
}

/* NULL for "let somebody else choose" is also written as an empty string. */
static char *
dup_choice (const char *choice)
{
  return choice != NULL && *choice != '\0' ? g_strdup (choice) : NULL;
}

/**
 * whis_dictation_new:
 * @plan: what to do
 * @pool: where chunks become text
 * @keyring: where the key is
 * @clipboard: where the text goes
 *
 * Returns: (transfer full): an idle dictation
 */
WhisDictation *
whis_dictation_new (const WhisDictationPlan *plan,
                    WhisPool *pool,
                    WhisKeyring *keyring,
                    WhisClipboard *clipboard)
{
  WhisDictation *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (plan != NULL && plan->id != NULL && plan->provider != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_POOL (pool), NULL);
  g_return_val_if_fail (WHIS_IS_KEYRING (keyring), NULL);
  g_return_val_if_fail (WHIS_IS_CLIPBOARD (clipboard), NULL);

  self = g_object_new (WHIS_TYPE_DICTATION, NULL);
  name = g_strconcat (plan->id, ".mp3", NULL);
  self->id = g_strdup (plan->id);
  self->path = g_build_filename (plan->directory, name, NULL);
  self->is_file = plan->file >= 0;
  self->file = self->is_file ? fcntl (plan->file, F_DUPFD_CLOEXEC, 3) : -1;
  self->microphone = dup_choice (plan->microphone);
  self->provider = plan->provider;
  self->model = dup_choice (plan->model);
  self->language = dup_choice (plan->language);
  self->prompt = dup_choice (plan->prompt);
  self->longest_chunk_ms = plan->longest_chunk_ms;
  self->deliver = plan->deliver;
  self->pool = g_object_ref (pool);
  self->keyring = g_object_ref (keyring);
  self->clipboard = g_object_ref (clipboard);

  return self;
}

/* SPDX-License-Identifier: MIT */
#include "provisional.h"

#include "memory-sound.h"

#define BYTES_PER_MS (WHIS_PROVISIONAL_RATE / 1000 * sizeof (gint16))

/* Less sound than this has hardly a word in it. */
#define LEAST_MS 1000

/* So much more sound is worth another look, if the last look did not take longer. */
#define STEP_MS 700

/* No piece is longer. */
#define MOST_MS 30000

/* A tenth of a second that is louder than this, of full scale 32768, may be a voice. */
#define LOUD 100
#define WINDOW_MS 100

/**
 * WhisProvisional:
 *
 * What is understood of the piece that is still spoken, from the recogniser on this computer. The
 * piece is recognised from its beginning on, again and again as it grows. A request is made when
 * sound comes and the last one is answered, so that nothing runs by itself, and at most half of the
 * time goes into it. It is taken back when the piece is cut.
 *
 * Nothing of it is kept: the text of a piece is recognised when the piece is complete.
 */
struct _WhisProvisional
{
  GObject parent_instance;

  WhisBackend *backend;
  char *model;
  char *language;

  gboolean is_on;
  gboolean is_over; /* the recogniser has failed; the requests for the text say why */
  GByteArray *sound;
  guint64 from_ms;  /* where in the dictation it begins */
  guint64 asked_ms; /* how much of it was there at the last request */
  gboolean is_loud;
  GCancellable *cancellable; /* of the request that is under way */
  gint64 asked_at;           /* monotonic time */
  guint64 last_cost_ms;
};

enum
{
  TEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisProvisional, whis_provisional, G_TYPE_OBJECT)

static guint64
get_length_ms (WhisProvisional *self)
{
  return self->sound->len / BYTES_PER_MS;
}

static void
provisional_cancel (WhisProvisional *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static gboolean
has_loud_window (const guint8 *data, gsize size)
{
  const gsize window = WINDOW_MS * BYTES_PER_MS;

  for (gsize at = 0; at + window <= size; at += window)
    {
      double sum = 0;

      for (gsize i = at; i < at + window; i += sizeof (gint16))
        {
          gint16 sample = (gint16) (data[i] | data[i + 1] << 8);

          sum += (double) sample * sample;
        }
      if (sum > (double) LOUD * LOUD * (double) (window / sizeof (gint16)))
        return TRUE;
    }

  return FALSE;
}

/* The data of a request. */
typedef struct
{
  WhisProvisional *provisional;
  GCancellable *cancellable;
} Request;

static void
on_transcribed (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autofree Request *request = data;
  g_autoptr (WhisProvisional) self = request->provisional;
  g_autoptr (GCancellable) cancellable = request->cancellable;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) transcription =
      whis_backend_transcribe_finish (WHIS_BACKEND (object), result, &error);
  gboolean is_current = self->cancellable == cancellable;

  if (is_current)
    g_clear_object (&self->cancellable);
  /* Another request went before; it is asked again when more sound has come. */
  if (!is_current || g_cancellable_is_cancelled (cancellable))
    return;

  self->last_cost_ms = (guint64) (g_get_monotonic_time () - self->asked_at) / 1000;
  if (transcription != NULL)
    {
      g_signal_emit (self, signals[TEXT], 0, transcription->text);
      return;
    }
  g_debug ("No provisional text any more: %s", error->message);
  self->is_over = TRUE;
}

static void
provisional_ask (WhisProvisional *self)
{
  g_autoptr (GBytes) samples = g_bytes_new (self->sound->data, self->sound->len);
  g_autoptr (WhisSound) sound = whis_memory_sound_new (samples, WHIS_SOUND_FORMAT_SAMPLES);
  g_autoptr (WhisSpeechRequest) speech =
      whis_speech_request_new_provisional (sound, self->sound->len);
  Request *request = g_new (Request, 1);

  whis_speech_request_set_model (speech, self->model);
  whis_speech_request_set_language (speech, self->language);
  self->cancellable = g_cancellable_new ();
  self->asked_ms = get_length_ms (self);
  self->asked_at = g_get_monotonic_time ();
  request->provisional = g_object_ref (self);
  request->cancellable = g_object_ref (self->cancellable);
  whis_backend_transcribe_async (self->backend, speech, self->cancellable, on_transcribed, request);
}

/**
 * whis_provisional_begin:
 * @self: provisional text
 * @from_ms: where in the dictation the sound is that comes next, in milliseconds
 *
 * Somebody looks: sound follows.
 */
void
whis_provisional_begin (WhisProvisional *self, guint64 from_ms)
{
  g_return_if_fail (WHIS_IS_PROVISIONAL (self));

  whis_provisional_end (self);
  self->is_on = TRUE;
  self->from_ms = from_ms;
}

/**
 * whis_provisional_push:
 * @self: provisional text
 * @samples: the next sound, mono `S16LE` at %WHIS_PROVISIONAL_RATE
 * @may_ask: whether the recogniser has nothing to do for this dictation
 */
void
whis_provisional_push (WhisProvisional *self, GBytes *samples, gboolean may_ask)
{
  const guint8 *data;
  guint64 length_ms;
  gsize size;

  g_return_if_fail (WHIS_IS_PROVISIONAL (self));
  g_return_if_fail (samples != NULL);

  if (!self->is_on || self->is_over)
    return;

  data = g_bytes_get_data (samples, &size);
  if (get_length_ms (self) < MOST_MS)
    g_byte_array_append (self->sound, data, (guint) size);
  self->is_loud = self->is_loud || has_loud_window (data, size);
  length_ms = get_length_ms (self);
  if (may_ask && self->cancellable == NULL && self->is_loud && length_ms >= LEAST_MS
      && length_ms < MOST_MS && length_ms >= self->asked_ms + MAX (STEP_MS, self->last_cost_ms))
    provisional_ask (self);
}

/**
 * whis_provisional_cut:
 * @self: provisional text
 * @end_ms: where in the dictation the piece ends, in milliseconds
 *
 * A piece is complete: its text is on its way, and what comes behind it is the next.
 */
void
whis_provisional_cut (WhisProvisional *self, guint64 end_ms)
{
  gsize size;

  g_return_if_fail (WHIS_IS_PROVISIONAL (self));

  provisional_cancel (self);
  if (!self->is_on)
    return;

  size = end_ms > self->from_ms ? (gsize) (end_ms - self->from_ms) * BYTES_PER_MS : 0;
  g_byte_array_remove_range (self->sound, 0, (guint) MIN (size, self->sound->len));
  self->from_ms = MAX (end_ms, self->from_ms);
  self->asked_ms = 0;
  self->is_loud = has_loud_window (self->sound->data, self->sound->len);
}

/**
 * whis_provisional_end:
 * @self: provisional text
 *
 * Nobody looks any more, or the recording has ended. Nothing is told any more, and nothing is in
 * the way of the recogniser.
 */
void
whis_provisional_end (WhisProvisional *self)
{
  g_return_if_fail (WHIS_IS_PROVISIONAL (self));

  provisional_cancel (self);
  self->is_on = FALSE;
  self->is_loud = FALSE;
  self->asked_ms = 0;
  g_byte_array_set_size (self->sound, 0);
}

static void
whis_provisional_dispose (GObject *object)
{
  WhisProvisional *self = WHIS_PROVISIONAL (object);

  provisional_cancel (self);
  g_clear_object (&self->backend);

  G_OBJECT_CLASS (whis_provisional_parent_class)->dispose (object);
}

static void
whis_provisional_finalize (GObject *object)
{
  WhisProvisional *self = WHIS_PROVISIONAL (object);

  g_free (self->model);
  g_free (self->language);
  g_byte_array_unref (self->sound);

  G_OBJECT_CLASS (whis_provisional_parent_class)->finalize (object);
}

static void
whis_provisional_class_init (WhisProvisionalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_provisional_dispose;
  object_class->finalize = whis_provisional_finalize;

  /**
   * WhisProvisional::text:
   * @self: provisional text
   * @text: what is understood of the open piece so far, maybe nothing
   */
  signals[TEXT] = g_signal_new ("text", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_provisional_init (WhisProvisional *self)
{
  self->sound = g_byte_array_new ();
}

/**
 * whis_provisional_new:
 * @backend: the recogniser on this computer
 * @model: (nullable): its model
 * @language: (nullable): the language that is spoken (ISO 639)
 *
 * Returns: (transfer full): provisional text that nobody looks at yet
 */
WhisProvisional *
whis_provisional_new (WhisBackend *backend, const char *model, const char *language)
{
  WhisProvisional *self;

  g_return_val_if_fail (WHIS_IS_BACKEND (backend), NULL);

  self = g_object_new (WHIS_TYPE_PROVISIONAL, NULL);
  self->backend = g_object_ref (backend);
  self->model = g_strdup (model);
  self->language = g_strdup (language);

  return self;
}

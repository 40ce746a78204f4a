/* SPDX-License-Identifier: MIT */
#include "fake-engine.h"

#include "loudness.h"
#include "offline-error.h"

FakeEngine fake_engine;

/* Recognition is in a thread, and waits here while a test holds it. */
static GMutex mutex;
static GCond cond;
static gboolean is_held;
static guint n_begun;
static guint n_running;

static gpointer
fake_load (const char *path, GError **error)
{
  g_mutex_lock (&mutex);
  fake_engine.n_loads++;
  g_mutex_unlock (&mutex);
  if (fake_engine.fails_to_load)
    {
      g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL, "It is damaged.");
      return NULL;
    }

  return g_path_get_basename (path);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_mutex_lock (&mutex);
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

/* Returns whether nobody cancelled it. */
static gboolean
wait_while_held (GCancellable *cancellable)
{
  gulong handler = cancellable != NULL
                       ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), NULL, NULL)
                       : 0;
  gboolean cancelled;

  g_mutex_lock (&mutex);
  n_begun++;
  g_main_context_wakeup (NULL);
  while (is_held && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&cond, &mutex);
  cancelled = g_cancellable_is_cancelled (cancellable);
  fake_engine.n_cancelled += cancelled;
  g_mutex_unlock (&mutex);
  g_cancellable_disconnect (cancellable, handler);

  return !cancelled;
}

static WhisTranscript *
fake_transcribe (gpointer engine,
                 const WhisEngineRequest *request,
                 GBytes *owned_samples,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GBytes) samples = owned_samples;
  gsize n_samples = g_bytes_get_size (samples) / sizeof (gint16);
  WhisTranscript *transcript;
  gboolean goes_on;

  g_mutex_lock (&mutex);
  n_running++;
  fake_engine.most_at_once = MAX (fake_engine.most_at_once, n_running);
  g_string_append_printf (fake_engine.requests, "%s %s %s %.1f%s%s %" G_GSIZE_FORMAT "\n",
                          (char *) engine, request->language != NULL ? request->language : "-",
                          request->prompt != NULL ? request->prompt : "-", request->temperature,
                          request->is_quick ? " quick" : "", request->short_window ? " short" : "",
                          n_samples);
  g_mutex_unlock (&mutex);
  goes_on = wait_while_held (cancellable);
  g_mutex_lock (&mutex);
  n_running--;
  g_mutex_unlock (&mutex);
  if (!goes_on)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      return NULL;
    }
  if (fake_engine.fails != 0)
    {
      g_set_error_literal (error, WHIS_OFFLINE_ERROR, fake_engine.fails, "The engine gave up.");
      return NULL;
    }

  transcript = whis_transcript_new ((guint64) n_samples * 1000 / WHIS_SAMPLE_RATE);
  whis_transcript_take (transcript, whis_segment_new (0, 1000, fake_engine.text));
  transcript->language = g_strdup (request->language);

  return transcript;
}

static void
fake_free (gpointer engine)
{
  g_mutex_lock (&mutex);
  fake_engine.n_frees++;
  g_mutex_unlock (&mutex);
  g_free (engine);
}

static const WhisEngineClass fake_class = {
  .id = "fake",
  .sets_language = TRUE,
  .takes_prompt = TRUE,
  .load = fake_load,
  .transcribe = fake_transcribe,
  .free = fake_free,
};

static const WhisEngineClass fake_parakeet_class = {
  .id = "fake-parakeet",
  .kind = WHIS_MODEL_PARAKEET,
  .has_word_times = TRUE,
  .load = fake_load,
  .transcribe = fake_transcribe,
  .free = fake_free,
};

/* There is none for PocketSphinx. */
const WhisEngineClass *
whis_engine_for_kind (WhisModelKind kind)
{
  return kind == WHIS_MODEL_WHISPER    ? &fake_class
         : kind == WHIS_MODEL_PARAKEET ? &fake_parakeet_class
                                       : NULL;
}

const char *
whis_engine_get_gpu (void)
{
  return fake_engine.is_gpu ? "" : NULL;
}

gboolean
whis_engine_may_use_gpu (const char *path)
{
  return fake_engine.is_gpu;
}

/* To be called before each test. */
void
fake_engine_reset (void)
{
  if (fake_engine.requests != NULL)
    g_string_free (fake_engine.requests, TRUE);
  fake_engine = (FakeEngine){ .text = " Said.", .requests = g_string_new (NULL) };
  is_held = FALSE;
  n_begun = 0;
}

/* From now on recognitions wait. */
void
fake_engine_hold (void)
{
  g_mutex_lock (&mutex);
  is_held = TRUE;
  g_mutex_unlock (&mutex);
}

void
fake_engine_release (void)
{
  g_mutex_lock (&mutex);
  is_held = FALSE;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static guint
count_begun (void)
{
  guint n;

  g_mutex_lock (&mutex);
  n = n_begun;
  g_mutex_unlock (&mutex);

  return n;
}

/* Lets the main loop run until so many recognitions have begun since the test did. */
void
fake_engine_await_held (guint n)
{
  while (count_begun () < n)
    g_main_context_iteration (NULL, TRUE);
}

char *
fake_engine_dup_requests (void)
{
  char *text;

  g_mutex_lock (&mutex);
  text = g_strdup (fake_engine.requests->str);
  g_mutex_unlock (&mutex);

  return text;
}

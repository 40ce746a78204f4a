/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <parakeet.h>

#include "engine.h"
#include "ggml-abort.h"
#include "ggml-modules.h"
#include "loudness.h"
#include "offline-error.h"
#include "pieces.h"
#include "threads.h"

typedef struct
{
  struct parakeet_context *context;
  guint n_threads;
  char *gpu; /* that computes; nullable */
} Parakeet;

static void
drop_log (enum ggml_log_level level, const char *text, void *data)
{
}

static gpointer
parakeet_load (const char *path, GError **error)
{
  struct parakeet_context_params params = parakeet_context_default_params ();
  struct parakeet_context *context;
  Parakeet *self;
  int gpu;

  if (!whis_engine_check_version ("libparakeet", WHIS_PARAKEET_VERSION, parakeet_version (), error)
      || !whis_ggml_load (error))
    return NULL;

  parakeet_log_set (drop_log, NULL);
  gpu = whis_ggml_find_gpu (path);
  params.use_gpu = gpu >= 0;
  params.gpu_device = MAX (gpu, 0);
  context = parakeet_init_from_file_with_params (path, params);
  if (context == NULL)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL,
                   _ ("The model %s cannot be loaded: remove it and fetch it again."), path);
      return NULL;
    }

  self = g_new0 (Parakeet, 1);
  self->context = context;
  self->n_threads = whis_threads_count ();
  self->gpu = whis_ggml_dup_gpu (gpu);

  return self;
}

static void
parakeet_engine_free (gpointer engine)
{
  Parakeet *self = engine;

  parakeet_free (self->context);
  g_free (self->gpu);
  g_free (self);
}

static const char *
get_gpu (gpointer engine)
{
  return ((Parakeet *) engine)->gpu;
}

static bool
is_cancelled (void *data)
{
  return g_cancellable_is_cancelled (data);
}

static char *
dup_token_text (Parakeet *self, const parakeet_token_data *token)
{
  const char *piece = parakeet_token_to_str (self->context, token->id);
  int length = piece != NULL ? parakeet_token_to_text (piece, false, NULL, 0) : 0;
  char *text = g_malloc0 ((gsize) length + 1);

  if (length > 0)
    parakeet_token_to_text (piece, false, text, length + 1);

  return text;
}

/* What has been read of a segment's tokens. */
typedef struct
{
  WhisSegment *segment;
  GString *word;
  guint64 start_ms;
  guint64 end_ms;
} Builder;

static void
end_word (Builder *builder)
{
  if (builder->word->len > 0)
    whis_segment_add_word (builder->segment, builder->start_ms, builder->end_ms,
                           builder->word->str);
  g_string_truncate (builder->word, 0);
}

static void
add_token (Builder *builder, const parakeet_token_data *token, const char *text)
{
  if (token->is_word_start || text[0] == ' ')
    end_word (builder);
  if (builder->word->len == 0)
    builder->start_ms = (guint64) MAX (token->t0, 0) * 10;
  builder->end_ms = (guint64) MAX (token->t1, 0) * 10;
  g_string_append (builder->word, text);
}

/* All of a piece is one segment; its tokens have their true times in steps of 80 ms. */
static WhisSegment *
read_segment (Parakeet *self, int number)
{
  int n_tokens = parakeet_full_n_tokens (self->context, number);
  Builder builder = { .word = g_string_new (NULL) };
  double sum_logprob = 0;

  builder.segment = whis_segment_new (0, 0, parakeet_full_get_segment_text (self->context, number));
  builder.segment->is_glued = FALSE;
  for (int i = 0; i < n_tokens; i++)
    {
      parakeet_token_data token = parakeet_full_get_token_data (self->context, number, i);
      g_autofree char *text = dup_token_text (self, &token);

      if (i == 0)
        builder.segment->start_ms = (guint64) MAX (token.t0, 0) * 10;
      builder.segment->end_ms = (guint64) MAX (token.t1, 0) * 10;
      sum_logprob += token.plog;
      add_token (&builder, &token, text);
    }
  end_word (&builder);
  g_string_free (builder.word, TRUE);
  builder.segment->is_measured = TRUE;
  builder.segment->average_logprob = sum_logprob / MAX (n_tokens, 1);
  builder.segment->compression_ratio = whis_compression_ratio (builder.segment->text);

  return builder.segment;
}

static WhisTranscript *
transcribe_piece (gpointer engine,
                  const WhisEngineRequest *request,
                  const float *samples,
                  gsize n_samples,
                  const WhisLoudness *loudness,
                  GCancellable *cancellable,
                  GError **error)
{
  Parakeet *self = engine;
  struct parakeet_full_params params = parakeet_full_default_params (PARAKEET_SAMPLING_GREEDY);
  WhisTranscript *transcript;
  int failed;

  params.n_threads = (int) self->n_threads;
  params.no_context = true;
  params.abort_callback = is_cancelled;
  params.abort_callback_user_data = cancellable;
  failed = parakeet_full (self->context, params, samples, (int) n_samples);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (failed != 0)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_RECOGNITION,
                   _ ("Parakeet gave up on this recording (%d): try again, or choose another "
                      "model."),
                   failed);
      return NULL;
    }

  transcript = whis_transcript_new ((guint64) n_samples * 1000 / WHIS_SAMPLE_RATE);
  for (int i = 0; i < parakeet_full_n_segments (self->context); i++)
    whis_transcript_take (transcript, read_segment (self, i));

  return transcript;
}

static WhisTranscript *
parakeet_transcribe (gpointer engine,
                     const WhisEngineRequest *request,
                     GBytes *samples,
                     GCancellable *cancellable,
                     GError **error)
{
  WhisTranscript *transcript;

  whis_ggml_set_cancellable (cancellable);
  transcript =
      whis_pieces_transcribe (engine, transcribe_piece, request, samples, cancellable, error);
  whis_ggml_set_cancellable (NULL);

  return transcript;
}

/* libparakeet, for models of Parakeet TDT. */
const WhisEngineClass whis_parakeet_engine = {
  .id = "parakeet",
  .kind = WHIS_MODEL_PARAKEET,
  .has_word_times = TRUE,
  .get_version = parakeet_version,
  .load = parakeet_load,
  .transcribe = parakeet_transcribe,
  .get_gpu = get_gpu,
  .free = parakeet_engine_free,
};

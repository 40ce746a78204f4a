/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <whisper.h>

#include "engine.h"
#include "ggml-abort.h"
#include "ggml-modules.h"
#include "guard.h"
#include "offline-error.h"
#include "pieces.h"
#include "threads.h"
#include "whisper-prompt.h"

/* The encoder's frames of 20 ms that the whole window of 30 s has. */
#define FRAMES_PER_SECOND 50

/* A window that ends behind the sound is for text that is shown while one speaks: of 621 words in
 * sentences of their own it gets two more wrong (base, q5_1), and with each version of libwhisper
 * other ones. Behind the sound the encoder needs to see silence, or it repeats itself; models with
 * more layers than small repeat themselves with any shorter window. */
#define MARGIN_FRAMES 384

/* With a window that is no multiple of this the decoder sees remains of earlier sounds behind it:
 * libwhisper pads what flash attention reads and does not clear it (1.9.1). */
#define FRAMES_STEP 256

#define MOST_LAYERS_FOR_SHORT_WINDOW 12
#define LONGEST_FOR_SHORT_WINDOW (20 * WHIS_SAMPLE_RATE)

/* What is shorter than this is decoded as one. */
#define LONGEST_SINGLE_SEGMENT (10 * WHIS_SAMPLE_RATE)

/* The language is found out from the first fifteen seconds at most. */
#define LANGUAGE_FRAMES (3 * FRAMES_STEP)

/* libwhisper's entropy of the last 32 tokens, below which they repeat themselves. */
#define LEAST_ENTROPY 2.8f
#define TEMPERATURE_STEP 0.2f
#define DECODERS_WHEN_UNSURE 2

/* Nobody speaks faster; a quick pass that says more than this is in a loop. */
#define MOST_TOKENS_PER_SECOND 8

/* Where the model takes a pause for the end of the sound, it is asked for the rest: so often, and
 * if so much of that is loud. */
#define MOST_RESTS 3
#define SHORTEST_REST_MS 800

/* The model's times may be so far beside the pause that they mean. */
#define PAUSE_WITHIN_MS 1200
#define PAUSE_KEPT_MS 200

/* Fewer words than these may well be said twice. */
#define FEWEST_WORDS_OF_ECHO 4

typedef struct
{
  struct whisper_context *context;
  struct whisper_state *state;
  gboolean has_remains; /* of a short window, in the state */
  guint n_threads;
  char *gpu; /* that computes; nullable */
} Whisper;

/* One piece of sound on its way through the model. */
typedef struct
{
  Whisper *whisper;
  const WhisEngineRequest *request;
  const float *samples;
  int n_samples;
  guint64 offset_ms;            /* where in the piece they begin */
  const WhisLoudness *loudness; /* of the whole piece */
  GCancellable *cancellable;
  GArray *prompt; /* of whisper_token, or NULL */
  char *language;
  gboolean single;
  double no_speech_probability;
} Pass;

static void
drop_log (enum ggml_log_level level, const char *text, void *data)
{
}

static gpointer
whisper_load (const char *path, GError **error)
{
  struct whisper_context_params params = whisper_context_default_params ();
  struct whisper_context *context;
  struct whisper_state *state;
  Whisper *self;
  int gpu;

  if (!whis_engine_check_version ("libwhisper", WHIS_WHISPER_VERSION, whisper_version (), error)
      || !whis_ggml_load (error))
    return NULL;

  whisper_log_set (drop_log, NULL);
  gpu = whis_ggml_find_gpu (path);
  params.use_gpu = gpu >= 0;
  params.gpu_device = MAX (gpu, 0);
  context = whisper_init_from_file_with_params_no_state (path, params);
  state = context != NULL ? whisper_init_state (context) : NULL;
  if (state == NULL)
    {
      g_clear_pointer (&context, whisper_free);
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL,
                   _ ("The model %s cannot be loaded: remove it and fetch it again."), path);
      return NULL;
    }

  self = g_new0 (Whisper, 1);
  self->context = context;
  self->state = state;
  self->n_threads = whis_threads_count ();
  self->gpu = whis_ggml_dup_gpu (gpu);

  return self;
}

static void
whisper_engine_free (gpointer engine)
{
  Whisper *self = engine;

  g_clear_pointer (&self->state, whisper_free_state);
  whisper_free (self->context);
  g_free (self->gpu);
  g_free (self);
}

static const char *
get_gpu (gpointer engine)
{
  return ((Whisper *) engine)->gpu;
}

static bool
is_cancelled (void *data)
{
  return g_cancellable_is_cancelled (data);
}

static bool
begin_no_encoder (struct whisper_context *context, struct whisper_state *state, void *data)
{
  return false;
}

/* How much of the window has sound in it, with a margin; 0 where that is all of it, and for models
 * that need all of it. */
static int
count_short_window (const Pass *pass)
{
  struct whisper_context *context = pass->whisper->context;
  int needed = pass->n_samples * FRAMES_PER_SECOND / WHIS_SAMPLE_RATE + 1 + MARGIN_FRAMES;
  int frames = (needed + FRAMES_STEP - 1) / FRAMES_STEP * FRAMES_STEP;

  if (whisper_model_n_audio_layer (context) > MOST_LAYERS_FOR_SHORT_WINDOW
      || pass->n_samples >= LONGEST_FOR_SHORT_WINDOW || frames >= whisper_n_audio_ctx (context))
    return 0;

  return frames;
}

/* How much of the window the encoder computes for a piece; 0 for all of it. */
static int
choose_audio_context (const Pass *pass)
{
  return pass->request->short_window ? count_short_window (pass) : 0;
}

static struct whisper_full_params
make_params (const Pass *pass)
{
  struct whisper_full_params params = whisper_full_default_params (WHISPER_SAMPLING_GREEDY);

  params.n_threads = (int) pass->whisper->n_threads;
  params.print_progress = false;
  params.print_timestamps = false;
  params.no_context = true;
  params.single_segment = pass->single;
  params.suppress_nst = true;
  params.entropy_thold = LEAST_ENTROPY;
  params.logprob_thold = WHIS_GUARD_LEAST_LOGPROB;
  /* libwhisper computes this probability from the logits of another token (1.9.1), so that it is
   * computed here. */
  params.no_speech_thold = 2.0f;
  if (pass->prompt != NULL)
    {
      params.prompt_tokens = (const whisper_token *) pass->prompt->data;
      params.prompt_n_tokens = (int) pass->prompt->len;
    }
  params.language = pass->language;
  params.temperature = (float) pass->request->temperature;
  params.greedy.best_of = 1; /* each decoder takes a megabyte */
  params.abort_callback = is_cancelled;
  params.abort_callback_user_data = pass->cancellable;

  return params;
}

/* A whole window is no multiple of FRAMES_STEP either: behind it a new state has nothing, and one
 * that had a short window has remains of what was heard there. */
static gboolean
clear_remains (Whisper *self, gboolean is_short)
{
  if (self->has_remains && !is_short)
    g_clear_pointer (&self->state, whisper_free_state);
  if (self->state == NULL)
    self->state = whisper_init_state (self->context);
  self->has_remains = is_short;

  return self->state != NULL;
}

static gboolean
whisper_engine_run (const Pass *pass, struct whisper_full_params params, GError **error)
{
  Whisper *self = pass->whisper;
  int failed = -1;

  if (clear_remains (self, params.audio_ctx > 0))
    failed = whisper_full_with_state (self->context, self->state, params, pass->samples,
                                      pass->n_samples);

  if (g_cancellable_set_error_if_cancelled (pass->cancellable, error))
    return FALSE;
  if (failed == 0)
    return TRUE;

  g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_RECOGNITION,
               _ ("Whisper gave up on this recording (%d): try again, or choose another model."),
               failed);
  return FALSE;
}

/* Sets the language of the pass to the one that is most likely spoken. The length of the encoder's
 * window is only ever set by whisper_full(), which is kept from encoding here. */
static gboolean
find_language (Pass *pass, GError **error)
{
  struct whisper_full_params params = make_params (pass);
  int context = count_short_window (pass);
  int language;

  if (whisper_model_n_audio_layer (pass->whisper->context) <= MOST_LAYERS_FOR_SHORT_WINDOW)
    context = context > 0 ? MIN (context, LANGUAGE_FRAMES) : LANGUAGE_FRAMES;

  params.language = "en";
  params.prompt_tokens = NULL;
  params.prompt_n_tokens = 0;
  params.audio_ctx = context;
  params.encoder_begin_callback = begin_no_encoder;
  if (!whisper_engine_run (pass, params, error))
    return FALSE;
  language = whisper_lang_auto_detect_with_state (pass->whisper->context, pass->whisper->state, 0,
                                                  (int) pass->whisper->n_threads, NULL);
  if (g_cancellable_set_error_if_cancelled (pass->cancellable, error))
    return FALSE;
  pass->language = g_strdup (language >= 0 ? whisper_lang_str (language) : "en");

  return TRUE;
}

/* Where the transcript starts the model says whether there is one to come: the probability of the
 * token for "no speech" in the first place. The encoder's output is that of the last pass. */
static double
measure_no_speech (const Pass *pass)
{
  struct whisper_context *context = pass->whisper->context;
  whisper_token start = whisper_token_sot (context);
  const float *logits;
  double sum = 0;
  float largest = -INFINITY;

  if (whisper_decode_with_state (context, pass->whisper->state, &start, 1, 0,
                                 (int) pass->whisper->n_threads)
      != 0)
    return 0;
  logits = whisper_get_logits_from_state (pass->whisper->state);
  for (int i = 0; i < whisper_n_vocab (context); i++)
    largest = fmaxf (largest, logits[i]);
  for (int i = 0; i < whisper_n_vocab (context); i++)
    sum += exp (logits[i] - largest);

  return exp (logits[whisper_token_nosp (context)] - largest) / sum;
}

/* What is being put together from tokens. */
typedef struct
{
  const Pass *pass;
  WhisTranscript *transcript;
  double temperature;

  GString *text;
  GString *word;
  GPtrArray *words; /* of char * */
  gint64 start;
  double sum_logprob;
  guint n_tokens;
} Builder;

/* libwhisper counts in hundredths of a second. Where a segment has no end it says 30 s. */
static guint64
to_ms (const Builder *builder, gint64 hundredths)
{
  return MIN (builder->pass->offset_ms + (guint64) MAX (hundredths, 0) * 10,
              builder->transcript->duration_ms);
}

static void
end_word (Builder *builder)
{
  if (builder->word->len > 0)
    g_ptr_array_add (builder->words, g_strdup (builder->word->str));
  g_string_truncate (builder->word, 0);
}

/* The model has no times for words, and libwhisper's guesses run behind the end of the sound. */
static void
end_segment (Builder *builder, gint64 end)
{
  WhisSegment *segment;

  end_word (builder);
  if (builder->text->len == 0)
    return;
  segment =
      whis_segment_new (to_ms (builder, builder->start), to_ms (builder, end), builder->text->str);
  for (guint i = 0; i < builder->words->len; i++)
    whis_segment_add_word (segment, 0, 0, g_ptr_array_index (builder->words, i));
  whis_segment_spread_words (segment, builder->pass->loudness);
  segment->is_measured = TRUE;
  segment->average_logprob = builder->sum_logprob / MAX (builder->n_tokens, 1);
  segment->no_speech_probability = builder->pass->no_speech_probability;
  segment->compression_ratio = whis_compression_ratio (segment->text);
  segment->temperature = builder->temperature;
  whis_transcript_take (builder->transcript, segment);
  g_string_truncate (builder->text, 0);
  g_ptr_array_set_size (builder->words, 0);
  builder->sum_logprob = 0;
  builder->n_tokens = 0;
}

/* Chinese, Japanese, Thai and others have no blanks: there each whole character ends a word. */
static gboolean
ends_word_without_blank (const GString *word)
{
  gunichar last;

  if (word->len == 0 || !g_utf8_validate (word->str, (gssize) word->len, NULL))
    return FALSE;
  last = g_utf8_get_char (g_utf8_prev_char (word->str + word->len));

  return g_unichar_iswide (last) || (last >= 0x0e00 && last < 0x1100)
         || (last >= 0x1780 && last < 0x1800);
}

static void
add_text_token (Builder *builder, const whisper_token_data *token)
{
  const char *text = whisper_token_to_str (builder->pass->whisper->context, token->id);
  gboolean is_mark = g_ascii_ispunct (text[0]);

  if (text[0] == ' ' || (ends_word_without_blank (builder->word) && !is_mark))
    end_word (builder);
  g_string_append (builder->word, text);
  g_string_append (builder->text, text);
  builder->sum_logprob += token->plog;
  builder->n_tokens++;
}

/* A segment of libwhisper; one that was not parted at the model's own times is parted here. */
static void
add_segment (Builder *builder, int number)
{
  struct whisper_context *context = builder->pass->whisper->context;
  struct whisper_state *state = builder->pass->whisper->state;
  gint64 end = whisper_full_get_segment_t1_from_state (state, number);

  builder->start = whisper_full_get_segment_t0_from_state (state, number);
  for (int i = 0; i < whisper_full_n_tokens_from_state (state, number); i++)
    {
      whisper_token_data token = whisper_full_get_token_data_from_state (state, number, i);
      gint64 time = 2 * (gint64) (token.id - whisper_token_beg (context));

      if (token.id < whisper_token_eot (context))
        add_text_token (builder, &token);
      else if (token.id >= whisper_token_beg (context) && builder->pass->single)
        {
          end_segment (builder, time);
          builder->start = time;
        }
    }
  end_segment (builder, end);
}

static guint64
samples_to_ms (int n_samples)
{
  return (guint64) n_samples * 1000 / WHIS_SAMPLE_RATE;
}

static WhisTranscript *
read_result (const Pass *pass, double temperature)
{
  struct whisper_state *state = pass->whisper->state;
  Builder builder = {
    .pass = pass,
    .transcript = whis_transcript_new (pass->offset_ms + samples_to_ms (pass->n_samples)),
    .temperature = temperature,
    .text = g_string_new (NULL),
    .word = g_string_new (NULL),
    .words = g_ptr_array_new_with_free_func (g_free),
  };

  for (int i = 0; i < whisper_full_n_segments_from_state (state); i++)
    add_segment (&builder, i);
  builder.transcript->language = g_strdup (pass->language);
  g_ptr_array_unref (builder.words);
  g_string_free (builder.text, TRUE);
  g_string_free (builder.word, TRUE);

  return builder.transcript;
}

static gboolean
repeats_itself (const WhisTranscript *transcript)
{
  g_autofree char *text = whis_transcript_get_text (transcript);

  return whis_compression_ratio (text) > WHIS_GUARD_MOST_COMPRESSION;
}

/* Whether the text as a whole is what the model is sure of. */
static gboolean
is_sure (const WhisTranscript *transcript)
{
  double sum = 0;
  gsize length = 0;

  for (guint i = 0; i < transcript->segments->len; i++)
    {
      const WhisSegment *segment = g_ptr_array_index (transcript->segments, i);

      sum += segment->average_logprob * strlen (segment->text);
      length += strlen (segment->text);
    }

  return length == 0 || sum / length >= WHIS_GUARD_LEAST_LOGPROB;
}

/* The first pass is the fast one. What it is not sure of is noise where the model thinks so too:
 * a second pass would be sure of its "Thank you". Else that goes over the whole window, and over
 * temperatures where it must. Of a loop the model has made one in a window after the first perhaps,
 * which is all that its thinking is about. */
static WhisTranscript *
run_passes (Pass *pass, GError **error)
{
  struct whisper_full_params params = make_params (pass);
  g_autoptr (WhisTranscript) transcript = NULL;

  params.temperature_inc = 0;
  params.audio_ctx = choose_audio_context (pass);
  if (pass->request->is_quick)
    params.max_tokens =
        pass->n_samples / WHIS_SAMPLE_RATE * MOST_TOKENS_PER_SECOND + MOST_TOKENS_PER_SECOND;
  if (!whisper_engine_run (pass, params, error))
    return NULL;
  pass->no_speech_probability = measure_no_speech (pass);
  transcript = read_result (pass, params.temperature);
  if (pass->request->is_quick || (is_sure (transcript) && !repeats_itself (transcript)))
    return g_steal_pointer (&transcript);

  if (pass->no_speech_probability > WHIS_GUARD_MOST_NO_SPEECH && !repeats_itself (transcript))
    {
      transcript->n_removed += transcript->segments->len;
      g_ptr_array_set_size (transcript->segments, 0);
      return g_steal_pointer (&transcript);
    }
  if (params.audio_ctx == 0)
    params.temperature += TEMPERATURE_STEP;
  params.temperature_inc = TEMPERATURE_STEP;
  params.greedy.best_of = DECODERS_WHEN_UNSURE;
  params.audio_ctx = 0;
  if (!whisper_engine_run (pass, params, error))
    return NULL;

  return read_result (pass, params.temperature);
}

static guint64
get_end_ms (const WhisTranscript *transcript)
{
  const WhisSegment *last;

  if (transcript->segments->len == 0)
    return 0;
  last = g_ptr_array_index (transcript->segments, transcript->segments->len - 1);

  return last->end_ms;
}

static GArray *
make_prompt (const Pass *pass)
{
  const char *prompt = pass->request->prompt;

  return prompt != NULL && *prompt != '\0'
             ? whis_whisper_prompt_new (pass->whisper->context, prompt)
             : NULL;
}

/* A model that hears nothing tends to say once more what it was told was said before. */
static gboolean
is_echo (const WhisTranscript *transcript, const WhisTranscript *found)
{
  g_autofree char *said = whis_transcript_get_text (transcript);
  g_autofree char *text = whis_transcript_get_text (found);
  guint n_blanks = 0;

  for (const char *at = text; *at != '\0'; at++)
    n_blanks += *at == ' ';

  return n_blanks + 1 >= FEWEST_WORDS_OF_ECHO && strstr (said, text) != NULL;
}

/* The end of the longest pause about a time, so that no word is cut. */
static guint64
find_pause (const WhisLoudness *loudness, guint64 about_ms, guint64 duration_ms)
{
  guint64 from = about_ms - MIN (about_ms, PAUSE_WITHIN_MS);
  guint64 to = MIN (about_ms + PAUSE_WITHIN_MS, duration_ms);
  guint64 longest = 0, length = 0, end = about_ms;

  for (guint64 ms = from; ms < to; ms += WHIS_LOUDNESS_FRAME_MS)
    {
      length = whis_loudness_is_loud_at (loudness, ms) ? 0 : length + WHIS_LOUDNESS_FRAME_MS;
      if (length < longest || length == 0)
        continue;
      longest = length;
      end = ms + WHIS_LOUDNESS_FRAME_MS;
    }

  return end - MIN (longest / 2, PAUSE_KEPT_MS);
}

/* Recognises what follows the words that are there, and adds it. Returns FALSE on error. */
static gboolean
add_rest (const Pass *pass, WhisTranscript *transcript, guint64 start_ms, GError **error)
{
  Pass rest = *pass;
  int skipped = (int) (start_ms * WHIS_SAMPLE_RATE / 1000);
  g_autoptr (WhisTranscript) found = NULL;

  rest.samples += skipped;
  rest.n_samples -= skipped;
  rest.offset_ms = start_ms;
  rest.single = rest.n_samples < LONGEST_SINGLE_SEGMENT;
  rest.prompt = NULL; /* where nobody speaks it would be said once more */
  found = run_passes (&rest, error);
  if (found == NULL)
    return FALSE;
  transcript->n_removed += found->n_removed;
  if (rest.no_speech_probability > WHIS_GUARD_MOST_NO_SPEECH || is_echo (transcript, found))
    {
      transcript->n_removed += found->segments->len;
      return TRUE;
    }
  while (found->segments->len > 0)
    whis_transcript_take (transcript, g_ptr_array_steal_index (found->segments, 0));

  return TRUE;
}

/* As a window that slides on from the last time would: what is loud behind that is speech perhaps.
 */
static gboolean
add_rests (const Pass *pass, WhisTranscript *transcript, GError **error)
{
  guint64 duration_ms = samples_to_ms (pass->n_samples);

  for (guint i = 0; i < MOST_RESTS; i++)
    {
      guint64 end_ms = get_end_ms (transcript);
      guint64 start_ms = find_pause (pass->loudness, end_ms, duration_ms);

      if (end_ms == 0
          || whis_loudness_count_loud_ms (pass->loudness, start_ms, duration_ms) < SHORTEST_REST_MS)
        break;
      g_debug ("What follows %" G_GUINT64_FORMAT " ms was left out", start_ms);
      if (!add_rest (pass, transcript, start_ms, error))
        return FALSE;
      if (get_end_ms (transcript) == end_ms)
        break;
    }

  return TRUE;
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
  Whisper *self = engine;
  Pass pass = {
    .whisper = self,
    .request = request,
    .samples = samples,
    .n_samples = (int) n_samples,
    .loudness = loudness,
    .cancellable = cancellable,
    .single = n_samples < LONGEST_SINGLE_SEGMENT,
  };
  g_autoptr (WhisTranscript) transcript = NULL;
  gboolean complete = FALSE;

  pass.prompt = make_prompt (&pass);
  if (!whisper_is_multilingual (self->context))
    pass.language = g_strdup ("en");
  else if (request->language != NULL)
    pass.language = g_strdup (request->language);
  if (pass.language != NULL || find_language (&pass, error))
    transcript = run_passes (&pass, error);
  if (transcript != NULL)
    complete = request->is_quick || add_rests (&pass, transcript, error);
  g_clear_pointer (&pass.prompt, g_array_unref);
  g_free (pass.language);

  return complete ? g_steal_pointer (&transcript) : NULL;
}

static WhisTranscript *
whisper_transcribe (gpointer engine,
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

/* libwhisper, for models of Whisper. */
const WhisEngineClass whis_whisper_engine = {
  .id = "whisper",
  .kind = WHIS_MODEL_WHISPER,
  .sets_language = TRUE,
  .takes_prompt = TRUE,
  .has_word_times = TRUE,
  .get_version = whisper_version,
  .load = whisper_load,
  .transcribe = whisper_transcribe,
  .get_gpu = get_gpu,
  .free = whisper_engine_free,
};

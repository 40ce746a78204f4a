/* SPDX-License-Identifier: MIT */
#include "sphinx.h"

#include <glib/gi18n-lib.h>
#include <pocketsphinx.h>
#include <sphinxbase/ckd_alloc.h>
#include <sphinxbase/err.h>
#include <unistd.h>

#include "engine.h"
#include "offline-error.h"
#include "utterances.h"

/* Frames of features (10 ms each) that are searched between two looks at the cancellable. */
#define BLOCK_FRAMES 50

#define ACOUSTIC_MODEL "en-us/en-us"
#define LANGUAGE_MODEL "en-us/en-us.lm.bin"
#define DICTIONARY "en-us/cmudict-en-us.dict"

struct _WhisSphinx
{
  ps_decoder_t *decoder;
  fe_t *front_end;
};

/* The sound of an utterance as the decoder sees it. */
typedef struct
{
  WhisUtterance span;
  mfcc_t **frames;
  int n_frames;
} Features;

static void
features_clear (gpointer data)
{
  Features *features = data;

  ckd_free_2d (features->frames);
}

/* The decoder's log holds what was said, and is dropped. But after a fatal message the library ends
 * the process, as it does on a broken model: then at least the user learns why. */
static void
drop_log (void *data, err_lvl_t level, const char *format, ...)
{
  if (level != ERR_FATAL)
    return;

  g_printerr ("whis-offline: %s\n", _ ("The embedded recogniser's speech model is broken: install "
                                       "the package pocketsphinx-en-us again."));
  _exit (WHIS_EXIT_MISSING);
}

/**
 * whis_sphinx_check_model:
 * @model_dir: PocketSphinx's folder of models
 * @error: return location
 *
 * Looks whether the files of the English model are there.
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING if one is not
 */
gboolean
whis_sphinx_check_model (const char *model_dir, GError **error)
{
  static const char *const files[] = { ACOUSTIC_MODEL "/mdef", LANGUAGE_MODEL, DICTIONARY };

  g_return_val_if_fail (model_dir != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (model_dir, files[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
                   _ ("The embedded recogniser has no speech model: %s is missing, install the "
                      "package pocketsphinx-en-us."),
                   path);
      return FALSE;
    }

  return TRUE;
}

/* Where these differ from the decoder's own values, they were found by measuring (bench/wer.py).
 * The language model weighs less: it was made from texts that are unlike dictation. Fewer HMMs are
 * kept alive, which is faster and costs no words. Noise is not subtracted: it makes MP3 much worse
 * and the result depend on what was heard before. */
static cmd_ln_t *
make_config (const char *model_dir)
{
  g_autofree char *acoustic_model = g_build_filename (model_dir, ACOUSTIC_MODEL, NULL);
  g_autofree char *language_model = g_build_filename (model_dir, LANGUAGE_MODEL, NULL);
  g_autofree char *dictionary = g_build_filename (model_dir, DICTIONARY, NULL);

  return cmd_ln_init (NULL, ps_args (), TRUE, "-hmm", acoustic_model, "-lm", language_model,
                      "-dict", dictionary, "-logfn", "/dev/null", "-lw", "6", "-fwdflatlw", "6.5",
                      "-bestpathlw", "8", "-maxhmmpf", "5000", "-remove_noise", "no", NULL);
}

/**
 * whis_sphinx_new:
 * @model_dir: PocketSphinx's folder of models
 * @error: return location
 *
 * Loads the English model.
 *
 * Returns: (transfer full): the recogniser, or %NULL with %WHIS_OFFLINE_ERROR_MISSING or
 *   %WHIS_OFFLINE_ERROR_MODEL
 */
WhisSphinx *
whis_sphinx_new (const char *model_dir, GError **error)
{
  g_autoptr (WhisSphinx) self = NULL;
  cmd_ln_t *config;

  g_return_val_if_fail (model_dir != NULL, NULL);

  if (!whis_sphinx_check_model (model_dir, error))
    return NULL;

  err_set_callback (drop_log, NULL);
  self = g_new0 (WhisSphinx, 1);
  config = make_config (model_dir);
  if (config != NULL)
    self->decoder = ps_init (config);
  if (self->decoder != NULL)
    self->front_end = fe_init_auto_r (ps_get_config (self->decoder));
  cmd_ln_free_r (config);

  if (self->front_end == NULL)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL,
                   _ ("The speech model in %s cannot be loaded: install the package "
                      "pocketsphinx-en-us again."),
                   model_dir);
      return NULL;
    }

  /* The mean is taken off in remove_mean(), over all of the sound. */
  ps_get_feat (self->decoder)->cmn = CMN_NONE;

  return g_steal_pointer (&self);
}

/**
 * whis_sphinx_free:
 * @self: (transfer full): the recogniser
 */
void
whis_sphinx_free (WhisSphinx *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->front_end, fe_free);
  g_clear_pointer (&self->decoder, ps_free);
  g_free (self);
}

static void
extract_features (WhisSphinx *self, const gint16 *samples, Features *features)
{
  const gint16 *next = samples + features->span.start;
  size_t left = features->span.end - features->span.start;
  int32 n_frames = 0;
  int32 n_last = 0;

  fe_start_utt (self->front_end);
  fe_process_frames (self->front_end, &next, &left, NULL, &n_frames, NULL);
  features->frames =
      ckd_calloc_2d (n_frames + 2, fe_get_output_size (self->front_end), sizeof (mfcc_t));
  fe_process_frames (self->front_end, &next, &left, features->frames, &n_frames, NULL);
  fe_end_utt (self->front_end, features->frames[n_frames], &n_last);
  features->n_frames = n_frames + n_last;
}

static GArray *
extract_all (WhisSphinx *self, const gint16 *samples, gsize n_samples, GCancellable *cancellable)
{
  g_autoptr (GArray) utterances = whis_utterances_find (samples, n_samples);
  GArray *all = g_array_sized_new (FALSE, TRUE, sizeof (Features), utterances->len);

  g_array_set_clear_func (all, features_clear);
  fe_start_stream (self->front_end);
  for (guint i = 0; i < utterances->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      Features features = { .span = g_array_index (utterances, WhisUtterance, i) };

      extract_features (self, samples, &features);
      g_array_append_val (all, features);
    }

  return all;
}

/* Cepstral mean normalisation over the whole of the sound takes off what the microphone and the
 * room add. The decoder's own does it utterance by utterance, and a short one has no good mean. */
static void
remove_mean (WhisSphinx *self, GArray *all)
{
  int size = fe_get_output_size (self->front_end);

  for (int i = 0; i < size; i++)
    {
      double sum = 0;
      guint64 count = 0;

      for (guint u = 0; u < all->len; u++)
        for (int f = 0; f < g_array_index (all, Features, u).n_frames; f++, count++)
          sum += g_array_index (all, Features, u).frames[f][i];
      for (guint u = 0; u < all->len; u++)
        for (int f = 0; f < g_array_index (all, Features, u).n_frames; f++)
          g_array_index (all, Features, u).frames[f][i] -= (mfcc_t) (sum / count);
    }
}

/* Returns what the decoder made of the utterance, which it owns; %NULL for nothing. */
static const char *
search (WhisSphinx *self, Features *features, GCancellable *cancellable, GError **error)
{
  int failed = ps_start_utt (self->decoder);

  for (int i = 0; failed >= 0 && i < features->n_frames; i += BLOCK_FRAMES)
    {
      if (g_cancellable_is_cancelled (cancellable))
        break;
      failed = ps_process_cep (self->decoder, features->frames + i,
                               MIN (BLOCK_FRAMES, features->n_frames - i), FALSE, FALSE);
    }
  if (ps_end_utt (self->decoder) < 0 || failed < 0)
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_RECOGNITION,
                 _ ("The embedded recogniser gave up on this recording: try again, or use another "
                    "provider."));

  return ps_get_hyp (self->decoder, NULL);
}

static guint64
samples_to_ms (gsize samples)
{
  return (guint64) samples * 1000 / WHIS_SAMPLE_RATE;
}

/**
 * whis_sphinx_transcribe:
 * @self: the recogniser
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: how many samples
 * @cancellable: (nullable): looked at every half second of sound
 * @error: return location
 *
 * Turns sound into text.
 *
 * Returns: (transfer full): what was said, or %NULL with %WHIS_OFFLINE_ERROR_RECOGNITION or
 *   %G_IO_ERROR_CANCELLED
 */
WhisTranscript *
whis_sphinx_transcribe (WhisSphinx *self,
                        const gint16 *samples,
                        gsize n_samples,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (WhisTranscript) transcript = NULL;
  g_autoptr (GArray) all = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (samples != NULL || n_samples == 0, NULL);

  transcript = whis_transcript_new (samples_to_ms (n_samples));
  transcript->language = g_strdup ("en");
  all = extract_all (self, samples, n_samples, cancellable);
  remove_mean (self, all);
  for (guint i = 0; i < all->len; i++)
    {
      Features *features = &g_array_index (all, Features, i);
      g_autoptr (GError) failure = NULL;
      const char *words;

      if (g_cancellable_is_cancelled (cancellable))
        break;
      if (features->n_frames == 0)
        continue;
      words = search (self, features, cancellable, &failure);
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (words != NULL)
        whis_transcript_add (transcript, samples_to_ms (features->span.start),
                             samples_to_ms (features->span.end), words);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return g_steal_pointer (&transcript);
}

static gpointer
sphinx_load (const char *path, GError **error)
{
  return whis_sphinx_new (path, error);
}

static WhisTranscript *
sphinx_transcribe (gpointer engine,
                   const WhisEngineRequest *request,
                   const gint16 *samples,
                   gsize n_samples,
                   GCancellable *cancellable,
                   GError **error)
{
  return whis_sphinx_transcribe (engine, samples, n_samples, cancellable, error);
}

static void
sphinx_free (gpointer engine)
{
  whis_sphinx_free (engine);
}

/* PocketSphinx, for its own folder of models. */
const WhisEngineClass whis_sphinx_engine = {
  .id = "pocketsphinx",
  .kind = WHIS_MODEL_SPHINX,
  .check = whis_sphinx_check_model,
  .load = sphinx_load,
  .transcribe = sphinx_transcribe,
  .free = sphinx_free,
};

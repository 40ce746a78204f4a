/* SPDX-License-Identifier: MIT */
#include "sphinx-decoder.h"

#include <pocketsphinx.h>
#include <sphinxbase/ckd_alloc.h>

#include "utterances.h"

/* Frames of features (10 ms each) that are searched between two looks at the cancellable. */
#define BLOCK_FRAMES 50

struct _WhisSphinxDecoder
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

/* Where these differ from the decoder's own values, they were found by measuring (bench/wer.py).
 * The language model weighs less: it was made from texts that are unlike dictation. Fewer HMMs are
 * kept alive, which is faster and costs no words. Noise is not subtracted: it makes MP3 much worse
 * and the result depend on what was heard before. */
static cmd_ln_t *
make_config (const WhisSphinxFiles *files)
{
  return cmd_ln_init (NULL, ps_args (), TRUE, "-hmm", files->acoustic_model, "-lm",
                      files->language_model, "-dict", files->dictionary, "-logfn", "/dev/null",
                      "-lw", "6", "-fwdflatlw", "6.5", "-bestpathlw", "8", "-maxhmmpf", "5000",
                      "-remove_noise", "no", NULL);
}

/**
 * whis_sphinx_decoder_new:
 * @files: the speech model
 *
 * Loads the model.
 *
 * Returns: (transfer full) (nullable): the decoder; %NULL if the model cannot be loaded
 */
WhisSphinxDecoder *
whis_sphinx_decoder_new (const WhisSphinxFiles *files)
{
  g_autoptr (WhisSphinxDecoder) self = g_new0 (WhisSphinxDecoder, 1);
  cmd_ln_t *config;

  g_return_val_if_fail (files != NULL, NULL);

  config = make_config (files);
  if (config != NULL)
    self->decoder = ps_init (config);
  if (self->decoder != NULL)
    self->front_end = fe_init_auto_r (ps_get_config (self->decoder));
  cmd_ln_free_r (config);
  if (self->front_end == NULL)
    return NULL;

  /* The mean is taken off in remove_mean(), over all of the sound. */
  ps_get_feat (self->decoder)->cmn = CMN_NONE;

  return g_steal_pointer (&self);
}

/**
 * whis_sphinx_decoder_free:
 * @self: (transfer full): the decoder
 */
void
whis_sphinx_decoder_free (WhisSphinxDecoder *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->front_end, fe_free);
  g_clear_pointer (&self->decoder, ps_free);
  g_free (self);
}

static void
extract_features (WhisSphinxDecoder *self, const gint16 *samples, Features *features)
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
extract_all (WhisSphinxDecoder *self,
             const gint16 *samples,
             GArray *utterances,
             GCancellable *cancellable)
{
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
remove_mean (WhisSphinxDecoder *self, GArray *all)
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

/* Returns what the decoder made of the utterance, which it owns; empty for nothing, %NULL if it
 * gave up. */
static const char *
sphinx_decoder_prealpha_search (WhisSphinxDecoder *self,
                                Features *features,
                                GCancellable *cancellable)
{
  int failed = ps_start_utt (self->decoder);
  const char *text;

  for (int i = 0; failed >= 0 && i < features->n_frames; i += BLOCK_FRAMES)
    {
      if (g_cancellable_is_cancelled (cancellable))
        break;
      failed = ps_process_cep (self->decoder, features->frames + i,
                               MIN (BLOCK_FRAMES, features->n_frames - i), FALSE, FALSE);
    }
  if (ps_end_utt (self->decoder) < 0 || failed < 0)
    return NULL;

  text = ps_get_hyp (self->decoder, NULL);

  return text != NULL ? text : "";
}

/**
 * whis_sphinx_decoder_run:
 * @self: the decoder
 * @samples: sound at 16 kHz, one channel
 * @utterances: (element-type WhisUtterance): what to recognise of it
 * @cancellable: (nullable): looked at every half second of sound
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the text of each utterance, empty if
 * there is none; fewer texts than utterances after it was cancelled; %NULL if the decoder gave up
 */
GPtrArray *
whis_sphinx_decoder_run (WhisSphinxDecoder *self,
                         const gint16 *samples,
                         GArray *utterances,
                         GCancellable *cancellable)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) all = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (utterances != NULL, NULL);

  all = extract_all (self, samples, utterances, cancellable);
  remove_mean (self, all);
  for (guint i = 0; i < all->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      Features *features = &g_array_index (all, Features, i);
      const char *text = "";

      if (features->n_frames > 0)
        text = sphinx_decoder_prealpha_search (self, features, cancellable);
      if (text == NULL)
        return NULL;
      g_ptr_array_add (texts, g_strdup (text));
    }

  return g_steal_pointer (&texts);
}

/* SPDX-License-Identifier: MIT */
#include "sphinx-decoder.h"

#include <pocketsphinx.h>

#include "utterances.h"

/* The loudest sample of an utterance that is none, some -60 dB of full scale: with its own mean
 * taken off, silence is like any other sound to the decoder. */
#define SILENT_PEAK 32

struct _WhisSphinxDecoder
{
  ps_decoder_t *decoder;
};

/* The values are those of sphinx-decoder-prealpha.c. Version 5 keeps its features to itself, and so
 * the cepstral mean is that of each utterance, and not of all of the sound. */
static ps_config_t *
make_config (const WhisSphinxFiles *files)
{
  ps_config_t *config = ps_config_init (NULL);

  ps_config_set_str (config, "hmm", files->acoustic_model);
  ps_config_set_str (config, "lm", files->language_model);
  ps_config_set_str (config, "dict", files->dictionary);
  ps_config_set_float (config, "lw", 6);
  ps_config_set_float (config, "fwdflatlw", 6.5);
  ps_config_set_float (config, "bestpathlw", 8);
  ps_config_set_int (config, "maxhmmpf", 5000);
  ps_config_set_bool (config, "remove_noise", FALSE);
  ps_config_set_str (config, "cmn", "batch");

  return config;
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
  WhisSphinxDecoder *self;
  ps_config_t *config;
  ps_decoder_t *decoder;

  g_return_val_if_fail (files != NULL, NULL);

  config = make_config (files);
  decoder = ps_init (config);
  ps_config_free (config);
  if (decoder == NULL)
    return NULL;

  self = g_new0 (WhisSphinxDecoder, 1);
  self->decoder = decoder;

  return self;
}

/**
 * whis_sphinx_decoder_free:
 * @self: (transfer full): the decoder
 */
void
whis_sphinx_decoder_free (WhisSphinxDecoder *self)
{
  g_return_if_fail (self != NULL);

  ps_free (self->decoder);
  g_free (self);
}

static gboolean
is_silent (const gint16 *samples, const WhisUtterance *utterance)
{
  for (gsize i = utterance->start; i < utterance->end; i++)
    if (ABS (samples[i]) > SILENT_PEAK)
      return FALSE;

  return TRUE;
}

/* Returns what the decoder made of the utterance, which it owns; empty for nothing, %NULL if it
 * gave up. It gets all of the utterance at once: in pieces it would take the mean of what was
 * before. */
static const char *
sphinx_decoder_5_search (WhisSphinxDecoder *self,
                         const gint16 *samples,
                         const WhisUtterance *utterance)
{
  int failed = ps_start_utt (self->decoder);
  const char *text;

  if (failed >= 0)
    failed = ps_process_raw (self->decoder, samples + utterance->start,
                             utterance->end - utterance->start, FALSE, TRUE);
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
 * @cancellable: (nullable): looked at before each utterance
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

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (utterances != NULL, NULL);

  for (guint i = 0; i < utterances->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const WhisUtterance *utterance = &g_array_index (utterances, WhisUtterance, i);
      const char *text =
          is_silent (samples, utterance) ? "" : sphinx_decoder_5_search (self, samples, utterance);

      if (text == NULL)
        return NULL;
      g_ptr_array_add (texts, g_strdup (text));
    }

  return g_steal_pointer (&texts);
}

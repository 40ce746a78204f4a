/* SPDX-License-Identifier: MIT */
#include "sphinx.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>
#ifdef WHIS_POCKETSPHINX_5
#include <pocketsphinx/err.h>
#else
#include <sphinxbase/err.h>
#endif
#include <unistd.h>

#include "engine.h"
#include "offline-error.h"
#include "sphinx-decoder.h"
#include "utterances.h"

#define ACOUSTIC_MODEL "en-us/en-us"
#define LANGUAGE_MODEL "en-us/en-us.lm.bin"
#define DICTIONARY "en-us/cmudict-en-us.dict"

struct _WhisSphinx
{
  WhisSphinxDecoder *decoder;
};

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
  g_autofree char *acoustic_model = NULL;
  g_autofree char *language_model = NULL;
  g_autofree char *dictionary = NULL;
  WhisSphinxDecoder *decoder;
  WhisSphinx *self;

  g_return_val_if_fail (model_dir != NULL, NULL);

  if (!whis_sphinx_check_model (model_dir, error))
    return NULL;

  err_set_callback (drop_log, NULL);
  acoustic_model = g_build_filename (model_dir, ACOUSTIC_MODEL, NULL);
  language_model = g_build_filename (model_dir, LANGUAGE_MODEL, NULL);
  dictionary = g_build_filename (model_dir, DICTIONARY, NULL);
  decoder =
      whis_sphinx_decoder_new (&(WhisSphinxFiles){ acoustic_model, language_model, dictionary });
  if (decoder == NULL)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL,
                   _ ("The speech model in %s cannot be loaded: install the package "
                      "pocketsphinx-en-us again."),
                   model_dir);
      return NULL;
    }
  self = g_new0 (WhisSphinx, 1);
  self->decoder = decoder;

  return self;
}

/**
 * whis_sphinx_free:
 * @self: (transfer full): the recogniser
 */
void
whis_sphinx_free (WhisSphinx *self)
{
  g_return_if_fail (self != NULL);

  whis_sphinx_decoder_free (self->decoder);
  g_free (self);
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
  g_autoptr (GArray) utterances = NULL;
  g_autoptr (GPtrArray) texts = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (samples != NULL || n_samples == 0, NULL);

  transcript = whis_transcript_new (samples_to_ms (n_samples));
  transcript->language = g_strdup ("en");
  utterances = whis_utterances_find (samples, n_samples);
  texts = whis_sphinx_decoder_run (self->decoder, samples, utterances, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (texts == NULL)
    {
      g_set_error (
          error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_RECOGNITION,
          _ ("The embedded recogniser gave up on this recording: try again, or use another "
             "provider."));
      return NULL;
    }
  for (guint i = 0; i < texts->len; i++)
    {
      const WhisUtterance *utterance = &g_array_index (utterances, WhisUtterance, i);
      const char *text = g_ptr_array_index (texts, i);

      if (*text != '\0')
        whis_transcript_add (transcript, samples_to_ms (utterance->start),
                             samples_to_ms (utterance->end), text);
    }

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
                   GBytes *samples,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GBytes) bytes = samples;
  gsize size;
  const gint16 *sound = g_bytes_get_data (bytes, &size);

  return whis_sphinx_transcribe (engine, sound, size / sizeof (gint16), cancellable, error);
}

static void
sphinx_free (gpointer engine)
{
  whis_sphinx_free (engine);
}

extern const WhisEngineClass whis_module;

/* PocketSphinx, for its own folder of models. */
G_MODULE_EXPORT const WhisEngineClass whis_module = {
  .id = "pocketsphinx",
  .kind = WHIS_MODEL_SPHINX,
  .check = whis_sphinx_check_model,
  .load = sphinx_load,
  .transcribe = sphinx_transcribe,
  .free = sphinx_free,
};

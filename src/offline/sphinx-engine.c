/* SPDX-License-Identifier: MIT */
#include "engine.h"
#include "module.h"

#define MODULE "whis-pocketsphinx"

/* What the module exports. It is loaded by the only thread that recognises, and stays. */
static const WhisEngineClass *module;

static gboolean
sphinx_engine_check (const char *path, GError **error)
{
  const WhisEngineClass *class = whis_module_find (MODULE, error);

  return class != NULL && class->check (path, error);
}

static gpointer
sphinx_engine_load (const char *path, GError **error)
{
  module = whis_module_find (MODULE, error);

  return module != NULL ? module->load (path, error) : NULL;
}

static WhisTranscript *
sphinx_engine_transcribe (gpointer engine,
                          const WhisEngineRequest *request,
                          GBytes *samples,
                          GCancellable *cancellable,
                          GError **error)
{
  return module->transcribe (engine, request, samples, cancellable, error);
}

static void
sphinx_engine_free (gpointer engine)
{
  module->free (engine);
}

/* PocketSphinx, whose libraries are loaded with its model. */
const WhisEngineClass whis_sphinx_engine = {
  .id = "pocketsphinx",
  .kind = WHIS_MODEL_SPHINX,
  .check = sphinx_engine_check,
  .load = sphinx_engine_load,
  .transcribe = sphinx_engine_transcribe,
  .free = sphinx_engine_free,
};

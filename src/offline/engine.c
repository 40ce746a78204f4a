/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include "engine-table.h"

static char *module_folder;
static gboolean plain_modules;

/**
 * whis_engine_for_kind:
 * @kind: a kind of model
 *
 * Returns: (transfer none) (nullable): the engine for such models, or %NULL if it is not built in
 */
const WhisEngineClass *
whis_engine_for_kind (WhisModelKind kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (whis_engines); i++)
    if (whis_engines[i]->kind == kind)
      return whis_engines[i];

  return NULL;
}

/**
 * whis_engine_set_modules:
 * @folder: (nullable): absolute path of the folder with ggml's modules for processors, or %NULL for
 *   the one that was found when Whis was built
 * @plain: whether to use the plain module although this processor may be able to do more
 *
 * Says what the engines compute with. To be called once, before a model is loaded.
 */
void
whis_engine_set_modules (const char *folder, gboolean plain)
{
  g_free (module_folder);
  module_folder = g_strdup (folder);
  plain_modules = plain;
}

/**
 * whis_engine_get_module_folder:
 *
 * Returns: (transfer none): the folder with ggml's modules
 */
const char *
whis_engine_get_module_folder (void)
{
  const char *build_tree = g_getenv ("WHIS_GGML_MODULE_DIR");

  if (module_folder != NULL)
    return module_folder;

  return build_tree != NULL ? build_tree : WHIS_GGML_MODULE_DIR;
}

/**
 * whis_engine_is_plain:
 *
 * Returns: whether the plain module is to be used
 */
gboolean
whis_engine_is_plain (void)
{
  return plain_modules;
}

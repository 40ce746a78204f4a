/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine-table.h"
#include "offline-error.h"

/* Empty, too, where the libraries need no modules. */
#ifndef WHIS_GGML_MODULE_DIR
#define WHIS_GGML_MODULE_DIR ""
#endif

static char *module_folder;
static gboolean plain_modules;
static char *gpu_device;
static GStrv gpu_models;

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
 * whis_engine_check_version:
 * @name: the library
 * @built: the version that Whis was built for, as pkg-config gives it
 * @found: the version that the library says it is
 * @error: return location
 *
 * The structures that libwhisper and libparakeet get by value grow from one version to the next
 * without a change of their names, so that another version than that of the headers must not be
 * used.
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING if the versions differ
 */
gboolean
whis_engine_check_version (const char *name, const char *built, const char *found, GError **error)
{
  gsize length = strcspn (built, "-+~");

  if (strcspn (found, "-+~") == length && strncmp (built, found, length) == 0)
    return TRUE;

  g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
               _ ("Whis was built for %s %s and finds %s: install the versions that belong "
                  "together."),
               name, built, found);
  return FALSE;
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

/**
 * whis_engine_set_gpu:
 * @device: (nullable): what the graphics processor is called that is to be used, empty for
 *   whichever there is, %NULL for none
 * @models: (nullable) (array zero-terminated=1): names of the files, without their ends, that it
 *   was found to recognise right with; %NULL for all
 *
 * Says which graphics processor computes. To be called once, before a model is loaded.
 */
void
whis_engine_set_gpu (const char *device, const char *const *models)
{
  g_free (gpu_device);
  gpu_device = g_strdup (device);
  g_strfreev (gpu_models);
  gpu_models = g_strdupv ((GStrv) models);
}

/**
 * whis_engine_get_gpu:
 *
 * Returns: (transfer none) (nullable): the graphics processor that is to be used, see
 *   whis_engine_set_gpu()
 */
const char *
whis_engine_get_gpu (void)
{
  return gpu_device;
}

/**
 * whis_engine_may_use_gpu:
 * @path: a model's file
 *
 * Returns: whether the graphics processor is to be used for this model, if it is there
 */
gboolean
whis_engine_may_use_gpu (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  char *end = strrchr (name, '.');

  if (gpu_device == NULL)
    return FALSE;
  if (end != NULL)
    *end = '\0';

  return gpu_models == NULL || g_strv_contains ((const char *const *) gpu_models, name);
}

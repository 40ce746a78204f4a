/* SPDX-License-Identifier: MIT */
#include "ggml-modules.h"

#include <dlfcn.h>
#include <ggml-backend.h>
#include <glib/gi18n-lib.h>

#include "engine.h"
#include "offline-error.h"

#define PREFIX "libggml-cpu"
#define SUFFIX ".so"

/* The modules for graphics processors, that of the most computers first. */
static const char *const gpu_modules[] = { "libggml-vulkan" SUFFIX, "libggml-cuda" SUFFIX,
                                           "libggml-hip" SUFFIX };

/* The module for every 64-bit PC, without the instructions that newer ones have. */
#define PLAIN PREFIX "-x64" SUFFIX

/* How well a module fits this processor; 0 for one that it cannot run, 1 for one that does not
 * say. */
static int
score_module (const char *path)
{
  void *module = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  int (*score) (void);
  int result = 1;

  if (module == NULL)
    return 0;
  *(void **) &score = dlsym (module, "ggml_backend_score");
  if (score != NULL)
    result = score ();
  dlclose (module);

  return result;
}

/* ggml's own search would load the modules for graphics cards too, whose drivers can end the
 * process while they look for devices, and looks into the current directory. */
static char *
find_best (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  g_autofree char *best = NULL;
  int best_score = 0;

  if (entries == NULL)
    return NULL;
  for (const char *name = g_dir_read_name (entries); name != NULL; name = g_dir_read_name (entries))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      int score;

      if (!g_str_has_prefix (name, PREFIX) || !g_str_has_suffix (name, SUFFIX))
        continue;
      score = score_module (path);
      if (score <= best_score)
        continue;
      best_score = score;
      g_free (best);
      best = g_steal_pointer (&path);
    }

  return g_steal_pointer (&best);
}

static char *
find_module (void)
{
  const char *folder = whis_engine_get_module_folder ();
  g_autofree char *plain = g_build_filename (folder, PLAIN, NULL);

  if (whis_engine_is_plain () && g_file_test (plain, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer (&plain);

  return find_best (folder);
}

static void
drop_log (enum ggml_log_level level, const char *text, void *data)
{
}

/**
 * whis_ggml_load:
 * @error: return location
 *
 * Loads ggml's module for this processor, unless ggml has one built in. Without one the libraries
 * abort when they load a model.
 *
 * Returns: %FALSE with %WHIS_OFFLINE_ERROR_MISSING if there is none
 */
gboolean
whis_ggml_load (GError **error)
{
  g_autofree char *module = NULL;

  if (ggml_backend_dev_count () > 0)
    return TRUE;

  ggml_log_set (drop_log, NULL);
  module = find_module ();
  if (module != NULL)
    {
      g_debug ("Loading %s", module);
      ggml_backend_load (module);
    }
  if (ggml_backend_dev_count () > 0)
    return TRUE;

  g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
               _ ("There is no module of ggml in %s that this processor can run: install Whis "
                  "again."),
               whis_engine_get_module_folder ());
  return FALSE;
}

/* Each call of a driver from here on can end the process. */
static void
load_gpu_modules (void)
{
  static gboolean is_done;

  if (is_done)
    return;
  is_done = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (gpu_modules); i++)
    {
      g_autofree char *path =
          g_build_filename (whis_engine_get_module_folder (), gpu_modules[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        ggml_backend_load (path);
    }
}

static gboolean
is_gpu (ggml_backend_dev_t device)
{
  enum ggml_backend_dev_type type = ggml_backend_dev_type (device);

  return type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
}

/* Returns its number among the graphics processors, or -1. */
static int
find_device (const char *wanted)
{
  int number = 0;

  for (gsize i = 0; i < ggml_backend_dev_count (); i++)
    {
      ggml_backend_dev_t device = ggml_backend_dev_get (i);

      if (!is_gpu (device))
        continue;
      if (*wanted == '\0' || g_strcmp0 (ggml_backend_dev_description (device), wanted) == 0)
        return number;
      number++;
    }

  return -1;
}

/**
 * whis_ggml_find_gpu:
 * @path: a model's file
 *
 * Looks for the graphics processor that is to be used for a model. whis_ggml_load() must have been
 * called. A driver that is broken ends the process here, at the latest when the model is loaded.
 *
 * Returns: its number for the libraries, or -1 to use none
 */
int
whis_ggml_find_gpu (const char *path)
{
  if (!whis_engine_may_use_gpu (path))
    return -1;

  load_gpu_modules ();

  return find_device (whis_engine_get_gpu ());
}

/**
 * whis_ggml_dup_gpu:
 * @number: what whis_ggml_find_gpu() gave
 *
 * Returns: (transfer full) (nullable): what the graphics processor is called; %NULL for -1
 */
char *
whis_ggml_dup_gpu (int number)
{
  for (gsize i = 0; number >= 0 && i < ggml_backend_dev_count (); i++)
    if (is_gpu (ggml_backend_dev_get (i)) && number-- == 0)
      return g_strdup (ggml_backend_dev_description (ggml_backend_dev_get (i)));

  return NULL;
}

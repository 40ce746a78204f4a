/* SPDX-License-Identifier: MIT */
#include "ggml-modules.h"

#include <dlfcn.h>
#include <ggml-backend.h>
#include <glib/gi18n-lib.h>

#include "engine.h"
#include "offline-error.h"

#define PREFIX "libggml-cpu"
#define SUFFIX ".so"

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

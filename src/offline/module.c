/* SPDX-License-Identifier: MIT */
#include "module.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>

#include "offline-error.h"

#define SYMBOL "whis_module"

/* Beside the program, or where tests say. */
static char *
module_dup_path (const char *name)
{
  const char *folder = g_getenv ("WHIS_MODULE_DIR");
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *beside = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *file = g_strconcat (name, "." G_MODULE_SUFFIX, NULL);

  if (folder == NULL)
    folder = beside != NULL ? beside : WHIS_LIBEXECDIR;

  return g_build_filename (folder, file, NULL);
}

/**
 * whis_module_find:
 * @name: a module of this program
 * @error: return location
 *
 * Loads a module, which stays for the life of the process. What only some sounds or some models
 * need is in modules, because each library takes memory also where nothing calls it.
 *
 * Returns: (transfer none): what the module exports as `whis_module`, a table of functions that
 *   belongs to its name; %NULL with %WHIS_OFFLINE_ERROR_MISSING
 */
gconstpointer
whis_module_find (const char *name, GError **error)
{
  g_autofree char *path = NULL;
  gpointer symbol = NULL;
  GModule *module;

  g_return_val_if_fail (name != NULL, NULL);

  path = module_dup_path (name);
  module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL || !g_module_symbol (module, SYMBOL, &symbol) || symbol == NULL)
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING,
                   /* Translators: a file name, and the system's words */
                   _ ("A part of Whis is missing, %s (%s): install Whis again."), path,
                   g_module_error ());
      return NULL;
    }
  g_module_make_resident (module);

  return symbol;
}

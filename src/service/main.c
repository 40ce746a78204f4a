/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <locale.h>

#include "application.h"
#include "standard-streams.h"

int
main (int argc, char **argv)
{
  gboolean at_login = FALSE, version = FALSE;
  const GOptionEntry entries[] = {
    { "at-login", 0, 0, G_OPTION_ARG_NONE, &at_login, N_ ("The session starts it"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  whis_standard_streams_fill ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WHIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_option_context_set_summary (context, _ ("The service of Whis. The session bus starts it when "
                                            "“whis” or the window calls it."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("whis-service: %s\n", error->message);
      return 2;
    }
  if (argc > 1)
    {
      g_printerr (_ ("whis-service: It takes no argument “%s”.\n"), argv[1]);
      return 2;
    }
  if (version)
    {
      g_print ("whis-service %s\n", WHIS_VERSION);
      return 0;
    }

  return whis_application_run_service (at_login);
}

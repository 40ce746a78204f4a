/* SPDX-License-Identifier: MIT */
#include <glib/gi18n-lib.h>
#include <locale.h>

#include "cli.h"
#include "standard-streams.h"

int
main (int argc, char **argv)
{
  whis_standard_streams_fill ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WHIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  return whis_cli_run (argc, argv);
}

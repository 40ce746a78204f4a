/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <unistd.h>

#include "application.h"
#include "cli.h"

/* In the place of a standard stream that is closed the next thing would be opened, such as the bus.
 * For reading only: what is printed to a closed stream fails, as it should. */
static void
fill_standard_streams (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDONLY);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close (fd);
}

int
main (int argc, char **argv)
{
  fill_standard_streams ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WHIS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc == 2 && g_str_equal (argv[1], "--gapplication-service"))
    return whis_application_run_service (argc, argv, FALSE);
  if (argc == 2 && g_str_equal (argv[1], "--at-login"))
    return whis_application_run_service (argc, argv, TRUE);

  return whis_cli_run (argc, argv);
}

/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli-service.h"

#define LONGEST_KEY 8192

/* Reads one line without echo from a terminal, or everything from a pipe. */
static gssize
read_key (char *key)
{
  gsize size = 0;
  gboolean terminal = isatty (STDIN_FILENO);

  while (size < LONGEST_KEY)
    {
      gssize part = read (STDIN_FILENO, key + size, LONGEST_KEY - size);

      if (part < 0 && errno == EINTR)
        continue;
      if (part < 0)
        return -1;
      size += (gsize) part;
      if (part == 0 || (terminal && memchr (key, '\n', size) != NULL))
        break;
    }

  return (gssize) size;
}

static struct termios before; /* how the terminal was */

/* Nobody may be left with a terminal that does not echo: this runs before the signal ends us. */
static void
restore_echo (int number)
{
  (void) tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  (void) raise (number);
}

/* What a key of the terminal or its end would do in the middle of a key. A stop is not to be: the
 * rest of the key would be seen. */
static void
catch_signals (void)
{
  const int deadly[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
  const struct sigaction restore = { .sa_handler = restore_echo, .sa_flags = (int) SA_RESETHAND };
  const struct sigaction ignore = { .sa_handler = SIG_IGN };

  for (gsize i = 0; i < G_N_ELEMENTS (deadly); i++)
    (void) sigaction (deadly[i], &restore, NULL);
  (void) sigaction (SIGTSTP, &ignore, NULL);
}

static gssize
read_key_silently (const char *provider, char *key)
{
  struct termios silent;
  gssize size;

  if (tcgetattr (STDIN_FILENO, &before) != 0)
    return read_key (key);

  catch_signals ();
  silent = before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  g_printerr (_ ("API key for %s: "), provider);
  (void) tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  size = read_key (key);
  (void) tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  g_printerr ("\n");

  return size;
}

/* A pipe with the key in it: it holds more than any key (pipe(7): 64 KiB), so this cannot block. */
static GUnixFDList *
create_pipe (const char *key, gsize size)
{
  int ends[2];
  gssize written;

  if (pipe (ends) != 0)
    return NULL;

  written = write (ends[1], key, size);
  close (ends[1]);
  if (written != (gssize) size)
    {
      close (ends[0]);
      return NULL;
    }

  return g_unix_fd_list_new_from_array (ends, 1);
}

static int
send_key (WhisBusWhis1 *service, const char *provider, const char *key, gsize size)
{
  g_autoptr (GUnixFDList) fds = create_pipe (key, size);
  g_autoptr (GError) error = NULL;
  g_autofree char *stored = NULL;
  g_autofree char *message = NULL;

  if (fds == NULL)
    {
      g_printerr ("whis: %s\n", g_strerror (errno));
      return WHIS_EXIT_FAILED;
    }
  if (!whis_bus_whis1_call_set_key_sync (service, provider, g_variant_new_handle (0), fds, &stored,
                                         &message, NULL, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_printerr ("%s\n", message);

  return WHIS_EXIT_OK;
}

static int
set_key (WhisBusWhis1 *service, const char *provider)
{
  char key[LONGEST_KEY];
  gssize size = read_key_silently (provider, key);
  int status;

  if (size < 0)
    {
      g_printerr (_ ("whis: The key cannot be read: %s.\n"), g_strerror (errno));
      return WHIS_EXIT_FAILED;
    }

  status = send_key (service, provider, key, (gsize) size);
  explicit_bzero (key, sizeof key);

  return status;
}

static int
check_key (WhisBusWhis1 *service, const char *provider)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;
  g_autofree char *message = NULL;

  if (!whis_bus_whis1_call_check_key_sync (service, provider, &result, &message, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_printerr ("%s\n", message);

  return g_str_equal (result, "ok") ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

static int
remove_key (WhisBusWhis1 *service, const char *provider)
{
  g_autoptr (GError) error = NULL;

  if (!whis_bus_whis1_call_remove_key_sync (service, provider, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_printerr (_ ("The key for %s is forgotten.\n"), provider);

  return WHIS_EXIT_OK;
}

static int
cli_key_run (const char *path,
             int (*call) (WhisBusWhis1 *service, const char *provider),
             int argc,
             char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  int status;

  if (!whis_cli_parse (path, NULL, &argc, &argv, &status))
    return status;
  if (argc > 2)
    return whis_cli_usage (_ ("A key is no argument: others can read those. Run “whis key set "
                              "PROVIDER” and type it, or pipe it in."));
  if (argc < 2)
    return whis_cli_usage (_ ("Write “whis %s PROVIDER”; “whis providers” lists the services."),
                           path);

  service = whis_cli_connect (TRUE, &status);

  return service != NULL ? call (service, argv[1]) : status;
}

/* `whis key set|check|remove PROVIDER`. A key is never an argument: arguments are for all to see.
 */
int
whis_cli_key_set (int argc, char **argv)
{
  return cli_key_run ("key set", set_key, argc, argv);
}

int
whis_cli_key_check (int argc, char **argv)
{
  return cli_key_run ("key check", check_key, argc, argv);
}

int
whis_cli_key_remove (int argc, char **argv)
{
  return cli_key_run ("key remove", remove_key, argc, argv);
}

/**
 * whis_cli_key:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis key` without a command of its own, which is a mistake.
 *
 * Returns: the exit status
 */
int
whis_cli_key (int argc, char **argv)
{
  if (argc > 1)
    return whis_cli_usage (_ ("There is no command “key %s”; “whis key --help” lists them."),
                           argv[1]);

  return whis_cli_usage (_ ("“whis key” needs a command; “whis key --help” lists them."));
}

/* SPDX-License-Identifier: MIT */
#include "cli-model.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "cli-commands.h"
#include "cli-job.h"
#include "measure-text.h"
#include "settings.h"

/* `whis models local` and `whis model remove|import|check`: the models for this computer. */

/* Hashing a large file on a slow disk may take minutes. */
#define CALL_TIMEOUT_MS (30 * 60 * 1000)

/**
 * whis_cli_model_connect:
 * @status: (out): the exit status if there is no service
 *
 * Returns: (transfer full) (nullable): the service's interface for models; %NULL after a sentence
 *   on standard error
 */
WhisBusWhis1Models *
whis_cli_model_connect (int *status)
{
  g_autoptr (WhisBusWhis1) service = whis_cli_connect (TRUE, status);
  g_autoptr (GError) error = NULL;
  WhisBusWhis1Models *models;

  if (service == NULL)
    return NULL;

  models = whis_bus_whis1_models_proxy_new_sync (
      g_dbus_proxy_get_connection (G_DBUS_PROXY (service)), G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
      WHIS_APP_ID, WHIS_APP_PATH, NULL, &error);
  if (models == NULL)
    whis_cli_report (g_steal_pointer (&error));
  else
    g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (models), CALL_TIMEOUT_MS);

  return models;
}

/**
 * whis_cli_model_get_places:
 *
 * Returns: (transfer floating): what the environment of the command line says about where models
 *   are; the service may have been started without it
 */
GVariant *
whis_cli_model_get_places (void)
{
  const char *mirror = g_getenv ("WHIS_MODEL_MIRROR");
  const char *endpoint = g_getenv ("HF_ENDPOINT");
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  if (mirror != NULL)
    g_variant_builder_add (&options, "{sv}", "mirror", g_variant_new_string (mirror));
  if (endpoint != NULL)
    g_variant_builder_add (&options, "{sv}", "endpoint", g_variant_new_string (endpoint));

  return g_variant_builder_end (&options);
}

/**
 * whis_cli_model_find:
 * @models: the interface
 * @id: a model
 * @status: (out): the exit status if there is none
 *
 * Returns: (transfer full) (nullable): what there is of it; %NULL after a sentence on standard
 * error
 */
GVariant *
whis_cli_model_find (WhisBusWhis1Models *models, const char *id, int *status)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *row;

  if (!whis_bus_whis1_models_call_list_sync (models, whis_cli_model_get_places (), &rows, NULL,
                                             &error))
    {
      *status = whis_cli_report (g_steal_pointer (&error));
      return NULL;
    }

  g_variant_iter_init (&iter, rows);
  while ((row = g_variant_iter_next_value (&iter)) != NULL)
    {
      const char *known = "";

      g_variant_lookup (row, "id", "&s", &known);
      if (g_str_equal (known, id))
        return row;
      g_variant_unref (row);
    }

  g_printerr (_ ("whis: There is no model “%s”; “whis models local” lists them.\n"), id);
  *status = WHIS_EXIT_FAILED;

  return NULL;
}

/* The first row with this switch. */
static GVariant *
find_switched (WhisBusWhis1Models *models, const char *name)
{
  g_autoptr (GVariant) rows = NULL;
  GVariantIter iter;
  GVariant *row;

  if (!whis_bus_whis1_models_call_list_sync (models, whis_cli_model_get_places (), &rows, NULL,
                                             NULL))
    return NULL;

  g_variant_iter_init (&iter, rows);
  while ((row = g_variant_iter_next_value (&iter)) != NULL)
    {
      gboolean on = FALSE;

      g_variant_lookup (row, name, "b", &on);
      if (on)
        return row;
      g_variant_unref (row);
    }

  return NULL;
}

/* Whether what these options start is recognised by PocketSphinx. */
static gboolean
is_for_sphinx (WhisBusWhis1Models *models, GVariant *options)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  const char *provider = settings != NULL ? whis_settings_get_provider (settings) : "";
  const char *model = whis_bus_whis1_models_get_current (models);

  g_variant_lookup (options, "provider", "&s", &provider);
  g_variant_lookup (options, "model", "&s", &model);

  return g_str_equal (provider, "offline") && g_strcmp0 (model, "english") == 0;
}

/**
 * whis_cli_model_suggest:
 * @options: what was transcribed with, as for the D-Bus method `Start`
 *
 * Tells people, and no program, that there are better models than PocketSphinx.
 */
void
whis_cli_model_suggest (GVariant *options)
{
  g_autoptr (WhisBusWhis1Models) models = NULL;
  g_autoptr (GVariant) row = NULL;
  g_autofree char *size = NULL;
  const char *id = "";
  guint64 bytes = 0;
  int status;

  if (!isatty (STDERR_FILENO))
    return;

  models = whis_cli_model_connect (&status);
  if (models == NULL || !is_for_sphinx (models, options))
    return;
  row = find_switched (models, "recommended");
  if (row == NULL)
    return;

  g_variant_lookup (row, "id", "&s", &id);
  g_variant_lookup (row, "bytes", "t", &bytes);
  size = g_format_size (bytes);
  /* Translators: the id of a model, and its size */
  g_printerr (_ ("whis: This computer can recognise much better: “whis model fetch %s” downloads a "
                 "model (%s).\n"),
              id, size);
}

/* --- whis models local -------------------------------------------------------------------------
 */

/* printf() would count bytes. */
static void
print_padded (const char *text, glong width)
{
  g_print ("%s%*s", text, (int) MAX (width - g_utf8_strlen (text, -1), 1), "");
}

static char *
describe_languages (GVariant *row)
{
  g_autofree const char **languages = NULL;
  guint n;

  if (!g_variant_lookup (row, "languages", "^a&s", &languages))
    return g_strdup ("-");

  n = g_strv_length ((char **) languages);
  if (n <= 3)
    return g_strjoinv (" ", (char **) languages);

  return g_strdup_printf (ngettext ("%u language", "%u languages", n), n);
}

static char *
describe_state (GVariant *row)
{
  const char *state = "";
  gboolean system = FALSE;
  guint64 done = 0, bytes = 0;
  g_autofree char *size = NULL;

  g_variant_lookup (row, "state", "&s", &state);
  g_variant_lookup (row, "system", "b", &system);
  g_variant_lookup (row, "done", "t", &done);
  g_variant_lookup (row, "bytes", "t", &bytes);
  size = g_format_size (done);
  if (g_str_equal (state, "fetching"))
    return g_strdup_printf (_ ("being fetched, %u %%"),
                            (guint) (bytes > 0 ? 100 * done / bytes : 0));
  if (g_str_equal (state, "partial"))
    return g_strdup_printf (_ ("%s of it here"), size);
  if (g_str_equal (state, "verified"))
    return g_strdup (system ? _ ("here, of the system") : _ ("here"));
  if (g_str_equal (state, "unchecked"))
    return g_strdup (_ ("here, not checked yet"));
  if (g_str_equal (state, "own"))
    return g_strdup (_ ("here, your own, not verified"));
  if (g_str_equal (state, "damaged"))
    return g_strdup (_ ("damaged"));

  return g_strdup (_ ("not here"));
}

/* What a user should know before the file is fetched. */
static char *
describe_doubts (GVariant *row)
{
  const char *state = "";
  gboolean pinned = TRUE, verified = TRUE;

  g_variant_lookup (row, "state", "&s", &state);
  g_variant_lookup (row, "pinned", "b", &pinned);
  g_variant_lookup (row, "checksum-verified", "b", &verified);
  if (!g_str_equal (state, "absent") && !g_str_equal (state, "partial"))
    return g_strdup ("");

  return g_strconcat (verified ? "" : _ ("; checksum not yet verified against the address"),
                      pinned ? "" : _ ("; address not pinned to a revision"), NULL);
}

static void
print_model (GVariant *row)
{
  const char *id = "", *license = "-";
  guint64 bytes = 0;
  g_autofree char *size = NULL;
  g_autofree char *languages = describe_languages (row);
  g_autofree char *state = describe_state (row);
  g_autofree char *doubts = describe_doubts (row);
  g_autofree char *measure = whis_measure_text_new (row);

  g_variant_lookup (row, "id", "&s", &id);
  g_variant_lookup (row, "license", "&s", &license);
  g_variant_lookup (row, "bytes", "t", &bytes);
  size = g_format_size (bytes);
  print_padded (id, 24);
  print_padded (size, 10);
  print_padded (languages, 15);
  print_padded (license, 11);
  g_print ("%s%s%s%s\n", state, doubts, measure != NULL ? "; " : "",
           measure != NULL ? measure : "");
}

/**
 * whis_cli_model_list:
 *
 * `whis models local`: lists the models for this computer.
 *
 * Returns: the exit status
 */
int
whis_cli_model_list (void)
{
  g_autoptr (WhisBusWhis1Models) models = NULL;
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *row;
  int status;

  models = whis_cli_model_connect (&status);
  if (models == NULL)
    return status;
  if (!whis_bus_whis1_models_call_list_sync (models, whis_cli_model_get_places (), &rows, NULL,
                                             &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_loop (&iter, "@a{sv}", &row))
    print_model (row);

  return WHIS_EXIT_OK;
}

/* --- whis model remove, import, check ----------------------------------------------------------
 */

static int
remove_model (WhisBusWhis1Models *models, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *size = NULL;
  guint64 freed;

  if (!whis_bus_whis1_models_call_remove_sync (models, id, &freed, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  size = g_format_size (freed);
  g_printerr (_ ("The model %s is removed; that frees %s.\n"), id, size);

  return WHIS_EXIT_OK;
}

static int
check_model (WhisBusWhis1Models *models, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *state = NULL;

  if (!whis_bus_whis1_models_call_check_sync (models, id, &state, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  if (g_str_equal (state, "verified"))
    {
      g_printerr (_ ("The model %s is as it should be.\n"), id);
      return WHIS_EXIT_OK;
    }
  if (g_str_equal (state, "own"))
    {
      g_printerr (_ ("The model %s can be loaded; it is your own, so nobody can say whether it is "
                     "what it seems.\n"),
                  id);
      return WHIS_EXIT_OK;
    }

  g_printerr (_ ("whis: The file of the model %s is damaged; “whis model fetch %s” fetches it "
                 "again.\n"),
              id, id);

  return WHIS_EXIT_FAILED;
}

static int
import_model (WhisBusWhis1Models *models, const char *path)
{
  g_autoptr (WhisCliJob) job = whis_cli_job_new (path);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = whis_cli_job_dup_name (job);
  g_autofree char *id = NULL;
  g_autofree char *state = NULL;
  int file = whis_cli_job_open (job);

  if (file < 0)
    {
      g_printerr ("whis: %s\n", job->message);
      return WHIS_EXIT_FAILED;
    }

  fds = g_unix_fd_list_new_from_array (&file, 1);
  if (!whis_bus_whis1_models_call_import_sync (models, g_variant_new_handle (0), name, fds, &id,
                                               &state, NULL, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  if (g_str_equal (state, "verified"))
    g_printerr (_ ("This is the model %s; it is on this computer now.\n"), id);
  else
    g_printerr (_ ("The model is on this computer now as %s; it is not in the catalogue, so it is "
                   "not verified.\n"),
                id);

  return WHIS_EXIT_OK;
}

static int
cli_model_run (const char *path,
               int (*call) (WhisBusWhis1Models *models, const char *argument),
               int argc,
               char **argv)
{
  g_autoptr (WhisBusWhis1Models) models = NULL;
  int status;

  if (!whis_cli_parse (path, NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return whis_cli_usage (_ ("Write “whis %s NAME”; “whis models local” lists the models."), path);

  models = whis_cli_model_connect (&status);

  return models != NULL ? call (models, argv[1]) : status;
}

/* `whis model remove NAME` */
int
whis_cli_model_remove (int argc, char **argv)
{
  return cli_model_run ("model remove", remove_model, argc, argv);
}

/* `whis model check NAME` */
int
whis_cli_model_check (int argc, char **argv)
{
  return cli_model_run ("model check", check_model, argc, argv);
}

/* `whis model import FILE` */
int
whis_cli_model_import (int argc, char **argv)
{
  return cli_model_run ("model import", import_model, argc, argv);
}

/**
 * whis_cli_model:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis model` without a command of its own, which is a mistake.
 *
 * Returns: the exit status
 */
int
whis_cli_model (int argc, char **argv)
{
  if (argc > 1)
    return whis_cli_usage (_ ("There is no command “model %s”; “whis model --help” lists them."),
                           argv[1]);

  return whis_cli_usage (_ ("“whis model” needs a command; “whis model --help” lists them."));
}

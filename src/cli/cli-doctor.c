/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-service.h"
#include "providers.h"
#include "sandbox.h"
#include "settings.h"
#include "whis-bus-models.h"

/* `whis doctor`: what this session offers, what is missing, and what to do. */

/* The input is open, and not a sample has come. */
#define MICROPHONE_TIMEOUT_S 5

/**
 * DoctorFinding:
 * @DOCTOR_OK: it is there
 * @DOCTOR_NOTE: it is not, and dictating works without it
 * @DOCTOR_PROBLEM: dictating does not work without it
 */
typedef enum
{
  DOCTOR_OK,
  DOCTOR_NOTE,
  DOCTOR_PROBLEM,
} DoctorFinding;

typedef struct
{
  WhisBusWhis1 *service;
  WhisSettings *settings;
  gboolean online;
  guint n_problems;
} Doctor;

static void
doctor_say (Doctor *self, DoctorFinding finding, const char *about, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

static void
doctor_say (Doctor *self, DoctorFinding finding, const char *about, const char *format, ...)
{
  /* Translators: the three kinds of lines of “whis doctor” */
  static const char *const marks[] = { N_ ("ok"), N_ ("note"), N_ ("PROBLEM") };
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("%-8s %s: %s\n", _ (marks[finding]), about, sentence);
  if (finding == DOCTOR_PROBLEM)
    self->n_problems++;
}

/* What a call came back with, in the words for the user. */
static char *
describe_error (const GError *error)
{
  g_autoptr (WhisDictationEnd) end = whis_dictation_end_new_from_error (error);

  return g_strdup (end->message);
}

/* Calls a method without arguments of an area that this service may not have.
 *
 * Returns: (nullable): the answer; %NULL without a problem if there is no such area */
static GVariant *
doctor_describe (Doctor *self, const char *interface, const char *type, char **problem)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      g_dbus_proxy_get_connection (G_DBUS_PROXY (self->service)), WHIS_APP_ID, WHIS_APP_PATH,
      interface, "Describe", NULL, G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
      &failure);

  if (answer == NULL && !g_error_matches (failure, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
      && !g_error_matches (failure, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE))
    *problem = describe_error (failure);

  return g_steal_pointer (&answer);
}

static const char *
find_clipboard_program (void)
{
  static const char *const programs[] = { "wl-copy", "xclip" };
  const char *display[] = { g_getenv ("WAYLAND_DISPLAY"), g_getenv ("DISPLAY") };

  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_find_program_in_path (programs[i]);

      if (display[i] != NULL && path != NULL)
        return programs[i];
    }

  return NULL;
}

static void
doctor_check_clipboard (Doctor *self, gboolean inserts)
{
  const char *wayland = g_getenv ("WAYLAND_DISPLAY");
  const char *display = g_getenv ("DISPLAY");
  const char *program = find_clipboard_program ();

  if (wayland == NULL && display == NULL)
    doctor_say (self, DOCTOR_PROBLEM, _ ("Clipboard"),
                _ ("there is no display here; run “whis doctor” in the desktop's session."));
  else if (program != NULL)
    doctor_say (self, DOCTOR_OK, _ ("Clipboard"), "%s", program);
  else
    doctor_say (self, inserts ? DOCTOR_NOTE : DOCTOR_PROBLEM, _ ("Clipboard"),
                _ ("neither by wl-copy nor by xclip; install the package “%s”."),
                wayland != NULL ? "wl-clipboard" : "xclip");
}

static gboolean
doctor_check_insertion (Doctor *self)
{
  g_autofree char *problem = NULL;
  g_autoptr (GVariant) answer =
      doctor_describe (self, "io.github.whis_gtk.Whis1.Delivery", "(a(sbs))", &problem);
  g_autoptr (GVariantIter) ways = NULL;
  const char *name, *reason;
  gboolean is_offered, any = FALSE;

  if (answer == NULL)
    {
      doctor_say (self, DOCTOR_NOTE, _ ("Insertion"), "%s",
                  problem != NULL ? problem
                                  : _ ("none; texts go to the clipboard, paste them yourself."));
      return FALSE;
    }

  g_variant_get (answer, "(a(sbs))", &ways);
  while (g_variant_iter_loop (ways, "(&sb&s)", &name, &is_offered, &reason))
    {
      any = any || is_offered;
      if (is_offered)
        doctor_say (self, DOCTOR_OK, _ ("Insertion"), "%s", name);
      else
        doctor_say (self, DOCTOR_NOTE, _ ("Insertion"), _ ("not by %s: %s"), name, reason);
    }
  if (!any)
    doctor_say (self, DOCTOR_NOTE, _ ("Insertion"),
                _ ("none; texts go to the clipboard, paste them yourself."));

  return any;
}

static void
doctor_check_shortcuts (Doctor *self)
{
  g_autofree char *failure = NULL;
  g_autoptr (GVariant) answer =
      doctor_describe (self, "io.github.whis_gtk.Whis1.Shortcuts", "(a{sv})", &failure);
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GVariantIter) triggers = NULL;
  const char *backend = "", *problem = "", *action, *trigger;

  if (answer == NULL)
    {
      doctor_say (self, DOCTOR_NOTE, _ ("Shortcuts"), "%s",
                  failure != NULL
                      ? failure
                      : _ ("none; bind “whis toggle” to a key in the settings of the desktop."));
      return;
    }

  description = g_variant_get_child_value (answer, 0);
  g_variant_lookup (description, "backend", "&s", &backend);
  g_variant_lookup (description, "problem", "&s", &problem);
  g_variant_lookup (description, "triggers", "a{ss}", &triggers);
  while (triggers != NULL && g_variant_iter_loop (triggers, "{&s&s}", &action, &trigger))
    doctor_say (self, DOCTOR_OK, _ ("Shortcuts"), "%s: %s (%s)", action, trigger, backend);
  if (*problem != '\0')
    doctor_say (self, DOCTOR_NOTE, _ ("Shortcuts"), "%s", problem);
  else if (*backend == '\0')
    doctor_say (self, DOCTOR_NOTE, _ ("Shortcuts"),
                _ ("nothing here can bind them; bind “whis toggle” in the compositor's "
                   "configuration."));
}

/* The service finds out with the first key: until then it takes for granted that there is one. */
static gboolean
doctor_has_secret_service (Doctor *self)
{
  GDBusConnection *bus = g_dbus_proxy_get_connection (G_DBUS_PROXY (self->service));
  static const char *const methods[] = { "ListNames", "ListActivatableNames" };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
          bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", methods[i],
          NULL, G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
      g_autofree const char **names = NULL;

      if (answer == NULL)
        continue;
      g_variant_get (answer, "(^a&s)", &names);
      if (g_strv_contains (names, "org.freedesktop.secrets"))
        return TRUE;
    }

  return FALSE;
}

static void
doctor_check_desktop (Doctor *self)
{
  if (whis_bus_whis1_get_tray (self->service))
    doctor_say (self, DOCTOR_OK, _ ("Icon"), _ ("a panel shows it."));
  else
    doctor_say (self, DOCTOR_NOTE, _ ("Icon"),
                _ ("no panel shows it; GNOME needs the AppIndicator extension. The window and "
                   "“whis toggle” work without."));
  if (whis_bus_whis1_get_keyring_available (self->service)
      && (whis_sandbox_is_inside () || doctor_has_secret_service (self)))
    doctor_say (self, DOCTOR_OK, _ ("Keyring"), _ ("keys are stored in it."));
  else
    doctor_say (self, DOCTOR_NOTE, _ ("Keyring"),
                _ ("there is none, so keys are forgotten when Whis ends; install gnome-keyring or "
                   "KWallet."));
}

typedef struct
{
  GMainLoop *loop;
  gboolean has_sound;
} Opening;

static void
level_cb (WhisBusWhis1 *service, GParamSpec *pspec, gpointer user_data)
{
  Opening *opening = user_data;

  opening->has_sound = whis_bus_whis1_get_level (service) > -100;
  if (opening->has_sound)
    g_main_loop_quit (opening->loop);
}

static gboolean
opening_timeout_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_CONTINUE;
}

static void
doctor_open_microphone (Doctor *self, const char *name)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Opening opening = { loop, FALSE };
  g_autoptr (GError) error = NULL;
  gulong handler;
  guint timeout;

  handler = g_signal_connect (self->service, "notify::level", G_CALLBACK (level_cb), &opening);
  timeout = g_timeout_add_seconds (MICROPHONE_TIMEOUT_S, opening_timeout_cb, loop);
  if (whis_bus_whis1_call_watch_input_sync (self->service, "", TRUE, NULL, &error))
    {
      g_main_loop_run (loop);
      whis_bus_whis1_call_watch_input_sync (self->service, "", FALSE, NULL, NULL);
    }
  g_source_remove (timeout);
  g_signal_handler_disconnect (self->service, handler);

  if (error != NULL)
    {
      g_autofree char *problem = describe_error (error);

      doctor_say (self, DOCTOR_PROBLEM, _ ("Microphone"), "%s: %s", name, problem);
    }
  else if (!opening.has_sound)
    doctor_say (self, DOCTOR_PROBLEM, _ ("Microphone"),
                _ ("%s gives no sound; choose another one in the preferences, or see whether "
                   "another program keeps it."),
                name);
  else
    doctor_say (self, DOCTOR_OK, _ ("Microphone"), _ ("%s can be opened."), name);
}

/* Returns: (transfer full) (nullable): what the input is called that is recorded from; the empty
 * text if the chosen one is not there */
static char *
doctor_dup_microphone (Doctor *self, GVariant *microphones)
{
  const char *wanted = whis_settings_get_microphone (self->settings);

  for (gsize i = 0; i < g_variant_n_children (microphones); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (microphones, i);
      const char *id = "", *name = "";
      gboolean is_default = FALSE;

      g_variant_lookup (row, "id", "&s", &id);
      g_variant_lookup (row, "name", "&s", &name);
      g_variant_lookup (row, "default", "b", &is_default);
      if (*wanted != '\0' ? g_str_equal (id, wanted) : is_default)
        return g_strdup (name);
    }

  return g_strdup ("");
}

static void
doctor_check_microphone (Doctor *self)
{
  g_autoptr (GVariant) microphones = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  const char *state = whis_bus_whis1_get_state (self->service);

  if (!whis_bus_whis1_call_list_microphones_sync (self->service, &microphones, NULL, &error))
    {
      g_autofree char *problem = describe_error (error);

      doctor_say (self, DOCTOR_PROBLEM, _ ("Microphone"), "%s", problem);
      return;
    }

  name = doctor_dup_microphone (self, microphones);
  if (g_variant_n_children (microphones) == 0)
    doctor_say (self, DOCTOR_PROBLEM, _ ("Microphone"), _ ("there is none; plug one in."));
  else if (*name == '\0')
    doctor_say (self, DOCTOR_PROBLEM, _ ("Microphone"),
                _ ("the one of the settings is not there; plug it in, or choose another one."));
  else if (g_strcmp0 (state, "recording") == 0 || g_strcmp0 (state, "starting") == 0)
    doctor_say (self, DOCTOR_OK, _ ("Microphone"), _ ("%s; it records."), name);
  else
    doctor_open_microphone (self, name);
}

static void
doctor_check_local (Doctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisBusWhis1Models) models = whis_bus_whis1_models_proxy_new_sync (
      g_dbus_proxy_get_connection (G_DBUS_PROXY (self->service)),
      G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, WHIS_APP_ID, WHIS_APP_PATH, NULL, &error);
  const char *current = models != NULL ? whis_bus_whis1_models_get_current (models) : NULL;

  if (current != NULL && *current != '\0')
    doctor_say (self, DOCTOR_OK, _ ("Recogniser"), _ ("this computer, with %s."), current);
  else
    doctor_say (self, DOCTOR_PROBLEM, _ ("Recogniser"),
                _ ("there is no model on this computer; “whis models local” lists them, “whis "
                   "model fetch NAME” gets one."));
}

static void
doctor_ask_online (Doctor *self, const char *id, const char *name)
{
  g_autoptr (GVariant) models = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;

  if (whis_bus_whis1_call_list_models_sync (self->service, id, &models, NULL, &error))
    {
      doctor_say (self, DOCTOR_OK, _ ("Recogniser"), _ ("%s answers."), name);
      return;
    }

  problem = describe_error (error);
  doctor_say (self, DOCTOR_PROBLEM, _ ("Recogniser"), "%s: %s", name, problem);
}

static void
doctor_check_provider (Doctor *self, GVariant *provider)
{
  const char *id = "", *name = "", *source = "";
  gboolean needs_key = FALSE;

  g_variant_lookup (provider, "id", "&s", &id);
  g_variant_lookup (provider, "name", "&s", &name);
  g_variant_lookup (provider, "key-source", "&s", &source);
  g_variant_lookup (provider, "needs-key", "b", &needs_key);
  if (needs_key && *source == '\0')
    {
      doctor_say (self, DOCTOR_PROBLEM, _ ("Recogniser"),
                  _ ("%s has no key; “whis key set %s” adds one."), name, id);
      return;
    }

  doctor_say (self, DOCTOR_OK, _ ("Recogniser"), needs_key ? _ ("%s, and its key is there.") : "%s",
              name);
  if (self->online)
    doctor_ask_online (self, id, name);
  else
    doctor_say (self, DOCTOR_NOTE, _ ("Recogniser"),
                _ ("whether it answers is asked with --online."));
}

static void
doctor_check_recogniser (Doctor *self)
{
  const char *wanted = whis_settings_get_provider (self->settings);
  g_autoptr (GVariant) providers = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (wanted, WHIS_PROVIDER_LOCAL))
    {
      doctor_check_local (self);
      return;
    }

  if (!whis_bus_whis1_call_list_providers_sync (self->service, &providers, NULL, &error))
    {
      g_autofree char *problem = describe_error (error);

      doctor_say (self, DOCTOR_PROBLEM, _ ("Recogniser"), "%s", problem);
      return;
    }

  for (gsize i = 0; i < g_variant_n_children (providers); i++)
    {
      g_autoptr (GVariant) provider = g_variant_get_child_value (providers, i);
      const char *id = "";

      g_variant_lookup (provider, "id", "&s", &id);
      if (g_str_equal (id, wanted))
        {
          doctor_check_provider (self, provider);
          return;
        }
    }
  /* The command line sets no such one, but other programs may, and an earlier version knew others.
   */
  doctor_say (
      self, DOCTOR_PROBLEM, _ ("Recogniser"),
      _ ("there is no transcription service “%s”, which the settings name; “whis providers” "
         "lists them, “whis settings provider NAME” chooses one."),
      wanted);
}

/**
 * whis_cli_doctor:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis doctor`: says in a line each what this session offers, what is missing and what to do.
 * Nothing leaves this computer without `--online`.
 *
 * Returns: the exit status, %WHIS_EXIT_FAILED if dictating does not work
 */
int
whis_cli_doctor (int argc, char **argv)
{
  Doctor doctor = { 0 };
  const WhisCliBinding bindings[] = { { "online", &doctor.online }, { NULL } };
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (WhisSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  gboolean inserts;
  int status;

  if (!whis_cli_parse ("doctor", bindings, &argc, &argv, &status))
    return status;
  settings = whis_settings_new (&error);
  if (settings == NULL)
    return whis_cli_report (g_steal_pointer (&error));
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;

  doctor.service = service;
  doctor.settings = settings;
  doctor_check_microphone (&doctor);
  doctor_check_recogniser (&doctor);
  inserts = doctor_check_insertion (&doctor);
  doctor_check_clipboard (&doctor, inserts);
  doctor_check_shortcuts (&doctor);
  doctor_check_desktop (&doctor);

  return doctor.n_problems == 0 ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

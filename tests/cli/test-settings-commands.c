/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <glib/gstdio.h>
#include <string.h>

/* `whis settings`, which needs no service but for the start at login; one that runs is waited for.
 */

static void
test_values (void)
{
  static const struct
  {
    const char *key;
    const char *value;
    const char *shown;
  } cases[] = {
    { "language", "de", "de\n" },
    { "language", "''", "\n" },
    { "provider", "groq", "groq\n" },
    { "fallback-provider", "''", "\n" },
    { "live", "true", "true\n" },
    { "live", "false", "false\n" },
    { "longest-chunk", "20", "20\n" },
    { "models/groq", "whisper-large-v3", "whisper-large-v3\n" },
    { "prompt", "'two words, “quoted”'", "two words, “quoted”\n" },
    { "keep-sound", "-1", "-1\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *set = g_strdup_printf ("settings %s %s", cases[i].key, cases[i].value);
      g_autofree char *get = g_strdup_printf ("settings %s", cases[i].key);
      g_autofree char *shown = g_strndup (cases[i].shown, strlen (cases[i].shown) - 1);
      g_autofree char *call = g_strdup_printf ("AwaitSetting('%s', '%s')\n", cases[i].key, shown);
      const ScriptedCase both[] = { { set, 0, "", "", call }, { get, 0, cases[i].shown, "", "" } };

      scripted_service_check (service, both, G_N_ELEMENTS (both));
    }
}

/* What is refused changes nothing, and is said with what it was. */
static void
test_refused (void)
{
  static const ScriptedCase cases[] = {
    { "settings colour", 1, "",
      "whis: There is no setting “colour”; “whis settings --list” shows them all.\n", "" },
    { "settings colour blue", 1, "",
      "whis: There is no setting “colour”; “whis settings --list” shows them all.\n", "" },
    { "settings live maybe", 1, "",
      "whis: “maybe” is no value for the setting “live”; nothing was changed.\n", "" },
    { "settings longest-chunk -5", 1, "", NULL, "" },
    { "settings longest-chunk long", 1, "", NULL, "" },
    { "settings provider nobody", 2, "",
      "whis: There is no transcription service “nobody”; “whis providers” lists them.\n", "" },
    { "settings provider ''", 2, "", NULL, "" },
    { "settings fallback-provider nobody", 2, "", NULL, "" },
    { "settings models/nobody x", 2, "",
      "whis: There is no transcription service “nobody”; “whis providers” lists them.\n", "" },
    { "settings language de en", 2, "", NULL, "" },
    { "settings --colour", 2, "", "whis: Unknown option --colour\n", "" },
    { "settings autostart maybe", 2, "",
      "whis: The setting “autostart” is true or false, not “maybe”.\n", "" },
  };
  static const ScriptedCase unchanged[] = {
    { "settings live", 0, "false\n", "", "" },
    { "settings provider", 0, "offline\n", "", "" },
    { "settings longest-chunk", 0, "30\n", "", "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_check (service, unchanged, G_N_ELEMENTS (unchanged));
}

/* A line for each, sorted, which can be read again. */
static void
test_list (void)
{
  g_autoptr (ScriptedService) service = scripted_service_new ();
  g_autofree char *listed = NULL;
  g_auto (GStrv) lines = NULL;
  const char *last = "";

  scripted_service_run (service, "settings language fr", NULL);
  scripted_service_run (service, "settings --list", NULL);
  g_assert_cmpint (service->status, ==, 0);
  listed = g_strdup (service->out);
  lines = g_strsplit (g_strchomp (listed), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 20);
  g_assert_true (g_strv_contains ((const char *const *) lines, "language = fr"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "provider = offline"));
  for (char **line = lines; *line != NULL; line++)
    {
      char *equals = strstr (*line, " = ");

      g_assert_nonnull (equals);
      *equals = '\0';
      g_assert_cmpstr (*line, >, last);
      last = *line;
    }
  /* without a display there is no window to open */
  scripted_service_run (service, "settings", NULL);
  g_assert_cmpint (service->status, ==, 0);
  g_assert_nonnull (strstr (service->out, "language = fr\n"));
  g_assert_cmpstr (service->calls->str, ==, "");
}

/* The start at login is the desktop's: the service changes it, and says why not. */
static void
test_autostart (void)
{
  static const ScriptedCase cases[] = {
    { "settings autostart true", 0, "", "", "SetAutostart(true)\n" },
    { "settings autostart false", 0, "", "", "SetAutostart(false)\n" },
  };
  static const ScriptedCase refused[] = {
    { "settings autostart true", 1, "", "whis: The desktop does not allow it.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
  scripted_service_refuse (service, "SetAutostart", "Failed", "The desktop does not allow it.");
  scripted_service_check (service, refused, 1);
}

/* Whoever set “private” and is told that it worked goes on to dictate. */
static void
test_not_in_force (void)
{
  static const ScriptedCase refused[] = {
    { "settings private true", 1, "", "whis: Whis does not see it yet.\n", NULL },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_refuse (service, "AwaitSetting", "Failed", "Whis does not see it yet.");
  scripted_service_check (service, refused, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Settings are to be there for the next command. */
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);

  g_test_add_func ("/settings-commands/values", test_values);
  g_test_add_func ("/settings-commands/refused", test_refused);
  g_test_add_func ("/settings-commands/not-in-force", test_not_in_force);
  g_test_add_func ("/settings-commands/list", test_list);
  g_test_add_func ("/settings-commands/autostart", test_autostart);

  return g_test_run ();
}

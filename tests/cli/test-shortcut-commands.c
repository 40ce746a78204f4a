/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

/* `whis shortcut`: what is printed of the bound shortcuts, and what is told to the service. */

#define SILENCE "whis: Whis did not answer; start it again if this stays so.\n"
#define NO_START                                                                                   \
  "whis: Whis ended right after it was started; run “/bin/false” in a terminal to see why.\n"
#define NO_LINE                                                                                        \
  "whis: This desktop is not known for lines in a file; “whis shortcut set” binds a shortcut, or " \
  "bind “whis toggle” in its settings.\n"

/* Keys go to standard output for scripts, sentences to standard error. */
static void
test_list (void)
{
  static const struct
  {
    const char *description;
    const char *out;
    const char *err;
  } cases[] = {
    { "{'backend': <'portal'>, 'holds': <true>, 'triggers': <{'toggle': 'Meta+H', 'cancel': "
      "'Meta+C'}>}",
      "toggle\tMeta+H\ncancel\tMeta+C\n",
      "Bound by portal; a key that is held records until it is released.\n" },
    { "{'backend': <'gsettings'>, 'triggers': <{'toggle': 'Super+H'}>, "
      "'problem': <'Another program has Super+C.'>}",
      "toggle\tSuper+H\n",
      "Bound by gsettings, which does not tell when a key is released.\n"
      "Another program has Super+C.\n" },
    { "{'backend': <'x11'>, 'holds': <false>, 'triggers': <@a{ss} {}>}", "",
      "Bound by x11, which does not tell when a key is released.\n" },
    { "{'backend': <''>, 'holds': <true>}", "",
      "No program can bind shortcuts in this session.\n" },
    { "@a{sv} {}", "", "No program can bind shortcuts in this session.\n" },
    /* of another type than is known */
    { "{'backend': <'x11'>, 'triggers': <['toggle']>, 'problem': <7>}", "",
      "Bound by x11, which does not tell when a key is released.\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *answer = g_strdup_printf ("(%s,)", cases[i].description);
      const ScriptedCase list[] = {
        { "shortcut", 0, cases[i].out, cases[i].err, "Describe()\n" },
      };

      scripted_service_answer (service, "Shortcuts.Describe", answer);
      scripted_service_check (service, list, 1);
    }
}

/* A shortcut that another program has is no error of the call, and none that is bound. */
static void
test_set (void)
{
  static const ScriptedCase bound[] = {
    { "shortcut set toggle '<Super>h'", 0, "", "", "Bind({'toggle': '<Super>h'})\nDescribe()\n" },
    { "shortcut set cancel ''", 0, "", "", "Bind({'cancel': ''})\nDescribe()\n" },
  };
  static const ScriptedCase taken[] = {
    { "shortcut set toggle F5", 1, "", "whis: Another program has F5.\n",
      "Bind({'toggle': 'F5'})\nDescribe()\n" },
  };
  static const ScriptedCase refused[] = {
    { "shortcut set dance F5", 1, "", "whis: There is no action “dance”.\n",
      "Bind({'dance': 'F5'})\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Shortcuts.Describe", "({'backend': <'x11'>},)");
  scripted_service_check (service, bound, G_N_ELEMENTS (bound));
  scripted_service_answer (service, "Shortcuts.Describe",
                           "({'backend': <'x11'>, 'problem': <'Another program has F5.'>},)");
  scripted_service_check (service, taken, 1);
  scripted_service_refuse (service, "Bind", "Arguments", "There is no action “dance”.");
  scripted_service_check (service, refused, 1);
}

static void
test_check (void)
{
  static const ScriptedCase arrived[] = {
    { "shortcut check", 0, "", "Press the shortcut within ten seconds.\nIt arrived.\n",
      "Check()\n" },
  };
  static const ScriptedCase missed[] = {
    { "shortcut check", 1, "", "Press the shortcut within ten seconds.\nNo shortcut arrived.\n",
      "Check()\n" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_answer (service, "Shortcuts.Check", "(true,)");
  scripted_service_check (service, arrived, 1);
  scripted_service_answer (service, "Shortcuts.Check", "(false,)");
  scripted_service_check (service, missed, 1);
}

/* The line alone is on standard output, so that it can be appended to the file. */
static void
test_line (void)
{
  static const struct
  {
    const char *description;
    ScriptedCase line;
  } cases[] = {
    { "({'line': <'bindsym F5 exec whis\\n'>, 'line-file': <'~/.config/sway/config'>},)",
      { "shortcut line", 0, "bindsym F5 exec whis\n",
        "Add it to ~/.config/sway/config, and check it with “whis shortcut check”.\n",
        "Describe()\n" } },
    { "({'line': <'bindsym F5 exec whis\\n'>},)", { "shortcut line", 1, "", NO_LINE, NULL } },
    { "({'line-file': <'~/.config/sway/config'>},)", { "shortcut line", 1, "", NO_LINE, NULL } },
    { "({'backend': <'x11'>},)", { "shortcut line", 1, "", NO_LINE, NULL } },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      scripted_service_answer (service, "Shortcuts.Describe", cases[i].description);
      scripted_service_check (service, &cases[i].line, 1);
    }
}

static void
test_keys (void)
{
  static const ScriptedCase told[] = {
    { "shortcut press hold", 0, "", "", "Press('hold')\n" },
    { "shortcut release hold", 0, "", "", "Release('hold')\n" },
    { "shortcut tap toggle", 0, "", "", "Tap('toggle')\n" },
  };
  static const ScriptedCase refused[] = {
    { "shortcut press dance", 1, "", "whis: There is no action “dance”.\n", "Press('dance')\n" },
    { "shortcut release dance", 1, "", "whis: There is no action “dance”.\n",
      "Release('dance')\n" },
    { "shortcut tap dance", 1, "", "whis: There is no action “dance”.\n", "Tap('dance')\n" },
  };
  static const char *const methods[] = { "Press", "Release", "Tap" };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, told, G_N_ELEMENTS (told));
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    scripted_service_refuse (service, methods[i], "Arguments", "There is no action “dance”.");
  scripted_service_check (service, refused, G_N_ELEMENTS (refused));
}

static void
test_usage (void)
{
  static const ScriptedCase cases[] = {
    { "shortcut list", 2, "",
      "whis: There is no command “shortcut list”; “whis shortcut --help” lists them.\n", "" },
    { "shortcut --all", 2, "", "whis: Unknown option --all\n", "" },
    { "shortcut set toggle", 2, "", "whis: Call it as “whis shortcut set ACTION KEYS”.\n", "" },
    { "shortcut set", 2, "", NULL, "" },
    { "shortcut set toggle F5 F6", 2, "", NULL, "" },
    { "shortcut check now", 2, "", NULL, "" },
    { "shortcut line sway", 2, "", NULL, "" },
    { "shortcut press", 2, "", "whis: Call it as “whis shortcut press ACTION”.\n", "" },
    { "shortcut release", 2, "", "whis: Call it as “whis shortcut release ACTION”.\n", "" },
    { "shortcut tap", 2, "", "whis: Call it as “whis shortcut tap ACTION”.\n", "" },
    { "shortcut tap toggle cancel", 2, "", NULL, "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_older_service (void)
{
  static const ScriptedCase cases[] = {
    { "shortcut", 1, "", SILENCE, NULL },
    { "shortcut set toggle F5", 1, "", SILENCE, "Bind({'toggle': 'F5'})\n" },
    { "shortcut check", 1, "", "Press the shortcut within ten seconds.\n" SILENCE, NULL },
    { "shortcut line", 1, "", SILENCE, NULL },
    { "shortcut tap toggle", 1, "", SILENCE, NULL },
  };
  static const char *const methods[] = { "Shortcuts.Describe", "Bind", "Shortcuts.Check", "Tap" };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    scripted_service_refuse (service, methods[i], "org.freedesktop.DBus.Error.UnknownMethod",
                             "No such interface");
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

static void
test_not_running (void)
{
  static const ScriptedCase cases[] = {
    { "shortcut", 3, "", NO_START, "" },
    { "shortcut set toggle F5", 3, "", NO_START, "" },
    { "shortcut check", 3, "", NO_START, "" },
    { "shortcut line", 3, "", NO_START, "" },
    { "shortcut tap toggle", 3, "", NO_START, "" },
  };
  g_autoptr (ScriptedService) service = scripted_service_new ();

  scripted_service_leave (service);
  scripted_service_check (service, cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shortcut-commands/list", test_list);
  g_test_add_func ("/shortcut-commands/set", test_set);
  g_test_add_func ("/shortcut-commands/check", test_check);
  g_test_add_func ("/shortcut-commands/line", test_line);
  g_test_add_func ("/shortcut-commands/keys", test_keys);
  g_test_add_func ("/shortcut-commands/usage", test_usage);
  g_test_add_func ("/shortcut-commands/older-service", test_older_service);
  g_test_add_func ("/shortcut-commands/not-running", test_not_running);

  return g_test_run ();
}

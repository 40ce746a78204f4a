/* SPDX-License-Identifier: MIT */
#include "shortcut-lines.h"

static void
test_lines (void)
{
  static const struct
  {
    WhisShortcutLineFormat format;
    const char *trigger;
    WhisShortcutAction action;
    const char *lines;
  } rows[] = {
    { WHIS_SHORTCUT_LINE_SWAY, "<Super>h", WHIS_SHORTCUT_ACTION_TOGGLE,
      "bindsym --no-repeat Mod4+h exec whis shortcut press toggle\n"
      "bindsym --release Mod4+h exec whis shortcut release toggle\n" },
    { WHIS_SHORTCUT_LINE_SWAY, "<Control>Button8", WHIS_SHORTCUT_ACTION_CANCEL,
      "bindsym --whole-window --no-repeat Ctrl+button8 exec whis shortcut press cancel\n"
      "bindsym --whole-window --release Ctrl+button8 exec whis shortcut release cancel\n" },
    { WHIS_SHORTCUT_LINE_I3, "<Super><Shift>F5", WHIS_SHORTCUT_ACTION_ALTERNATIVE,
      "bindsym Mod4+Shift+F5 exec --no-startup-id whis shortcut press alternative\n"
      "bindsym --release Mod4+Shift+F5 exec --no-startup-id whis shortcut release alternative\n" },
    { WHIS_SHORTCUT_LINE_HYPRLAND, "<Super><Alt>h", WHIS_SHORTCUT_ACTION_TOGGLE,
      "bind = SUPER ALT, h, exec, whis shortcut press toggle\n"
      "bindr = SUPER ALT, h, exec, whis shortcut release toggle\n" },
    { WHIS_SHORTCUT_LINE_HYPRLAND, "Button9", WHIS_SHORTCUT_ACTION_TOGGLE,
      "bind = , mouse:276, exec, whis shortcut press toggle\n"
      "bindr = , mouse:276, exec, whis shortcut release toggle\n" },
    { WHIS_SHORTCUT_LINE_NIRI, "<Super>h", WHIS_SHORTCUT_ACTION_TOGGLE,
      "Super+h repeat=false { spawn \"whis\" \"shortcut\" \"tap\" \"toggle\"; }\n" },
    { WHIS_SHORTCUT_LINE_NIRI, "<Super>Button8", WHIS_SHORTCUT_ACTION_TOGGLE,
      "Super+MouseBack repeat=false { spawn \"whis\" \"shortcut\" \"tap\" \"toggle\"; }\n" },
    { WHIS_SHORTCUT_LINE_NIRI, "<Super>Button10", WHIS_SHORTCUT_ACTION_TOGGLE, NULL },
    { WHIS_SHORTCUT_LINE_LABWC, "<Super><Control>h", WHIS_SHORTCUT_ACTION_INSERT_LAST,
      "<keybind key=\"W-C-h\"><action name=\"Execute\" command=\"whis shortcut tap insert-last\"/>"
      "</keybind>\n" },
    { WHIS_SHORTCUT_LINE_LABWC, "Button8", WHIS_SHORTCUT_ACTION_TOGGLE, NULL },
    { WHIS_SHORTCUT_LINE_COSMIC, "<Super><Shift>h", WHIS_SHORTCUT_ACTION_TOGGLE,
      "(modifiers: [Super, Shift], key: \"h\"): Spawn(\"whis shortcut tap toggle\"),\n" },
    { WHIS_SHORTCUT_LINE_COSMIC, "F9", WHIS_SHORTCUT_ACTION_TOGGLE,
      "(modifiers: [], key: \"F9\"): Spawn(\"whis shortcut tap toggle\"),\n" },
    { WHIS_SHORTCUT_LINE_RIVER, "<Super><Control>h", WHIS_SHORTCUT_ACTION_UNDO_INSERTION,
      "riverctl map normal Super+Control h spawn 'whis shortcut press undo-insertion'\n"
      "riverctl map -release normal Super+Control h spawn 'whis shortcut release "
      "undo-insertion'\n" },
    { WHIS_SHORTCUT_LINE_RIVER, "F9", WHIS_SHORTCUT_ACTION_TOGGLE,
      "riverctl map normal None F9 spawn 'whis shortcut press toggle'\n"
      "riverctl map -release normal None F9 spawn 'whis shortcut release toggle'\n" },
    { WHIS_SHORTCUT_LINE_NONE, "<Super>h", WHIS_SHORTCUT_ACTION_TOGGLE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WhisShortcutTrigger trigger;
      g_autofree char *lines = NULL;

      g_assert_true (whis_shortcut_trigger_parse (rows[i].trigger, &trigger, NULL));
      lines = whis_shortcut_line_new (rows[i].format, rows[i].action, &trigger);
      g_assert_cmpstr (lines, ==, rows[i].lines);
    }
}

static void
test_sessions (void)
{
  static const struct
  {
    const char *environment[3];
    const char *name;
  } rows[] = {
    { { "SWAYSOCK=/run/user/1000/sway", "I3SOCK=/run/user/1000/sway" }, "sway" },
    { { "I3SOCK=/run/i3", "XDG_CURRENT_DESKTOP=i3" }, "i3" },
    { { "HYPRLAND_INSTANCE_SIGNATURE=1" }, "Hyprland" },
    { { "NIRI_SOCKET=/run/niri" }, "niri" },
    { { "XDG_CURRENT_DESKTOP=labwc:wlroots" }, "labwc" },
    { { "XDG_CURRENT_DESKTOP=COSMIC" }, "COSMIC" },
    { { "XDG_CURRENT_DESKTOP=river" }, "river" },
    { { "XDG_CURRENT_DESKTOP=ubuntu:GNOME" }, NULL },
    { { NULL }, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WhisShortcutLineFormat format = whis_shortcut_line_find_format (rows[i].environment);

      g_assert_cmpstr (whis_shortcut_line_get_name (format), ==, rows[i].name);
      g_assert_true ((whis_shortcut_line_get_file (format) != NULL) == (rows[i].name != NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shortcut-lines/lines", test_lines);
  g_test_add_func ("/shortcut-lines/sessions", test_sessions);

  return g_test_run ();
}

/* SPDX-License-Identifier: MIT */
#include <locale.h>

#include "shortcut-action.h"
#include "shortcut-error.h"
#include "shortcut-trigger.h"

static void
test_forms (void)
{
  static const struct
  {
    const char *text;
    const char *accelerator;
    const char *portal;
    const char *label;
    int qt;
  } rows[] = {
    { "<Super>h", "<Super>h", "LOGO+h", "Super+H", 0x10000048 },
    { "Super+H", "<Super>h", "LOGO+h", "Super+H", 0x10000048 },
    { "meta+h", "<Super>h", "LOGO+h", "Super+H", 0x10000048 },
    { "<Primary><Alt>space", "<Control><Alt>space", "CTRL+ALT+space", "Ctrl+Alt+Space",
      0x0c000020 },
    { "Ctrl + Shift + F9", "<Control><Shift>F9", "CTRL+SHIFT+F9", "Ctrl+Shift+F9", 0x07000038 },
    { "F12", "F12", "F12", "F12", 0x0100003b },
    { "<Alt>adiaeresis", "<Alt>adiaeresis", "ALT+adiaeresis", "Alt+Ä", 0x080000c4 },
    { "Pause", "Pause", "Pause", "Pause", 0x01000008 },
    { "XF86AudioMicMute", "XF86AudioMicMute", "XF86AudioMicMute", "XF86AudioMicMute", 0x01000113 },
    { "<Super>plus", "<Super>plus", "LOGO+plus", "Super++", 0x1000002b },
    { "<Super>Button8", "<Super>Button8", NULL, "Super+Mouse button 8", 0 },
    { "button9", "Button9", NULL, "Mouse button 9", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WhisShortcutTrigger trigger, again;
      g_autoptr (GError) error = NULL;
      g_autofree char *accelerator = NULL;
      g_autofree char *portal = NULL;
      g_autofree char *label = NULL;

      g_assert_true (whis_shortcut_trigger_parse (rows[i].text, &trigger, &error));
      g_assert_no_error (error);
      accelerator = whis_shortcut_trigger_to_accelerator (&trigger);
      portal = whis_shortcut_trigger_to_portal (&trigger);
      label = whis_shortcut_trigger_to_label (&trigger);
      g_assert_cmpstr (accelerator, ==, rows[i].accelerator);
      g_assert_cmpstr (portal, ==, rows[i].portal);
      g_assert_cmpstr (label, ==, rows[i].label);
      g_assert_cmphex ((guint) whis_shortcut_trigger_to_qt (&trigger), ==, (guint) rows[i].qt);

      g_assert_true (whis_shortcut_trigger_parse (accelerator, &again, NULL));
      g_assert_true (whis_shortcut_trigger_equal (&trigger, &again));
      if (rows[i].qt == 0)
        continue;
      g_assert_true (whis_shortcut_trigger_from_qt (rows[i].qt, &again));
      g_assert_true (whis_shortcut_trigger_equal (&trigger, &again));
    }
}

/* A key that programs need for themselves, or no key. */
static void
test_refused (void)
{
  static const char *const texts[] = {
    "",          "h",       "<Shift>h", "Shift+space", "Escape",       "Return",  "Left",
    "<Super>",   "<Hupe>h", "Super+",   "Super",       "<Super>nokey", "Button1", "<Super>Button3",
    "Super+h+j", "<Superh", "Shift_L",  "Control_R",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      WhisShortcutTrigger trigger;
      g_autoptr (GError) error = NULL;

      g_assert_false (whis_shortcut_trigger_parse (texts[i], &trigger, &error));
      g_assert_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_TRIGGER);
    }
}

static void
test_actions (void)
{
  WhisShortcutAction unknown;

  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    {
      WhisShortcutAction action = WHIS_SHORTCUT_N_ACTIONS;

      g_assert_true (whis_shortcut_action_from_nick (
          whis_shortcut_action_get_nick ((WhisShortcutAction) i), &action));
      g_assert_cmpuint (action, ==, i);
      g_assert_cmpstr (whis_shortcut_action_get_title (action), !=, "");
    }
  g_assert_false (whis_shortcut_action_from_nick ("dance", &unknown));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shortcut-trigger/forms", test_forms);
  g_test_add_func ("/shortcut-trigger/refused", test_refused);
  g_test_add_func ("/shortcut-trigger/actions", test_actions);

  return g_test_run ();
}

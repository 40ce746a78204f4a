/* SPDX-License-Identifier: MIT */
/* What to write into the configuration of compositors that have no interface for shortcuts. */
#include "shortcut-lines.h"

#include <gio/gio.h>

/* How modifiers are written, in the order of the bits of WhisShortcutModifiers. */
#define N_MODIFIERS 4

/* The first button besides those that click and scroll is BTN_SIDE of the kernel. */
#define FIRST_SIDE_BUTTON 8
#define BTN_SIDE 275

static const struct
{
  const char *name;
  const char *file;
  const char *variable; /* is set in its sessions; NULL if only the desktop's name tells */
  const char *modifiers[N_MODIFIERS];
  const char *separator;
} formats[] = {
  [WHIS_SHORTCUT_LINE_NONE] = { 0 },
  [WHIS_SHORTCUT_LINE_SWAY] = { "sway",
                                "~/.config/sway/config",
                                "SWAYSOCK",
                                { "Shift", "Ctrl", "Mod1", "Mod4" },
                                "+" },
  [WHIS_SHORTCUT_LINE_I3] = { "i3",
                              "~/.config/i3/config",
                              "I3SOCK",
                              { "Shift", "Ctrl", "Mod1", "Mod4" },
                              "+" },
  [WHIS_SHORTCUT_LINE_HYPRLAND] = { "Hyprland",
                                    "~/.config/hypr/hyprland.conf",
                                    "HYPRLAND_INSTANCE_SIGNATURE",
                                    { "SHIFT", "CTRL", "ALT", "SUPER" },
                                    " " },
  [WHIS_SHORTCUT_LINE_NIRI] = { "niri",
                                "~/.config/niri/config.kdl",
                                "NIRI_SOCKET",
                                { "Shift", "Ctrl", "Alt", "Super" },
                                "+" },
  [WHIS_SHORTCUT_LINE_LABWC] = { "labwc",
                                 "~/.config/labwc/rc.xml",
                                 "LABWC_PID",
                                 { "S", "C", "A", "W" },
                                 "-" },
  [WHIS_SHORTCUT_LINE_COSMIC] = { "COSMIC",
                                  "~/.config/cosmic/com.system76.CosmicSettings.Shortcuts/v1/"
                                  "custom",
                                  NULL,
                                  { "Shift", "Ctrl", "Alt", "Super" },
                                  ", " },
  [WHIS_SHORTCUT_LINE_RIVER] = { "river",
                                 "~/.config/river/init",
                                 NULL,
                                 { "Shift", "Control", "Alt", "Super" },
                                 "+" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (formats) == WHIS_SHORTCUT_N_LINES);

/**
 * whis_shortcut_line_find_format:
 * @environment: the environment of the session
 *
 * Returns: whose lines the session takes
 */
WhisShortcutLineFormat
whis_shortcut_line_find_format (const char *const *environment)
{
  const char *desktops = g_environ_getenv ((char **) environment, "XDG_CURRENT_DESKTOP");
  g_auto (GStrv) names = g_strsplit (desktops != NULL ? desktops : "", ":", -1);

  for (guint i = 1; i < WHIS_SHORTCUT_N_LINES; i++)
    if (formats[i].variable != NULL
        && g_environ_getenv ((char **) environment, formats[i].variable) != NULL)
      return (WhisShortcutLineFormat) i;
  for (guint i = 1; i < WHIS_SHORTCUT_N_LINES; i++)
    for (guint j = 0; names[j] != NULL; j++)
      if (g_ascii_strcasecmp (formats[i].name, names[j]) == 0)
        return (WhisShortcutLineFormat) i;

  return WHIS_SHORTCUT_LINE_NONE;
}

/**
 * whis_shortcut_line_get_name:
 * @format: a compositor
 *
 * Returns: (nullable): what it calls itself
 */
const char *
whis_shortcut_line_get_name (WhisShortcutLineFormat format)
{
  g_return_val_if_fail (format < WHIS_SHORTCUT_N_LINES, NULL);

  return formats[format].name;
}

/**
 * whis_shortcut_line_get_file:
 * @format: a compositor
 *
 * Returns: (nullable): the file that the line belongs into
 */
const char *
whis_shortcut_line_get_file (WhisShortcutLineFormat format)
{
  g_return_val_if_fail (format < WHIS_SHORTCUT_N_LINES, NULL);

  return formats[format].file;
}

/* The modifiers, Super first as people write them, and a separator after the last if @trailing. */
static char *
join_modifiers (WhisShortcutLineFormat format, WhisShortcutModifiers held, gboolean trailing)
{
  static const guint order[N_MODIFIERS] = { 3, 1, 2, 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < N_MODIFIERS; i++)
    {
      if ((held & (1u << order[i])) == 0)
        continue;
      if (text->len > 0 && !trailing)
        g_string_append (text, formats[format].separator);
      g_string_append (text, formats[format].modifiers[order[i]]);
      if (trailing)
        g_string_append (text, formats[format].separator);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* sway has the format of i3; what repeats is ignored by Whis, too, but each time starts a program.
 */
static char *
new_i3 (WhisShortcutLineFormat format, const char *action, const WhisShortcutTrigger *trigger)
{
  const char *whole = trigger->button != 0 ? "--whole-window " : "";
  gboolean is_sway = format == WHIS_SHORTCUT_LINE_SWAY;
  const char *once = is_sway ? "--no-repeat " : "";
  const char *exec = is_sway ? "exec" : "exec --no-startup-id";
  g_autofree char *modifiers = join_modifiers (format, trigger->modifiers, TRUE);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (trigger);
  g_autofree char *keys = NULL;

  if (trigger->button != 0)
    key[0] = 'b';
  keys = g_strconcat (modifiers, key, NULL);

  return g_strdup_printf ("bindsym %s%s%s %s whis shortcut press %s\n"
                          "bindsym %s--release %s %s whis shortcut release %s\n",
                          whole, once, keys, exec, action, whole, keys, exec, action);
}

static char *
new_hyprland (const char *action, const WhisShortcutTrigger *trigger)
{
  g_autofree char *modifiers =
      join_modifiers (WHIS_SHORTCUT_LINE_HYPRLAND, trigger->modifiers, FALSE);
  g_autofree char *key =
      trigger->button != 0
          ? g_strdup_printf ("mouse:%u", BTN_SIDE + trigger->button - FIRST_SIDE_BUTTON)
          : whis_shortcut_trigger_dup_key_name (trigger);

  return g_strdup_printf ("bind = %s, %s, exec, whis shortcut press %s\n"
                          "bindr = %s, %s, exec, whis shortcut release %s\n",
                          modifiers, key, action, modifiers, key, action);
}

static char *
new_niri (const char *action, const WhisShortcutTrigger *trigger)
{
  g_autofree char *modifiers = join_modifiers (WHIS_SHORTCUT_LINE_NIRI, trigger->modifiers, TRUE);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (trigger);
  const char *name = key;

  if (trigger->button > FIRST_SIDE_BUTTON + 1)
    return NULL;
  if (trigger->button != 0)
    name = trigger->button == FIRST_SIDE_BUTTON ? "MouseBack" : "MouseForward";

  return g_strdup_printf ("%s%s repeat=false { spawn \"whis\" \"shortcut\" \"tap\" \"%s\"; }\n",
                          modifiers, name, action);
}

static char *
new_labwc (const char *action, const WhisShortcutTrigger *trigger)
{
  g_autofree char *modifiers = join_modifiers (WHIS_SHORTCUT_LINE_LABWC, trigger->modifiers, TRUE);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (trigger);

  if (trigger->button != 0)
    return NULL;

  return g_strdup_printf ("<keybind key=\"%s%s\"><action name=\"Execute\" "
                          "command=\"whis shortcut tap %s\"/></keybind>\n",
                          modifiers, key, action);
}

static char *
new_cosmic (const char *action, const WhisShortcutTrigger *trigger)
{
  g_autofree char *modifiers =
      join_modifiers (WHIS_SHORTCUT_LINE_COSMIC, trigger->modifiers, FALSE);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (trigger);

  if (trigger->button != 0)
    return NULL;

  return g_strdup_printf ("(modifiers: [%s], key: \"%s\"): Spawn(\"whis shortcut tap %s\"),\n",
                          modifiers, key, action);
}

static char *
new_river (const char *action, const WhisShortcutTrigger *trigger)
{
  g_autofree char *modifiers = join_modifiers (WHIS_SHORTCUT_LINE_RIVER, trigger->modifiers, FALSE);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (trigger);
  const char *held = *modifiers != '\0' ? modifiers : "None";

  if (trigger->button != 0)
    return NULL;

  return g_strdup_printf ("riverctl map normal %s %s spawn 'whis shortcut press %s'\n"
                          "riverctl map -release normal %s %s spawn 'whis shortcut release %s'\n",
                          held, key, action, held, key, action);
}

/**
 * whis_shortcut_line_new:
 * @format: a compositor
 * @action: what the shortcut does
 * @trigger: what is pressed
 *
 * Where the compositor tells the release of a key, holding the key talks.
 *
 * Returns: (transfer full) (nullable): one line or two, each with a newline; %NULL if the
 * compositor has no such lines, or not for a button of the mouse
 */
char *
whis_shortcut_line_new (WhisShortcutLineFormat format,
                        WhisShortcutAction action,
                        const WhisShortcutTrigger *trigger)
{
  const char *nick = whis_shortcut_action_get_nick (action);

  g_return_val_if_fail (format < WHIS_SHORTCUT_N_LINES, NULL);
  g_return_val_if_fail (trigger != NULL, NULL);

  switch (format)
    {
    case WHIS_SHORTCUT_LINE_SWAY:
    case WHIS_SHORTCUT_LINE_I3:
      return new_i3 (format, nick, trigger);
    case WHIS_SHORTCUT_LINE_HYPRLAND:
      return new_hyprland (nick, trigger);
    case WHIS_SHORTCUT_LINE_NIRI:
      return new_niri (nick, trigger);
    case WHIS_SHORTCUT_LINE_LABWC:
      return new_labwc (nick, trigger);
    case WHIS_SHORTCUT_LINE_COSMIC:
      return new_cosmic (nick, trigger);
    case WHIS_SHORTCUT_LINE_RIVER:
      return new_river (nick, trigger);
    case WHIS_SHORTCUT_LINE_NONE:
    case WHIS_SHORTCUT_N_LINES:
    default:
      return NULL;
    }
}

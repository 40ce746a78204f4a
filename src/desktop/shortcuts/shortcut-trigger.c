/* SPDX-License-Identifier: MIT */
#include "shortcut-trigger.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <xkbcommon/xkbcommon.h>

#include "shortcut-error.h"

/* The lowest and the highest button that can be a shortcut; those below click and scroll. */
#define FIRST_BUTTON 8
#define LAST_BUTTON 32

static const struct
{
  WhisShortcutModifiers modifier;
  const char *accelerator;
  const char *portal;
  const char *label;
  int qt;
} modifiers[] = {
  /* In the order in which people write them. */
  { WHIS_SHORTCUT_SUPER, "Super", "LOGO", "Super", 0x10000000 },
  { WHIS_SHORTCUT_CONTROL, "Control", "CTRL", "Ctrl", 0x04000000 },
  { WHIS_SHORTCUT_ALT, "Alt", "ALT", "Alt", 0x08000000 },
  { WHIS_SHORTCUT_SHIFT, "Shift", "SHIFT", "Shift", 0x02000000 },
};

/* Other words for them, without case. */
static const struct
{
  const char *name;
  WhisShortcutModifiers modifier;
} modifier_names[] = {
  { "Alt", WHIS_SHORTCUT_ALT },         { "Control", WHIS_SHORTCUT_CONTROL },
  { "Ctrl", WHIS_SHORTCUT_CONTROL },    { "Ctl", WHIS_SHORTCUT_CONTROL },
  { "Logo", WHIS_SHORTCUT_SUPER },      { "Meta", WHIS_SHORTCUT_SUPER },
  { "Mod1", WHIS_SHORTCUT_ALT },        { "Mod4", WHIS_SHORTCUT_SUPER },
  { "Primary", WHIS_SHORTCUT_CONTROL }, { "Shift", WHIS_SHORTCUT_SHIFT },
  { "Super", WHIS_SHORTCUT_SUPER },     { "Win", WHIS_SHORTCUT_SUPER },
};

/* Keys that Qt does not number as Unicode does (Qt::Key). */
static const struct
{
  guint32 keysym;
  int qt;
} qt_keys[] = {
  { XKB_KEY_Escape, 0x01000000 },    { XKB_KEY_Tab, 0x01000001 },
  { XKB_KEY_BackSpace, 0x01000003 }, { XKB_KEY_Return, 0x01000004 },
  { XKB_KEY_KP_Enter, 0x01000005 },  { XKB_KEY_Insert, 0x01000006 },
  { XKB_KEY_Delete, 0x01000007 },    { XKB_KEY_Pause, 0x01000008 },
  { XKB_KEY_Print, 0x01000009 },     { XKB_KEY_Home, 0x01000010 },
  { XKB_KEY_End, 0x01000011 },       { XKB_KEY_Left, 0x01000012 },
  { XKB_KEY_Up, 0x01000013 },        { XKB_KEY_Right, 0x01000014 },
  { XKB_KEY_Down, 0x01000015 },      { XKB_KEY_Page_Up, 0x01000016 },
  { XKB_KEY_Page_Down, 0x01000017 }, { XKB_KEY_Caps_Lock, 0x01000024 },
  { XKB_KEY_Num_Lock, 0x01000025 },  { XKB_KEY_Scroll_Lock, 0x01000026 },
  { XKB_KEY_Menu, 0x01000055 },      { XKB_KEY_XF86AudioMicMute, 0x01000113 },
};

#define QT_F1 0x01000030
#define QT_MODIFIERS 0x1e000000
#define LAST_F_KEY 35

static WhisShortcutModifiers
find_modifier (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modifier_names); i++)
    if (g_ascii_strcasecmp (modifier_names[i].name, name) == 0)
      return modifier_names[i].modifier;

  return 0;
}

static gboolean
fail_trigger (GError **error, const char *text)
{
  g_set_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_TRIGGER,
               _ ("“%s” is no shortcut; write it as <Super>h or Ctrl+Alt+Space."), text);

  return FALSE;
}

/* Keys that write something cannot be taken from all programs. */
static gboolean
is_typed (const WhisShortcutTrigger *trigger)
{
  WhisShortcutModifiers commanding = trigger->modifiers & ~(guint) WHIS_SHORTCUT_SHIFT;

  if (trigger->keysym == 0 || commanding != 0)
    return FALSE;

  switch (trigger->keysym)
    {
    case XKB_KEY_Return:
    case XKB_KEY_KP_Enter:
    case XKB_KEY_Tab:
    case XKB_KEY_BackSpace:
    case XKB_KEY_Delete:
    case XKB_KEY_Escape:
    case XKB_KEY_Left:
    case XKB_KEY_Right:
    case XKB_KEY_Up:
    case XKB_KEY_Down:
      return TRUE;
    default:
      return xkb_keysym_to_utf32 (trigger->keysym) != 0;
    }
}

/* A key that is only held with others says nothing by itself. */
static gboolean
is_modifier_key (guint32 keysym)
{
  return (keysym >= XKB_KEY_Shift_L && keysym <= XKB_KEY_Hyper_R)
         || keysym == XKB_KEY_ISO_Level3_Shift || keysym == XKB_KEY_Num_Lock;
}

static gboolean
parse_key (const char *name, WhisShortcutTrigger *trigger)
{
  guint64 button;

  if (g_ascii_strncasecmp (name, "Button", 6) == 0
      && g_ascii_string_to_unsigned (name + 6, 10, FIRST_BUTTON, LAST_BUTTON, &button, NULL))
    {
      trigger->button = (guint) button;
      return TRUE;
    }

  trigger->keysym = xkb_keysym_from_name (name, XKB_KEYSYM_NO_FLAGS);
  if (trigger->keysym == XKB_KEY_NoSymbol)
    trigger->keysym = xkb_keysym_from_name (name, XKB_KEYSYM_CASE_INSENSITIVE);
  trigger->keysym = xkb_keysym_to_lower (trigger->keysym);

  return trigger->keysym != XKB_KEY_NoSymbol && !is_modifier_key (trigger->keysym);
}

/* `<Super>` before the key; returns where the rest begins, NULL for a modifier that is none. */
static const char *
parse_bracketed (const char *text, WhisShortcutModifiers *found)
{
  while (*text == '<')
    {
      const char *end = strchr (text, '>');
      g_autofree char *name = end != NULL ? g_strndup (text + 1, (gsize) (end - text - 1)) : NULL;
      WhisShortcutModifiers modifier = name != NULL ? find_modifier (name) : 0;

      if (modifier == 0)
        return NULL;
      *found |= modifier;
      text = end + 1;
    }

  return text;
}

/**
 * whis_shortcut_trigger_parse:
 * @text: as GTK writes it, `<Super>h`, or as people do, `Ctrl+Alt+Space`
 * @trigger: (out caller-allocates): what was read
 * @error: return location for %WHIS_SHORTCUT_ERROR_TRIGGER
 *
 * Returns: whether it names a key, or a button of the mouse, that can be a shortcut. A key that
 * writes something, or moves the cursor, needs another modifier than Shift.
 */
gboolean
whis_shortcut_trigger_parse (const char *text, WhisShortcutTrigger *trigger, GError **error)
{
  WhisShortcutTrigger read = { 0 };
  g_auto (GStrv) parts = NULL;
  const char *rest;
  guint last;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (trigger != NULL, FALSE);

  rest = parse_bracketed (text, &read.modifiers);
  parts = g_strsplit (rest != NULL ? rest : "", "+", -1);
  last = MAX (1, g_strv_length (parts)) - 1;
  for (guint i = 0; i < last; i++)
    {
      WhisShortcutModifiers modifier = find_modifier (g_strstrip (parts[i]));

      if (modifier == 0)
        return fail_trigger (error, text);
      read.modifiers |= modifier;
    }
  if (parts[last] == NULL || !parse_key (g_strstrip (parts[last]), &read))
    return fail_trigger (error, text);
  if (is_typed (&read))
    {
      g_set_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_TRIGGER,
                   _ ("“%s” alone would be missing in every program; add Super, Ctrl or Alt."),
                   text);
      return FALSE;
    }
  *trigger = read;

  return TRUE;
}

gboolean
whis_shortcut_trigger_equal (const WhisShortcutTrigger *a, const WhisShortcutTrigger *b)
{
  return a->modifiers == b->modifiers && a->keysym == b->keysym && a->button == b->button;
}

/**
 * whis_shortcut_trigger_dup_key_name:
 * @self: a trigger
 *
 * Returns: (transfer full): the name of its key, as in `xkbcommon-keysyms.h`, without modifiers;
 *   `Button8` for a button
 */
char *
whis_shortcut_trigger_dup_key_name (const WhisShortcutTrigger *self)
{
  char name[64] = "";

  g_return_val_if_fail (self != NULL, NULL);

  if (self->button != 0)
    return g_strdup_printf ("Button%u", self->button);
  xkb_keysym_get_name (self->keysym, name, sizeof name);

  return g_strdup (name);
}

/**
 * whis_shortcut_trigger_to_accelerator:
 * @self: a trigger
 *
 * Returns: (transfer full): it as GTK and the settings write it, `<Super>h`
 */
char *
whis_shortcut_trigger_to_accelerator (const WhisShortcutTrigger *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (self);

  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    if (self->modifiers & modifiers[i].modifier)
      g_string_append_printf (text, "<%s>", modifiers[i].accelerator);
  g_string_append (text, key);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * whis_shortcut_trigger_to_portal:
 * @self: a trigger
 *
 * See <https://specifications.freedesktop.org/shortcuts-spec/latest/>.
 *
 * Returns: (transfer full) (nullable): it as portals write it, `LOGO+h`; %NULL for a button
 */
char *
whis_shortcut_trigger_to_portal (const WhisShortcutTrigger *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (self);

  if (self->button != 0)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    if (self->modifiers & modifiers[i].modifier)
      g_string_append_printf (text, "%s+", modifiers[i].portal);
  g_string_append (text, key);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * whis_shortcut_trigger_to_label:
 * @self: a trigger
 *
 * Returns: (transfer full): it for people, `Super+H`
 */
char *
whis_shortcut_trigger_to_label (const WhisShortcutTrigger *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *key = whis_shortcut_trigger_dup_key_name (self);
  gunichar character = self->keysym != 0 ? xkb_keysym_to_utf32 (self->keysym) : 0;

  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    if (self->modifiers & modifiers[i].modifier)
      g_string_append_printf (text, "%s+", modifiers[i].label);
  if (self->button != 0)
    g_string_append_printf (text, _ ("Mouse button %u"), self->button);
  else if (character != 0 && g_unichar_isgraph (character))
    g_string_append_unichar (text, g_unichar_toupper (character));
  else
    {
      *key = g_ascii_toupper (*key);
      g_string_append (text, key);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static int
find_qt_key (guint32 keysym)
{
  gunichar character = xkb_keysym_to_utf32 (keysym);

  for (gsize i = 0; i < G_N_ELEMENTS (qt_keys); i++)
    if (qt_keys[i].keysym == keysym)
      return qt_keys[i].qt;
  if (keysym >= XKB_KEY_F1 && keysym < XKB_KEY_F1 + LAST_F_KEY)
    return QT_F1 + (int) (keysym - XKB_KEY_F1);

  return (int) g_unichar_toupper (character);
}

/**
 * whis_shortcut_trigger_to_qt:
 * @self: a trigger
 *
 * Returns: it as Qt writes a `QKeySequence` of one key; 0 for what Qt has no number for
 */
int
whis_shortcut_trigger_to_qt (const WhisShortcutTrigger *self)
{
  int qt;

  g_return_val_if_fail (self != NULL, 0);

  qt = self->button == 0 ? find_qt_key (self->keysym) : 0;
  for (gsize i = 0; qt != 0 && i < G_N_ELEMENTS (modifiers); i++)
    if (self->modifiers & modifiers[i].modifier)
      qt |= modifiers[i].qt;

  return qt;
}

static guint32
find_keysym_of_qt (int key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (qt_keys); i++)
    if (qt_keys[i].qt == key)
      return qt_keys[i].keysym;
  if (key >= QT_F1 && key < QT_F1 + LAST_F_KEY)
    return XKB_KEY_F1 + (guint32) (key - QT_F1);
  if (key >= 0x01000000)
    return XKB_KEY_NoSymbol;

  return xkb_keysym_to_lower (xkb_utf32_to_keysym ((guint32) key));
}

/**
 * whis_shortcut_trigger_from_qt:
 * @qt: a number as of [method@ShortcutTrigger.to_qt]
 * @trigger: (out caller-allocates): what it means
 *
 * Returns: whether it is a key that is known
 */
gboolean
whis_shortcut_trigger_from_qt (int qt, WhisShortcutTrigger *trigger)
{
  g_return_val_if_fail (trigger != NULL, FALSE);

  *trigger = (WhisShortcutTrigger){ 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    if (qt & modifiers[i].qt)
      trigger->modifiers |= modifiers[i].modifier;
  trigger->keysym = find_keysym_of_qt (qt & ~QT_MODIFIERS);

  return trigger->keysym != XKB_KEY_NoSymbol;
}

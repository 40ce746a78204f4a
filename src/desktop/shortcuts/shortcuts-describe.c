/* SPDX-License-Identifier: MIT */
/* What the shortcuts are bound to, for preferences, the command line and `whis doctor`. */
#include <glib/gi18n-lib.h>

#include "shortcut-lines.h"
#include "shortcut-settings.h"
#include "shortcuts-private.h"

/* What the extension has bound is what the settings say. */
static char *
shortcuts_dup_trigger (WhisShortcuts *self, const WhisShortcutBinding *binding)
{
  if (self->has_shell)
    return whis_shortcut_trigger_to_label (&binding->trigger);
  if (self->backend != NULL)
    return whis_shortcut_backend_dup_trigger (self->backend, binding->action);

  return NULL;
}

/* Returns: (transfer full) (nullable): the lines for all shortcuts, or for what is suggested */
static char *
shortcuts_dup_lines (WhisShortcuts *self, GArray *bindings, WhisShortcutLineFormat format)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  WhisShortcutBinding suggestion = { .action = WHIS_SHORTCUT_ACTION_TOGGLE };

  if (bindings->len == 0
      && whis_shortcut_trigger_parse (WHIS_SHORTCUTS_SUGGESTION, &suggestion.trigger, NULL))
    g_array_append_val (bindings, suggestion);
  for (guint i = 0; i < bindings->len; i++)
    {
      const WhisShortcutBinding *binding = &g_array_index (bindings, WhisShortcutBinding, i);
      g_autofree char *line = whis_shortcut_line_new (format, binding->action, &binding->trigger);

      if (line != NULL)
        g_string_append (lines, line);
    }

  return lines->len > 0 ? g_string_free (g_steal_pointer (&lines), FALSE) : NULL;
}

static const char *
shortcuts_get_problem (WhisShortcuts *self, gboolean wanted)
{
  const char *problem = NULL;

  if (self->has_shell || !wanted)
    return NULL;
  if (self->backend == NULL)
    return _ ("No program can bind shortcuts in this session; bind “whis toggle” in its settings.");
  if (whis_shortcut_backend_asks_user (self->backend)
      && whis_settings_get_shortcuts_refused (self->settings))
    return _ ("The shortcuts were refused; you can ask for them again in the preferences.");
  problem = whis_shortcut_backend_get_problem (self->backend);

  return self->problem != NULL ? self->problem : problem;
}

static const char *
shortcuts_get_backend_name (WhisShortcuts *self)
{
  if (self->has_shell)
    return "gnome-shell";

  return self->backend != NULL ? whis_shortcut_backend_get_name (self->backend) : "";
}

/**
 * whis_shortcuts_describe:
 * @self: the shortcuts
 *
 * Returns: (transfer floating): `a{sv}`, as the D-Bus interface tells it
 */
GVariant *
whis_shortcuts_describe (WhisShortcuts *self)
{
  g_autoptr (GArray) bindings = NULL;
  g_autofree char *lines = NULL;
  const char *problem;
  WhisShortcutLineFormat format;
  GVariantBuilder triggers;
  GVariantDict description;

  g_return_val_if_fail (WHIS_IS_SHORTCUTS (self), NULL);

  bindings = whis_shortcut_settings_read (self->settings);
  problem = shortcuts_get_problem (self, bindings->len > 0);
  g_variant_builder_init (&triggers, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < bindings->len; i++)
    {
      const WhisShortcutBinding *binding = &g_array_index (bindings, WhisShortcutBinding, i);
      g_autofree char *trigger = shortcuts_dup_trigger (self, binding);

      if (trigger != NULL)
        g_variant_builder_add (&triggers, "{ss}", whis_shortcut_action_get_nick (binding->action),
                               trigger);
    }

  g_variant_dict_init (&description, NULL);
  g_variant_dict_insert (&description, "backend", "s", shortcuts_get_backend_name (self));
  g_variant_dict_insert_value (&description, "triggers", g_variant_builder_end (&triggers));
  g_variant_dict_insert (
      &description, "holds", "b",
      self->has_shell
          || (self->backend != NULL && whis_shortcut_backend_tells_release (self->backend)));
  g_variant_dict_insert (&description, "suggestion", "s", WHIS_SHORTCUTS_SUGGESTION);
  if (problem != NULL)
    g_variant_dict_insert (&description, "problem", "s", problem);
  format = self->environment != NULL
               ? whis_shortcut_line_find_format ((const char *const *) self->environment)
               : WHIS_SHORTCUT_LINE_NONE;
  lines = shortcuts_dup_lines (self, bindings, format);
  if (lines != NULL)
    {
      g_variant_dict_insert (&description, "line", "s", lines);
      g_variant_dict_insert (&description, "line-file", "s", whis_shortcut_line_get_file (format));
      g_variant_dict_insert (&description, "compositor", "s", whis_shortcut_line_get_name (format));
    }

  return g_variant_dict_end (&description);
}

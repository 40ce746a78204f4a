/* SPDX-License-Identifier: MIT */
/* Shortcuts as the portal writes them, `a(sa{sv})`. */
#include "portal-shortcut-list.h"

#include <glib/gi18n-lib.h>

#include "portal-error.h"

/**
 * whis_portal_shortcut_list_new:
 * @bindings: (array length=n_bindings): shortcuts
 * @n_bindings: how many
 *
 * Returns: (transfer floating): what the portal is asked to bind
 */
GVariant *
whis_portal_shortcut_list_new (const WhisShortcutBinding *bindings, gsize n_bindings)
{
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(sa{sv})"));
  for (gsize i = 0; i < n_bindings; i++)
    {
      WhisShortcutAction action = bindings[i].action;
      g_autofree char *trigger = whis_shortcut_trigger_to_portal (&bindings[i].trigger);

      g_variant_builder_open (&list, G_VARIANT_TYPE ("(sa{sv})"));
      g_variant_builder_add (&list, "s", whis_shortcut_action_get_nick (action));
      g_variant_builder_open (&list, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&list, "{sv}", "description",
                             g_variant_new_string (whis_shortcut_action_get_title (action)));
      if (trigger != NULL)
        g_variant_builder_add (&list, "{sv}", "preferred_trigger", g_variant_new_string (trigger));
      g_variant_builder_close (&list);
      g_variant_builder_close (&list);
    }

  return g_variant_builder_end (&list);
}

/**
 * whis_portal_shortcut_list_read:
 * @list: what the portal tells
 * @triggers: (array fixed-size=WHIS_SHORTCUT_N_ACTIONS): gets what the user has to press for each
 *   action; %NULL for those that the list does not have, or has no key for
 */
void
whis_portal_shortcut_list_read (GVariant *list, char **triggers)
{
  GVariantIter iter;
  const char *id;
  GVariant *properties;

  if (!g_variant_is_of_type (list, G_VARIANT_TYPE ("a(sa{sv})")))
    return;

  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    g_clear_pointer (&triggers[i], g_free);
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_loop (&iter, "(&s@a{sv})", &id, &properties))
    {
      WhisShortcutAction action;
      const char *trigger = "";

      g_variant_lookup (properties, "trigger_description", "&s", &trigger);
      if (!whis_shortcut_action_from_nick (id, &action) || *trigger == '\0')
        continue;
      g_free (triggers[action]);
      triggers[action] = g_strdup (trigger);
    }
}

/**
 * whis_portal_shortcut_list_describe_missing:
 * @bindings: (array length=n_bindings): what is wanted
 * @n_bindings: how many
 * @triggers: (array fixed-size=WHIS_SHORTCUT_N_ACTIONS): what there is
 *
 * Returns: (transfer full) (nullable): a sentence for each shortcut that has no key
 */
char *
whis_portal_shortcut_list_describe_missing (const WhisShortcutBinding *bindings,
                                            gsize n_bindings,
                                            char *const *triggers)
{
  g_autoptr (GString) problem = g_string_new (NULL);

  for (gsize i = 0; i < n_bindings; i++)
    {
      if (triggers[bindings[i].action] != NULL)
        continue;
      if (problem->len > 0)
        g_string_append_c (problem, ' ');
      g_string_append_printf (problem,
                              _ ("The desktop names no key for “%s”; choose one in its settings."),
                              whis_shortcut_action_get_title (bindings[i].action));
    }

  return problem->len > 0 ? g_string_free (g_steal_pointer (&problem), FALSE) : NULL;
}

/**
 * whis_portal_shortcut_list_translate_error:
 * @error: an error of a request to the portal
 *
 * Returns: (transfer full): an error of %WHIS_SHORTCUT_ERROR with a sentence for the user, or
 *   %G_IO_ERROR_CANCELLED
 */
GError *
whis_portal_shortcut_list_translate_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (g_error_matches (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED))
    return g_error_new_literal (WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_REFUSED,
                                _ ("The shortcuts were refused; you can ask for them again in the "
                                   "preferences."));
  if (g_error_matches (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_NO_PORTAL))
    return g_error_new_literal (WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED,
                                _ ("The desktop has no portal for shortcuts."));

  return g_error_new (WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_FAILED,
                      _ ("The desktop did not bind the shortcuts: %s"), error->message);
}

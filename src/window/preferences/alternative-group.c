/* SPDX-License-Identifier: MIT */
#include "alternative-group.h"

#include <glib/gi18n-lib.h>

#include "choice-item.h"
#include "languages.h"
#include "provider-item.h"

/* The id of the choice that changes nothing; the empty one is the automatic language. */
#define AS_USUAL "as-usual"

/**
 * WhisAlternativeGroup:
 *
 * The rows about the other language or service, which has a shortcut of its own. The last row says
 * what a dictation with it would use.
 */
struct _WhisAlternativeGroup
{
  AdwPreferencesGroup parent;

  WhisSettings *settings;
  GListModel *providers;
  GtkDropDown *language;
  AdwComboRow *provider;
  AdwActionRow *result;
};

G_DEFINE_FINAL_TYPE (WhisAlternativeGroup, whis_alternative_group, ADW_TYPE_PREFERENCES_GROUP)

static char *
alternative_group_dup_option (WhisAlternativeGroup *self, const char *option, const char *usual)
{
  char *value = whis_settings_dup_alternative_option (self->settings, option);

  return value != NULL ? value : g_strdup (usual);
}

static char *
alternative_group_describe (WhisAlternativeGroup *self)
{
  g_autofree char *language =
      alternative_group_dup_option (self, "language", whis_settings_get_language (self->settings));
  g_autofree char *provider =
      alternative_group_dup_option (self, "provider", whis_settings_get_provider (self->settings));
  g_autofree char *model = whis_settings_dup_alternative_option (self->settings, "model");
  const char *spoken =
      *language != '\0' ? whis_language_get_name (language) : _ ("any language, automatically");
  g_autofree char *used = g_strdup_printf ("%s · %s", spoken, whis_providers_get_name (provider));

  return model != NULL ? g_strdup_printf ("%s · %s", used, model) : g_steal_pointer (&used);
}

static void
show_result (WhisAlternativeGroup *self)
{
  g_autofree char *used = alternative_group_describe (self);
  g_autofree char *id = whis_settings_dup_alternative_option (self->settings, "provider");
  WhisProviderItem *provider = id != NULL && self->providers != NULL
                                   ? whis_provider_list_find (self->providers, id, NULL)
                                   : NULL;
  gboolean lacks_key = provider != NULL && whis_provider_item_lacks_key (provider);
  g_autofree char *problem = g_strdup_printf (
      "%s\n%s", used, _ ("It needs an API key, which you can add on the next page"));

  adw_action_row_set_subtitle (self->result, lacks_key ? problem : used);
}

static void
set_option (WhisAlternativeGroup *self, const char *option, WhisChoiceItem *choice)
{
  const char *id = choice != NULL ? whis_choice_item_get_id (choice) : NULL;

  if (self->settings == NULL || id == NULL)
    return;
  whis_settings_set_alternative_option (self->settings, option,
                                        g_str_equal (id, AS_USUAL) ? NULL : id);
}

static void
language_selected_cb (WhisAlternativeGroup *self)
{
  set_option (self, "language", gtk_drop_down_get_selected_item (self->language));
}

static void
provider_selected_cb (WhisAlternativeGroup *self)
{
  set_option (self, "provider", adw_combo_row_get_selected_item (self->provider));
}

static void
show_language (WhisAlternativeGroup *self)
{
  g_autofree char *language = alternative_group_dup_option (self, "language", AS_USUAL);
  GListModel *choices = gtk_drop_down_get_model (self->language);
  guint position = choices != NULL ? whis_choice_list_find (choices, language) : G_MAXUINT;

  if (position == G_MAXUINT)
    {
      g_autoptr (GListStore) list =
          whis_languages_new (g_str_equal (language, AS_USUAL) ? "" : language);
      g_autoptr (WhisChoiceItem) usual = whis_choice_item_new (AS_USUAL, _ ("As usual"));

      g_list_store_insert (list, 0, usual);
      g_signal_handlers_block_by_func (self->language, language_selected_cb, self);
      gtk_drop_down_set_model (self->language, G_LIST_MODEL (list));
      g_signal_handlers_unblock_by_func (self->language, language_selected_cb, self);
      position = whis_choice_list_find (G_LIST_MODEL (list), language);
    }
  gtk_drop_down_set_selected (self->language, position);
}

static void
show_provider (WhisAlternativeGroup *self)
{
  g_autofree char *id = alternative_group_dup_option (self, "provider", AS_USUAL);
  GListModel *choices = adw_combo_row_get_model (self->provider);
  guint position = choices != NULL ? whis_choice_list_find (choices, id) : G_MAXUINT;

  if (position != G_MAXUINT)
    adw_combo_row_set_selected (self->provider, position);
}

static void
options_changed_cb (WhisAlternativeGroup *self)
{
  show_language (self);
  show_provider (self);
  show_result (self);
}

static void
whis_alternative_group_dispose (GObject *object)
{
  WhisAlternativeGroup *self = WHIS_ALTERNATIVE_GROUP (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->providers);

  G_OBJECT_CLASS (whis_alternative_group_parent_class)->dispose (object);
}

static void
whis_alternative_group_class_init (WhisAlternativeGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_alternative_group_dispose;

  g_type_ensure (WHIS_TYPE_CHOICE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/alternative-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisAlternativeGroup, language);
  gtk_widget_class_bind_template_child (widget_class, WhisAlternativeGroup, provider);
  gtk_widget_class_bind_template_child (widget_class, WhisAlternativeGroup, result);
  gtk_widget_class_bind_template_callback (widget_class, language_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, provider_selected_cb);
}

static void
whis_alternative_group_init (WhisAlternativeGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_alternative_group_connect:
 * @self: the group
 * @settings: the settings to show and change
 *
 * To be called once, before the providers are known.
 */
void
whis_alternative_group_connect (WhisAlternativeGroup *self, WhisSettings *settings)
{
  const char *const used[] = { "changed::language", "changed::provider" };

  g_return_if_fail (WHIS_IS_ALTERNATIVE_GROUP (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::alternative-options",
                           G_CALLBACK (options_changed_cb), self, G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (used); i++)
    g_signal_connect_object (settings, used[i], G_CALLBACK (show_result), self, G_CONNECT_SWAPPED);
  options_changed_cb (self);
}

/**
 * whis_alternative_group_set_providers:
 * @self: the group
 * @providers: a list of #WhisProviderItem
 *
 * Shows the services to choose from.
 */
void
whis_alternative_group_set_providers (WhisAlternativeGroup *self, GListModel *providers)
{
  g_autoptr (GListModel) choices = NULL;

  g_return_if_fail (WHIS_IS_ALTERNATIVE_GROUP (self));
  g_return_if_fail (G_IS_LIST_MODEL (providers));

  g_set_object (&self->providers, providers);
  choices = whis_provider_list_new_choices (providers, AS_USUAL, _ ("As usual"));
  /* A new list selects its first entry, which is not a choice of the user. */
  g_signal_handlers_block_by_func (self->provider, provider_selected_cb, self);
  adw_combo_row_set_model (self->provider, choices);
  show_provider (self);
  g_signal_handlers_unblock_by_func (self->provider, provider_selected_cb, self);
  show_result (self);
}

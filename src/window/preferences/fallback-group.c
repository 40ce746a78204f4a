/* SPDX-License-Identifier: MIT */
#include "fallback-group.h"

#include <glib/gi18n-lib.h>

#include "choice-item.h"
#include "provider-item.h"
#include "spin-setting.h"

/**
 * WhisFallbackGroup:
 *
 * The rows about a second service, to which sound goes only if the user names one.
 */
struct _WhisFallbackGroup
{
  AdwPreferencesGroup parent;

  WhisSettings *settings;
  GListModel *providers;
  AdwComboRow *provider;
  GtkWidget *after_row;
  GtkSpinButton *after;
};

G_DEFINE_FINAL_TYPE (WhisFallbackGroup, whis_fallback_group, ADW_TYPE_PREFERENCES_GROUP)

/* Why the second service would be of no use, or else what it is for. */
static const char *
describe_choice (WhisFallbackGroup *self, const char *id)
{
  WhisProviderItem *provider = whis_provider_list_find (self->providers, id, NULL);

  if (g_str_equal (id, whis_settings_get_provider (self->settings)))
    return _ ("This is the first one already");
  if (provider != NULL && whis_provider_item_lacks_key (provider))
    return _ ("It needs an API key, which you can add on the next page");

  return _ ("Gets the pieces that the first one fails on");
}

static void
show_choice (WhisFallbackGroup *self)
{
  const char *id = whis_settings_get_fallback_provider (self->settings);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->provider), describe_choice (self, id));
  gtk_widget_set_visible (self->after_row, *id != '\0');
}

static void
provider_selected_cb (WhisFallbackGroup *self)
{
  WhisChoiceItem *choice = adw_combo_row_get_selected_item (self->provider);

  if (choice == NULL || self->settings == NULL)
    return;
  whis_settings_set_fallback_provider (self->settings, whis_choice_item_get_id (choice));
  show_choice (self);
}

static void
select_provider (WhisFallbackGroup *self)
{
  const char *id = whis_settings_get_fallback_provider (self->settings);
  GListModel *choices = adw_combo_row_get_model (self->provider);
  guint position = choices != NULL ? whis_choice_list_find (choices, id) : G_MAXUINT;

  if (position != G_MAXUINT)
    adw_combo_row_set_selected (self->provider, position);
  show_choice (self);
}

static void
whis_fallback_group_dispose (GObject *object)
{
  WhisFallbackGroup *self = WHIS_FALLBACK_GROUP (object);

  if (self->settings != NULL)
    whis_settings_unbind (self->after, "value");
  g_clear_object (&self->settings);
  g_clear_object (&self->providers);

  G_OBJECT_CLASS (whis_fallback_group_parent_class)->dispose (object);
}

static void
whis_fallback_group_class_init (WhisFallbackGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_fallback_group_dispose;

  g_type_ensure (WHIS_TYPE_CHOICE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/fallback-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisFallbackGroup, provider);
  gtk_widget_class_bind_template_child (widget_class, WhisFallbackGroup, after_row);
  gtk_widget_class_bind_template_child (widget_class, WhisFallbackGroup, after);
  gtk_widget_class_bind_template_callback (widget_class, provider_selected_cb);
}

static void
whis_fallback_group_init (WhisFallbackGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_fallback_group_connect:
 * @self: the group
 * @settings: the settings to show and change
 *
 * To be called once, before the providers are known.
 */
void
whis_fallback_group_connect (WhisFallbackGroup *self, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_FALLBACK_GROUP (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  whis_spin_button_bind_setting (self->after, settings, "fallback-after");
  g_signal_connect_object (settings, "changed::fallback-provider", G_CALLBACK (select_provider),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::provider", G_CALLBACK (show_choice), self,
                           G_CONNECT_SWAPPED);
}

/**
 * whis_fallback_group_set_providers:
 * @self: the group
 * @providers: a list of #WhisProviderItem
 *
 * Shows the services to choose from.
 */
void
whis_fallback_group_set_providers (WhisFallbackGroup *self, GListModel *providers)
{
  g_autoptr (GListModel) choices = NULL;

  g_return_if_fail (WHIS_IS_FALLBACK_GROUP (self));
  g_return_if_fail (G_IS_LIST_MODEL (providers));

  g_set_object (&self->providers, providers);
  choices = whis_provider_list_new_choices (providers, "", _ ("None"));
  /* A new list selects its first entry, which is not a choice of the user. */
  g_signal_handlers_block_by_func (self->provider, provider_selected_cb, self);
  adw_combo_row_set_model (self->provider, choices);
  select_provider (self);
  g_signal_handlers_unblock_by_func (self->provider, provider_selected_cb, self);
}

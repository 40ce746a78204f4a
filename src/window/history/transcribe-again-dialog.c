/* SPDX-License-Identifier: MIT */
#include "transcribe-again-dialog.h"

#include "provider-item.h"
#include "service-call.h"

/**
 * WhisTranscribeAgainDialog:
 *
 * Asks with which service and model to transcribe a dictation once more. The response is then
 * %WHIS_TRANSCRIBE_AGAIN_RESPONSE.
 */
struct _WhisTranscribeAgainDialog
{
  AdwMessageDialog parent;

  AdwComboRow *provider;
  AdwComboRow *model;
};

G_DEFINE_FINAL_TYPE (WhisTranscribeAgainDialog,
                     whis_transcribe_again_dialog,
                     ADW_TYPE_MESSAGE_DIALOG)

static void
provider_selected_cb (WhisTranscribeAgainDialog *self)
{
  WhisProviderItem *provider = adw_combo_row_get_selected_item (self->provider);
  const char *const *models = provider != NULL ? whis_provider_item_get_models (provider) : NULL;
  g_autoptr (GtkStringList) names = gtk_string_list_new (models);

  adw_combo_row_set_model (self->model, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->model), models != NULL && models[0] != NULL);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self),
                                           WHIS_TRANSCRIBE_AGAIN_RESPONSE, provider != NULL);
}

static void
whis_transcribe_again_dialog_class_init (WhisTranscribeAgainDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WHIS_TYPE_PROVIDER_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/history/transcribe-again-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisTranscribeAgainDialog, provider);
  gtk_widget_class_bind_template_child (widget_class, WhisTranscribeAgainDialog, model);
  gtk_widget_class_bind_template_callback (widget_class, provider_selected_cb);
}

static void
whis_transcribe_again_dialog_init (WhisTranscribeAgainDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Services that need a key and have none are left out. */
static GListStore *
list_usable (GListModel *providers)
{
  GListStore *usable = g_list_store_new (WHIS_TYPE_PROVIDER_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (providers); i++)
    {
      g_autoptr (WhisProviderItem) provider = g_list_model_get_item (providers, i);

      if (!whis_provider_item_lacks_key (provider))
        g_list_store_append (usable, provider);
    }

  return usable;
}

/**
 * whis_transcribe_again_dialog_new:
 * @from: a widget of the window that asks
 * @providers: a list of #WhisProviderItem
 *
 * Returns: (transfer none): a dialog to connect to and to present
 */
WhisTranscribeAgainDialog *
whis_transcribe_again_dialog_new (GtkWidget *from, GListModel *providers)
{
  WhisTranscribeAgainDialog *self = g_object_new (
      WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG, "transient-for", gtk_widget_get_root (from), NULL);
  g_autoptr (GListStore) usable = list_usable (providers);

  adw_combo_row_set_model (self->provider, G_LIST_MODEL (usable));
  provider_selected_cb (self);
  return self;
}

/**
 * whis_transcribe_again_dialog_build_options:
 * @self: a dialog
 *
 * Returns: (transfer floating): the `a{sv}` of `TranscribeAgain`
 */
GVariant *
whis_transcribe_again_dialog_build_options (WhisTranscribeAgainDialog *self)
{
  WhisProviderItem *provider;
  GtkStringObject *model;

  g_return_val_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_DIALOG (self), NULL);

  provider = adw_combo_row_get_selected_item (self->provider);
  model = adw_combo_row_get_selected_item (self->model);

  return whis_service_dictation_options (
      provider != NULL ? whis_provider_item_get_id (provider) : NULL,
      model != NULL ? gtk_string_object_get_string (model) : NULL, NULL);
}

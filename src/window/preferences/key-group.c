/* SPDX-License-Identifier: MIT */
#include "key-group.h"

#include <glib/gi18n-lib.h>

#include "accessible-labels.h"
#include "key-transfer.h"
#include "secret.h"

/**
 * WhisKeyGroup:
 *
 * The API key of one service: where it is, an entry for a new one, Check and Remove.
 * #WhisKeyGroup::changed tells that the key was stored or removed.
 *
 * A key is only ever in the entry, until the service has stored it.
 */
struct _WhisKeyGroup
{
  AdwPreferencesGroup parent;

  WhisServiceProxy *service;
  WhisProviderItem *provider;
  GCancellable *cancellable;
  gboolean busy;

  GtkWidget *link;
  AdwPasswordEntryRow *entry;
  AdwActionRow *status;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkWidget *check;
  GtkWidget *remove;
};

G_DEFINE_FINAL_TYPE (WhisKeyGroup, whis_key_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *
describe_source (WhisProviderItem *provider)
{
  const char *source = whis_provider_item_get_key_source (provider);

  if (g_str_equal (source, "keyring"))
    return _ ("In the keyring");
  if (g_str_equal (source, "environment"))
    return _ ("From the environment");
  if (g_str_equal (source, "session"))
    return _ ("Until Whis quits");
  if (whis_provider_item_get_provider (provider)->needs_key)
    return _ ("No key");
  return _ ("No key, which many servers do not need");
}

/* A key from the environment cannot be removed by Whis. */
static gboolean
can_remove (WhisProviderItem *provider)
{
  const char *source = whis_provider_item_get_key_source (provider);

  return g_str_equal (source, "keyring") || g_str_equal (source, "session");
}

static gboolean
can_check (WhisProviderItem *provider)
{
  return !whis_provider_item_lacks_key (provider);
}

static void
key_group_update (WhisKeyGroup *self)
{
  gtk_spinner_set_spinning (self->spinner, self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->entry), !self->busy);
  gtk_widget_set_sensitive (self->check, !self->busy && can_check (self->provider));
  gtk_widget_set_sensitive (self->remove, !self->busy);
  gtk_widget_set_visible (self->remove, can_remove (self->provider));
}

static void
set_busy (WhisKeyGroup *self, gboolean busy)
{
  self->busy = busy;
  key_group_update (self);
}

static void
show_icon (WhisKeyGroup *self, const char *icon, const char *style)
{
  const char *classes[] = { style, NULL };

  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
}

static void
show_own_icon (WhisKeyGroup *self)
{
  show_icon (self, "dialog-password-symbolic", "dim-label");
}

static void
show_sentence (WhisKeyGroup *self, const char *sentence)
{
  adw_action_row_set_subtitle (self->status, sentence);
}

static void
show_error (WhisKeyGroup *self, const GError *error)
{
  g_autofree char *sentence = whis_service_call_error_to_sentence (error);

  show_sentence (self, sentence);
  show_icon (self, "dialog-error-symbolic", "error");
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisKeyGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = whis_key_transfer_finish (WHIS_BUS_WHIS1 (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (message == NULL)
    {
      show_error (self, error);
      return;
    }

  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  show_own_icon (self);
  show_sentence (self, message);
  g_signal_emit (self, signals[CHANGED], 0);
}

static const char *
skip_spaces (const char *text, gsize *length)
{
  while (g_ascii_isspace (*text))
    text++;
  *length = strlen (text);
  while (*length > 0 && g_ascii_isspace (text[*length - 1]))
    (*length)--;

  return text;
}

static void
applied_cb (WhisKeyGroup *self)
{
  gsize length;
  const char *typed = skip_spaces (gtk_editable_get_text (GTK_EDITABLE (self->entry)), &length);
  char *key;

  if (length == 0)
    {
      show_sentence (self, _ ("Type or paste a key first."));
      return;
    }

  key = g_strndup (typed, length);
  set_busy (self, TRUE);
  whis_key_transfer_async (whis_service_proxy_get_interface (self->service),
                           whis_provider_item_get_id (self->provider), key, self->cancellable,
                           stored_cb, g_object_ref (self));
  whis_secret_free (key);
}

static void
show_result (WhisKeyGroup *self, const char *result, const char *message)
{
  show_sentence (self, message);
  if (g_str_equal (result, "ok"))
    show_icon (self, "emblem-ok-symbolic", "success");
  else if (g_str_equal (result, "unknown"))
    show_icon (self, "dialog-question-symbolic", "warning");
  else
    show_icon (self, "dialog-error-symbolic", "error");
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisKeyGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *verdict = NULL;
  g_autofree char *message = NULL;

  whis_bus_whis1_call_check_key_finish (WHIS_BUS_WHIS1 (source), &verdict, &message, result,
                                        &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (error == NULL)
    show_result (self, verdict, message);
  else
    show_error (self, error);
}

static void
check_clicked_cb (WhisKeyGroup *self)
{
  g_autofree char *sentence = NULL;

  /* Translators: %s is a transcription service, such as OpenAI */
  sentence = g_strdup_printf (_ ("Asking %s…"), whis_provider_item_get_name (self->provider));
  show_sentence (self, sentence);
  show_own_icon (self);
  set_busy (self, TRUE);
  whis_bus_whis1_call_check_key (whis_service_proxy_get_interface (self->service),
                                 whis_provider_item_get_id (self->provider), self->cancellable,
                                 checked_cb, g_object_ref (self));
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisKeyGroup) self = user_data;
  g_autoptr (GError) error = NULL;

  whis_bus_whis1_call_remove_key_finish (WHIS_BUS_WHIS1 (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (error != NULL)
    {
      show_error (self, error);
      return;
    }

  show_sentence (self, _ ("The key was removed."));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
remove_answered_cb (WhisKeyGroup *self, const char *response)
{
  if (!g_str_equal (response, "remove"))
    return;

  set_busy (self, TRUE);
  whis_bus_whis1_call_remove_key (whis_service_proxy_get_interface (self->service),
                                  whis_provider_item_get_id (self->provider), self->cancellable,
                                  removed_cb, g_object_ref (self));
}

static void
remove_clicked_cb (WhisKeyGroup *self)
{
  GtkWidget *widget;
  AdwMessageDialog *dialog;

  widget = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   _ ("Remove the Key?"), NULL);
  dialog = ADW_MESSAGE_DIALOG (widget);
  /* Translators: %s is a transcription service, such as OpenAI */
  adw_message_dialog_format_body (
      dialog,
      _ ("Whis forgets the key of %s. Many services show a key only once, when it is made."),
      whis_provider_item_get_name (self->provider));
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "remove", _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The row to type the key into. */
static gboolean
whis_key_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (WHIS_KEY_GROUP (widget)->entry));
}

static void
whis_key_group_dispose (GObject *object)
{
  WhisKeyGroup *self = WHIS_KEY_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->provider);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_key_group_parent_class)->dispose (object);
}

static void
whis_key_group_class_init (WhisKeyGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_key_group_dispose;
  widget_class->grab_focus = whis_key_group_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/preferences/key-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisKeyGroup, link);
  gtk_widget_class_bind_template_child (widget_class, WhisKeyGroup, entry);
  gtk_widget_class_bind_template_child (widget_class, WhisKeyGroup, status);
  gtk_widget_class_bind_template_child (widget_class, WhisKeyGroup, icon);
  gtk_widget_class_bind_template_child (widget_class, WhisKeyGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, WhisKeyGroup, check);
  gtk_widget_class_bind_template_child (widget_class, WhisKeyGroup, remove);
  gtk_widget_class_bind_template_callback (widget_class, applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
}

static void
whis_key_group_init (WhisKeyGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  whis_accessible_labels_fix (GTK_WIDGET (self));
}

/**
 * whis_key_group_new:
 * @service: the service that keeps the keys
 *
 * Returns: (transfer floating): a group without a provider
 */
WhisKeyGroup *
whis_key_group_new (WhisServiceProxy *service)
{
  WhisKeyGroup *self;

  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);

  self = g_object_new (WHIS_TYPE_KEY_GROUP, NULL);
  self->service = g_object_ref (service);

  return self;
}

/**
 * whis_key_group_set_provider:
 * @self: the group
 * @provider: what is known of the service and its key now
 *
 * Shows the state of a key. What the last action said stays.
 */
void
whis_key_group_set_provider (WhisKeyGroup *self, WhisProviderItem *provider)
{
  const char *page;

  g_return_if_fail (WHIS_IS_KEY_GROUP (self));
  g_return_if_fail (WHIS_IS_PROVIDER_ITEM (provider));

  g_set_object (&self->provider, provider);
  page = whis_provider_item_get_provider (provider)->key_page;
  if (page != NULL)
    gtk_link_button_set_uri (GTK_LINK_BUTTON (self->link), page);
  gtk_widget_set_visible (self->link, page != NULL);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self),
                                   whis_provider_item_get_name (provider));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry),
                                 whis_provider_item_has_key (provider) ? _ ("New API Key")
                                                                       : _ ("API Key"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->status), describe_source (provider));
  if (!self->busy)
    show_own_icon (self);
  key_group_update (self);
}

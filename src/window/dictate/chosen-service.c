/* SPDX-License-Identifier: MIT */
#include "chosen-service.h"

#include "provider-item.h"

/**
 * WhisChosenService:
 *
 * The transcription service that the settings name: whether it is the recogniser on this computer,
 * and otherwise what it is called and whether it can be used.
 */
struct _WhisChosenService
{
  GObject parent;

  WhisServiceProxy *service;
  WhisSettings *settings;
  GCancellable *asking; /* NULL when nothing is on its way */
  gboolean lacks_key;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisChosenService, whis_chosen_service, G_TYPE_OBJECT)

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WhisChosenService *self = user_data;
  g_autoptr (GVariant) descriptions = NULL;
  g_autoptr (GListStore) providers = NULL;
  g_autoptr (GError) error = NULL;
  WhisProviderItem *item;

  whis_bus_whis1_call_list_providers_finish (WHIS_BUS_WHIS1 (object), &descriptions, result,
                                             &error);
  /* Another service was chosen meanwhile, or the object is disposed of. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->asking);
  if (descriptions == NULL)
    return;

  providers = whis_provider_list_new (descriptions);
  item = whis_provider_list_find (G_LIST_MODEL (providers),
                                  whis_settings_get_provider (self->settings), NULL);
  self->lacks_key = item != NULL && whis_provider_item_lacks_key (item);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
chosen_service_refresh (WhisChosenService *self)
{
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->lacks_key = FALSE;
  if (!whis_chosen_service_is_local (self) && whis_service_proxy_is_running (self->service))
    {
      self->asking = g_cancellable_new ();
      whis_bus_whis1_call_list_providers (whis_service_proxy_get_interface (self->service),
                                          self->asking, listed_cb, self);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * whis_chosen_service_is_local:
 * @self: the service
 *
 * Returns: whether it is the recogniser on this computer
 */
gboolean
whis_chosen_service_is_local (WhisChosenService *self)
{
  g_return_val_if_fail (WHIS_IS_CHOSEN_SERVICE (self), FALSE);

  return g_str_equal (whis_settings_get_provider (self->settings), WHIS_PROVIDER_LOCAL);
}

/**
 * whis_chosen_service_lacks_key:
 * @self: the service
 *
 * Returns: whether it is known that it needs a key, and has none
 */
gboolean
whis_chosen_service_lacks_key (WhisChosenService *self)
{
  g_return_val_if_fail (WHIS_IS_CHOSEN_SERVICE (self), FALSE);

  return self->lacks_key;
}

/**
 * whis_chosen_service_get_name:
 * @self: the service
 *
 * Returns: (transfer none): what people call it, its id if the catalogue lacks it
 */
const char *
whis_chosen_service_get_name (WhisChosenService *self)
{
  g_return_val_if_fail (WHIS_IS_CHOSEN_SERVICE (self), NULL);

  return whis_providers_get_name (whis_settings_get_provider (self->settings));
}

static void
whis_chosen_service_dispose (GObject *object)
{
  WhisChosenService *self = WHIS_CHOSEN_SERVICE (object);

  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_chosen_service_parent_class)->dispose (object);
}

static void
whis_chosen_service_class_init (WhisChosenServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_chosen_service_dispose;

  /**
   * WhisChosenService::changed:
   * @self: the service
   *
   * Another one was chosen, or whether it has a key is known now.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_chosen_service_init (WhisChosenService *self)
{
}

/**
 * whis_chosen_service_new:
 * @service: the service of the program
 * @settings: what names the transcription service
 *
 * Returns: (transfer full): the transcription service
 */
WhisChosenService *
whis_chosen_service_new (WhisServiceProxy *service, WhisSettings *settings)
{
  WhisChosenService *self;

  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);
  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);

  self = g_object_new (WHIS_TYPE_CHOSEN_SERVICE, NULL);
  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (chosen_service_refresh),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::provider", G_CALLBACK (chosen_service_refresh), self,
                           G_CONNECT_SWAPPED);
  chosen_service_refresh (self);

  return self;
}

/* SPDX-License-Identifier: MIT */
#include "endpoint-recogniser.h"

G_DEFINE_QUARK (whis_endpoint_error, whis_endpoint_error)
G_DEFINE_INTERFACE (WhisEndpointRecogniser, whis_endpoint_recogniser, G_TYPE_OBJECT)

static void
whis_endpoint_recogniser_default_init (WhisEndpointRecogniserInterface *iface)
{
}

/**
 * whis_endpoint_model_new:
 * @id: what a request calls it
 * @created: when it came to this computer, Unix time in seconds; 0 if that is not known
 *
 * Returns: (transfer full): a model that can be asked for
 */
WhisEndpointModel *
whis_endpoint_model_new (const char *id, gint64 created)
{
  WhisEndpointModel *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = g_new (WhisEndpointModel, 1);
  self->id = g_strdup (id);
  self->created = created;

  return self;
}

/**
 * whis_endpoint_model_free:
 * @self: (transfer full): a model
 */
void
whis_endpoint_model_free (WhisEndpointModel *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->id);
  g_free (self);
}

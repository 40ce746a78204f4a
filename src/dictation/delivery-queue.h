/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_DELIVERY_QUEUE (whis_delivery_queue_get_type ())
G_DECLARE_FINAL_TYPE (WhisDeliveryQueue, whis_delivery_queue, WHIS, DELIVERY_QUEUE, GObject)

WhisDeliveryQueue *whis_delivery_queue_new (void);
void whis_delivery_queue_enter (WhisDeliveryQueue *self, gpointer who);
void whis_delivery_queue_leave (WhisDeliveryQueue *self, gpointer who);
gboolean whis_delivery_queue_is_next (WhisDeliveryQueue *self, gpointer who);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "clipboard-owner.h"
#include "delivery-result.h"
#include "focus.h"
#include "insertion-method.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DELIVERY (whis_delivery_get_type ())

G_DECLARE_FINAL_TYPE (WhisDelivery, whis_delivery, WHIS, DELIVERY, GObject)

WhisDelivery *whis_delivery_new (WhisClipboard *clipboard);

/**
 * WhisDeliveryPrepareFunc:
 * @delivery: a delivery
 * @user_data: what was given with the function
 *
 * Called ahead of each delivery; it may exchange all methods.
 */
typedef void (*WhisDeliveryPrepareFunc) (WhisDelivery *delivery, gpointer user_data);

void whis_delivery_set_prepare_func (WhisDelivery *self,
                                     WhisDeliveryPrepareFunc prepare,
                                     gpointer user_data);
void whis_delivery_clear (WhisDelivery *self);
void whis_delivery_add_method (WhisDelivery *self, WhisInsertionMethod *method);
void whis_delivery_add_selection (WhisDelivery *self, WhisSelection *selection);
void whis_delivery_add_focus_source (WhisDelivery *self, WhisFocusSource *source);

WhisClipboardOwner *whis_delivery_get_clipboard (WhisDelivery *self);
GPtrArray *whis_delivery_get_methods (WhisDelivery *self);
GPtrArray *whis_delivery_get_focus_sources (WhisDelivery *self);

void whis_delivery_deliver_async (WhisDelivery *self,
                                  WhisInsertion *insertion,
                                  WhisDeliveryMode mode,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
WhisDeliveryResult *
whis_delivery_deliver_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

void whis_delivery_take_back_async (WhisDelivery *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean whis_delivery_take_back_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

G_END_DECLS

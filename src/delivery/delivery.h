/* SPDX-License-Identifier: MIT */
#pragma once

#include "clipboard.h"
#include "insertion-method.h"
#include "selection.h"

G_BEGIN_DECLS

/**
 * WhisDeliveryMode:
 * @WHIS_DELIVERY_MODE_INSERT: at the cursor by the first method that answers
 * @WHIS_DELIVERY_MODE_PASTE: at the cursor by the clipboard and the keys that paste
 * @WHIS_DELIVERY_MODE_COMMIT: at the cursor by an input method, which leaves the clipboard alone
 * @WHIS_DELIVERY_MODE_COPY: on the clipboard only
 * @WHIS_DELIVERY_MODE_BOTH: at the cursor, and on the clipboard
 *
 * Where a text goes. The nicks are the values of the setting `delivery`.
 */
typedef enum
{
  WHIS_DELIVERY_MODE_INSERT,
  WHIS_DELIVERY_MODE_PASTE,
  WHIS_DELIVERY_MODE_COMMIT,
  WHIS_DELIVERY_MODE_COPY,
  WHIS_DELIVERY_MODE_BOTH,
} WhisDeliveryMode;

#define WHIS_TYPE_DELIVERY_MODE (whis_delivery_mode_get_type ())

GType whis_delivery_mode_get_type (void);
WhisDeliveryMode whis_delivery_mode_from_nick (const char *nick);

/**
 * WhisDeliveryResult:
 * @outcome: where the text went, as far as it is known
 * @method: (nullable): the word of the method that inserted it
 * @copied: whether the text is on the clipboard
 * @reason: (nullable): why it was not inserted, a sentence for the user
 *
 * What became of a text.
 */
typedef struct
{
  WhisDeliveryOutcome outcome;
  const char *method;
  gboolean copied;
  char *reason;
} WhisDeliveryResult;

void whis_delivery_result_free (WhisDeliveryResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisDeliveryResult, whis_delivery_result_free)

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

void whis_delivery_query_focus_async (WhisDelivery *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
WhisFocus *
whis_delivery_query_focus_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

void whis_delivery_deliver_async (WhisDelivery *self,
                                  WhisInsertion *insertion,
                                  WhisDeliveryMode mode,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
WhisDeliveryResult *
whis_delivery_deliver_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

void whis_delivery_copy_async (WhisDelivery *self,
                               const char *text,
                               gboolean sensitive,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean whis_delivery_copy_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

void whis_delivery_take_back_async (WhisDelivery *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean whis_delivery_take_back_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

void whis_delivery_release_async (WhisDelivery *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean whis_delivery_release_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

void whis_delivery_describe_async (WhisDelivery *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GVariant *whis_delivery_describe_finish (WhisDelivery *self, GAsyncResult *result, GError **error);

G_END_DECLS

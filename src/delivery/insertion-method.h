/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery-error.h"
#include "delivery-outcome.h"
#include "insertion.h"

G_BEGIN_DECLS

#define WHIS_TYPE_INSERTION_METHOD (whis_insertion_method_get_type ())

G_DECLARE_INTERFACE (WhisInsertionMethod, whis_insertion_method, WHIS, INSERTION_METHOD, GObject)

/**
 * WhisInsertionMethodInterface:
 * @get_name: a fixed word for logs, the history and `whis doctor`, such as `x11-paste`
 * @uses_clipboard: whether the text goes over the clipboard; then [struct@Insertion].on_clipboard
 * is set when the insertion ends
 * @probe_async: begins [method@InsertionMethod.probe_async]
 * @probe_finish: ends it
 * @insert_async: begins [method@InsertionMethod.insert_async]
 * @insert_finish: ends it
 * @take_back_async: (nullable): begins [method@InsertionMethod.take_back_async]
 * @take_back_finish: (nullable): ends it
 *
 * One way to put a text at the cursor.
 */
struct _WhisInsertionMethodInterface
{
  GTypeInterface parent;

  const char *(*get_name) (WhisInsertionMethod *self);
  gboolean (*uses_clipboard) (WhisInsertionMethod *self);
  void (*probe_async) (WhisInsertionMethod *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*probe_finish) (WhisInsertionMethod *self, GAsyncResult *result, GError **error);
  void (*insert_async) (WhisInsertionMethod *self,
                        WhisInsertion *insertion,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  WhisDeliveryOutcome (*insert_finish) (WhisInsertionMethod *self,
                                        GAsyncResult *result,
                                        GError **error);
  void (*take_back_async) (WhisInsertionMethod *self,
                           const char *text,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  gboolean (*take_back_finish) (WhisInsertionMethod *self, GAsyncResult *result, GError **error);
};

const char *whis_insertion_method_get_name (WhisInsertionMethod *self);
gboolean whis_insertion_method_uses_clipboard (WhisInsertionMethod *self);
void whis_insertion_method_probe_async (WhisInsertionMethod *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean whis_insertion_method_probe_finish (WhisInsertionMethod *self,
                                             GAsyncResult *result,
                                             GError **error);
void whis_insertion_method_insert_async (WhisInsertionMethod *self,
                                         WhisInsertion *insertion,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
WhisDeliveryOutcome whis_insertion_method_insert_finish (WhisInsertionMethod *self,
                                                         GAsyncResult *result,
                                                         GError **error);

gboolean whis_insertion_method_can_take_back (WhisInsertionMethod *self);
void whis_insertion_method_take_back_async (WhisInsertionMethod *self,
                                            const char *text,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean whis_insertion_method_take_back_finish (WhisInsertionMethod *self,
                                                 GAsyncResult *result,
                                                 GError **error);

void whis_insertion_method_late_receipt (WhisInsertionMethod *self, WhisInsertion *insertion);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery-queue.h"
#include "delivery.h"
#include "history.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * WhisDeliveryWishes:
 * @hand_over: whether the text goes to where the user is working, when its turn comes; else it is
 *   only saved, at once
 * @private: whether clipboard managers are asked not to keep it
 * @language: (nullable): language code of the text
 * @reference: (nullable): id of the dictation
 * @save_timeout_ms: how long the history may take before the text is handed over all the same, in
 *   milliseconds; 0 for 1000
 *
 * What is wanted of a delivery.
 */
typedef struct
{
  gboolean hand_over;
  gboolean private;
  const char *language;
  const char *reference;
  guint save_timeout_ms;
} WhisDeliveryWishes;

#define WHIS_TYPE_DICTATION_DELIVERY (whis_dictation_delivery_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictationDelivery,
                      whis_dictation_delivery,
                      WHIS,
                      DICTATION_DELIVERY,
                      GObject)

WhisDictationDelivery *whis_dictation_delivery_new (const WhisDeliveryWishes *wishes,
                                                    WhisDeliveryQueue *queue,
                                                    WhisHistory *history,
                                                    WhisDelivery *delivery,
                                                    WhisSettings *settings);

void whis_dictation_delivery_note_focus (WhisDictationDelivery *self);
void whis_dictation_delivery_set_copied_only (WhisDictationDelivery *self);

void whis_dictation_delivery_follow (WhisDictationDelivery *self, WhisDictationDelivery *former);
void whis_dictation_delivery_enter (WhisDictationDelivery *self);
void whis_dictation_delivery_leave (WhisDictationDelivery *self);

void whis_dictation_delivery_run_async (WhisDictationDelivery *self,
                                        const char *text,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
WhisDeliveryResult *whis_dictation_delivery_run_finish (WhisDictationDelivery *self,
                                                        GAsyncResult *result,
                                                        GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "delivery-queue.h"
#include "history.h"

G_BEGIN_DECLS

/**
 * WhisDeliveryOutcome:
 * @WHIS_DELIVERY_OUTCOME_FAILED: the text reached nobody, or the delivery was cancelled
 * @WHIS_DELIVERY_OUTCOME_SAVED: the text is in the history, and nothing more was wanted
 * @WHIS_DELIVERY_OUTCOME_HANDED_OVER: the text is on the clipboard
 *
 * What became of a text.
 */
typedef enum
{
  WHIS_DELIVERY_OUTCOME_FAILED,
  WHIS_DELIVERY_OUTCOME_SAVED,
  WHIS_DELIVERY_OUTCOME_HANDED_OVER,
} WhisDeliveryOutcome;

/**
 * WhisDeliveryWishes:
 * @hand_over: whether the text goes to where the user is working, when its turn comes; else it is
 *   only saved, at once
 * @private: whether clipboard managers are asked not to keep it
 * @save_timeout_ms: how long the history may take before the text is handed over all the same, in
 *   milliseconds; 0 for 1000
 *
 * What is wanted of a delivery.
 */
typedef struct
{
  gboolean hand_over;
  gboolean private;
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
                                                    WhisDelivery *delivery);

void whis_dictation_delivery_enter (WhisDictationDelivery *self);
void whis_dictation_delivery_leave (WhisDictationDelivery *self);

void whis_dictation_delivery_run_async (WhisDictationDelivery *self,
                                        const char *text,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
WhisDeliveryOutcome whis_dictation_delivery_run_finish (WhisDictationDelivery *self,
                                                        GAsyncResult *result,
                                                        GError **error);

G_END_DECLS

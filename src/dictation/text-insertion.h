/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * WhisTextInsertionWishes:
 * @language: (nullable): language code of the text
 * @private: whether clipboard managers are asked not to keep it whatever the settings say
 * @mode: (nullable): where it goes, if not where the settings say
 * @reference: (nullable): by which the caller knows it again, see [struct@Insertion]
 * @former_text: (nullable): what was inserted at the same place just before; counts where the text
 *   before the cursor cannot be read
 * @expected: (nullable): what had the focus when the user stopped speaking
 *
 * What is wanted of a text that is inserted.
 */
typedef struct
{
  const char *language;
  gboolean private;
  const char *mode;
  const char *reference;
  const char *former_text;
  WhisFocus *expected;
} WhisTextInsertionWishes;

void whis_text_insertion_run_async (WhisDelivery *delivery,
                                    WhisSettings *settings,
                                    const char *text,
                                    const WhisTextInsertionWishes *wishes,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
WhisDeliveryResult *
whis_text_insertion_run_finish (WhisDelivery *delivery, GAsyncResult *result, GError **error);

G_END_DECLS

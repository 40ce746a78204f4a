/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "delivery-outcome.h"

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

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_DELIVERY_OUTCOME (whis_delivery_outcome_get_type ())

/**
 * WhisDeliveryOutcome:
 * @WHIS_DELIVERY_OUTCOME_NONE: not delivered yet, or never
 * @WHIS_DELIVERY_OUTCOME_COPIED: on the clipboard; no insertion was tried
 * @WHIS_DELIVERY_OUTCOME_LANDED: the target took the text, and that was seen
 * @WHIS_DELIVERY_OUTCOME_HANDED_OVER: an input method accepted it for the focused field; whether
 * the field took it cannot be seen
 * @WHIS_DELIVERY_OUTCOME_NOT_SEEN: an insertion was tried and not seen to land; it is on the
 *   clipboard
 * @WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD: no text field has the focus; it is on the clipboard
 * @WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD: a password field has the focus; nothing was inserted
 *
 * Where a text went, as far as it is known. The nicks are the words of the D-Bus interface and of
 * the history.
 */
typedef enum
{
  WHIS_DELIVERY_OUTCOME_NONE,
  WHIS_DELIVERY_OUTCOME_COPIED,
  WHIS_DELIVERY_OUTCOME_LANDED,
  WHIS_DELIVERY_OUTCOME_HANDED_OVER,
  WHIS_DELIVERY_OUTCOME_NOT_SEEN,
  WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD,
  WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD,
} WhisDeliveryOutcome;

GType whis_delivery_outcome_get_type (void);

const char *whis_delivery_outcome_get_nick (WhisDeliveryOutcome outcome);
WhisDeliveryOutcome whis_delivery_outcome_from_nick (const char *nick);
const char *whis_delivery_outcome_describe (WhisDeliveryOutcome outcome);
gboolean whis_delivery_outcome_is_inserted (WhisDeliveryOutcome outcome);
gboolean whis_delivery_outcome_may_become (WhisDeliveryOutcome from, WhisDeliveryOutcome to);

G_END_DECLS

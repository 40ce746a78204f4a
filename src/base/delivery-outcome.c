/* SPDX-License-Identifier: MIT */
#include "delivery-outcome.h"

#include <glib/gi18n-lib.h>

G_DEFINE_ENUM_TYPE (WhisDeliveryOutcome,
                    whis_delivery_outcome,
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_OUTCOME_NONE, ""),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_OUTCOME_COPIED, "copied"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_OUTCOME_LANDED, "landed"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_OUTCOME_HANDED_OVER, "handed-over"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_OUTCOME_NOT_SEEN, "not-seen"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD, "no-text-field"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD, "password-field"))

/**
 * whis_delivery_outcome_get_nick:
 * @outcome: an outcome
 *
 * Returns: its word in the D-Bus interface and in the history; empty for
 *   %WHIS_DELIVERY_OUTCOME_NONE
 */
const char *
whis_delivery_outcome_get_nick (WhisDeliveryOutcome outcome)
{
  g_autoptr (GEnumClass) outcomes = g_type_class_ref (WHIS_TYPE_DELIVERY_OUTCOME);
  GEnumValue *value = g_enum_get_value (outcomes, (int) outcome);

  g_return_val_if_fail (value != NULL, NULL);

  return value->value_nick;
}

/**
 * whis_delivery_outcome_from_nick:
 * @nick: (nullable): a word
 *
 * Returns: the outcome of that word, %WHIS_DELIVERY_OUTCOME_NONE for an unknown one
 */
WhisDeliveryOutcome
whis_delivery_outcome_from_nick (const char *nick)
{
  g_autoptr (GEnumClass) outcomes = g_type_class_ref (WHIS_TYPE_DELIVERY_OUTCOME);
  GEnumValue *value = g_enum_get_value_by_nick (outcomes, nick != NULL ? nick : "");

  return value != NULL ? (WhisDeliveryOutcome) value->value : WHIS_DELIVERY_OUTCOME_NONE;
}

/**
 * whis_delivery_outcome_describe:
 * @outcome: an outcome
 *
 * Returns: (nullable): where the text went, as a part of a sentence; %NULL if it went nowhere yet
 */
const char *
whis_delivery_outcome_describe (WhisDeliveryOutcome outcome)
{
  static const char *const descriptions[] = {
    [WHIS_DELIVERY_OUTCOME_NONE] = NULL,
    [WHIS_DELIVERY_OUTCOME_COPIED] = N_ ("copied to the clipboard"),
    [WHIS_DELIVERY_OUTCOME_LANDED] = N_ ("inserted at the cursor"),
    [WHIS_DELIVERY_OUTCOME_HANDED_OVER] = N_ ("handed over to the text field"),
    [WHIS_DELIVERY_OUTCOME_NOT_SEEN] = N_ ("inserted, but not seen to arrive"),
    [WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD] = N_ ("not inserted: no text field had the focus"),
    [WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD] = N_ ("not inserted: a password field had the focus"),
  };

  g_return_val_if_fail ((gsize) outcome < G_N_ELEMENTS (descriptions), NULL);

  return descriptions[outcome] != NULL ? _ (descriptions[outcome]) : NULL;
}

/**
 * whis_delivery_outcome_is_inserted:
 * @outcome: an outcome
 *
 * Returns: whether the text stands in the target, as far as it can be known
 */
gboolean
whis_delivery_outcome_is_inserted (WhisDeliveryOutcome outcome)
{
  return outcome == WHIS_DELIVERY_OUTCOME_LANDED || outcome == WHIS_DELIVERY_OUTCOME_HANDED_OVER;
}

/**
 * whis_delivery_outcome_may_become:
 * @from: what was known until now
 * @to: what is known now
 *
 * A late receipt makes a text landed that was not seen to land or only handed over. Nothing else
 * changes afterwards.
 *
 * Returns: whether @to replaces @from
 */
gboolean
whis_delivery_outcome_may_become (WhisDeliveryOutcome from, WhisDeliveryOutcome to)
{
  return to == WHIS_DELIVERY_OUTCOME_LANDED
         && (from == WHIS_DELIVERY_OUTCOME_NOT_SEEN || from == WHIS_DELIVERY_OUTCOME_HANDED_OVER);
}

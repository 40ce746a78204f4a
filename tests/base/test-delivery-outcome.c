/* SPDX-License-Identifier: MIT */
#include <glib.h>

#include "delivery-outcome.h"

/* Each outcome has a word that leads back to it, and an unknown word is none. */
static void
test_nicks (void)
{
  for (int i = WHIS_DELIVERY_OUTCOME_NONE; i <= WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD; i++)
    {
      WhisDeliveryOutcome outcome = (WhisDeliveryOutcome) i;

      g_assert_cmpint (whis_delivery_outcome_from_nick (whis_delivery_outcome_get_nick (outcome)),
                       ==, i);
      g_assert_cmpint (whis_delivery_outcome_describe (outcome) != NULL, ==, i != 0);
    }
  g_assert_cmpint (whis_delivery_outcome_from_nick ("of a later version"), ==,
                   WHIS_DELIVERY_OUTCOME_NONE);
  g_assert_cmpint (whis_delivery_outcome_from_nick (NULL), ==, WHIS_DELIVERY_OUTCOME_NONE);
}

/* Only what was seen, or handed over where nothing can be seen, stands in the target. */
static void
test_inserted (void)
{
  for (int i = WHIS_DELIVERY_OUTCOME_NONE; i <= WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD; i++)
    g_assert_cmpint (whis_delivery_outcome_is_inserted ((WhisDeliveryOutcome) i), ==,
                     i == WHIS_DELIVERY_OUTCOME_LANDED || i == WHIS_DELIVERY_OUTCOME_HANDED_OVER);
}

/* A late receipt is the only news. */
static void
test_late (void)
{
  for (int from = WHIS_DELIVERY_OUTCOME_NONE; from <= WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD; from++)
    for (int to = WHIS_DELIVERY_OUTCOME_NONE; to <= WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD; to++)
      g_assert_cmpint (
          whis_delivery_outcome_may_become ((WhisDeliveryOutcome) from, (WhisDeliveryOutcome) to),
          ==,
          to == WHIS_DELIVERY_OUTCOME_LANDED
              && (from == WHIS_DELIVERY_OUTCOME_NOT_SEEN
                  || from == WHIS_DELIVERY_OUTCOME_HANDED_OVER));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery-outcome/nicks", test_nicks);
  g_test_add_func ("/delivery-outcome/inserted", test_inserted);
  g_test_add_func ("/delivery-outcome/late", test_late);

  return g_test_run ();
}

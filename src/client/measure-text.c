/* SPDX-License-Identifier: MIT */
#include "measure-text.h"

#include <glib/gi18n-lib.h>

/* “5.3”, and “24” where a tenth says nothing. */
static char *
print_times (double times)
{
  return g_strdup_printf ("%.*f", times < 9.95 ? 1 : 0, times);
}

/**
 * whis_measure_text_is_slow:
 * @model: a dictionary of the D-Bus method `List` of the interface for models
 *
 * Returns: whether the model was measured, and is slower than speech on this computer
 */
gboolean
whis_measure_text_is_slow (GVariant *model)
{
  double times = 0;

  return g_variant_lookup (model, "times-faster", "d", &times) && times < 1;
}

/**
 * whis_measure_text_new:
 * @model: a dictionary of the D-Bus method `List` of the interface for models
 *
 * Returns: (transfer full) (nullable): how fast the model is on this computer, for people, such as
 *   “5.3 times faster than speech, 242 MB of memory”; %NULL if it was not measured
 */
char *
whis_measure_text_new (GVariant *model)
{
  double times = 0;
  guint64 bytes = 0;
  g_autofree char *number = NULL;
  g_autofree char *size = NULL;
  g_autofree char *speed = NULL;

  if (!g_variant_lookup (model, "times-faster", "d", &times) || times <= 0)
    return NULL;

  number = print_times (times < 1 ? 1 / times : times);
  if (times < 1)
    /* Translators: %s is a number, such as “1.7” */
    speed = g_strdup_printf (_ ("%s times slower than speech"), number);
  else
    /* Translators: %s is a number, such as “5.3” */
    speed = g_strdup_printf (_ ("%s times faster than speech"), number);
  g_variant_lookup (model, "peak-memory", "t", &bytes);
  if (bytes == 0)
    return g_steal_pointer (&speed);

  size = g_format_size (bytes);
  /* Translators: “5.3 times faster than speech”, a size */
  return g_strdup_printf (_ ("%s, %s of memory"), speed, size);
}

/**
 * whis_measure_text_new_for_gpu:
 * @model: a dictionary of the D-Bus method `List` of the interface for models
 *
 * Returns: (transfer full) (nullable): whether the graphics processor is used for the model, as a
 *   sentence; %NULL if there is none, or nobody has tried it
 */
char *
whis_measure_text_new_for_gpu (GVariant *model)
{
  const char *verdict = "", *gpu = "";

  g_variant_lookup (model, "gpu-verdict", "&s", &verdict);
  g_variant_lookup (model, "gpu", "&s", &gpu);
  if (g_str_equal (verdict, "right"))
    return g_strdup_printf (_ ("The graphics processor %s is used."), gpu);
  if (g_str_equal (verdict, "wrong"))
    return g_strdup_printf (_ ("The graphics processor %s is not used: it gets another text than "
                               "the processor."),
                            gpu);
  if (g_str_equal (verdict, "slow"))
    return g_strdup_printf (_ ("The graphics processor %s is not used: it is slower than the "
                               "processor."),
                            gpu);
  if (g_str_equal (verdict, "failed"))
    return g_strdup (_ ("The graphics processor is not used: its driver crashed or did not "
                        "finish."));

  return NULL;
}

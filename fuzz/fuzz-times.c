/* SPDX-License-Identifier: MIT */
#include "history-times.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
assert_equal (const WhisTimedText *one, const WhisTimedText *other)
{
  g_assert_cmpuint (one->start_ms, ==, other->start_ms);
  g_assert_cmpuint (one->end_ms, ==, other->end_ms);
  g_assert_cmpstr (one->text, ==, other->text);
}

/* Whatever a damaged database holds; what was read is written so that it is read the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *json = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) times = whis_history_times_parse (json);
  g_autofree char *written = whis_history_times_print (times);
  g_autoptr (GPtrArray) again = whis_history_times_parse (written);

  g_assert_true ((times == NULL) == (again == NULL));
  if (times == NULL)
    return 0;

  g_assert_cmpuint (again->len, ==, times->len);
  for (guint i = 0; i < times->len; i++)
    {
      const WhisTimedText *time = g_ptr_array_index (times, i);

      g_assert_true (g_utf8_validate (time->text, -1, NULL));
      g_assert_cmpuint (time->start_ms, <=, time->end_ms);
      assert_equal (time, g_ptr_array_index (again, i));
    }

  return 0;
}

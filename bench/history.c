/* SPDX-License-Identifier: MIT */
/* How long the history takes to answer when it is full.
 *
 *   bench-history [ENTRIES]
 *
 * Entries of 60 words, every tenth in Japanese, in a folder of its own. Each line is the median of
 * 21 calls, from the call until the callback. */
#include "history.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define ROUNDS 21

static const char *const words[] = {
  "about", "house", "meeting", "tomorrow", "letter", "garden", "morning", "people",  "write",
  "think", "water", "because", "project",  "number", "paper",  "between", "another", "finally",
};

static char *
create_text (guint i)
{
  GString *text = g_string_new (NULL);

  for (guint w = 0; w < 60; w++)
    g_string_append_printf (text, "%s%s ", words[(i * 7 + w * w) % G_N_ELEMENTS (words)],
                            w % 9 == 0 ? "s" : "");
  if (i % 10 == 0)
    g_string_append (text, "今日は天気がいいですね");
  g_string_append_printf (text, "unique%u", i);

  return g_string_free (text, FALSE);
}

static void
store_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static void
flush (WhisHistory *history)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_history_flush_async (history, NULL, store_result, &result);
  if (!whis_history_flush_finish (history, wait_for (&result), &error))
    g_error ("%s", error->message);
}

static void
fill (WhisHistory *history, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("entry-%u", i);
      g_autoptr (WhisRecord) record = whis_record_new (id);

      record->created_ms = i;
      record->state = WHIS_DICTATION_STATE_DONE;
      record->text = create_text (i);
      whis_history_put (history, record);
      /* The queue is not endless. */
      if (i % 1000 == 999)
        flush (history);
    }
}

static guint
list (WhisHistory *history, const WhisHistoryQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  guint total = 0;

  whis_history_list_async (history, query, NULL, store_result, &result);
  records = whis_history_list_finish (history, wait_for (&result), &total, &error);
  if (records == NULL)
    g_error ("%s", error->message);

  return total;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

static void
time_list (WhisHistory *history, const char *name, WhisHistoryQuery query)
{
  double times[ROUNDS];
  guint total = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 start = g_get_monotonic_time ();

      total = list (history, &query);
      times[i] = (double) (g_get_monotonic_time () - start) / 1000;
    }
  qsort (times, ROUNDS, sizeof *times, compare);
  g_print ("%-32s %8.2f ms  %6u found\n", name, times[ROUNDS / 2], total);
}

static void
time_delete (WhisHistory *history)
{
  gint64 start = g_get_monotonic_time ();

  whis_history_delete (history, (const char *const[]){ "entry-17", NULL });
  flush (history);
  g_print ("%-32s %8.2f ms\n", "delete, with nothing left",
           (double) (g_get_monotonic_time () - start) / 1000);
}

static void
remove_all (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) atoi (argv[1]) : 10000;
  g_autofree char *directory = g_dir_make_tmp ("whis-bench-XXXXXX", NULL);
  WhisHistory *history = whis_history_new (directory);
  gint64 start = g_get_monotonic_time ();

  fill (history, n);
  flush (history);
  g_print ("%-32s %8.2f ms each\n", "put",
           (double) (g_get_monotonic_time () - start) / 1000 / MAX (n, 1));
  time_list (history, "newest 100", (WhisHistoryQuery){ .limit = 100 });
  time_list (history, "oldest 100", (WhisHistoryQuery){ .limit = 100, .offset = n - 100 });
  time_list (history, "a word of one entry",
             (WhisHistoryQuery){ .search = "unique4711", .limit = 100 });
  time_list (history, "a word of many", (WhisHistoryQuery){ .search = "garden", .limit = 100 });
  time_list (history, "two words, the last begun",
             (WhisHistoryQuery){ .search = "meeting gard", .limit = 100 });
  time_list (history, "in Japanese", (WhisHistoryQuery){ .search = "天気", .limit = 100 });
  time_list (history, "marked", (WhisHistoryQuery){ .marked = TRUE, .limit = 100 });
  time_list (history, "unfinished",
             (WhisHistoryQuery){ .states = 1u << WHIS_DICTATION_STATE_WAITING, .limit = 100 });
  time_delete (history);
  g_object_unref (history);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
  remove_all (directory);

  return 0;
}

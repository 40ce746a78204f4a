/* SPDX-License-Identifier: MIT */
#include "statistics.h"

#include <glib/gstdio.h>

#include "awaited.h"

/* A history of its own for each test. */
typedef struct
{
  char *directory;
  WhisHistory *history;
} Fixture;

static void
open_history (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->directory, "whis", NULL);

  fixture->history = whis_history_new (path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-statistics-XXXXXX", NULL);
  open_history (fixture);
}

static void
close_history (Fixture *fixture)
{
  gpointer watched = fixture->history;

  g_object_add_weak_pointer (G_OBJECT (fixture->history), &watched);
  g_clear_object (&fixture->history);
  while (watched != NULL || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->directory);

  close_history (fixture);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->directory);
}

static void
add (Fixture *fixture, const char *provider, const char *model, guint64 pieces, guint64 loops)
{
  g_autoptr (WhisStatistics) more = whis_statistics_new (provider, model);

  more->numbers[WHIS_STATISTIC_PIECES] = pieces;
  more->numbers[WHIS_STATISTIC_LOOPS] = loops;
  whis_statistics_add (fixture->history, more);
}

static void
flush (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_history_flush_async (fixture->history, NULL, store_result, &result);
  whis_history_flush_finish (fixture->history, wait_for (&result), &error);
  g_assert_no_error (error);
}

static GPtrArray *
list (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *found;

  whis_statistics_list_async (fixture->history, NULL, store_result, &result);
  found = whis_statistics_list_finish (fixture->history, wait_for (&result), &error);
  g_assert_no_error (error);

  return found;
}

static void
assert_row (GPtrArray *rows,
            guint index,
            const char *provider,
            const char *model,
            guint64 pieces,
            guint64 loops)
{
  const WhisStatistics *row = g_ptr_array_index (rows, index);

  g_assert_cmpstr (row->provider, ==, provider);
  g_assert_cmpstr (row->model, ==, model);
  g_assert_cmpuint (row->numbers[WHIS_STATISTIC_PIECES], ==, pieces);
  g_assert_cmpuint (row->numbers[WHIS_STATISTIC_LOOPS], ==, loops);
  g_assert_cmpuint (row->numbers[WHIS_STATISTIC_INVENTED], ==, 0);
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = list (fixture);
  g_autoptr (GPtrArray) still = NULL;

  g_assert_cmpuint (rows->len, ==, 0);
  add (fixture, "groq", "whisper", 0, 0);
  still = list (fixture);
  g_assert_cmpuint (still->len, ==, 0);
}

/* Numbers add up, for each model of each service, in an order that stays. */
static void
test_added (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = NULL;

  add (fixture, "offline", "tiny", 1, 0);
  add (fixture, "groq", "whisper", 10, 2);
  add (fixture, "groq", "turbo", 5, 0);
  add (fixture, "groq", "whisper", 1, 1);
  /* where the server decided */
  add (fixture, "custom", NULL, 3, 0);
  rows = list (fixture);
  g_assert_cmpuint (rows->len, ==, 4);
  assert_row (rows, 0, "custom", "", 3, 0);
  assert_row (rows, 1, "groq", "turbo", 5, 0);
  assert_row (rows, 2, "groq", "whisper", 11, 3);
  assert_row (rows, 3, "offline", "tiny", 1, 0);
}

/* None is lost when many come at once, and they stay for the next start of the service. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = NULL;

  for (guint i = 0; i < 100; i++)
    add (fixture, "groq", "whisper", 1, i % 2);
  flush (fixture);
  close_history (fixture);
  open_history (fixture);
  add (fixture, "groq", "whisper", G_GUINT64_CONSTANT (5000000000), 0);
  rows = list (fixture);
  g_assert_cmpuint (rows->len, ==, 1);
  assert_row (rows, 0, "groq", "whisper", G_GUINT64_CONSTANT (5000000100), 50);
}

/* The words are those of the database and of the bus: none may change, and none stand twice. */
static void
test_names (void)
{
  static const char *const names[] = { "pieces",   "holes-found", "holes-filled", "holes-left",
                                       "invented", "loops",       "sounds" };

  for (guint i = 0; i < WHIS_N_STATISTICS; i++)
    g_assert_cmpstr (whis_statistic_get_name ((WhisStatistic) i), ==, names[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/statistics/nothing", test_nothing);
  ADD ("/statistics/added", test_added);
  ADD ("/statistics/many", test_many);
  g_test_add_func ("/statistics/names", test_names);

  return g_test_run ();
}

/* SPDX-License-Identifier: MIT */
/* Languages, times and other words that lists are made of. */
#include "mock.h"

#include "choice-item.h"
#include "languages.h"
#include "relative-time.h"

static const char *
get_name (GListStore *list, guint position)
{
  g_autoptr (WhisChoiceItem) item = g_list_model_get_item (G_LIST_MODEL (list), position);

  return item != NULL ? whis_choice_item_get_name (item) : NULL;
}

static guint
count (GListStore *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

/* Each language once, and after those of the desktop in the order of their names. */
static void
test_order (void)
{
  g_autoptr (GListStore) list = whis_languages_new ("");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (count (list), >, 50);
  g_assert_cmpstr (get_name (list, 0), ==, "Automatic");
  for (guint i = 0; i < count (list); i++)
    g_assert_true (g_hash_table_add (seen, (gpointer) get_name (list, i)));
  /* The desktop of the tests speaks none of them. */
  for (guint i = 2; i < count (list); i++)
    g_assert_cmpint (g_utf8_collate (get_name (list, i - 1), get_name (list, i)), <, 0);
}

/* The languages of the desktop come first. */
static void
test_desktop (void)
{
  g_autoptr (GListStore) list = NULL;

  g_setenv ("LANGUAGE", "sv:de", TRUE);
  list = whis_languages_new ("");
  g_unsetenv ("LANGUAGE");
  g_assert_cmpstr (get_name (list, 0), ==, "Automatic");
  g_assert_cmpstr (get_name (list, 1), ==, "German");
  g_assert_cmpstr (get_name (list, 2), ==, "Swedish");
  g_assert_cmpstr (get_name (list, 3), ==, "Afrikaans");
}

/* One that Whis does not know stays chosen, once, and the known ones are not doubled. */
static void
test_chosen (void)
{
  g_autoptr (GListStore) automatic = whis_languages_new ("");
  g_autoptr (GListStore) known = whis_languages_new ("de");
  g_autoptr (GListStore) unknown = whis_languages_new ("tlh");

  g_assert_cmpuint (count (known), ==, count (automatic));
  g_assert_cmpuint (count (unknown), ==, count (automatic) + 1);
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (unknown), "tlh"), ==, count (unknown) - 1);
}

static void
test_names (void)
{
  g_assert_cmpstr (whis_language_get_name ("de"), ==, "German");
  g_assert_cmpstr (whis_language_get_name ("he"), ==, "Hebrew");
  g_assert_cmpstr (whis_language_get_name ("de-AT"), ==, "de-AT");
  g_assert_cmpstr (whis_language_get_name (""), ==, "");
}

/* Of two with the same id the first one is found; what has no id is not everything. */
static void
test_choices (void)
{
  g_autoptr (GListStore) list = g_list_store_new (WHIS_TYPE_CHOICE_ITEM);
  g_autofree char *name = NULL;
  g_autoptr (WhisChoiceItem) second = NULL;

  whis_choice_list_append (list, "", "None");
  whis_choice_list_append (list, "a", "First & <b>");
  whis_choice_list_append (list, "a", "Second");
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), ""), ==, 0);
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), "a"), ==, 1);
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), "b"), ==, G_MAXUINT);
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), NULL), ==, G_MAXUINT);
  second = g_list_model_get_item (G_LIST_MODEL (list), 1);
  g_object_get (second, "name", &name, NULL);
  g_assert_cmpstr (name, ==, "First & <b>");
}

typedef struct
{
  int year, month, day, hour, minute;
} Moment;

/* In the zone of Berlin, by its rules and not by its name, which needs a data base. */
static char *
say (Moment then, Moment now)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("CET-1CEST,M3.5.0/2,M10.5.0/3");
  g_autoptr (GDateTime) past =
      g_date_time_new (zone, then.year, then.month, then.day, then.hour, then.minute, 0);
  g_autoptr (GDateTime) present =
      g_date_time_new (zone, now.year, now.month, now.day, now.hour, now.minute, 0);

  return whis_relative_time_format (g_date_time_to_unix (past) * 1000, present);
}

/* Days are counted by their midnights, also where one has 23 or 25 hours, and over a new year. */
static void
test_days (void)
{
  static const struct
  {
    Moment then;
    Moment now;
    const char *text;
  } cases[] = {
    { { 2026, 3, 28, 23, 50 }, { 2026, 3, 30, 0, 10 }, "Saturday, 23:50" },
    { { 2026, 3, 29, 0, 30 }, { 2026, 3, 29, 23, 30 }, "Today, 00:30" },
    { { 2026, 10, 24, 23, 59 }, { 2026, 10, 25, 23, 58 }, "Yesterday, 23:59" },
    { { 2026, 12, 31, 23, 59 }, { 2027, 1, 1, 0, 1 }, "Yesterday, 23:59" },
    { { 2026, 12, 26, 12, 0 }, { 2027, 1, 1, 12, 0 }, "Saturday, 12:00" },
    { { 2026, 12, 25, 12, 0 }, { 2027, 1, 1, 12, 0 }, "25 December 2026, 12:00" },
    { { 2026, 2, 28, 12, 0 }, { 2026, 3, 1, 12, 0 }, "Yesterday, 12:00" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = say (cases[i].then, cases[i].now);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* A time that no calendar has is not shown, and ends nothing. */
static void
test_no_time (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *text = whis_relative_time_format (G_MAXINT64, now);

  g_assert_cmpstr (text, ==, "");
}

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  g_test_add_func ("/window/languages/order", test_order);
  g_test_add_func ("/window/languages/desktop", test_desktop);
  g_test_add_func ("/window/languages/chosen", test_chosen);
  g_test_add_func ("/window/languages/names", test_names);
  g_test_add_func ("/window/languages/choices", test_choices);
  g_test_add_func ("/window/languages/days", test_days);
  g_test_add_func ("/window/languages/no-time", test_no_time);

  return g_test_run ();
}

/* SPDX-License-Identifier: MIT */
/* The list of the history: what is loaded when, and that entries keep their places and objects. */
#include "mock.h"

#include "history-item.h"
#include "history-model.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisHistoryModel *model;
  guint n_changes;
} Fixture;

static void
items_changed_cb (Fixture *fixture)
{
  fixture->n_changes++;
}

static WhisBusWhis1 *
get_interface (Fixture *fixture)
{
  return whis_service_proxy_get_interface (fixture->service);
}

static void
set_query (Fixture *fixture, const char *search, gboolean marked)
{
  whis_history_model_set_query (fixture->model, get_interface (fixture), search, marked, FALSE);
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static WhisHistoryItem *
get (Fixture *fixture, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
}

static gboolean
item_is (Fixture *fixture, guint position, const char *id)
{
  g_autoptr (WhisHistoryItem) item = get (fixture, position);

  return item != NULL && g_str_equal (whis_history_item_get_string (item, "id"), id);
}

static void
set_up (Fixture *fixture, gconstpointer n_entries)
{
  mock_start ();
  if (GPOINTER_TO_UINT (n_entries) > 0)
    mock_fill (GPOINTER_TO_UINT (n_entries));
  fixture->service = mock_new_proxy ();
  fixture->model = whis_history_model_new ();
  g_signal_connect_swapped (fixture->model, "items-changed", G_CALLBACK (items_changed_cb),
                            fixture);
  set_query (fixture, "", FALSE);
  AWAIT (!whis_history_model_is_loading (fixture->model));
  g_assert_cmpuint (count (fixture), ==, GPOINTER_TO_UINT (n_entries));
}

static void
tear_down (Fixture *fixture, gconstpointer n_entries)
{
  if (fixture->model != NULL)
    {
      g_object_add_weak_pointer (G_OBJECT (fixture->model), (gpointer *) &fixture->model);
      g_object_unref (fixture->model);
    }
  /* A call that is pending holds it. */
  AWAIT (fixture->model == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
}

static void delete (Fixture *fixture, const char *id)
{
  const char *ids[] = { id, NULL };

  whis_bus_whis1_call_delete_history_entries (get_interface (fixture), ids, NULL, NULL, NULL);
  mock_settle (fixture->service);
}

/* A dictation was added: it is the first, and all others are the same objects as before. */
static void
test_one_more (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistoryItem) first = get (fixture, 0);
  g_autoptr (WhisHistoryItem) tenth = get (fixture, 9);
  g_autoptr (WhisHistoryItem) now_second = NULL;
  g_autoptr (WhisHistoryItem) now_eleventh = NULL;

  mock_add ("new", "A new one.");
  whis_history_model_refresh (fixture->model);
  AWAIT (count (fixture) == 13);
  g_assert_true (item_is (fixture, 0, "new"));
  now_second = get (fixture, 1);
  now_eleventh = get (fixture, 10);
  g_assert_true (now_second == first);
  g_assert_true (now_eleventh == tenth);
}

static void
test_one_less (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistoryItem) sixth = get (fixture, 5);
  g_autoptr (WhisHistoryItem) now_fifth = NULL;

  delete (fixture, "h2");
  whis_history_model_refresh (fixture->model);
  AWAIT (count (fixture) == 11);
  now_fifth = get (fixture, 4);
  g_assert_true (now_fifth == sixth);
  g_assert_true (item_is (fixture, 2, "h3"));
  g_assert_true (item_is (fixture, 10, "h11"));
}

/* The first, and the last. */
static void
test_ends_go (Fixture *fixture, gconstpointer data)
{
  delete (fixture, "h0");
  delete (fixture, "h11");
  whis_history_model_refresh (fixture->model);
  AWAIT (count (fixture) == 10);
  g_assert_true (item_is (fixture, 0, "h1"));
  g_assert_true (item_is (fixture, 9, "h10"));
}

/* Nothing has changed: nothing moves. */
static void
test_refresh_of_the_same (Fixture *fixture, gconstpointer data)
{
  fixture->n_changes = 0;
  mock_forget_calls ();
  whis_history_model_refresh (fixture->model);
  AWAIT (mock_count_method ("ListHistory") == 1);
  mock_settle (fixture->service);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
  g_assert_cmpuint (count (fixture), ==, 12);
}

/* From something to nothing and back. */
static void
test_all_go (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("h%u", i);

      delete (fixture, id);
    }
  whis_history_model_refresh (fixture->model);
  AWAIT (count (fixture) == 0);
  g_assert_null (get (fixture, 0));
  g_assert_false (whis_history_model_is_loading (fixture->model));

  mock_fill (3);
  whis_history_model_refresh (fixture->model);
  AWAIT (count (fixture) == 3);
  g_assert_true (item_is (fixture, 2, "h2"));
}

/* What another program changes in an entry comes into the object that is shown. */
static void
test_entry_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistoryItem) item = get (fixture, 3);

  g_assert_false (whis_history_item_get_flag (item, "marked"));
  mock_alter ("h3", "marked", g_variant_new_boolean (TRUE));
  whis_history_model_refresh (fixture->model);
  AWAIT (whis_history_item_get_flag (item, "marked"));
}

/* A new query replaces the list at once, and until its answer the former one stays. */
static void
test_query (Fixture *fixture, gconstpointer data)
{
  fixture->n_changes = 0;
  mock_hold ("ListHistory");
  set_query (fixture, "oats", FALSE);
  g_assert_true (whis_history_model_is_loading (fixture->model));
  g_assert_cmpuint (count (fixture), ==, 250);
  g_assert_true (item_is (fixture, 0, "h0"));
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'search': 'oats'}"));
  mock_release ();
  AWAIT (!whis_history_model_is_loading (fixture->model));
  g_assert_true (item_is (fixture, 0, "h1"));
  /* The old ones go, the new ones come. */
  g_assert_cmpuint (fixture->n_changes, ==, 2);

  set_query (fixture, "oats", TRUE);
  AWAIT (mock_was_called (
      "ListHistory {'limit': 100, 'marked': True, 'offset': 0, 'search': 'oats'}"));
  AWAIT (!whis_history_model_is_loading (fixture->model));
  g_assert_cmpuint (count (fixture), <, 32);
}

/* Words of every kind go to the service as they were typed. */
static void
test_words (Fixture *fixture, gconstpointer data)
{
  const char *const words[] = { "שלום", "100%", "\"two words\"", "it's", "a*b?_", "日本語" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *quoted = strchr (words[i], '\'') != NULL
                                    ? g_strdup_printf ("\"%s\"", words[i])
                                    : g_strdup_printf ("'%s'", words[i]);
      g_autofree char *call =
          g_strdup_printf ("ListHistory {'limit': 100, 'offset': 0, 'search': %s}", quoted);

      set_query (fixture, words[i], FALSE);
      AWAIT (mock_was_called (call));
      AWAIT (!whis_history_model_is_loading (fixture->model));
      g_assert_cmpuint (count (fixture), ==, 0);
    }
}

/* A page is loaded when one of its entries is read, and only once. */
static void
test_pages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistoryItem) far = NULL;

  mock_forget_calls ();
  far = get (fixture, 220);
  g_assert_false (whis_history_item_is_known (far));
  for (guint i = 200; i < 250; i++)
    g_object_unref (get (fixture, i));
  AWAIT (whis_history_item_is_known (far));
  g_assert_cmpstr (whis_history_item_get_string (far, "id"), ==, "h220");
  g_assert_true (item_is (fixture, 249, "h249"));
  g_assert_null (get (fixture, 250));
  g_assert_cmpuint (mock_count_method ("ListHistory"), ==, 1);
}

/* The list that cannot be read is empty and says why; the next try shows it again. */
static void
test_error (Fixture *fixture, gconstpointer data)
{
  mock_fail_next ("ListHistory", "Storage", "The history is locked.");
  whis_history_model_refresh (fixture->model);
  AWAIT (whis_history_model_get_error (fixture->model) != NULL);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_false (whis_history_model_is_loading (fixture->model));

  whis_history_model_refresh (fixture->model);
  g_assert_null (whis_history_model_get_error (fixture->model));
  g_assert_true (whis_history_model_is_loading (fixture->model));
  AWAIT (count (fixture) == 12);

  /* Another query forgets the error of the one before. */
  mock_fail_next ("ListHistory", "Storage", "The history is locked.");
  set_query (fixture, "oats", FALSE);
  AWAIT (whis_history_model_get_error (fixture->model) != NULL);
  set_query (fixture, "", FALSE);
  g_assert_null (whis_history_model_get_error (fixture->model));
  AWAIT (count (fixture) == 12);
}

/* While the answer is awaited further changes make one request more, not one each. */
static void
test_many_changes (Fixture *fixture, gconstpointer data)
{
  mock_forget_calls ();
  mock_hold ("ListHistory");
  for (guint i = 0; i < 20; i++)
    whis_history_model_refresh (fixture->model);
  AWAIT (mock_count_method ("ListHistory") == 1);
  mock_add ("new", "A new one.");
  mock_release ();
  AWAIT (item_is (fixture, 0, "new"));
  mock_settle (fixture->service);
  g_assert_cmpuint (mock_count_method ("ListHistory"), <=, 2);
}

/* Without a service there is no list, and what was on its way does not come any more. */
static void
test_no_service (Fixture *fixture, gconstpointer data)
{
  mock_hold ("ListHistory");
  whis_history_model_refresh (fixture->model);
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0}"));
  whis_history_model_set_query (fixture->model, NULL, "", FALSE, FALSE);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_false (whis_history_model_is_loading (fixture->model));
  mock_release ();
  mock_settle (fixture->service);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_null (whis_history_model_get_error (fixture->model));
}

/* A page that is closed while it loads leaves nothing behind. */
static void
test_closed_while_loading (Fixture *fixture, gconstpointer data)
{
  mock_hold ("ListHistory");
  set_query (fixture, "oats", FALSE);
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'search': 'oats'}"));
  g_object_add_weak_pointer (G_OBJECT (fixture->model), (gpointer *) &fixture->model);
  whis_history_model_set_query (fixture->model, NULL, "", FALSE, FALSE);
  g_object_unref (fixture->model);
  AWAIT (fixture->model == NULL);
  mock_release ();
}

#define ADD(path, entries, function)                                                               \
  g_test_add ("/window/history-model/" path, Fixture, GUINT_TO_POINTER (entries), set_up,          \
              function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("one-more", 12, test_one_more);
  ADD ("one-less", 12, test_one_less);
  ADD ("ends-go", 12, test_ends_go);
  ADD ("refresh-of-the-same", 12, test_refresh_of_the_same);
  ADD ("all-go", 12, test_all_go);
  ADD ("entry-changes", 12, test_entry_changes);
  ADD ("query", 250, test_query);
  ADD ("words", 12, test_words);
  ADD ("pages", 250, test_pages);
  ADD ("error", 12, test_error);
  ADD ("many-changes", 12, test_many_changes);
  ADD ("no-service", 12, test_no_service);
  ADD ("closed-while-loading", 12, test_closed_while_loading);

  return g_test_run ();
}

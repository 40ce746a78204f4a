/* SPDX-License-Identifier: MIT */
/* Texts that the window has inserted where the user worked before. */
#include "home-fixture.h"

#include "window-insertion.h"

static void
finish (Home *home)
{
  mock_emit ("Finished", g_variant_new ("(ss)", "d1", "Some words."));
  AWAIT (gtk_widget_get_visible (mock_child (home->text, "insert")));
}

/* The window is out of the way before the service is asked, and gone afterwards. */
static void
test_last_text (Home *home, gconstpointer data)
{
  g_assert_false (gtk_widget_get_visible (mock_child (home->text, "insert")));
  finish (home);
  mock_hold ("Delivery.InsertLastText");
  g_signal_emit_by_name (mock_child (home->text, "insert"), "clicked");
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (home->window)));
  AWAIT (mock_was_called ("Delivery.InsertLastText"));
  g_assert_nonnull (home->window);
  mock_release ();
  AWAIT (home->window == NULL);
}

/* A text that is still coming cannot be inserted. */
static void
test_partial_text (Home *home, gconstpointer data)
{
  finish (home);
  mock_set ("Dictation", g_variant_new_string ("d2"));
  home_set_state (home, "recording");
  mock_emit ("PartialText", g_variant_new ("(ss)", "d2", "Other"));
  AWAIT (!gtk_widget_get_visible (mock_child (home->text, "insert")));
}

/* What cannot be tried brings the window back, with the reason. */
static void
test_refused (Home *home, gconstpointer data)
{
  finish (home);
  mock_fail_next ("Delivery.InsertLastText", "NotFound", "There is no text yet.");
  home_act (home, "win.insert");
  AWAIT (failure_says (home->failure, "There is no text yet."));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (home->window)));

  /* And it can be tried again. */
  home_act (home, "win.insert");
  AWAIT (home->window == NULL);
}

static void
test_entry (Home *home, gconstpointer data)
{
  home_open_entry (home, "h1");
  gtk_widget_activate_action (home->entry, "entry.insert", NULL);
  AWAIT (home->window == NULL);
  g_assert_true (mock_was_called ("Delivery.InsertEntry h1"));
}

static void
test_entry_refused (Home *home, gconstpointer data)
{
  home_open_entry (home, "h1");
  mock_fail_next ("Delivery.InsertEntry", "NotFound", "The text is not kept any more.");
  gtk_widget_activate_action (home->entry, "entry.insert", NULL);
  AWAIT (failure_says (mock_child (home->entry, "failure"), "The text is not kept any more."));
  g_assert_true (home_shows_entry (home));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (home->window)));
}

/* The service goes while the window is hidden. */
static void
test_service_leaves (Home *home, gconstpointer data)
{
  finish (home);
  mock_hold ("Delivery.InsertLastText");
  home_act (home, "win.insert");
  AWAIT (mock_was_called ("Delivery.InsertLastText"));
  mock_stop ();
  AWAIT (gtk_widget_get_visible (GTK_WIDGET (home->window)));
  AWAIT (g_str_equal (gtk_stack_get_visible_child_name (mock_child (home->window, "pages")),
                      "absent"));
}

static void
given_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_window_insertion_finish (GTK_WINDOW (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *(gboolean *) user_data = TRUE;
}

/* Given up before the focus has moved, nothing is inserted. */
static void
test_cancelled (Home *home, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean given_up = FALSE;

  AWAIT (whis_service_proxy_is_running (home->service));
  whis_window_insertion_async (GTK_WINDOW (home->window), home->service, "h0", cancellable,
                               given_up_cb, &given_up);
  g_cancellable_cancel (cancellable);
  AWAIT (given_up);
  g_assert_false (mock_was_called ("Delivery.InsertEntry h0"));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (home->window)));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/insertion/" path, Home, GUINT_TO_POINTER (12u), home_set_up, function,      \
              home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("last-text", test_last_text);
  ADD ("partial-text", test_partial_text);
  ADD ("refused", test_refused);
  ADD ("entry", test_entry);
  ADD ("entry/refused", test_entry_refused);
  ADD ("service-leaves", test_service_leaves);
  ADD ("cancelled", test_cancelled);

  return g_test_run ();
}

/* SPDX-License-Identifier: MIT */
/* The small window that shows a text before it is inserted. */
#include "mock.h"
#include "review-window.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisReviewWindow *window;
} Fixture;

static void
open_window (Fixture *fixture)
{
  fixture->window = whis_review_window_new (mock_get_application (), fixture->service);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
}

static void
finish (const char *text)
{
  mock_emit ("Finished", g_variant_new ("(ss)", "d1", text));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  finish ("Grüße & <b>words</b>");
  fixture->service = mock_new_proxy ();
  open_window (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  AWAIT (fixture->window == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
}

static gboolean
shows (Fixture *fixture, const char *text)
{
  return g_str_equal (gtk_label_get_text (mock_child (fixture->window, "text")), text);
}

static gboolean
says (Fixture *fixture, const char *text)
{
  GtkLabel *problem = mock_child (fixture->window, "problem");

  return gtk_widget_get_visible (GTK_WIDGET (problem))
         && g_str_equal (gtk_label_get_text (problem), text);
}

static void
insert (Fixture *fixture)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "review.insert", NULL);
}

/* The window is out of the way before the service is asked, and gone afterwards. */
static void
test_insert (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button = mock_child (fixture->window, "insert");

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  AWAIT (gtk_widget_get_mapped (GTK_WIDGET (fixture->window)));
  g_assert_true (shows (fixture, "Grüße & <b>words</b>"));
  g_assert_true (gtk_widget_get_sensitive (button));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == button);
  mock_hold ("Delivery.InsertLastText");
  insert (fixture);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (fixture->window)));
  AWAIT (mock_was_called ("Delivery.InsertLastText"));
  g_assert_nonnull (fixture->window);
  mock_release ();
  AWAIT (fixture->window == NULL);
}

/* It is on the clipboard already. */
static void
test_keep (Fixture *fixture, gconstpointer data)
{
  AWAIT (shows (fixture, "Grüße & <b>words</b>"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "window.close", NULL);
  AWAIT (fixture->window == NULL);
  g_assert_false (mock_was_called ("Delivery.InsertLastText"));
}

/* What cannot be tried brings the window back, with the reason, and can be tried again. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  AWAIT (shows (fixture, "Grüße & <b>words</b>"));
  mock_fail_next ("Delivery.InsertLastText", "NotFound", "There is no text yet.");
  insert (fixture);
  AWAIT (says (fixture, "There is no text yet."));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  insert (fixture);
  AWAIT (fixture->window == NULL);
}

/* A second dictation while the first text is looked at: what is inserted is what is shown. */
static void
test_next_text (Fixture *fixture, gconstpointer data)
{
  AWAIT (shows (fixture, "Grüße & <b>words</b>"));
  finish ("other words");
  whis_review_window_load (fixture->window);
  AWAIT (shows (fixture, "other words"));
}

static void
test_no_answer (Fixture *fixture, gconstpointer data)
{
  AWAIT (shows (fixture, "Grüße & <b>words</b>"));
  mock_fail_next ("GetLastText", "Failed", "The service ends.");
  whis_review_window_load (fixture->window);
  AWAIT (says (fixture, "The service ends."));
}

#define ADD(path, function) g_test_add ("/review/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("insert", test_insert);
  ADD ("keep", test_keep);
  ADD ("refused", test_refused);
  ADD ("next-text", test_next_text);
  ADD ("no-answer", test_no_answer);

  return g_test_run ();
}

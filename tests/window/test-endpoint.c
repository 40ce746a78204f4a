/* SPDX-License-Identifier: MIT */
#include "mock.h"
#include "preferences.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  WhisPreferences *window;
  gpointer group;
  AdwActionRow *row;
  AdwActionRow *address;
  GtkSwitch *toggle;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  fixture->service = mock_new_proxy ();
  fixture->model = whis_settings_new (NULL);
  fixture->window = whis_preferences_new (fixture->service, fixture->model);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->group = mock_child (mock_child (fixture->window, "general"), "endpoint_group");
  fixture->row = mock_child (fixture->group, "row");
  fixture->address = mock_child (fixture->group, "address");
  fixture->toggle = mock_child (fixture->group, "toggle");
  whis_preferences_present (fixture->window, mock_get_application (), NULL);
  AWAIT (whis_service_proxy_is_running (fixture->service));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    whis_preferences_close (fixture->window);
  AWAIT (fixture->window == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->model);
}

static gboolean
is_on (Fixture *fixture)
{
  return gtk_switch_get_active (fixture->toggle) && gtk_switch_get_state (fixture->toggle);
}

/* The group has its interface only after the service was found; until then nothing is asked. */
static void
switch_on (Fixture *fixture)
{
  while (!mock_was_called ("Endpoint.SetEnabled True"))
    {
      gtk_switch_set_active (fixture->toggle, FALSE);
      gtk_switch_set_active (fixture->toggle, TRUE);
      g_main_context_iteration (NULL, FALSE);
    }
  AWAIT (is_on (fixture) && gtk_widget_get_visible (GTK_WIDGET (fixture->address)));
}

static void
test_switch (Fixture *fixture, gconstpointer data)
{
  g_assert_false (is_on (fixture));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->address)));
  switch_on (fixture);
  g_assert_cmpstr (adw_action_row_get_subtitle (fixture->address), ==, "http://127.0.0.1:9447/v1");
  gtk_switch_set_active (fixture->toggle, FALSE);
  AWAIT (!gtk_widget_get_visible (GTK_WIDGET (fixture->address)));
  g_assert_true (mock_was_called ("Endpoint.SetEnabled False"));
}

static void
test_problem (Fixture *fixture, gconstpointer data)
{
  g_autofree char *usual = g_strdup (adw_action_row_get_subtitle (fixture->row));

  switch_on (fixture);
  mock_fail_next ("Endpoint.SetEnabled", "Failed", "Another program listens at port 9447 already.");
  gtk_switch_set_active (fixture->toggle, FALSE);
  AWAIT (g_str_equal (adw_action_row_get_subtitle (fixture->row),
                      "Another program listens at port 9447 already."));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (fixture->row), "problem"));
  /* It is as the service has it, and the next time all is well. */
  g_assert_true (is_on (fixture));
  gtk_switch_set_active (fixture->toggle, FALSE);
  AWAIT (g_str_equal (adw_action_row_get_subtitle (fixture->row), usual));
  g_assert_false (is_on (fixture));
}

typedef struct
{
  char *text;
  gboolean done;
} Paste;

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Paste *paste = data;

  paste->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  paste->done = TRUE;
}

static void
test_copy_key (Fixture *fixture, gconstpointer data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->row));
  Paste paste = { 0 };

  switch_on (fixture);
  g_signal_emit_by_name (mock_child (fixture->group, "copy_key"), "clicked");
  AWAIT (gdk_clipboard_is_local (clipboard));
  g_assert_true (mock_was_called ("Endpoint.OpenKey False"));
  gdk_clipboard_read_text_async (clipboard, NULL, pasted_cb, &paste);
  AWAIT (paste.done);
  g_assert_cmpstr (paste.text, ==, "whis-0123");
  /* A clipboard manager is told that it is secret. */
  g_assert_true (gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard),
                                                        "x-kde-passwordManagerHint"));
  g_free (paste.text);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  mock_init (&argc, &argv);
  ADD ("/window/endpoint/switch", test_switch);
  ADD ("/window/endpoint/problem", test_problem);
  ADD ("/window/endpoint/copy-key", test_copy_key);

  return g_test_run ();
}

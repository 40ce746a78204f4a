/* SPDX-License-Identifier: MIT */
/* A file is chosen to be transcribed. */
#include <glib/gstdio.h>

#include "home-fixture.h"

#include "failure-card.h"

static guint
count_choosers (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  guint count = 0;

  for (GList *l = windows; l != NULL; l = l->next)
    if (GTK_IS_FILE_CHOOSER_DIALOG (l->data) && gtk_widget_get_visible (l->data))
      count++;

  return count;
}

static gboolean
has_chosen (GtkFileChooser *chooser, GFile *file)
{
  g_autoptr (GFile) chosen = gtk_file_chooser_get_file (chooser);

  return chosen != NULL && g_file_equal (chosen, file);
}

static gboolean
transcribe_button_works (GtkFileChooser *chooser)
{
  GtkWidget *button = mock_find_button (chooser, "_Transcribe");

  return button != NULL && gtk_widget_get_sensitive (button);
}

/* What is no sound can still be chosen: a name may say nothing, or something wrong. */
static void
assert_filters (GtkFileChooser *chooser)
{
  g_autoptr (GListModel) filters = gtk_file_chooser_get_filters (chooser);
  const char *const names[] = { "Audio and Video", "All Files" };

  g_assert_cmpuint (g_list_model_get_n_items (filters), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GtkFileFilter) filter = g_list_model_get_item (filters, i);

      g_assert_cmpstr (gtk_file_filter_get_name (filter), ==, names[i]);
    }
}

/* Asked for twice there is one dialog; the file that is chosen in it goes to the service. */
static void
test_open (Home *home, gconstpointer data)
{
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = g_file_new_tmp ("whis-XXXXXX.mp3", &stream, NULL);
  GtkFileChooser *chooser;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream)), "some sound", 10,
                             NULL, NULL, NULL);
  home_act (home, "win.open-file");
  home_act (home, "win.open-file");
  AWAIT (count_choosers () > 0);
  home_await_frames (home, 3);
  g_assert_cmpuint (count_choosers (), ==, 1);

  chooser = mock_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG);
  assert_filters (chooser);
  gtk_file_chooser_set_file (chooser, file, NULL);
  AWAIT (has_chosen (chooser, file) && transcribe_button_works (chooser));
  click (mock_find_button (chooser, "_Transcribe"));
  AWAIT (mock_was_called ("file of 10 bytes"));
  AWAIT (count_choosers () == 0);
  g_assert_false (whis_failure_card_is_shown (WHIS_FAILURE_CARD (home->failure)));
  AWAIT (whis_service_proxy_get_state (home->service) == WHIS_DICTATION_STATE_TRANSCRIBING);
  g_file_delete (file, NULL, NULL);
}

/* Without a service there is nobody to give a file to. */
static void
test_without_service (Home *home, gconstpointer data)
{
  mock_stop ();
  AWAIT (!whis_service_proxy_is_running (home->service));
  home_act (home, "win.open-file");
  home_await_frames (home, 3);
  g_assert_cmpuint (count_choosers (), ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/file-chooser/" path, Home, NULL, home_set_up, function, home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("open", test_open);
  ADD ("without-service", test_without_service);

  return g_test_run ();
}

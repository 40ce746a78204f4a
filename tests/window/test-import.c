/* SPDX-License-Identifier: MIT */
/* The row that imports what the earlier Whis left. */
#include "mock.h"
#include "preferences.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  WhisPreferences *window;
  GtkWidget *group;
} Fixture;

/* `data` is what becomes of the key that there is to import; %NULL if there is nothing. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  if (data != NULL)
    mock_offer (g_variant_new_parsed (
        "[('read', '~/.config/whis/settings.json'), ('imported', 'Language: de'), (%s, 'Key for "
        "OpenAI'), ('missing', 'The bubble'), ('note', 'The keys still stand there.')]",
        (const char *) data));
  fixture->service = mock_new_proxy ();
  fixture->model = whis_settings_new (NULL);
  fixture->window = whis_preferences_new (fixture->service, fixture->model);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->group = mock_child (mock_child (fixture->window, "general"), "import_group");
  whis_preferences_present (fixture->window, mock_get_application (), NULL);
  AWAIT (mock_was_called ("ImportOriginal {'dry-run': True}"));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_preferences_close (fixture->window);
  AWAIT (fixture->window == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->model);
}

static const char *
get_heading (void)
{
  AdwMessageDialog *dialog = mock_find_window (ADW_TYPE_MESSAGE_DIALOG);

  return dialog != NULL ? adw_message_dialog_get_heading (dialog) : "";
}

static void
activate (Fixture *fixture)
{
  AWAIT (gtk_widget_get_visible (fixture->group));
  g_signal_emit_by_name (mock_child (fixture->group, "row"), "activated");
  AWAIT (g_str_equal (get_heading (), "Import From the Earlier Whis?"));
}

static void
add_labels (GtkWidget *widget, GString *text)
{
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (text, "%s|", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_labels (child, text);
}

/* All of a report, as it stands in the dialog. */
static char *
dup_report (void)
{
  GString *text = g_string_new (NULL);

  add_labels (adw_message_dialog_get_extra_child (mock_find_window (ADW_TYPE_MESSAGE_DIALOG)),
              text);

  return g_string_free (text, FALSE);
}

static void
close_result (void)
{
  mock_answer ("_Close");
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
}

/* Nothing to import: no row. What is asked last is answered last. */
static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  whis_bus_whis1_call_get_last_text_sync (whis_service_proxy_get_interface (fixture->service),
                                          &text, NULL, &error);
  g_assert_no_error (error);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (gtk_widget_get_visible (fixture->group));
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  activate (fixture);
  before = dup_report ();
  g_assert_cmpstr (before, ==,
                   "Read:|~/.config/whis/settings.json|Would be imported:|Language: de|"
                   "Key for OpenAI|Would not be taken over:|The bubble|Please note:|"
                   "The keys still stand there.|");
  g_assert_false (mock_was_called ("ImportOriginal {}"));

  mock_forget_calls ();
  mock_answer ("_Import");
  AWAIT (g_str_equal (get_heading (), "Imported"));
  g_assert_cmpuint (mock_count_calls ("ImportOriginal {}"), ==, 1);
  after = dup_report ();
  g_assert_nonnull (strstr (after, "|Imported:|Language: de|"));
  /* There may be keys now that were not there before. */
  AWAIT (mock_was_called ("ListProviders"));
  AWAIT (!gtk_widget_get_visible (fixture->group));
  close_result ();
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  activate (fixture);
  mock_answer ("_Cancel");
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_false (mock_was_called ("ImportOriginal {}"));
  g_assert_true (gtk_widget_get_visible (fixture->group));
}

/* Keys that the keyring did not take can follow: the row stays. */
static void
test_keys_wait (Fixture *fixture, gconstpointer data)
{
  g_autofree char *report = NULL;
  g_autofree char *later = NULL;

  activate (fixture);
  mock_forget_calls ();
  mock_answer ("_Import");
  AWAIT (g_str_equal (get_heading (), "Imported"));
  report = dup_report ();
  g_assert_nonnull (strstr (report, "Not imported yet:|Key for OpenAI|"));
  AWAIT (mock_was_called ("ImportOriginal {'dry-run': True}"));
  close_result ();
  /* What it would do now, not what it would have done before. */
  activate (fixture);
  later = dup_report ();
  g_assert_cmpstr (later, ==, "Cannot be imported now:|Key for OpenAI|");
  mock_answer ("_Cancel");
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  activate (fixture);
  mock_fail_next ("ImportOriginal", "Failed", "The settings were imported on Monday.");
  mock_answer ("_Import");
  AWAIT (g_str_equal (get_heading (), "Nothing Was Imported"));
  g_assert_cmpstr (adw_message_dialog_get_body (mock_find_window (ADW_TYPE_MESSAGE_DIALOG)), ==,
                   "The settings were imported on Monday.");
  close_result ();
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/window/import/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("nothing", NULL, test_nothing);
  ADD ("import", "imported", test_import);
  ADD ("cancelled", "imported", test_cancelled);
  ADD ("keys-wait", "waiting", test_keys_wait);
  ADD ("failure", "imported", test_failure);

  return g_test_run ();
}

/* SPDX-License-Identifier: MIT */
/* Files that a dictation is exported to: their names, their content, and who may read them. */
#include <glib/gstdio.h>

#include "mock.h"

#include "history-export.h"
#include "history-item.h"

typedef struct
{
  WhisServiceProxy *service;
  char *folder;
  char *path;
  GFile *file;
  WhisHistoryItem *entry;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  mock_fill (3);
  fixture->service = mock_new_proxy ();
  fixture->folder = g_dir_make_tmp ("whis-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "out", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
  fixture->entry = whis_history_item_new (
      g_variant_new_parsed ("{'id': <'h0'>, 'text': <'Newest'>, 'created': <int64 0>,"
                            " 'chunks': <[{'index': <uint32 0>, 'text': <'שלום \"x\"'>}]>}"));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->entry);
  g_assert_finalize_object (fixture->file);
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static void
export_begin (Fixture *fixture, const char *format, GFile *file, GCancellable *cancellable)
{
  g_assert_null (fixture->result);
  whis_history_export_async (whis_service_proxy_get_interface (fixture->service), fixture->entry,
                             "The words", format, file, cancellable, exported_cb, fixture);
}

static gboolean
export_end (Fixture *fixture, GFile *file, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  AWAIT (fixture->result != NULL);
  result = g_steal_pointer (&fixture->result);
  return whis_history_export_finish (file, result, error);
}

static gboolean export(Fixture *fixture, const char *format, GError **error)
{
  export_begin (fixture, format, fixture->file, NULL);
  return export_end (fixture, fixture->file, error);
}

static gboolean
contains (Fixture *fixture, const char *text)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &content, NULL, NULL));
  g_test_message ("%s", content);
  return strstr (content, text) != NULL;
}

/* What was said is nobody's but the user's. */
static void
test_private (Fixture *fixture, gconstpointer data)
{
  const char *const formats[] = { "txt", "json", "sound" };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      GStatBuf facts;

      g_assert_true (export(fixture, formats[i], NULL));
      g_assert_cmpint (g_stat (fixture->path, &facts), ==, 0);
      g_assert_cmpuint (facts.st_mode & 0777, ==, 0600);
      g_unlink (fixture->path);
    }
}

/* An older export of that name is replaced, and no copy of it stays. */
static void
test_replaces (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->path, "a much longer text of before", -1, NULL));
  g_assert_true (export(fixture, "txt", NULL));
  g_assert_true (contains (fixture, "The words\n"));
  g_assert_false (contains (fixture, "before"));
}

/* The text is the version that is shown; JSON has all there is, in its own characters. */
static void
test_content (Fixture *fixture, gconstpointer data)
{
  g_assert_true (export(fixture, "txt", NULL));
  g_assert_false (contains (fixture, "Newest"));
  g_assert_true (export(fixture, "json", NULL));
  g_assert_true (contains (fixture, "\"text\" : \"Newest\""));
  g_assert_true (contains (fixture, "שלום \\\"x\\\""));
  g_assert_true (contains (fixture, "}\n"));
}

/* The service has no sound any more: what was there before stays. */
static void
test_sound_is_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "before", -1, NULL));
  mock_fail_next ("OpenSound", "NotFound", "Its sound was deleted.");
  g_assert_false (export(fixture, "sound", &error));
  g_assert_nonnull (strstr (error->message, "Its sound was deleted."));
  g_assert_true (contains (fixture, "before"));
}

/* A folder that is not there, or is a file, is named. */
static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  const char *const formats[] = { "txt", "json", "sound" };
  g_autofree char *path = g_build_filename (fixture->path, "R&D", "x", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (fixture->path, "no folder", -1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GError) error = NULL;

      export_begin (fixture, formats[i], file, NULL);
      g_assert_false (export_end (fixture, file, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
      g_assert_true (g_str_has_prefix (error->message, "“"));
      g_assert_nonnull (strstr (error->message, "/out/R&D/x” cannot be written: "));
    }
}

/* Who leaves the dictation does not wait for its sound. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  mock_hold ("OpenSound");
  export_begin (fixture, "sound", fixture->file, cancellable);
  AWAIT (mock_was_called ("OpenSound h0"));
  g_cancellable_cancel (cancellable);
  g_assert_false (export_end (fixture, fixture->file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  mock_release ();
}

static void
test_cancelled_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  export_begin (fixture, "txt", fixture->file, cancellable);
  g_assert_false (export_end (fixture, fixture->file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

/* The service ends in the middle. */
static void
test_service_leaves (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_hold ("OpenSound");
  export_begin (fixture, "sound", fixture->file, NULL);
  AWAIT (mock_was_called ("OpenSound h0"));
  mock_stop ();
  g_assert_false (export_end (fixture, fixture->file, &error));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

/* The name says when it was, sorts by time, and no system objects to it. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDateTime) then = g_date_time_new_local (2026, 3, 2, 7, 5, 9);
  g_autoptr (WhisHistoryItem) entry = whis_history_item_new (
      g_variant_new_parsed ("{'id': <'h0'>, 'created': <%x>}", g_date_time_to_unix (then) * 1000));
  g_autofree char *text = whis_history_export_suggest_name (entry, "txt");
  g_autofree char *json = whis_history_export_suggest_name (entry, "json");
  g_autofree char *sound = whis_history_export_suggest_name (entry, "sound");

  g_assert_cmpstr (text, ==, "Dictation 2026-03-02 07.05.txt");
  g_assert_cmpstr (json, ==, "Dictation 2026-03-02 07.05.json");
  g_assert_cmpstr (sound, ==, "Dictation 2026-03-02 07.05.mp3");
  g_assert_null (strpbrk (text, "/:\\?*\"<>|"));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/history-export/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("private", test_private);
  ADD ("replaces", test_replaces);
  ADD ("content", test_content);
  ADD ("sound-is-gone", test_sound_is_gone);
  ADD ("unwritable", test_unwritable);
  ADD ("cancelled", test_cancelled);
  ADD ("cancelled-text", test_cancelled_text);
  ADD ("service-leaves", test_service_leaves);
  ADD ("names", test_names);

  return g_test_run ();
}

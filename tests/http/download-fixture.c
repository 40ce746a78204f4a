/* SPDX-License-Identifier: MIT */
#include "download-fixture.h"

#include <glib/gstdio.h>

#include "part-file.h"

void
fixture_set_up (Fixture *fixture, gconstpointer plan)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  guint8 *data = g_malloc (FILE_SIZE);

  for (gsize i = 0; i < FILE_SIZE; i++)
    data[i] = (guint8) g_rand_int (random);
  fixture->file = g_bytes_new_take (data, FILE_SIZE);
  fixture->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fixture->file);
  fixture->directory = g_dir_make_tmp ("whis-download-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "models", "model.bin", NULL);
  fixture->part = whis_part_file_dup_path (fixture->path);
  fixture->cancellable = g_cancellable_new ();
  if (plan != NULL)
    fixture->server = file_server_new (fixture->file, plan);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer plan)
{
  g_autofree char *models = g_path_get_dirname (fixture->path);
  g_autofree char *tag = g_strconcat (fixture->part, ".tag", NULL);

  if (fixture->download != NULL)
    g_assert_finalize_object (fixture->download);
  g_clear_pointer (&fixture->server, file_server_free);
  g_clear_object (&fixture->cancellable);
  g_unlink (tag);
  g_unlink (fixture->part);
  g_unlink (fixture->path);
  g_rmdir (models);
  /* Nothing else was left behind. */
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
  g_free (fixture->path);
  g_free (fixture->part);
  g_free (fixture->sha256);
  g_bytes_unref (fixture->file);
}

void
fixture_create_download (Fixture *fixture, const char *address, const char *other)
{
  const WhisDownloadTimeouts patience = { .connect_ms = 60000, .stall_ms = 60000, .wait_ms = 1 };
  const char *const addresses[] = { address, other, NULL };

  g_clear_object (&fixture->download);
  g_clear_object (&fixture->cancellable);
  fixture->cancellable = g_cancellable_new ();
  fixture->download = whis_download_new (fixture->path, addresses, fixture->sha256);
  whis_download_set_length (fixture->download, FILE_SIZE, FILE_SIZE);
  whis_download_set_timeouts (fixture->download, &patience);
}

void
fixture_on_done (GObject *object, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->result = g_object_ref (result);
}

gboolean
fixture_run (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (fixture->download == NULL)
    fixture_create_download (fixture, file_server_get_url (fixture->server), NULL);
  whis_download_run_async (fixture->download, fixture->cancellable, fixture_on_done, fixture);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = g_steal_pointer (&fixture->result);

  return whis_download_run_finish (fixture->download, result, error);
}

void
fixture_assert_whole (Fixture *fixture)
{
  g_autofree char *data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (fixture->path, &data, &size, NULL));
  bytes = g_bytes_new_take (g_steal_pointer (&data), size);
  g_assert_true (g_bytes_equal (bytes, fixture->file));
  g_assert_false (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
}

void
fixture_assert_no_file (Fixture *fixture)
{
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

guint64
fixture_get_part_size (Fixture *fixture)
{
  return whis_part_file_query_size (fixture->path);
}

void
fixture_assert_runs (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_run (fixture, &error));
  g_assert_no_error (error);
  fixture_assert_whole (fixture);
}

void
fixture_assert_fails (Fixture *fixture, WhisHttpError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_run (fixture, &error));
  g_assert_error (error, WHIS_HTTP_ERROR, (int) code);
  g_test_message ("%s: %s", whis_http_error_get_word (error), error->message);
  fixture_assert_no_file (fixture);
}

void
fixture_write_part (Fixture *fixture, gsize size)
{
  g_autofree char *models = g_path_get_dirname (fixture->path);

  g_mkdir_with_parents (models, 0700);
  g_assert_true (g_file_set_contents (fixture->part, g_bytes_get_data (fixture->file, NULL),
                                      (gssize) size, NULL));
}

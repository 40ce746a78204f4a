/* SPDX-License-Identifier: MIT */
#include "part-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define ADDRESS "https://one.example/model.bin"
/* of "hello world" */
#define SUM "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"

typedef struct
{
  char *folder;
  char *path;
  WhisPartFile *part;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("test-part-file-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "models", "model.bin", NULL);
  fixture->part = whis_part_file_new (fixture->path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *models = g_path_get_dirname (fixture->path);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_object (&fixture->part);
  dir = g_dir_open (models, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (models, name, NULL);

      g_remove (file);
    }
  g_remove (models);
  g_remove (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  g_set_object ((GAsyncResult **) data, result);
}

static gboolean
await (WhisPartFile *part, GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) taken = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  taken = g_steal_pointer (result);

  return whis_part_file_finish (part, taken, error);
}

static gboolean
open_part (WhisPartFile *part, GError **error)
{
  GAsyncResult *result = NULL;

  whis_part_file_open_async (part, NULL, take_result, &result);

  return await (part, &result, error);
}

static void
open_well (WhisPartFile *part, guint64 size)
{
  g_autoptr (GError) error = NULL;

  open_part (part, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (whis_part_file_get_size (part), ==, size);
}

static void
append (WhisPartFile *part, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  whis_part_file_append_async (part, bytes, NULL, take_result, &result);
  await (part, &result, &error);
  g_assert_no_error (error);
}

static gboolean
complete (WhisPartFile *part, GError **error)
{
  GAsyncResult *result = NULL;

  whis_part_file_complete_async (part, SUM, NULL, take_result, &result);

  return await (part, &result, error);
}

/* The thread of the last step may hold the object for another moment. */
static void
replace_part (Fixture *fixture)
{
  whis_part_file_close (fixture->part);
  g_object_unref (fixture->part);
  fixture->part = whis_part_file_new (fixture->path);
}

static void
reopen (Fixture *fixture, guint64 size)
{
  replace_part (fixture);
  open_well (fixture->part, size);
}

/* Fetched in two goes, it is the file with its name, and nothing else is left. */
static void
test_two_goes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *part_path = whis_part_file_dup_path (fixture->path);
  g_autofree char *contents = NULL;

  open_well (fixture->part, 0);
  whis_part_file_set_tag (fixture->part, ADDRESS, "\"one\"");
  append (fixture->part, "hello ");
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  reopen (fixture, 6);
  append (fixture->part, "world");
  g_assert_true (complete (fixture->part, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "hello world");
  g_assert_false (g_file_test (part_path, G_FILE_TEST_EXISTS));
}

/* Another file does not get the name, and can be thrown away and fetched anew. */
static void
test_wrong_checksum (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  open_well (fixture->part, 0);
  whis_part_file_set_tag (fixture->part, ADDRESS, "\"one\"");
  append (fixture->part, "hello world!");
  g_assert_false (complete (fixture->part, &error));
  g_assert_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_CHECKSUM);
  g_clear_error (&error);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (whis_part_file_query_size (fixture->path), ==, 12);

  whis_part_file_begin_anew_async (fixture->part, NULL, take_result, &result);
  g_assert_true (await (fixture->part, &result, &error));
  g_assert_cmpuint (whis_part_file_get_size (fixture->part), ==, 0);
  g_assert_null (whis_part_file_get_tag (fixture->part, ADDRESS));
  append (fixture->part, "hello world");
  g_assert_true (complete (fixture->part, &error));
  g_assert_no_error (error);
}

/* What one server calls the file says nothing about another's. */
static void
test_tags (Fixture *fixture, gconstpointer data)
{
  open_well (fixture->part, 0);
  g_assert_null (whis_part_file_get_tag (fixture->part, ADDRESS));
  whis_part_file_set_tag (fixture->part, ADDRESS, "\"one\"");
  append (fixture->part, "hello ");
  reopen (fixture, 6);
  g_assert_cmpstr (whis_part_file_get_tag (fixture->part, ADDRESS), ==, "\"one\"");
  g_assert_null (whis_part_file_get_tag (fixture->part, "https://two.example/model.bin"));

  whis_part_file_set_tag (fixture->part, ADDRESS, NULL);
  append (fixture->part, "w");
  reopen (fixture, 7);
  g_assert_null (whis_part_file_get_tag (fixture->part, ADDRESS));
}

static void
test_damaged_tag (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "", "\n", ADDRESS, ADDRESS "\n", ADDRESS "\n\n\"one\"" };

  open_well (fixture->part, 0);
  append (fixture->part, "hello ");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *tag_path = g_strconcat (fixture->path, ".part.tag", NULL);

      g_assert_true (g_file_set_contents (tag_path, texts[i], -1, NULL));
      reopen (fixture, 6);
      g_assert_null (whis_part_file_get_tag (fixture->part, ADDRESS));
    }
}

/* Two that write the same file would make one that is neither's. */
static void
test_two_at_a_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisPartFile) other = whis_part_file_new (fixture->path);
  g_autoptr (GError) error = NULL;

  open_well (fixture->part, 0);
  append (fixture->part, "hello ");
  g_assert_false (open_part (other, &error));
  g_assert_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_BUSY);
  whis_part_file_close (other);
  g_assert_cmpuint (whis_part_file_query_size (fixture->path), ==, 6);
  whis_part_file_close (fixture->part);
  open_well (other, 6);
}

/* Of a download that came to nothing there is nothing to see. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autofree char *part_path = whis_part_file_dup_path (fixture->path);

  open_well (fixture->part, 0);
  g_assert_true (g_file_test (part_path, G_FILE_TEST_EXISTS));
  whis_part_file_close (fixture->part);
  g_assert_false (g_file_test (part_path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (whis_part_file_query_size (fixture->path), ==, 0);
  g_assert_cmpuint (whis_part_file_remove (fixture->path), ==, 0);
}

static void
test_space (Fixture *fixture, gconstpointer data)
{
  static const guint64 too_much[] = { G_MAXINT64, G_MAXUINT64 - 1000, G_MAXUINT64 };

  open_well (fixture->part, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (too_much); i++)
    {
      g_autoptr (GError) error = NULL;
      GAsyncResult *result = NULL;

      whis_part_file_require_space_async (fixture->part, too_much[i], NULL, take_result, &result);
      g_assert_false (await (fixture->part, &result, &error));
      g_assert_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_SPACE);
    }
}

/* A part that is cancelled while it is hashed is not open, and can be opened later. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  open_well (fixture->part, 0);
  append (fixture->part, "hello ");
  replace_part (fixture);
  g_cancellable_cancel (cancellable);
  whis_part_file_open_async (fixture->part, cancellable, take_result, &result);
  g_assert_false (await (fixture->part, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  reopen (fixture, 6);
}

/* Where the folder cannot be made, the sentence names the file. */
static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *path = g_build_filename (file, "model.bin", NULL);
  g_autoptr (WhisPartFile) part = whis_part_file_new (path);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_false (open_part (part, &error));
  g_assert_error (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "model.bin"));
  g_remove (file);
}

#define ADD(name, test) g_test_add ("/part-file/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("two-goes", test_two_goes);
  ADD ("wrong-checksum", test_wrong_checksum);
  ADD ("tags", test_tags);
  ADD ("damaged-tag", test_damaged_tag);
  ADD ("two-at-a-time", test_two_at_a_time);
  ADD ("empty", test_empty);
  ADD ("space", test_space);
  ADD ("cancelled", test_cancelled);
  ADD ("no-folder", test_no_folder);

  return g_test_run ();
}

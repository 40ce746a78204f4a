/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model-store.h"
#include "part-file.h"
#include "small-models.h"

/* --- a store of its own for each test ----------------------------------------------------------
 */

typedef struct
{
  char *directory;
  char *models;
  char *system;
  WhisModelStore *store;
} Fixture;

static void
open_store (Fixture *fixture)
{
  const char *const system[] = { fixture->system, "/nonexistent/whis/models", NULL };

  g_clear_object (&fixture->store);
  fixture->store = whis_model_store_new (fixture->models, system);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-store-XXXXXX", NULL);
  fixture->models = g_build_filename (fixture->directory, "user", "whis", "models", NULL);
  fixture->system = g_build_filename (fixture->directory, "system", NULL);
  g_assert_cmpint (g_mkdir (fixture->system, 0700), ==, 0);
  open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->directory);

  g_clear_object (&fixture->store);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->directory);
  g_free (fixture->models);
  g_free (fixture->system);
}

static void
write_file (const char *directory, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
}

static gboolean
has_file (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static guint
count_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* --- calls that are waited for -----------------------------------------------------------------
 */

static void
keep_result (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static WhisModelEntry *
find (Fixture *fixture, const char *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  whis_model_store_list_async (fixture->store, NULL, keep_result, &result);
  entries = whis_model_store_list_finish (fixture->store, wait_for (&result), NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      WhisModelEntry *entry = g_ptr_array_index (entries, i);

      if (g_str_equal (entry->id, id))
        return whis_model_entry_ref (entry);
    }

  return NULL;
}

static void
assert_state (Fixture *fixture, const char *id, WhisModelState state)
{
  g_autoptr (WhisModelEntry) entry = find (fixture, id);

  g_assert_nonnull (entry);
  g_assert_cmpstr (whis_model_state_get_nick (entry->state), ==, whis_model_state_get_nick (state));
}

static WhisModelEntry *
choose (Fixture *fixture, const char *wanted, const char *language, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_model_store_choose_async (fixture->store, wanted, language, NULL, keep_result, &result);

  return whis_model_store_choose_finish (fixture->store, wait_for (&result), error);
}

static void
assert_chosen (Fixture *fixture, const char *wanted, const char *language, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry = choose (fixture, wanted, language, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (entry->id, ==, id);
  g_assert_true (g_file_test (entry->path, G_FILE_TEST_IS_REGULAR));
}

static void
assert_not_chosen (Fixture *fixture, const char *wanted, const char *language, WhisModelError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (choose (fixture, wanted, language, &error));
  g_assert_error (error, WHIS_MODEL_ERROR, (int) code);
}

static WhisModelEntry *
check (Fixture *fixture, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_model_store_check_async (fixture->store, id, NULL, keep_result, &result);

  return whis_model_store_check_finish (fixture->store, wait_for (&result), error);
}

static gboolean
remove_model (Fixture *fixture, const char *id, guint64 *freed, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_model_store_remove_async (fixture->store, id, NULL, keep_result, &result);

  return whis_model_store_remove_finish (fixture->store, wait_for (&result), freed, error);
}

static WhisModelEntry *
import (Fixture *fixture, GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "imported", NULL);
  int file;

  write_file (fixture->directory, "imported", bytes);
  file = g_open (path, O_RDONLY, 0);
  whis_model_store_import_async (fixture->store, file, name, NULL, keep_result, &result);
  close (file);
  g_unlink (path);

  return whis_model_store_import_finish (fixture->store, wait_for (&result), error);
}

/* --- what there is -----------------------------------------------------------------------------
 */

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  assert_state (fixture, "whisper-tiny", WHIS_MODEL_STATE_ABSENT);
  assert_not_chosen (fixture, NULL, NULL, WHIS_MODEL_ERROR_NOT_FOUND);
  assert_not_chosen (fixture, "small-test", NULL, WHIS_MODEL_ERROR_NOT_FOUND);
  assert_not_chosen (fixture, "nonsense", NULL, WHIS_MODEL_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (fixture->models, G_FILE_TEST_EXISTS));
}

/* A part is never a model, however much of it there is. */
static void
test_part (Fixture *fixture, gconstpointer data)
{
  small_model_write (fixture->models, "small-test.bin.part", 1);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_PARTIAL);
  assert_not_chosen (fixture, "small-test", NULL, WHIS_MODEL_ERROR_NOT_FOUND);
  assert_not_chosen (fixture, NULL, NULL, WHIS_MODEL_ERROR_NOT_FOUND);
}

static void
test_hashed_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->models, "small-test.bin", NULL);
  struct stat before;
  struct timespec times[2];
  int file;

  small_model_write (fixture->models, "small-test.bin", 1);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_UNCHECKED);
  assert_chosen (fixture, "small-test", NULL, "small-test");
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_VERIFIED);

  /* Another process knows it too, without a look at the file: it is damaged, and nobody sees it
   * since size, time and inode are the same. */
  g_assert_cmpint (stat (path, &before), ==, 0);
  times[0] = before.st_atim;
  times[1] = before.st_mtim;
  file = g_open (path, O_WRONLY, 0);
  g_assert_cmpint (pwrite (file, "damage", 6, 1000), ==, 6);
  g_assert_cmpint (futimens (file, times), ==, 0);
  open_store (fixture);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_VERIFIED);

  /* With another time it is looked at again. */
  times[1].tv_sec++;
  g_assert_cmpint (futimens (file, times), ==, 0);
  close (file);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_UNCHECKED);
  assert_not_chosen (fixture, "small-test", NULL, WHIS_MODEL_ERROR_DAMAGED);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_DAMAGED);
  assert_not_chosen (fixture, NULL, NULL, WHIS_MODEL_ERROR_NOT_FOUND);
}

static void
test_check_looks_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) good = NULL;
  g_autoptr (WhisModelEntry) bad = NULL;

  small_model_write (fixture->models, "small-test.bin", 1);
  good = check (fixture, "small-test", &error);
  g_assert_no_error (error);
  g_assert_cmpint (good->state, ==, WHIS_MODEL_STATE_VERIFIED);
  small_model_write (fixture->models, "small-test.bin", 3);
  bad = check (fixture, "small-test", &error);
  g_assert_no_error (error);
  g_assert_cmpint (bad->state, ==, WHIS_MODEL_STATE_DAMAGED);
  g_assert_null (check (fixture, "second-test", &error));
  g_assert_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND);
}

static void
test_wrong_length (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) whole = small_model_make (1);
  g_autoptr (GBytes) longer = g_bytes_new_from_bytes (whole, 0, SMALL_MODEL_SIZE - 1);
  g_autoptr (GBytes) noise = g_bytes_new_static ("noise", 5);

  write_file (fixture->models, "small-test.bin", longer);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_DAMAGED);
  write_file (fixture->models, "small-test.bin", noise);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_DAMAGED);
}

static void
test_system (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry = NULL;
  guint64 freed;

  small_model_write (fixture->system, "small-test.bin", 1);
  assert_chosen (fixture, NULL, NULL, "small-test");
  entry = find (fixture, "small-test");
  g_assert_true (entry->system);
  g_assert_cmpint (entry->state, ==, WHIS_MODEL_STATE_VERIFIED);
  g_assert_false (remove_model (fixture, "small-test", &freed, &error));
  g_assert_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_SYSTEM);
  g_assert_true (has_file (fixture->system, "small-test.bin"));

  /* A damaged file of the user's is in nobody's way. */
  small_model_write (fixture->models, "small-test.bin", 9);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_UNCHECKED);
  g_assert_null (choose (fixture, "small-test", NULL, NULL));
  assert_chosen (fixture, "small-test", NULL, "small-test");
}

static void
test_best (Fixture *fixture, gconstpointer data)
{
  small_model_write (fixture->models, "own.bin", 7);
  assert_chosen (fixture, NULL, "de", "own");
  small_model_write (fixture->models, "second-test.bin", 2);
  assert_chosen (fixture, NULL, NULL, "second-test");
  small_model_write (fixture->models, "small-test.bin", 1);
  assert_chosen (fixture, NULL, NULL, "small-test");
  assert_chosen (fixture, NULL, "de-AT", "small-test");
  assert_chosen (fixture, NULL, "ja", "second-test");
  /* Nobody knows the languages of a model of the user's own. */
  assert_chosen (fixture, NULL, "sw", "own");
  assert_chosen (fixture, "second-test", "de", "second-test");
}

static void
test_strange_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *folder = g_build_filename (fixture->models, "folder.bin", NULL);
  g_autofree char *link = g_build_filename (fixture->models, "dangling.bin", NULL);
  gsize n;

  small_model_write (fixture->models, "notes.txt", 1);
  small_model_write (fixture->models, "escape\033[2J.bin", 1);
  small_model_write (fixture->models, "-rf.bin", 1);
  small_model_write (fixture->models, "\xff\xfe.bin", 1);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("nowhere", link), ==, 0);
  whis_local_models_list (&n);
  whis_model_store_list_async (fixture->store, NULL, keep_result, &result);
  entries = whis_model_store_list_finish (fixture->store, wait_for (&result), NULL);
  g_assert_cmpuint (entries->len, ==, n);
}

/* --- removing ----------------------------------------------------------------------------------
 */

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 freed = 0;

  small_model_write (fixture->models, "small-test.bin", 1);
  small_model_write (fixture->models, "small-test.bin.part", 1);
  g_assert_true (remove_model (fixture, "small-test", &freed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (freed, ==, 2 * SMALL_MODEL_SIZE);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_ABSENT);
  g_assert_false (remove_model (fixture, "small-test", &freed, &error));
  g_assert_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND);
}

/* --- importing ---------------------------------------------------------------------------------
 */

/* By its checksum, whatever it is called. */
static void
test_import_known (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = small_model_make (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry = import (fixture, bytes, "whatever.gguf", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (entry->id, ==, "small-test");
  g_assert_cmpint (entry->state, ==, WHIS_MODEL_STATE_VERIFIED);
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_VERIFIED);
  g_assert_true (has_file (fixture->models, "small-test.bin"));
}

static void
test_import_own (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = small_model_make (5);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry = import (fixture, bytes, "../My mödel.bin", &error);
  g_autoptr (WhisModelEntry) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (entry->id, ==, "My_m__del");
  g_assert_cmpint (entry->state, ==, WHIS_MODEL_STATE_OWN);
  assert_state (fixture, "My_m__del", WHIS_MODEL_STATE_OWN);
  again = import (fixture, bytes, "My mödel.bin", &error);
  g_assert_null (again);
  g_assert_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_EXISTS);
  /* The model and what is known of it, and no copy that nobody wants. */
  g_assert_cmpuint (count_files (fixture->models), ==, 2);
}

/* A file with a name of the catalogue is not the model of the catalogue for that. */
static void
test_import_under_known_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = small_model_make (5);
  g_autoptr (WhisModelEntry) by_file = import (fixture, bytes, "ggml-tiny.bin", NULL);
  g_autoptr (WhisModelEntry) by_id = import (fixture, bytes, "whisper-tiny.bin", NULL);

  g_assert_cmpstr (by_file->id, ==, "own-ggml-tiny");
  g_assert_cmpstr (by_id->id, ==, "own-whisper-tiny");
  assert_state (fixture, "own-ggml-tiny", WHIS_MODEL_STATE_OWN);
  assert_state (fixture, "own-whisper-tiny", WHIS_MODEL_STATE_OWN);
  assert_state (fixture, "whisper-tiny", WHIS_MODEL_STATE_ABSENT);
}

static void
test_import_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) whole = small_model_make (1);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, SMALL_MODEL_SIZE / 2);
  g_autoptr (GBytes) noise = g_bytes_new_static ("RIFF....WAVEfmt no model", 24);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  GBytes *const files[] = { cut, noise, nothing };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (import (fixture, files[i], "x.bin", &error));
      g_assert_nonnull (error);
    }
  /* Nothing is left of them. */
  g_assert_cmpuint (count_files (fixture->models), ==, 0);
}

static void
test_import_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int file = g_open (fixture->directory, O_RDONLY | O_DIRECTORY, 0);

  whis_model_store_import_async (fixture->store, file, "x.bin", NULL, keep_result, &result);
  close (file);
  g_assert_null (whis_model_store_import_finish (fixture->store, wait_for (&result), &error));
  g_assert_error (error, WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_FILE);
}

static void
test_fetched_is_verified (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  small_model_write (fixture->models, "small-test.bin", 1);
  whis_model_store_note_fetched_async (fixture->store, &small_model, keep_result, &result);
  whis_model_store_note_fetched_finish (fixture->store, wait_for (&result));
  assert_state (fixture, "small-test", WHIS_MODEL_STATE_VERIFIED);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  small_models_add ();

  ADD ("/model-store/nothing", test_nothing);
  ADD ("/model-store/part", test_part);
  ADD ("/model-store/hashed-once", test_hashed_once);
  ADD ("/model-store/check-looks-again", test_check_looks_again);
  ADD ("/model-store/wrong-length", test_wrong_length);
  ADD ("/model-store/system", test_system);
  ADD ("/model-store/best", test_best);
  ADD ("/model-store/strange-files", test_strange_files);
  ADD ("/model-store/remove", test_remove);
  ADD ("/model-store/import/known", test_import_known);
  ADD ("/model-store/import/own", test_import_own);
  ADD ("/model-store/import/under-known-name", test_import_under_known_name);
  ADD ("/model-store/import/refused", test_import_refused);
  ADD ("/model-store/import/no-file", test_import_no_file);
  ADD ("/model-store/fetched-is-verified", test_fetched_is_verified);

  return g_test_run ();
}

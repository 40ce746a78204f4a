/* SPDX-License-Identifier: MIT */
#include "model-list.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include "model-folder.h"
#include "offline-error.h"

/* Folders of a test, and the list that looks into them. */
typedef struct
{
  char *first;
  char *second;
  WhisModelList *list;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *folders[3] = { NULL };

  fixture->first = g_dir_make_tmp ("whis-first-XXXXXX", NULL);
  fixture->second = g_dir_make_tmp ("whis-second-XXXXXX", NULL);
  folders[0] = fixture->first;
  folders[1] = fixture->second;
  fixture->list = whis_model_list_new (folders, "/nonexistent");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->list);
  model_folder_remove (fixture->first);
  model_folder_remove (fixture->second);
  g_free (fixture->first);
  g_free (fixture->second);
}

/* All models, each as "id kilobytes", in their order. */
static char *
describe (WhisModelList *list)
{
  g_autoptr (GPtrArray) models = whis_model_list_get_all (list);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < models->len; i++)
    {
      const WhisModel *model = g_ptr_array_index (models, i);

      g_string_append_printf (text, "%s%s %" G_GUINT64_FORMAT, i > 0 ? ", " : "", model->id,
                              model->bytes / 1000);
    }

  return g_string_free (text, FALSE);
}

static void
assert_lists (WhisModelList *list, const char *expected)
{
  g_autofree char *found = describe (list);

  g_assert_cmpstr (found, ==, expected);
}

static void
assert_finds (Fixture *fixture, const char *wanted, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModel) model = whis_model_list_find (fixture->list, wanted, &error);

  g_test_message ("%s", wanted);
  g_assert_no_error (error);
  g_assert_cmpstr (model->id, ==, expected);
}

/* The smallest first, whatever the folder, and those of one size by name. */
static void
test_order (Fixture *fixture, gconstpointer unused)
{
  assert_lists (fixture->list, "");
  model_folder_add_whisper (fixture->first, "large.bin", 51865, 900);
  model_folder_add_whisper (fixture->second, "b.bin", 51865, 300);
  model_folder_add_whisper (fixture->second, "a.bin", 51865, 300);
  model_folder_add_parakeet (fixture->second, "small.bin", 8192, 200);
  assert_lists (fixture->list, "small 200, a 300, b 300, large 900");
}

/* Models come and go while the program runs. */
static void
test_looked_up_anew (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = NULL;
  struct utimbuf times = { 1000000, 1000000 };
  g_autoptr (WhisModel) model = NULL;

  model_folder_add_whisper (fixture->first, "one.bin", 51865, 300);
  model_folder_add_whisper (fixture->first, "two.bin", 51865, 400);
  assert_lists (fixture->list, "one 300, two 400");
  path = g_build_filename (fixture->first, "one.bin", NULL);
  g_unlink (path);
  assert_lists (fixture->list, "two 400");
  model_folder_add_whisper (fixture->first, "one.bin", 51864, 500);
  utime (path, &times);
  assert_lists (fixture->list, "two 400, one 500");
  model = whis_model_list_find (fixture->list, "one", NULL);
  g_assert_cmpint (model->modified, ==, 1000000);
  g_assert_cmpstr (model->path, ==, path);
}

/* A user's file goes before one of the same name that the system has. */
static void
test_first_folder_wins (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (WhisModel) model = NULL;

  model_folder_add_whisper (fixture->second, "tiny.bin", 51865, 300);
  model_folder_add_whisper (fixture->first, "tiny.bin", 51864, 400);
  assert_lists (fixture->list, "tiny 400");
  model = whis_model_list_find (fixture->list, "tiny", NULL);
  g_assert_true (g_str_has_prefix (model->path, fixture->first));
}

/* A file that no library may see is no model, and hides none of its name in the next folder. */
static void
test_no_models (Fixture *fixture, gconstpointer unused)
{
  static const char *const texts[] = { "", "l", "lmgg", "GGUF and so on, for sixty-four bytes ....",
                                       "<html>404 Not Found</html>" };
  g_autofree char *folder = g_build_filename (fixture->first, "folder.bin", NULL);
  g_autofree char *link = g_build_filename (fixture->first, "link.bin", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *name = g_strdup_printf ("text%u.bin", i);

      model_folder_add (fixture->first, name, texts[i], strlen (texts[i]));
    }
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("/nonexistent.bin", link), ==, 0);
  model_folder_add_whisper (fixture->first, "text.bin.part", 51865, 300);
  model_folder_add_whisper (fixture->first, ".bin", 51865, 300);
  model_folder_add_whisper (fixture->first, "no-end", 51865, 300);
  model_folder_add_whisper (fixture->first, "vocabulary.bin", 12, 300);
  assert_lists (fixture->list, "");
  model_folder_add_whisper (fixture->second, "text0.bin", 51865, 300);
  assert_lists (fixture->list, "text0 300");
}

/* By its whole name, or without what whisper.cpp puts in front of it; never by a part. */
static void
test_names (Fixture *fixture, gconstpointer unused)
{
  static const char *const absent[] = { "ggml-",     "base.bin",           "ba",
                                        "GGML-BASE", "../ggml-base",       "whisper-1x",
                                        "english",   "pocketsphinx-en-us", " ",
                                        "medium" };

  model_folder_add_whisper (fixture->first, "ggml-base.bin", 51865, 300);
  model_folder_add_whisper (fixture->first, "own.bin", 51865, 400);
  model_folder_add_whisper (fixture->first, "fast-medium.bin", 51865, 500);
  assert_finds (fixture, "ggml-base", "ggml-base");
  assert_finds (fixture, "base", "ggml-base");
  assert_finds (fixture, "own", "own");
  for (gsize i = 0; i < G_N_ELEMENTS (absent); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (whis_model_list_find (fixture->list, absent[i], &error));
      g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_NO_MODEL);
      g_assert_nonnull (strstr (error->message, absent[i]));
    }
}

/* What a request that names no model gets. */
static void
test_default (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  model_folder_add_whisper (fixture->first, "ggml-small.bin", 51865, 500);
  model_folder_add_whisper (fixture->first, "ggml-tiny.bin", 51865, 300);
  assert_finds (fixture, NULL, "ggml-tiny");
  assert_finds (fixture, "", "ggml-tiny");
  assert_finds (fixture, "whisper-1", "ggml-tiny");

  g_assert_true (whis_model_list_set_default (fixture->list, "small", &error));
  assert_finds (fixture, NULL, "ggml-small");
  g_assert_false (whis_model_list_set_default (fixture->list, "absent", &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_NO_MODEL);
  assert_finds (fixture, "whisper-1", "ggml-small");

  /* One that was removed since is no reason to recognise nothing. */
  path = g_build_filename (fixture->first, "ggml-small.bin", NULL);
  g_unlink (path);
  assert_finds (fixture, NULL, "ggml-tiny");
}

/* A file outside of the folders gets the name that it is given. */
static void
test_named_file (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_dir_make_tmp ("whis-other-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "some=file", NULL);
  g_autofree char *named = g_strdup_printf ("mine=%s", path);
  g_autofree char *broken = g_strdup_printf ("other=%s/absent", folder);
  g_autoptr (GError) error = NULL;

  model_folder_add_whisper (folder, "some=file", 51865, 800);
  model_folder_add_whisper (fixture->first, "tiny.bin", 51865, 300);
  g_assert_true (whis_model_list_set_default (fixture->list, named, &error));
  assert_lists (fixture->list, "tiny 300, mine 800");
  assert_finds (fixture, NULL, "mine");
  g_assert_false (whis_model_list_set_default (fixture->list, broken, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING);
  assert_finds (fixture, NULL, "mine");
  model_folder_remove (folder);
}

static void
assert_smaller (Fixture *fixture, const char *id, const char *expected)
{
  g_autoptr (WhisModel) model = whis_model_list_find (fixture->list, id, NULL);
  g_autofree char *smaller = whis_model_list_find_smaller (fixture->list, model);

  g_assert_cmpstr (smaller, ==, expected);
}

/* The next in size, not the smallest of all, and never one of the same size. */
static void
test_smaller (Fixture *fixture, gconstpointer unused)
{
  model_folder_add_whisper (fixture->first, "a.bin", 51865, 300);
  model_folder_add_whisper (fixture->first, "b.bin", 51865, 400);
  model_folder_add_whisper (fixture->first, "c.bin", 51865, 400);
  model_folder_add_whisper (fixture->first, "d.bin", 51865, 500);
  assert_smaller (fixture, "d", "c");
  assert_smaller (fixture, "c", "a");
  assert_smaller (fixture, "b", "a");
  assert_smaller (fixture, "a", NULL);
}

/* The languages follow from the vocabulary, and the sentence says what the model can do. */
static void
test_languages (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *id;
    const char *language;
    const char *word; /* of the refusal; NULL where there is none */
  } cases[] = {
    { "many", "de", NULL },
    { "many", NULL, NULL },
    { "many", "tlh", "does not know" },
    { "many", "DE", "“DE”" },
    { "english", "en", NULL },
    { "english", "de", "English only" },
    { "parakeet", "de", NULL },
    { "parakeet", "ja", "does not know" },
    { "parakeet-en", "fr", "English only" },
  };

  model_folder_add_whisper (fixture->first, "ggml-many.bin", 51865, 300);
  model_folder_add_whisper (fixture->first, "ggml-english.bin", 51864, 300);
  model_folder_add_parakeet (fixture->first, "ggml-parakeet.bin", 8192, 300);
  model_folder_add_parakeet (fixture->first, "ggml-parakeet-en.bin", 1024, 300);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = g_strconcat ("ggml-", cases[i].id, NULL);
      g_autoptr (WhisModel) model = whis_model_list_find (fixture->list, id, NULL);
      g_autoptr (GError) error = NULL;
      gboolean known = whis_model_check_language (model, cases[i].language, &error);

      g_test_message ("%s %s", cases[i].id, cases[i].language);
      g_assert_cmpint (known, ==, cases[i].word == NULL);
      if (known)
        continue;
      g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_LANGUAGE);
      g_assert_nonnull (strstr (error->message, cases[i].word));
      g_assert_nonnull (strstr (error->message, cases[i].id));
    }
}

/* A path that is not absolute would depend on where the program was started. */
static void
test_search_path (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *paths = g_strdup_printf (":.:models:%s:/nonexistent:", fixture->second);
  g_autoptr (WhisModelList) list = NULL;

  model_folder_add_whisper (fixture->first, "here.bin", 51865, 300);
  model_folder_add_whisper (fixture->second, "there.bin", 51865, 400);
  g_assert_cmpint (g_chdir (fixture->first), ==, 0);
  g_setenv ("WHIS_MODELS_PATH", paths, TRUE);
  list = whis_model_list_new (NULL, "/nonexistent");
  g_unsetenv ("WHIS_MODELS_PATH");
  assert_lists (list, "there 400");
  g_assert_cmpint (g_chdir (before), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/offline/model-list/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("order", test_order);
  ADD ("looked-up-anew", test_looked_up_anew);
  ADD ("first-folder-wins", test_first_folder_wins);
  ADD ("no-models", test_no_models);
  ADD ("names", test_names);
  ADD ("default", test_default);
  ADD ("named-file", test_named_file);
  ADD ("smaller", test_smaller);
  ADD ("languages", test_languages);
  ADD ("search-path", test_search_path);

  return g_test_run ();
}

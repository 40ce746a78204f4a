/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "catalogue-file.h"

#define SUM "be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b22"

static const char good[] = "[catalogue]\n"
                           "version=1\n"
                           "[school-base]\n"
                           "engine=whisper\n"
                           "name=The school's model\n"
                           "file=ggml-school.bin\n"
                           "addresses=https://one.example/a.bin;https://two.example/a.bin;\n"
                           "bytes=60000000\n"
                           "sha256=" SUM "\n"
                           "license=MIT\n"
                           "attribution=Whisper by OpenAI\n"
                           "languages=en de\n"
                           "speed=fast\n"
                           "memory-mb=160\n";

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = whis_catalogue_parse (good, strlen (good), &error);
  const WhisLocalModel *row;

  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->id, ==, "school-base");
  g_assert_cmpint (row->kind, ==, WHIS_MODEL_WHISPER);
  g_assert_cmpuint (row->bytes, ==, 60000000);
  g_assert_true (row->exact);
  g_assert_cmpstr (row->addresses[1], ==, "https://two.example/a.bin");
  g_assert_true (whis_local_model_has_language (row, "de"));
  g_assert_true (row->takes_prompt);
  g_assert_cmpstr (row->profile, ==, "whisper");
}

static char *
replace (const char *old, const char *new)
{
  g_autoptr (GString) text = g_string_new (good);

  g_assert_cmpuint (g_string_replace (text, old, new, 1), ==, 1);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What would leave the store's directory, mislead a terminal or never be complete. */
static void
test_refused (void)
{
  static const struct
  {
    const char *old, *new;
  } faults[] = {
    { "version=1", "version=2" },
    { "[school-base]", "[../school]" },
    { "[school-base]", "[-school]" },
    { "engine=whisper", "engine=magic" },
    { "name=The school's model", "name=" },
    { "name=The school's model", "name=The\\nmodel" },
    { "file=ggml-school.bin", "file=../ggml-school.bin" },
    { "file=ggml-school.bin", "file=.bin" },
    { "file=ggml-school.bin", "file=ggml-school.part" },
    { "addresses=https://one.example/a.bin;https://two.example/a.bin;", "addresses=" },
    { "bytes=60000000", "bytes=0" },
    { "bytes=60000000", "bytes=-1" },
    { "bytes=60000000", "bytes=many" },
    { "sha256=be07", "sha256=BE07" },
    { "sha256=be07", "sha256=be0" },
    { "license=MIT\n", "" },
    { "languages=en de", "languages=" },
    { "speed=fast", "speed=2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *text = replace (faults[i].old, faults[i].new);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", faults[i].new);
      g_assert_null (whis_catalogue_parse (text, strlen (text), &error));
      g_assert_nonnull (error);
    }
}

/* A row of the file is one of all; one that has the name of another is none. */
static void
test_added (void)
{
  g_autofree char *path = NULL;
  g_autofree char *text = g_strconcat (good, strstr (good, "[school-base]"), NULL);
  g_autoptr (GString) both = g_string_new (text);
  g_autoptr (GError) error = NULL;
  gsize n_before, n_after;
  int file = g_file_open_tmp ("whis-catalogue-XXXXXX", &path, NULL);

  close (file);
  whis_local_models_list (&n_before);
  g_assert_nonnull (strstr (both->str + strlen (good), "[school-base]"));
  memcpy (strstr (both->str + strlen (good), "[school-base]"), "[whispertiny]", 13);
  g_string_replace (both, "[whispertiny]", "[whisper-tiny]", 1);
  g_assert_true (g_file_set_contents (path, both->str, -1, NULL));
  g_assert_true (whis_catalogue_add_file (path, &error));
  g_assert_no_error (error);
  whis_local_models_list (&n_after);
  g_assert_cmpuint (n_after, ==, n_before + 1);
  g_assert_cmpstr (whis_local_model_find_checksum (SUM)->id, ==, "school-base");
  g_assert_cmpstr (whis_local_model_lookup ("whisper-tiny")->file, ==, "ggml-tiny.bin");
  g_unlink (path);
}

static char *
write_catalogue (const char *text)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int file = g_file_open_tmp ("whis-catalogue-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (file);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

/* Nothing of a file that cannot be read is added, and the program goes on with its own rows. */
static void
test_unreadable (void)
{
  g_autofree char *comment = g_strnfill (1 << 20, '#');
  g_autofree char *large = g_strconcat (good, comment, NULL);
  g_autofree char *large_path = write_catalogue (large);
  g_autofree char *bad_path = write_catalogue ("[catalogue]\nversion=2\n");
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) too_large = NULL;
  g_autoptr (GError) of_tomorrow = NULL;
  gsize n_before, n_after;

  whis_local_models_list (&n_before);
  g_assert_false (whis_catalogue_add_file ("/nowhere/catalogue.ini", &missing));
  g_assert_error (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_false (whis_catalogue_add_file (large_path, &too_large));
  g_assert_error (too_large, WHIS_CATALOGUE_ERROR, WHIS_CATALOGUE_ERROR_PARSE);
  g_assert_false (whis_catalogue_add_file (bad_path, &of_tomorrow));
  g_assert_error (of_tomorrow, WHIS_CATALOGUE_ERROR, WHIS_CATALOGUE_ERROR_PARSE);
  whis_local_models_list (&n_after);
  g_assert_cmpuint (n_after, ==, n_before);
  g_unlink (large_path);
  g_unlink (bad_path);
}

static const WhisLocalModel *
get_row (GPtrArray *rows, guint i)
{
  return g_ptr_array_index (rows, i);
}

/* What Parakeet can do, a row need not say, and memory may be left out or be nonsense. */
static void
test_engines (void)
{
  g_autofree char *parakeet = replace ("engine=whisper", "engine=parakeet");
  g_autofree char *no_memory = replace ("memory-mb=160\n", "");
  g_autofree char *much_memory = replace ("memory-mb=160", "memory-mb=99999999999999");
  g_autofree char *slow = replace ("speed=fast", "speed=slow");
  g_autoptr (GPtrArray) of_parakeet = whis_catalogue_parse (parakeet, strlen (parakeet), NULL);
  g_autoptr (GPtrArray) of_none = whis_catalogue_parse (no_memory, strlen (no_memory), NULL);
  g_autoptr (GPtrArray) of_much = whis_catalogue_parse (much_memory, strlen (much_memory), NULL);
  g_autoptr (GPtrArray) of_slow = whis_catalogue_parse (slow, strlen (slow), NULL);

  g_assert_cmpint (get_row (of_parakeet, 0)->kind, ==, WHIS_MODEL_PARAKEET);
  g_assert_cmpstr (get_row (of_parakeet, 0)->profile, ==, "parakeet");
  g_assert_false (get_row (of_parakeet, 0)->takes_language);
  g_assert_false (get_row (of_parakeet, 0)->takes_prompt);
  g_assert_cmpuint (get_row (of_none, 0)->memory_mb, ==, 0);
  g_assert_cmpuint (get_row (of_much, 0)->memory_mb, ==, 1000000);
  g_assert_cmpint (get_row (of_slow, 0)->speed, ==, WHIS_MODEL_SPEED_SLOW);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/catalogue-file/good", test_good);
  g_test_add_func ("/catalogue-file/refused", test_refused);
  g_test_add_func ("/catalogue-file/engines", test_engines);
  g_test_add_func ("/catalogue-file/unreadable", test_unreadable);
  g_test_add_func ("/catalogue-file/added", test_added);

  return g_test_run ();
}

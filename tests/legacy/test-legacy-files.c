/* SPDX-License-Identifier: MIT */
#include "legacy-home.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "store-error.h"

#define CONFIG g_get_user_config_dir ()
#define DATA g_get_user_data_dir ()
#define HOME g_get_home_dir ()
#define SANDBOX ".var/app/ink.whis.Whis/"

static void
put (const char *folder, const char *name, const char *text, guint age_s)
{
  g_autofree char *path = legacy_home_put (folder, name, text);
  const struct utimbuf times = { 1700000000 - age_s, 1700000000 - age_s };

  g_assert_cmpint (g_utime (path, (struct utimbuf *) &times), ==, 0);
}

static WhisLegacyFiles *
read_well (void)
{
  g_autoptr (GError) error = NULL;
  WhisLegacyFiles *files = legacy_home_read (&error);

  g_assert_no_error (error);

  return files;
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (legacy_home_read (&error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);
}

/* Wherever a version or a package kept its settings. */
static void
test_places (void)
{
  const struct
  {
    const char *folder;
    const char *name;
  } places[] = {
    { CONFIG, "whis/settings.json" },
    { CONFIG, "whis-cli/settings.json" },
    { DATA, "ink.whis.Whis/settings.json" },
    { HOME, SANDBOX "config/whis/settings.json" },
    { HOME, SANDBOX "data/ink.whis.Whis/settings.json" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path =
          legacy_home_put (places[i].folder, places[i].name, "{\"language\": \"de\"}");
      g_autoptr (WhisLegacyFiles) files = read_well ();

      g_assert_cmpuint (files->read->len, ==, 1);
      g_assert_cmpstr (files->settings->language, ==, "de");
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

/* The newest says how it shall be; a key that only an older one has counts all the same. */
static void
test_newest (void)
{
  g_autoptr (WhisLegacyFiles) files = NULL;

  put (CONFIG, "whis/settings.json",
       "{\"language\": \"de\", \"groq_api_key\": \"old\", \"openai_api_key\": \"old\"}", 300);
  put (CONFIG, "whis-cli/settings.json", "{\"language\": \"fr\", \"openai_api_key\": \"new\"}",
       100);
  put (DATA, "ink.whis.Whis/settings.json", "{\"provider\": \"groq\"}", 200);
  files = read_well ();

  g_assert_cmpstr (files->settings->language, ==, "fr");
  g_assert_null (files->settings->service);
  g_assert_cmpstr (whis_legacy_settings_get_key (files->settings, "openai"), ==, "new");
  g_assert_cmpstr (whis_legacy_settings_get_key (files->settings, "groq"), ==, "old");
  g_assert_cmpuint (files->read->len, ==, 3);
  g_assert_true (g_str_has_suffix (files->read->pdata[0], "whis-cli/settings.json"));
  g_assert_true (g_str_has_suffix (files->read->pdata[2], "whis/settings.json"));
  g_assert_cmpuint (files->with_keys->len, ==, 2);
  g_assert_cmpuint (files->complaints->len, ==, 0);
}

/* What lies there in place of settings is named, and neither waited for nor taken. */
static void
test_unreadable (void)
{
  g_autofree char *long_text = g_strnfill (1024 * 1024 + 1, ' ');
  g_autofree char *folder = g_build_filename (DATA, "ink.whis.Whis", "settings.json", NULL);
  g_autofree char *pipe = g_build_filename (HOME, SANDBOX "config/whis", NULL);
  g_autofree char *pipe_path = g_build_filename (pipe, "settings.json", NULL);
  g_autoptr (WhisLegacyFiles) files = NULL;
  static const char *const why[] = { "too long", "damaged", "no regular file", "no regular file" };

  put (CONFIG, "whis/settings.json", long_text, 0);
  put (CONFIG, "whis-cli/settings.json", "{\"language\": ", 0);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (pipe, 0700), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  files = read_well ();

  g_assert_null (files->settings);
  g_assert_cmpuint (files->complaints->len, ==, G_N_ELEMENTS (why));
  for (gsize i = 0; i < G_N_ELEMENTS (why); i++)
    {
      g_test_message ("%s", (const char *) files->complaints->pdata[i]);
      g_assert_nonnull (strstr (files->complaints->pdata[i], why[i]));
    }
  /* The user's own home is not spelled out. */
  g_assert_nonnull (strstr (files->complaints->pdata[3], "~/" SANDBOX "config"));
}

/* Some keep their settings elsewhere, and a link that leads nowhere is no file. */
static void
test_links (void)
{
  g_autofree char *target = legacy_home_put (HOME, "dotfiles/whis.json", "{\"language\": \"de\"}");
  g_autofree char *good = g_build_filename (CONFIG, "whis", "settings.json", NULL);
  g_autofree char *bad = g_build_filename (CONFIG, "whis-cli", "settings.json", NULL);
  g_autofree char *good_folder = g_path_get_dirname (good);
  g_autofree char *bad_folder = g_path_get_dirname (bad);
  g_autoptr (WhisLegacyFiles) files = NULL;

  g_assert_cmpint (g_mkdir_with_parents (good_folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (bad_folder, 0700), ==, 0);
  g_assert_cmpint (symlink (target, good), ==, 0);
  g_assert_cmpint (symlink ("/nowhere", bad), ==, 0);
  files = read_well ();
  g_assert_cmpstr (files->settings->language, ==, "de");
  g_assert_cmpuint (files->complaints->len, ==, 0);
  g_assert_cmpint (g_unlink (good), ==, 0);
}

static const WhisLegacyPreset *
find_preset (WhisLegacyFiles *files, const char *name)
{
  for (guint i = 0; i < files->presets->len; i++)
    {
      const WhisLegacyPreset *preset = g_ptr_array_index (files->presets, i);

      if (g_str_equal (preset->name, name))
        return preset;
    }

  return NULL;
}

static void
test_presets (void)
{
  g_autoptr (WhisLegacyFiles) files = NULL;

  put (CONFIG, "whis/settings.json", "{\"polish_prompt\": \"Tidy it up.\"}", 0);
  put (CONFIG, "whis/presets/mail.json", "{\"prompt\": \"A mail\"}", 0);
  put (HOME, SANDBOX "config/whis/presets/mail.json", "{\"prompt\": \"Another\"}", 0);
  put (HOME, SANDBOX "config/whis/presets/notes.json",
       "{\"prompt\": \"Notes\", \"description\": \"D\", \"model\": \"m\"}", 0);
  put (CONFIG, "whis/presets/broken.json", "{", 0);
  put (CONFIG, "whis/presets/two words.json", "{\"prompt\": \"A mail\"}", 0);
  put (CONFIG, "whis/presets/readme.txt", "no preset", 0);
  files = read_well ();

  g_assert_cmpuint (files->presets->len, ==, 3);
  g_assert_cmpstr (find_preset (files, "mail")->prompt, ==, "A mail");
  g_assert_cmpstr (find_preset (files, "notes")->description, ==, "D");
  g_assert_cmpstr (find_preset (files, "prompt-of-the-settings")->prompt, ==, "Tidy it up.");
  g_assert_cmpuint (files->complaints->len, ==, 2);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  g_set_object ((GAsyncResult **) data, result);
}

static void
assert_copied (WhisLegacyFiles *files, gboolean overwrite, gboolean only_look, WhisPresetFate fate)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) fates = NULL;

  whis_legacy_files_copy_presets_async (files, overwrite, only_look, NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  fates = whis_legacy_files_copy_presets_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fates->len, ==, 1);
  g_assert_cmpint (g_array_index (fates, WhisPresetFate, 0), ==, fate);
}

/* A preset of the user's that has the same name stays, unless the user wants it otherwise. */
static void
test_copy_presets (void)
{
  g_autofree char *path = g_build_filename (DATA, "whis", "presets", "mail.json", NULL);
  g_autofree char *copied = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *replaced = NULL;
  g_autofree char *own = NULL;
  g_autoptr (WhisLegacyFiles) files = NULL;
  GStatBuf status;

  put (CONFIG, "whis/presets/mail.json",
       "{\"prompt\": \"“A” mail\", \"post_processor\": \"ollama\", \"description\": \"\"}", 0);
  files = read_well ();
  assert_copied (files, FALSE, TRUE, WHIS_PRESET_WRITTEN);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_copied (files, FALSE, FALSE, WHIS_PRESET_WRITTEN);
  g_assert_true (g_file_get_contents (path, &copied, NULL, NULL));
  g_assert_cmpstr (copied, ==,
                   "{\n  \"name\" : \"mail\",\n  \"prompt\" : \"“A” mail\",\n"
                   "  \"service\" : \"ollama\"\n}\n");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  assert_copied (files, FALSE, FALSE, WHIS_PRESET_SAME);
  assert_copied (files, TRUE, FALSE, WHIS_PRESET_SAME);

  own = legacy_home_put (DATA, "whis/presets/mail.json", "my own");
  assert_copied (files, FALSE, FALSE, WHIS_PRESET_KEPT);
  assert_copied (files, TRUE, TRUE, WHIS_PRESET_WRITTEN);
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "my own");
  assert_copied (files, TRUE, FALSE, WHIS_PRESET_WRITTEN);
  g_assert_true (g_file_get_contents (path, &replaced, NULL, NULL));
  g_assert_cmpstr (replaced, ==, copied);
}

static void
test_copy_fails (void)
{
  g_autoptr (WhisLegacyFiles) files = NULL;

  put (DATA, "whis", "no folder", 0);
  put (CONFIG, "whis/presets/mail.json", "{\"prompt\": \"A mail\"}", 0);
  files = read_well ();
  assert_copied (files, FALSE, FALSE, WHIS_PRESET_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/legacy-files/nothing", test_nothing);
  g_test_add_func ("/legacy-files/places", test_places);
  g_test_add_func ("/legacy-files/newest", test_newest);
  g_test_add_func ("/legacy-files/unreadable", test_unreadable);
  g_test_add_func ("/legacy-files/links", test_links);
  g_test_add_func ("/legacy-files/presets", test_presets);
  g_test_add_func ("/legacy-files/copy-presets", test_copy_presets);
  g_test_add_func ("/legacy-files/copy-fails", test_copy_fails);

  return g_test_run ();
}

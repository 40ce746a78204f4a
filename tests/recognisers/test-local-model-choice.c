/* SPDX-License-Identifier: MIT */
#include "local-model-choice.h"

#include <glib/gstdio.h>

#include "recogniser-end.h"
#include "service-error.h"
#include "small-models.h"
#include "smaller-model.h"

#include <signal.h>
#include <string.h>

/* A store with the two models, and the settings of a user. */
typedef struct
{
  char *directory;
  WhisModelStore *store;
  WhisSettings *settings;
  WhisLocalModelChoice *choice;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const none[] = { NULL };

  fixture->directory = g_dir_make_tmp ("whis-choice-XXXXXX", NULL);
  fixture->store = whis_model_store_new (fixture->directory, none);
  fixture->settings = whis_settings_new (NULL);
  whis_settings_set_language (fixture->settings, "");
  whis_settings_set_model (fixture->settings, "offline", "");
}

static void
on_waited (GObject *source, GAsyncResult *result, gpointer data)
{
  whis_local_model_choice_wait_finish (WHIS_LOCAL_MODEL_CHOICE (source), result);
  *(gboolean *) data = TRUE;
}

static void
wait_for_choice (Fixture *fixture)
{
  gboolean is_over = FALSE;

  if (fixture->choice == NULL)
    fixture->choice = whis_local_model_choice_new (fixture->store, fixture->settings);
  whis_local_model_choice_wait_async (fixture->choice, on_waited, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->directory);

  g_clear_object (&fixture->choice);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->directory);
}

static void
assert_current (Fixture *fixture, const char *id)
{
  wait_for_choice (fixture);
  g_assert_cmpstr (whis_local_model_choice_get_current (fixture->choice), ==, id);
}

/* The best that is here and knows the language; the engine is told the name of its file. */
static void
test_best (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = NULL;

  small_model_write (fixture->directory, "small-test.bin", 1);
  small_model_write (fixture->directory, "second-test.bin", 2);
  assert_current (fixture, "small-test");
  name = whis_local_model_choice_dup_name (fixture->choice);
  g_assert_cmpstr (name, ==, "small-test");
  whis_settings_set_language (fixture->settings, "ja");
  assert_current (fixture, "second-test");
  whis_settings_set_language (fixture->settings, "de");
  assert_current (fixture, "small-test");
}

/* A model that comes is taken, and one that goes is not used any more. */
static void
test_comes_and_goes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "second-test.bin", NULL);

  whis_settings_set_language (fixture->settings, "ja");
  assert_current (fixture, "");
  small_model_write (fixture->directory, "second-test.bin", 2);
  whis_local_model_choice_refresh (fixture->choice);
  assert_current (fixture, "second-test");
  g_unlink (path);
  whis_local_model_choice_refresh (fixture->choice);
  assert_current (fixture, "");
}

/* Nobody gets another model than the one that was chosen, not even a better one. */
static void
test_wanted (Fixture *fixture, gconstpointer data)
{
  small_model_write (fixture->directory, "small-test.bin", 1);
  small_model_write (fixture->directory, "second-test.bin", 2);
  whis_settings_set_model (fixture->settings, "offline", "second-test");
  assert_current (fixture, "second-test");
  whis_settings_set_model (fixture->settings, "offline", "gone");
  assert_current (fixture, "");
  whis_settings_set_model (fixture->settings, "offline", "english");
  assert_current (fixture, "english");
}

/* A damaged file is none. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  small_model_write (fixture->directory, "small-test.bin", 7);
  small_model_write (fixture->directory, "second-test.bin", 2);
  assert_current (fixture, "second-test");
}

/* Of several searches the last one says what is used. */
static void
test_changed_while_searching (Fixture *fixture, gconstpointer data)
{
  small_model_write (fixture->directory, "small-test.bin", 1);
  small_model_write (fixture->directory, "second-test.bin", 2);
  fixture->choice = whis_local_model_choice_new (fixture->store, fixture->settings);
  g_assert_cmpstr (whis_local_model_choice_get_current (fixture->choice), ==, "");
  whis_settings_set_language (fixture->settings, "ja");
  whis_settings_set_language (fixture->settings, "de");
  whis_settings_set_language (fixture->settings, "ja");
  assert_current (fixture, "second-test");
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  /* without any model: English may be left to PocketSphinx, and nothing else */
  whis_settings_set_language (fixture->settings, "fr");
  assert_current (fixture, "");
  g_assert_true (whis_local_model_choice_check (fixture->choice, "en", NULL));
  g_assert_true (whis_local_model_choice_check (fixture->choice, "en-GB", NULL));
  g_assert_true (whis_local_model_choice_check (fixture->choice, "", NULL));
  g_assert_false (whis_local_model_choice_check (fixture->choice, "fr", &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_MODEL);
  g_assert_nonnull (strstr (error->message, "“fr”"));
  g_clear_error (&error);
  g_assert_false (whis_local_model_choice_check (fixture->choice, "enm", &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_MODEL);
}

static void
test_engine_name (void)
{
  static const struct
  {
    const char *id;
    const char *name;
  } cases[] = {
    { "small-test", "small-test" },
    { "my-own", "my-own" },
    { "my-own.bin", "my-own" },
    { "english", "english" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = whis_local_model_choice_dup_engine_name (cases[i].id);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

/* --- the next smaller one --------------------------------------------------------------------- */

static WhisLocalModel rows[] = {
  { .id = "large", .bytes = 3000, .languages = "en de", .speed = WHIS_MODEL_SPEED_SLOW },
  { .id = "medium", .bytes = 2000, .languages = "en de", .speed = WHIS_MODEL_SPEED_MODERATE },
  { .id = "medium-en", .bytes = 1900, .languages = "en", .speed = WHIS_MODEL_SPEED_MODERATE },
  { .id = "small", .bytes = 1000, .languages = "en de", .speed = WHIS_MODEL_SPEED_FAST },
  /* smaller on the disk, and slower */
  { .id = "slow", .bytes = 1500, .languages = "en de", .speed = WHIS_MODEL_SPEED_SLOW },
};

static GPtrArray *
make_entries (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_model_entry_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_ptr_array_add (entries, whis_model_entry_new (rows[i].id, &rows[i]));

  return entries;
}

static void
test_smaller (void)
{
  static const struct
  {
    guint from;
    const char *language;
    const char *smaller;
  } cases[] = {
    { 0, "", "medium" },    { 0, NULL, "medium" }, { 0, "de", "medium" },
    { 1, "", "medium-en" }, { 1, "de", "small" },  { 2, "en", "small" },
    { 3, "", NULL },        { 0, "ja", NULL },     { 1, "ja", NULL },
  };
  g_autoptr (GPtrArray) entries = make_entries ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisModelEntry *found = whis_smaller_model_find (
          entries, g_ptr_array_index (entries, cases[i].from), cases[i].language);

      g_assert_cmpstr (found != NULL ? found->id : NULL, ==, cases[i].smaller);
    }
}

/* One that is damaged, or known to be too slow as well, is no way out. */
static void
test_smaller_that_is_no_help (void)
{
  g_autoptr (GPtrArray) entries = make_entries ();
  WhisModelEntry *large = g_ptr_array_index (entries, 0);
  WhisModelEntry *medium = g_ptr_array_index (entries, 1);
  WhisModelEntry *medium_en = g_ptr_array_index (entries, 2);

  medium->measure.speech_ms = 1000;
  medium->measure.work_ms = 1001;
  g_assert_cmpstr (whis_smaller_model_find (entries, large, "")->id, ==, "medium-en");
  medium->measure.gpu_verdict = WHIS_GPU_RIGHT;
  medium->measure.gpu_work_ms = 500;
  g_assert_cmpfloat (whis_model_entry_get_speed (medium), ==, 2);
  g_assert_cmpstr (whis_smaller_model_find (entries, large, "")->id, ==, "medium");
  medium->measure.gpu_verdict = WHIS_GPU_WRONG;
  medium_en->state = WHIS_MODEL_STATE_DAMAGED;
  g_assert_cmpstr (whis_smaller_model_find (entries, large, "")->id, ==, "slow");
  g_assert_cmpstr (whis_smaller_model_find (entries, medium, "")->id, ==, "small");
}

/* A model of the user's own has no row: its length and a moderate speed count. */
static void
test_smaller_than_own (void)
{
  g_autoptr (GPtrArray) entries = make_entries ();
  g_autoptr (WhisModelEntry) own = whis_model_entry_new ("own", NULL);

  own->bytes = 1950;
  g_assert_cmpstr (whis_smaller_model_find (entries, own, "")->id, ==, "medium-en");
  own->bytes = 1000;
  g_assert_null (whis_smaller_model_find (entries, own, ""));
}

/* The sentence names what the user can do. */
static void
test_end (void)
{
  static const struct
  {
    int number;
    const char *smaller;
    const char *has;
  } cases[] = {
    { SIGKILL, "tiny", "such as tiny" }, { SIGKILL, NULL, "a smaller model." },
    { SIGILL, NULL, "slower" },          { SIGABRT, NULL, "fetch it again" },
    { SIGSEGV, "tiny", "crashed" },      { SIGBUS, NULL, "crashed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = whis_recogniser_end_describe (cases[i].number, cases[i].smaller);

      g_assert_nonnull (strstr (sentence, cases[i].has));
      g_assert_true (g_str_has_suffix (sentence, "."));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  small_models_add ();

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/local-model-choice/best", test_best);
  ADD ("/local-model-choice/comes-and-goes", test_comes_and_goes);
  ADD ("/local-model-choice/wanted", test_wanted);
  ADD ("/local-model-choice/damaged", test_damaged);
  ADD ("/local-model-choice/changed-while-searching", test_changed_while_searching);
  ADD ("/local-model-choice/check", test_check);
  g_test_add_func ("/local-model-choice/engine-name", test_engine_name);
  g_test_add_func ("/smaller-model/found", test_smaller);
  g_test_add_func ("/smaller-model/no-help", test_smaller_that_is_no_help);
  g_test_add_func ("/smaller-model/own", test_smaller_than_own);
  g_test_add_func ("/recogniser-end/sentences", test_end);

  return g_test_run ();
}

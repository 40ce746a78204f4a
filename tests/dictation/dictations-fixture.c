/* SPDX-License-Identifier: MIT */
#include "dictations-fixture.h"

#include <glib/gstdio.h>

#include "awaited.h"
#include "capture-kinds.h"
#include "history-fixture.h"
#include "wav.h"

#define ADDRESS_THAT_NOBODY_HAS "http://127.0.0.1:9/v1"

/* In the place of the one in src/audio: the linker takes the first. */
const WhisCaptureKinds *
whis_capture_kinds_get (void)
{
  return &test_capture_kinds;
}

/* At the beginning of a test program, behind g_test_init(). */
void
dictations_fixture_init (void)
{
  g_setenv ("GROQ_API_KEY", "groq-key", TRUE);
  g_setenv ("WHIS_CUSTOM_API_KEY", "custom-key", TRUE);
  g_unsetenv ("OPENAI_API_KEY");
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_unsetenv ("WAYLAND_DISPLAY");
  g_unsetenv ("DISPLAY");
}

void
dictations_fixture_set (DictationsFixture *fixture, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  whis_settings_parse (fixture->settings, key, value, &error);
  g_assert_no_error (error);
}

/* They are in the memory of this program, and so those of the test before. */
static void
reset_settings (void)
{
  g_autoptr (GSettings) settings = g_settings_new (WHIS_APP_ID);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

static void
added_cb (DictationsFixture *fixture, WhisDictation *dictation)
{
  g_string_append (fixture->events, "added ");
}

static void
idle_cb (DictationsFixture *fixture)
{
  g_string_append (fixture->events, "idle ");
}

static void
closed_cb (DictationsFixture *fixture)
{
  g_string_append (fixture->events, "closed ");
}

static void
open_dictations (DictationsFixture *fixture)
{
  g_autofree char *models = g_build_filename (fixture->directory, "models", NULL);
  const char *const none[] = { NULL };

  fixture->history = whis_history_new (fixture->directory);
  fixture->usage = whis_usage_new (fixture->history);
  fixture->meter = whis_meter_new (fixture->settings, fixture->usage);
  fixture->store = whis_model_store_new (models, none);
  fixture->local_model = whis_local_model_choice_new (fixture->store, fixture->settings);
  fixture->dictations =
      whis_dictations_new (fixture->settings, fixture->keyring, fixture->delivery, fixture->history,
                           fixture->meter, fixture->local_model);
  g_signal_connect_swapped (fixture->dictations, "added", G_CALLBACK (added_cb), fixture);
  g_signal_connect_swapped (fixture->dictations, "idle", G_CALLBACK (idle_cb), fixture);
  g_signal_connect_swapped (fixture->dictations, "closed", G_CALLBACK (closed_cb), fixture);
}

void
dictations_fixture_set_up (DictationsFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  reset_settings ();
  fixture->directory = g_dir_make_tmp ("whis-dictations-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  fixture->keyring = whis_keyring_new ();
  fixture->clipboard = whis_clipboard_new ();
  fixture->delivery = whis_delivery_new (fixture->clipboard);
  fixture->service = test_service_new_scripted ();
  test_service_set_default (fixture->service, &(TestPlan){ .body = "{\"text\":\"words\"}" });
  whis_settings_set_provider (fixture->settings, "custom");
  dictations_fixture_plug_in (fixture);
  fixture->events = g_string_new (NULL);
  open_dictations (fixture);
}

void
dictations_fixture_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
finalized_cb (gpointer data, GObject *was)
{
  *(gboolean *) data = TRUE;
}

/* What was asked for ends first, and holds it until then. */
static void
forget (gpointer object)
{
  gboolean is_gone = FALSE;

  g_object_weak_ref (object, finalized_cb, &is_gone);
  g_object_unref (object);
  while (!is_gone)
    g_main_context_iteration (NULL, TRUE);
}

/* The last sound of what records is heard. */
static void
close_dictations (DictationsFixture *fixture)
{
  whis_dictations_interrupt_all (fixture->dictations);
  while (whis_dictations_are_closing (fixture->dictations))
    {
      TestCapture *capture = test_capture_get_newest ();

      if (capture != NULL
          && whis_capture_get_state (WHIS_CAPTURE (capture)) != WHIS_CAPTURE_STATE_ENDED)
        test_capture_finish (capture);
      g_main_context_iteration (NULL, TRUE);
    }
  dictations_fixture_settle ();
  g_signal_handlers_disconnect_by_data (fixture->dictations, fixture);
  forget (g_steal_pointer (&fixture->dictations));
  g_clear_object (&fixture->local_model);
  g_clear_object (&fixture->store);
  forget (g_steal_pointer (&fixture->meter));
  forget (g_steal_pointer (&fixture->usage));
  forget (g_steal_pointer (&fixture->history));
  dictations_fixture_settle ();
}

void
dictations_fixture_tear_down (DictationsFixture *fixture, gconstpointer data)
{
  test_service_release (fixture->service);
  close_dictations (fixture);
  test_service_free (fixture->service);
  g_object_unref (fixture->delivery);
  g_object_unref (fixture->clipboard);
  g_object_unref (fixture->keyring);
  g_object_unref (fixture->settings);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_string_free (fixture->events, TRUE);
}

void
dictations_fixture_restart (DictationsFixture *fixture)
{
  close_dictations (fixture);
  open_dictations (fixture);
}

/* --- what is done ----------------------------------------------------------------------------- */

static GVariant *
parse_options (const char *options)
{
  return options != NULL ? g_variant_new_parsed (options)
                         : g_variant_new_parsed ("{'deliver': <false>}");
}

WhisDictation *
dictations_fixture_start (DictationsFixture *fixture, const char *options)
{
  g_autoptr (GError) error = NULL;
  WhisDictation *dictation =
      whis_dictations_start (fixture->dictations, parse_options (options), &error);

  g_assert_no_error (error);

  return dictation;
}

TestCapture *
dictations_fixture_record (DictationsFixture *fixture, const char *options)
{
  TestCapture *capture;

  dictations_fixture_start (fixture, options);
  capture = test_capture_get_newest ();
  test_capture_begin (capture);

  return capture;
}

WhisDictation *
dictations_fixture_say (DictationsFixture *fixture, const char *options)
{
  TestCapture *capture = dictations_fixture_record (fixture, options);

  test_capture_say (capture, TRUE);
  test_capture_finish (capture);

  return whis_dictations_get_current (fixture->dictations);
}

/* It may be forgotten as soon as it has ended. */
void
dictations_fixture_wait_for (WhisDictation *waited, WhisDictationState state)
{
  g_autoptr (WhisDictation) dictation = g_object_ref (waited);

  while (whis_dictation_get_state (dictation) != state)
    {
      if (whis_dictation_state_is_final (whis_dictation_get_state (dictation)))
        g_error ("It ended otherwise: %s",
                 whis_dictation_state_get_nick (whis_dictation_get_state (dictation)));
      g_main_context_iteration (NULL, TRUE);
    }
}

void
dictations_fixture_plan_text (DictationsFixture *fixture, const char *text)
{
  g_autofree char *body = g_strdup_printf ("{\"text\":\"%s\"}", text);

  /* The strings of a plan must outlive the service. */
  test_service_plan (fixture->service, &(TestPlan){ .body = g_intern_string (body) });
}

void
dictations_fixture_plan_hold (DictationsFixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    test_service_plan (fixture->service,
                       &(TestPlan){ .trick = TEST_TRICK_HOLD, .body = "{\"text\":\"late\"}" });
}

guint
dictations_fixture_count_sounds (DictationsFixture *fixture)
{
  guint n = 0;

  for (guint i = 0; i < test_service_get_n_requests (fixture->service); i++)
    n += g_str_equal (test_service_get_request (fixture->service, i)->method, "POST");

  return n;
}

void
dictations_fixture_wait_for_sounds (DictationsFixture *fixture, guint n)
{
  while (dictations_fixture_count_sounds (fixture) < n)
    test_service_wait_requests (fixture->service,
                                test_service_get_n_requests (fixture->service) + 1);
}

/* The discard port: nobody listens there. */
void
dictations_fixture_unplug (DictationsFixture *fixture)
{
  whis_settings_set_address (fixture->settings, "custom", ADDRESS_THAT_NOBODY_HAS);
}

void
dictations_fixture_plug_in (DictationsFixture *fixture)
{
  g_autofree char *address = g_strconcat (test_service_get_url (fixture->service), "/v1", NULL);

  whis_settings_set_address (fixture->settings, "custom", address);
}

/* --- earlier runs ----------------------------------------------------------------------------- */

static void
write_sound (DictationsFixture *fixture, const char *id)
{
  g_autofree char *path = whis_history_dup_sound_path (fixture->history, id, TRUE);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (WhisRecording) recording = whis_recording_new (path);
  guint8 bytes[TEST_CAPTURE_CHUNK_SIZE] = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  whis_recording_open (recording, &error);
  g_assert_no_error (error);
  g_assert_true (whis_recording_append (recording, bytes, sizeof bytes, NULL));
  g_assert_true (whis_recording_sync (recording, NULL));
}

/* It has one chunk, without a text. */
WhisRecord *
dictations_fixture_create_entry (DictationsFixture *fixture,
                                 const char *id,
                                 WhisDictationState state,
                                 gboolean has_sound)
{
  static gint64 created_ms = 1000;
  WhisRecord *record = create_record (id, created_ms++, state, NULL);
  g_autoptr (WhisChunk) chunk = whis_chunk_new (id, 0);
  g_autoptr (WhisRecordChunk) known = NULL;

  g_free (record->provider);
  record->provider = g_strdup ("custom");
  record->longest_chunk_ms = 30000;
  record->length_ms = TEST_CAPTURE_CHUNK_MS;
  record->complete = TRUE;
  chunk->offset = WHIS_WAV_HEADER_SIZE;
  chunk->size = TEST_CAPTURE_CHUNK_SIZE;
  chunk->length_ms = TEST_CAPTURE_CHUNK_MS;
  chunk->has_speech = TRUE;
  known = whis_record_chunk_new (chunk);
  whis_history_put (fixture->history, record);
  whis_history_put_chunk (fixture->history, known);
  /* A sound without an entry would be found, and told, as one that was left behind. */
  flush_history (fixture->history);
  if (has_sound)
    write_sound (fixture, id);

  return record;
}

WhisDictation *
dictations_fixture_continue (DictationsFixture *fixture,
                             const char *id,
                             WhisDictationMode mode,
                             const char *options,
                             GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_dictations_continue_async (fixture->dictations, id, mode,
                                  options != NULL ? g_variant_new_parsed (options) : NULL, FALSE,
                                  NULL, store_result, &result);

  return whis_dictations_continue_finish (fixture->dictations, wait_for (&result), error);
}

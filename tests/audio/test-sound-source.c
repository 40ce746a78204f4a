/* SPDX-License-Identifier: MIT */
#include "sound-source.h"

#define RATE 16000

/* A microphone that sends what the test tells it to. */
typedef struct
{
  WhisSoundSource *source;
  GstElement *microphone;
  GAsyncQueue *told; /* of names of what was told */
  gsize n_samples;
  gsize most; /* samples that are wanted */
} Fixture;

static void
tell (Fixture *fixture, const char *what)
{
  g_async_queue_push (fixture->told, (gpointer) what);
}

static void
on_ready (WhisSoundSource *source, gpointer user_data)
{
  tell (user_data, "ready");
}

static void
on_started (WhisSoundSource *source, gpointer user_data)
{
  tell (user_data, "started");
}

static gboolean
on_sound (const gint16 *samples, gsize n_samples, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_samples += n_samples;
  tell (fixture, "sound");

  return fixture->n_samples < fixture->most;
}

static void
on_moved (WhisSoundSource *source, gpointer user_data)
{
  tell (user_data, "moved");
}

static void
on_ended (WhisSoundSource *source, gpointer user_data)
{
  tell (user_data, "ended");
}

static void
on_failed (WhisSoundSource *source, GError *error, gpointer user_data)
{
  g_error_free (error);
  tell (user_data, "failed");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const WhisSoundSourceFuncs funcs = { on_ready, on_started, on_sound,
                                              on_moved, on_ended,   on_failed };
  g_autoptr (GError) error = NULL;
  GstElement *pipeline;

  fixture->told = g_async_queue_new ();
  fixture->most = G_MAXSIZE;
  fixture->source = whis_sound_source_new (-1, NULL, 0, &funcs, fixture);
  pipeline = gst_parse_launch ("appsrc name=source format=time caps=audio/x-raw,format=S16LE,"
                               "layout=interleaved,rate=16000,channels=1 "
                               "! capsfilter name=sound ! fakesink async=false sync=false",
                               &error);
  g_assert_no_error (error);
  fixture->microphone = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  whis_sound_source_set_pipeline (fixture->source, gst_object_ref_sink (pipeline));
  g_assert_true (whis_sound_source_open (fixture->source, &error));
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "ready");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_sound_source_close (fixture->source);
  whis_sound_source_unref (fixture->source);
  gst_object_unref (fixture->microphone);
  g_async_queue_unref (fixture->told);
}

static void
send (Fixture *fixture, guint ms, GstBufferFlags flags)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, ms * RATE / 1000 * 2, NULL);
  GstFlowReturn result;

  gst_buffer_memset (buffer, 0, 0, gst_buffer_get_size (buffer));
  GST_BUFFER_FLAG_SET (buffer, flags);
  g_signal_emit_by_name (fixture->microphone, "push-buffer", buffer, &result);
  g_assert_cmpint (result, ==, GST_FLOW_OK);
}

/* Everything that was sent has gone through. */
static void
wait_for_all (Fixture *fixture)
{
  guint64 left;

  do
    {
      g_object_get (fixture->microphone, "current-level-bytes", &left, NULL);
      g_thread_yield ();
    }
  while (left > 0);
}

/* A pipeline that plays is no microphone that works, and neither is a gap. */
static void
test_real_sound_only (Fixture *fixture, gconstpointer data)
{
  send (fixture, 40, GST_BUFFER_FLAG_GAP);
  send (fixture, 0, 0);
  send (fixture, 40, GST_BUFFER_FLAG_GAP);
  wait_for_all (fixture);
  g_assert_null (g_async_queue_try_pop (fixture->told));

  send (fixture, 50, 0);
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "started");
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "sound");
  g_assert_cmpuint (fixture->n_samples, ==, 800);

  /* from there on a gap is silence that was recorded */
  send (fixture, 40, GST_BUFFER_FLAG_GAP);
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "sound");
}

/* The end is told once, however much more comes. */
static void
test_enough (Fixture *fixture, gconstpointer data)
{
  fixture->most = 1000;
  for (guint i = 0; i < 5; i++)
    send (fixture, 40, 0);
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "started");
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "sound");
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "sound");
  g_assert_cmpstr (g_async_queue_pop (fixture->told), ==, "ended");
  wait_for_all (fixture);
  g_assert_null (g_async_queue_try_pop (fixture->told));
}

static void
test_hush (Fixture *fixture, gconstpointer data)
{
  whis_sound_source_mute (fixture->source);
  send (fixture, 40, 0);
  wait_for_all (fixture);
  whis_sound_source_close (fixture->source);
  g_assert_null (g_async_queue_try_pop (fixture->told));
}

#define ADD(name, func) g_test_add ("/sound-source/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  ADD ("real-sound-only", test_real_sound_only);
  ADD ("enough", test_enough);
  ADD ("hush", test_hush);

  return g_test_run ();
}

/* SPDX-License-Identifier: MIT */
#include "decode.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "offline-error.h"
#include "speech.h"

#define HOUR_MS (60 * 60 * 1000)

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

static GBytes *
decode (GBytes *file, guint64 longest_ms, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_decode_async (file, longest_ms, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_decode_finish (result, error);
}

/* Turns a WAV file into another kind with the tools of GStreamer. */
static GBytes *
convert (const char *encoder)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "whis-decode-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  g_autofree char *description =
      g_strdup_printf ("filesrc location=%s ! wavparse ! audioconvert ! audioresample ! %s ! "
                       "filesink location=%s",
                       SPEECH_WAV, encoder, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  GBytes *file;

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message =
      gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  file = speech_read (path);
  g_unlink (path);

  return file;
}

static void
test_wav (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  g_autoptr (GBytes) expected = speech_read_samples (SPEECH_WAV);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = decode (file, HOUR_MS, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (samples, expected));
}

/* Every kind that people drop into a window gives the same sound, apart from the encoder's delay.
 */
static void
test_kind (gconstpointer encoder)
{
  g_autoptr (GBytes) file = convert (encoder);
  g_autoptr (GBytes) original = speech_read_samples (SPEECH_WAV);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = decode (file, HOUR_MS, NULL, &error);
  gssize difference;

  g_assert_no_error (error);
  difference = (gssize) g_bytes_get_size (samples) - (gssize) g_bytes_get_size (original);
  g_assert_cmpint (ABS (difference), <, 16000 * 2 / 4);
}

static void
append_number (GByteArray *bytes, guint32 number, guint n_bytes)
{
  guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (bytes, (const guint8 *) &little, n_bytes);
}

/* A WAV file of two channels; of each frame @left and @right times the sample. */
static GBytes *
make_stereo (GBytes *mono, int left, int right)
{
  gsize size;
  const gint16 *samples = g_bytes_get_data (mono, &size);
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) "RIFF", 4);
  append_number (bytes, (guint32) (36 + 2 * size), 4);
  g_byte_array_append (bytes, (const guint8 *) "WAVEfmt ", 8);
  append_number (bytes, 16, 4);
  append_number (bytes, 1, 2);
  append_number (bytes, 2, 2);
  append_number (bytes, 16000, 4);
  append_number (bytes, 16000 * 4, 4);
  append_number (bytes, 4, 2);
  append_number (bytes, 16, 2);
  g_byte_array_append (bytes, (const guint8 *) "data", 4);
  append_number (bytes, (guint32) (2 * size), 4);
  for (gsize i = 0; i < size / sizeof *samples; i++)
    {
      append_number (bytes, (guint32) (left * samples[i]), 2);
      append_number (bytes, (guint32) (right * samples[i]), 2);
    }

  return g_byte_array_free_to_bytes (bytes);
}

/* A channel that is upside down, or dead, takes nothing of the other one. */
static void
test_channels (void)
{
  static const int channels[][2] = { { 1, 1 }, { 1, -1 }, { 1, 0 }, { 0, 1 } };
  g_autoptr (GBytes) expected = speech_read_samples (SPEECH_WAV);
  gsize size;
  const gint16 *right = g_bytes_get_data (expected, &size);

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autoptr (GBytes) file = make_stereo (expected, channels[i][0], channels[i][1]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) samples = decode (file, HOUR_MS, NULL, &error);
      const gint16 *decoded;
      guint n_wrong = 0;

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (samples), ==, size);
      decoded = g_bytes_get_data (samples, NULL);
      for (gsize k = 0; k < size / sizeof *decoded; k++)
        n_wrong += ABS (decoded[k] - right[k]) > 2;
      /* but for the moment in which it is found out */
      g_assert_cmpuint (n_wrong, <, 320);
    }
}

static void
assert_undecodable (GBytes *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = decode (file, HOUR_MS, NULL, &error);

  g_assert_null (samples);
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_UNDECODABLE);
}

static void
test_no_sound (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("just some words\n", 16);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) zeros = g_bytes_new_take (g_malloc0 (5000), 5000);
  g_autoptr (GBytes) picture =
      convert ("fakesink videotestsrc num-buffers=3 ! video/x-raw,width=32,height=32 ! jpegenc "
               "! matroskamux");

  assert_undecodable (text);
  assert_undecodable (nothing);
  assert_undecodable (zeros);
  assert_undecodable (picture);
}

static gboolean
count_connection (GSocketService *service,
                  GSocketConnection *connection,
                  GObject *source,
                  gpointer data)
{
  guint *connections = data;

  (*connections)++;

  return TRUE;
}

/* A playlist names other files; they are not fetched. */
static void
test_playlist (void)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  guint connections = 0;
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *text =
      g_strdup_printf ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n"
                       "http://127.0.0.1:%u/a.ts\n#EXT-X-ENDLIST\n",
                       port);
  g_autoptr (GBytes) file = g_bytes_new (text, strlen (text));

  g_signal_connect (service, "incoming", G_CALLBACK (count_connection), &connections);
  assert_undecodable (file);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (connections, ==, 0);
}

static void
test_too_long (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = decode (file, 1000, NULL, &error);

  g_assert_null (samples);
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_TOO_LONG);
}

static void
test_cancelled (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_decode_async (file, HOUR_MS, cancellable, keep_result, &result);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (whis_decode_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Without the MP3 decoders there is a sentence that names the package. */
static void
test_missing_plugins (void)
{
  static const char *const decoders[] = { "mpg123audiodec", "avdec_mp3", "avdec_mp3float" };
  g_autoptr (GBytes) file = g_bytes_new_static ("ID3", 3);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GstRegistry *registry = gst_registry_get ();

  for (guint i = 0; i < G_N_ELEMENTS (decoders); i++)
    {
      g_autoptr (GstPluginFeature) feature = gst_registry_lookup_feature (registry, decoders[i]);

      if (feature != NULL)
        gst_registry_remove_feature (registry, feature);
    }
  whis_decode_async (file, HOUR_MS, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (whis_decode_finish (result, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "gstreamer1.0-plugins-good"));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/decode/wav", test_wav);
  g_test_add_data_func ("/offline/decode/mp3", "lamemp3enc", test_kind);
  g_test_add_data_func ("/offline/decode/flac", "flacenc", test_kind);
  g_test_add_data_func ("/offline/decode/vorbis", "vorbisenc ! oggmux", test_kind);
  g_test_add_data_func ("/offline/decode/opus", "opusenc ! oggmux", test_kind);
  g_test_add_data_func ("/offline/decode/stereo-44100",
                        "audio/x-raw,rate=44100,channels=2 ! wavenc", test_kind);
  g_test_add_func ("/offline/decode/no-sound", test_no_sound);
  g_test_add_func ("/offline/decode/channels", test_channels);
  g_test_add_func ("/offline/decode/playlist", test_playlist);
  g_test_add_func ("/offline/decode/too-long", test_too_long);
  g_test_add_func ("/offline/decode/cancelled", test_cancelled);
  g_test_add_func ("/offline/decode/missing-plugins", test_missing_plugins);

  return g_test_run ();
}

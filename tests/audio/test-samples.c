/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <gst/gst.h>
#include <string.h>

#include "codec.h"
#include "sounds.h"

#define FRAME_SIZE 288
#define LOW_FRAME_SIZE 144

static gboolean
keep_frame (const void *data, gsize size, gpointer user_data)
{
  g_assert_true (size == FRAME_SIZE || size == LOW_FRAME_SIZE);
  g_byte_array_append (user_data, data, (guint) size);

  return TRUE;
}

/* The sound as frames of a recording; takes the sound. */
static GByteArray *
encode_at (guint kbps, GArray *taken)
{
  g_autoptr (GArray) sound = taken;
  GByteArray *frames = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisCodec) encoder = whis_codec_new_encoder (kbps, keep_frame, frames, &error);

  g_assert_no_error (error);
  g_assert_true (whis_codec_push (encoder, sound->data, sound->len * sizeof (gint16)));
  whis_codec_end (encoder);

  return frames;
}

static GByteArray *
encode (GArray *taken)
{
  return encode_at (WHIS_BITRATE_USUAL, taken);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static GBytes *
decode (const void *data, gsize size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) mp3 = g_bytes_new (data, size);
  GAsyncResult *result = NULL;
  GBytes *samples;

  whis_samples_decode_async (mp3, cancellable, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  samples = whis_samples_decode_finish (result, error);
  g_object_unref (result);

  return samples;
}

static GArray *
decode_sound (const void *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = decode (data, size, NULL, &error);
  GArray *sound = g_array_new (FALSE, FALSE, sizeof (gint16));

  g_assert_no_error (error);
  g_array_append_vals (sound, g_bytes_get_data (samples, NULL),
                       (guint) (g_bytes_get_size (samples) / sizeof (gint16)));

  return sound;
}

/* How much of @sound is a tone of @hz. */
static double
find_tone (GArray *sound, guint from, guint length, double hz)
{
  g_autoptr (GArray) tone = sounds_tone (1000, hz, -10);
  guint period = (guint) (SOUNDS_RATE / hz);
  double best = 0;

  for (guint shift = 0; shift < period; shift++)
    best = MAX (best, sounds_compare (sound, from, tone, shift, length));

  return best;
}

static void
test_tone_survives (void)
{
  g_autoptr (GByteArray) frames = encode (sounds_tone (3000, 400, -10));
  g_autoptr (GArray) sound = decode_sound (frames->data, frames->len);

  g_assert_cmpuint (sound->len, ==, frames->len / FRAME_SIZE * WHIS_FRAME_SAMPLES);
  g_assert_cmpuint (sounds_get_ms (sound), >=, 3000);
  g_assert_cmpuint (sounds_get_ms (sound), <, 3200);
  g_assert_cmpfloat (find_tone (sound, 8000, 8000, 400), >, 0.99);
  g_assert_cmpfloat (find_tone (sound, 8000, 8000, 555), <, 0.3);
}

/* Recordings of half the rate, as all were before, are read as well. */
static void
test_low_rate (void)
{
  g_autoptr (GByteArray) frames = encode_at (WHIS_BITRATE_LOW, sounds_tone (3000, 400, -10));
  g_autoptr (GArray) sound = decode_sound (frames->data, frames->len);
  g_autoptr (GArray) piece = decode_sound (frames->data + 20 * LOW_FRAME_SIZE, 30 * LOW_FRAME_SIZE);

  g_assert_cmpuint (sound->len, ==, frames->len / LOW_FRAME_SIZE * WHIS_FRAME_SAMPLES);
  g_assert_cmpfloat (find_tone (sound, 8000, 8000, 400), >, 0.99);
  g_assert_cmpuint (piece->len, ==, 30 * WHIS_FRAME_SAMPLES);
}

/* A piece from the middle begins with frames that lean on others before them. */
static void
test_piece (void)
{
  g_autoptr (GByteArray) frames = encode (sounds_tone (4000, 400, -10));
  gsize from = 40 * FRAME_SIZE;
  gsize size = 30 * FRAME_SIZE;
  g_autoptr (GArray) sound = decode_sound (frames->data + from, size);

  g_assert_cmpuint (sound->len, ==, 30 * WHIS_FRAME_SAMPLES);
  g_assert_cmpfloat (find_tone (sound, 4 * WHIS_FRAME_SAMPLES, 8000, 400), >, 0.99);
}

/* What is left of a recording after a crash: the end is torn off, and there are holes. */
static void
test_damaged (void)
{
  g_autoptr (GByteArray) frames = encode (sounds_tone (4000, 400, -10));
  g_autoptr (GArray) torn = NULL;
  g_autoptr (GArray) sound = NULL;
  guint n_frames = frames->len / FRAME_SIZE;

  torn = decode_sound (frames->data, frames->len - 100);
  g_assert_cmpuint (torn->len, ==, (n_frames - 1) * WHIS_FRAME_SAMPLES);

  for (guint i = 4; i < FRAME_SIZE; i++)
    frames->data[20 * FRAME_SIZE + i] = (guint8) g_test_rand_int ();
  memset (frames->data + 30 * FRAME_SIZE, 0, 2 * FRAME_SIZE);
  sound = decode_sound (frames->data, frames->len);
  g_assert_cmpuint (sound->len, ==, (n_frames - 2) * WHIS_FRAME_SAMPLES);
  g_assert_cmpfloat (find_tone (sound, 60 * WHIS_FRAME_SAMPLES, 8000, 400), >, 0.99);
}

static void
test_no_sound (void)
{
  static const char *const no_sounds[] = { "", "abc",
                                           "This is no MP3 at all, however long it is "
                                           "and whatever anybody makes of its bytes. "
                                           "It must not be sent to a service." };

  for (gsize i = 0; i < G_N_ELEMENTS (no_sounds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) samples = decode (no_sounds[i], strlen (no_sounds[i]), NULL, &error);

      g_assert_null (samples);
      g_assert_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
    }
}

/* What a service in the network gets of samples: they sound in an MP3, all of them. */
static void
test_encode (void)
{
  g_autoptr (GArray) sound = sounds_tone (3000, 400, -10);
  g_autoptr (GBytes) samples = g_bytes_new (sound->data, sound->len * sizeof (gint16));
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) mp3 = NULL;
  g_autoptr (GArray) decoded = NULL;
  gsize size;
  gconstpointer data;

  whis_samples_encode_async (samples, NULL, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  mp3 = whis_samples_encode_finish (result, &error);
  g_object_unref (result);
  g_assert_no_error (error);

  data = g_bytes_get_data (mp3, &size);
  g_assert_cmpuint (size % FRAME_SIZE, ==, 0);
  decoded = decode_sound (data, size);
  g_assert_cmpuint (sounds_get_ms (decoded), >=, 3000 + 69);
  g_assert_cmpuint (sounds_get_ms (decoded), <, 3200);
  g_assert_cmpfloat (find_tone (decoded, 40000, 8000, 400), >, 0.99);
}

static void
test_encode_cancelled (void)
{
  g_autoptr (GArray) sound = sounds_tone (1000, 400, -10);
  g_autoptr (GBytes) samples = g_bytes_new (sound->data, sound->len * sizeof (gint16));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  whis_samples_encode_async (samples, cancellable, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (whis_samples_encode_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (result);
}

static void
test_cancelled (void)
{
  g_autoptr (GByteArray) frames = encode (sounds_tone (1000, 400, -10));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = NULL;

  g_cancellable_cancel (cancellable);
  samples = decode (frames->data, frames->len, cancellable, &error);
  g_assert_null (samples);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (gst_init_check (NULL, NULL, NULL));

  g_test_add_func ("/samples/tone-survives", test_tone_survives);
  g_test_add_func ("/samples/piece", test_piece);
  g_test_add_func ("/samples/low-rate", test_low_rate);
  g_test_add_func ("/samples/damaged", test_damaged);
  g_test_add_func ("/samples/no-sound", test_no_sound);
  g_test_add_func ("/samples/cancelled", test_cancelled);
  g_test_add_func ("/samples/encode", test_encode);
  g_test_add_func ("/samples/encode-cancelled", test_encode_cancelled);

  return g_test_run ();
}

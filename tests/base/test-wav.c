/* SPDX-License-Identifier: MIT */
#include "wav.h"

#include <string.h>

static guint32
get_number (const guint8 *place, guint size)
{
  guint32 number = 0;

  for (guint i = 0; i < size; i++)
    number |= (guint32) place[i] << (8 * i);

  return number;
}

/* The fields that each program reads before it plays the file. */
static void
test_fields (void)
{
  guint8 header[WHIS_WAV_HEADER_SIZE];

  whis_wav_fill_header (header, 32000);
  g_assert_cmpmem (header, 4, "RIFF", 4);
  g_assert_cmpuint (get_number (header + 4, 4), ==, 32000 + 36);
  g_assert_cmpmem (header + 8, 8, "WAVEfmt ", 8);
  g_assert_cmpuint (get_number (header + 16, 4), ==, 16);
  g_assert_cmpuint (get_number (header + 20, 2), ==, 1);
  g_assert_cmpuint (get_number (header + 22, 2), ==, 1);
  g_assert_cmpuint (get_number (header + 24, 4), ==, 16000);
  g_assert_cmpuint (get_number (header + 28, 4), ==, 1000 * WHIS_WAV_BYTES_PER_MS);
  g_assert_cmpuint (get_number (header + 32, 2), ==, 2);
  g_assert_cmpuint (get_number (header + 34, 2), ==, 16);
  g_assert_cmpmem (header + 36, 4, "data", 4);
  g_assert_cmpuint (get_number (header + 40, 4), ==, 32000);
}

/* A recording of 37 hours has more bytes than the header can say; it is no shorter for that. */
static void
test_sizes (void)
{
  static const struct
  {
    guint64 size;
    guint32 riff;
    guint32 data;
  } cases[] = {
    { 0, 36, 0 },
    { G_MAXUINT32 - 37, G_MAXUINT32 - 1, G_MAXUINT32 - 37 },
    { G_MAXUINT32 - 36, G_MAXUINT32, G_MAXUINT32 },
    { G_MAXUINT32, G_MAXUINT32, G_MAXUINT32 },
    { (guint64) G_MAXUINT32 + 1, G_MAXUINT32, G_MAXUINT32 },
    { WHIS_WAV_UNKNOWN_SIZE, G_MAXUINT32, G_MAXUINT32 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 header[WHIS_WAV_HEADER_SIZE];

      whis_wav_fill_header (header, cases[i].size);
      g_assert_cmpuint (get_number (header + 4, 4), ==, cases[i].riff);
      g_assert_cmpuint (get_number (header + 40, 4), ==, cases[i].data);
    }
}

static void
test_new (void)
{
  g_autoptr (GBytes) samples = g_bytes_new_static ("\1\2\3\4", 4);
  g_autoptr (GBytes) silence = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) file = whis_wav_new (samples);
  g_autoptr (GBytes) empty = whis_wav_new (silence);
  const guint8 *data = g_bytes_get_data (file, NULL);

  g_assert_cmpuint (g_bytes_get_size (file), ==, WHIS_WAV_HEADER_SIZE + 4);
  g_assert_cmpuint (get_number (data + 40, 4), ==, 4);
  g_assert_cmpmem (data + WHIS_WAV_HEADER_SIZE, 4, "\1\2\3\4", 4);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, WHIS_WAV_HEADER_SIZE);
}

static void
test_names (void)
{
  g_assert_true (whis_wav_is_name ("/recordings/1.wav"));
  g_assert_false (whis_wav_is_name ("/recordings.wav/1.mp3"));
  g_assert_false (whis_wav_is_name ("wav"));
  g_assert_false (whis_wav_is_name (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wav/fields", test_fields);
  g_test_add_func ("/wav/sizes", test_sizes);
  g_test_add_func ("/wav/new", test_new);
  g_test_add_func ("/wav/names", test_names);

  return g_test_run ();
}

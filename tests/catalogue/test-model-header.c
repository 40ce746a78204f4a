/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model-header.h"

#define MAGIC 0x67676d6c

static const guint32 whisper_base[] = {
  MAGIC, 51865, 1500, 512, 8, 6, 448, 512, 8, 6, 80, 1,
};
static const guint32 parakeet_v3[] = {
  MAGIC, 8192, 5000, 1024, 8, 24, 128, 2007, 512, 8, 256, 9, 640, 2, 5, 10,
};

static void
store (const guint32 *words, gsize n_words, guint8 *data)
{
  for (gsize i = 0; i < n_words; i++)
    for (guint byte = 0; byte < 4; byte++)
      data[4 * i + byte] = (guint8) (words[i] >> (8 * byte));
}

static gboolean
parse (const guint32 *words, gsize n_words, WhisModelHeader *header, GError **error)
{
  guint8 data[WHIS_MODEL_HEADER_SIZE];

  store (words, n_words, data);

  return whis_model_header_parse (data, 4 * n_words, header, error);
}

static void
test_whisper (void)
{
  g_autoptr (GError) error = NULL;
  WhisModelHeader header;

  g_assert_true (parse (whisper_base, G_N_ELEMENTS (whisper_base), &header, &error));
  g_assert_no_error (error);
  g_assert_cmpint (header.kind, ==, WHIS_MODEL_WHISPER);
  g_assert_cmpuint (header.vocabulary, ==, 51865);
  g_assert_cmpuint (header.width, ==, 512);
  g_assert_cmpuint (header.text_layers, ==, 6);
  g_assert_cmpuint (header.mels, ==, 80);
}

static void
test_parakeet (void)
{
  g_autoptr (GError) error = NULL;
  WhisModelHeader header;

  g_assert_true (parse (parakeet_v3, G_N_ELEMENTS (parakeet_v3), &header, &error));
  g_assert_no_error (error);
  g_assert_cmpint (header.kind, ==, WHIS_MODEL_PARAKEET);
  g_assert_cmpuint (header.layers, ==, 24);
  g_assert_cmpuint (header.text_layers, ==, 2);
  g_assert_cmpuint (header.type, ==, 7);
}

/* A published file is not called too short, and one that lacks a fifth is. */
static void
test_published_sizes (void)
{
  static const struct
  {
    guint32 vocabulary, width, heads, layers, text_layers, mels, type;
    guint64 bytes;
  } rows[] = {
    { 51865, 384, 6, 4, 4, 80, 1, 77691713 },
    { 51865, 512, 8, 6, 6, 80, 2009, 59707625 },
    { 51865, 512, 8, 6, 6, 80, 2007, 81768585 },
    { 51865, 768, 12, 12, 12, 80, 2009, 190085487 },
    { 51865, 768, 12, 12, 12, 80, 2007, 264464607 },
    { 51866, 1280, 20, 32, 4, 128, 2008, 574041195 },
    { 51866, 1280, 20, 32, 4, 128, 2007, 874188075 },
  };
  static const struct
  {
    guint32 type;
    guint64 bytes;
  } parakeet_rows[] = { { 2002, 355615679 }, { 2012, 415611879 }, { 2007, 668757119 } };
  WhisModelHeader header;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const guint32 words[] = {
        MAGIC,         rows[i].vocabulary,  1500,         rows[i].width,
        rows[i].heads, rows[i].layers,      448,          rows[i].width,
        rows[i].heads, rows[i].text_layers, rows[i].mels, rows[i].type,
      };

      g_assert_true (parse (words, G_N_ELEMENTS (words), &header, NULL));
      g_assert_cmpuint (header.min_bytes, <=, rows[i].bytes);
      g_assert_cmpuint (header.min_bytes, >, rows[i].bytes / 10 * 8);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (parakeet_rows); i++)
    {
      guint32 words[G_N_ELEMENTS (parakeet_v3)];

      memcpy (words, parakeet_v3, sizeof words);
      words[7] = parakeet_rows[i].type;
      g_assert_true (parse (words, G_N_ELEMENTS (words), &header, NULL));
      g_assert_cmpuint (header.min_bytes, <=, parakeet_rows[i].bytes);
      g_assert_cmpuint (header.min_bytes, >, parakeet_rows[i].bytes / 10 * 8);
    }
}

/* The languages of a model follow from its vocabulary. */
static void
test_languages (void)
{
  static const struct
  {
    WhisModelKind kind;
    guint vocabulary;
    guint n_languages;
    gboolean has_cantonese;
  } rows[] = {
    { WHIS_MODEL_WHISPER, 51864, 1, FALSE },  { WHIS_MODEL_WHISPER, 51865, 99, FALSE },
    { WHIS_MODEL_WHISPER, 51866, 100, TRUE }, { WHIS_MODEL_PARAKEET, 8192, 25, FALSE },
    { WHIS_MODEL_PARAKEET, 1024, 1, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const WhisModelHeader header = { .kind = rows[i].kind, .vocabulary = rows[i].vocabulary };
      const char *const *languages = whis_model_header_get_languages (&header);

      g_assert_cmpuint (g_strv_length ((GStrv) languages), ==, rows[i].n_languages);
      g_assert_true (g_strv_contains (languages, "en"));
      g_assert_cmpint (g_strv_contains (languages, "yue"), ==, rows[i].has_cantonese);
    }
}

/* Voice detectors, language models and sounds are no models of these engines. */
static void
test_other_files (void)
{
  static const guint32 other_magic[] = { 0x46554747, 51865, 1500, 512 };
  static const guint32 detector[] = { MAGIC, 10, 0x6f6c6973, 512 };
  static const guint32 mixed[] = { MAGIC, 8192, 1500, 512 };
  static const guint32 *const files[] = { other_magic, detector, mixed };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      WhisModelHeader header;

      g_assert_false (parse (files[i], 4, &header, &error));
      g_assert_error (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_FORMAT);
    }
}

static void
test_every_shorter_beginning (void)
{
  for (gsize n_words = 0; n_words < G_N_ELEMENTS (parakeet_v3); n_words++)
    {
      WhisModelHeaderError expected =
          n_words == 0 ? WHIS_MODEL_HEADER_ERROR_FORMAT : WHIS_MODEL_HEADER_ERROR_TRUNCATED;
      g_autoptr (GError) error = NULL;
      WhisModelHeader header;

      g_assert_false (parse (parakeet_v3, n_words, &header, &error));
      g_assert_error (error, WHIS_MODEL_HEADER_ERROR, (int) expected);
    }
}

/* A type of 0 is float32, one of 7 is Q8_0; only heads have to divide something, and only width and
 * mel bands of Whisper are tied to another number. */
static gboolean
is_possible (const guint32 *good, gsize word, guint32 value)
{
  gboolean is_type = word == (good == whisper_base ? 11 : 7);
  gboolean is_bound =
      word == 3 || word == 4 || (good == whisper_base && (word == 7 || word == 8 || word == 10));

  return (is_type && value == 0) || (value == 7 && !is_bound);
}

/* Each dimension of each kind, at numbers that would divide by zero or take all memory. */
static void
assert_dimensions_checked (const guint32 *good, gsize n_words)
{
  /* 7 divides no width that a model has: it is wrong as a number of heads. */
  static const guint32 bad[] = { 0, 0x7fffffff, 0xffffffff, 7 };

  for (gsize word = 3; word < n_words; word++)
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
      {
        g_autoptr (GError) error = NULL;
        guint32 words[WHIS_MODEL_HEADER_SIZE / 4];
        WhisModelHeader header;

        memcpy (words, good, n_words * sizeof words[0]);
        words[word] = bad[i];
        if (is_possible (good, word, bad[i]))
          continue;
        g_assert_false (parse (words, n_words, &header, &error));
        g_assert_error (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_DIMENSIONS);
      }
}

/* What decides about the kind has to be what a model of it has, too. */
static void
assert_kind_checked (const guint32 *good, gsize n_words)
{
  static const guint32 bad[] = { 0, 1u << 30, 0xffffffff };

  for (gsize word = 0; word < 3; word++)
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
      {
        g_autoptr (GError) error = NULL;
        guint32 words[WHIS_MODEL_HEADER_SIZE / 4];
        WhisModelHeader header;

        memcpy (words, good, n_words * sizeof words[0]);
        words[word] = bad[i];
        g_assert_false (parse (words, n_words, &header, &error));
        g_assert_error (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_FORMAT);
      }
}

static void
test_dimensions (void)
{
  assert_kind_checked (whisper_base, G_N_ELEMENTS (whisper_base));
  assert_kind_checked (parakeet_v3, G_N_ELEMENTS (parakeet_v3));
  assert_dimensions_checked (whisper_base, G_N_ELEMENTS (whisper_base));
  assert_dimensions_checked (parakeet_v3, G_N_ELEMENTS (parakeet_v3));
}

static void
write_model (const char *path, guint64 size)
{
  guint8 data[sizeof whisper_base];
  int descriptor = g_open (path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

  store (whisper_base, G_N_ELEMENTS (whisper_base), data);
  g_assert_cmpint (write (descriptor, data, sizeof data), ==, sizeof data);
  g_assert_cmpint (ftruncate (descriptor, (off_t) size), ==, 0);
  close (descriptor);
}

static void
test_file (void)
{
  g_autofree char *directory = g_dir_make_tmp ("whis-header-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "model.bin", NULL);
  g_autoptr (GError) error = NULL;
  WhisModelHeader header;

  g_assert_false (whis_model_header_read_file (path, &header, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  write_model (path, 147951465);
  g_assert_true (whis_model_header_read_file (path, &header, &error));
  g_assert_no_error (error);

  /* Cut anywhere before its weights are complete. */
  write_model (path, 100000000);
  g_assert_false (whis_model_header_read_file (path, &header, &error));
  g_assert_error (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_TRUNCATED);
  g_clear_error (&error);

  g_assert_false (whis_model_header_read_file (directory, &header, &error));
  g_assert_nonnull (error);

  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model-header/whisper", test_whisper);
  g_test_add_func ("/model-header/parakeet", test_parakeet);
  g_test_add_func ("/model-header/published-sizes", test_published_sizes);
  g_test_add_func ("/model-header/languages", test_languages);
  g_test_add_func ("/model-header/other-files", test_other_files);
  g_test_add_func ("/model-header/every-shorter-beginning", test_every_shorter_beginning);
  g_test_add_func ("/model-header/dimensions", test_dimensions);
  g_test_add_func ("/model-header/file", test_file);

  return g_test_run ();
}

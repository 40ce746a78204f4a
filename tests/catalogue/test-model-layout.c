/* SPDX-License-Identifier: MIT */
#include "model-layout.h"

#include <string.h>

#define MAGIC 0x67676d6c
#define FLOAT 0
#define Q8_0 8

static const guint32 whisper[] = { MAGIC, 51865, 1500, 1, 1, 1, 1, 1, 1, 1, 80, 0 };
static const guint32 parakeet[] = { MAGIC, 2, 1501, 1, 1, 1, 8, 0, 16, 8, 1, 1, 1, 1, 3, 1 };

/* The lengths in a file by which the libraries allocate memory. The file has what they say. */
typedef struct
{
  guint32 rows, columns;
  guint32 window;
  guint32 n_tokens, token_length;
  guint32 n_dimensions, name_length, type;
  guint32 dimensions[5];
  guint weights_size;
} Shape;

static const Shape whisper_shape = {
  .rows = 80,
  .columns = 201,
  .n_tokens = 2,
  .token_length = 3,
  .n_dimensions = 2,
  .name_length = 4,
  .type = FLOAT,
  .dimensions = { 52000, 1 },
  .weights_size = 4 * 52000,
};

static const Shape parakeet_shape = {
  .rows = 8,
  .columns = 9,
  .window = 16,
  .n_tokens = 2,
  .token_length = 3,
  .n_dimensions = 2,
  .name_length = 4,
  .type = FLOAT,
  .dimensions = { 8, 5 },
  .weights_size = 4 * 40,
};

static void
add_word (GByteArray *file, guint32 word)
{
  const guint32 little = GUINT32_TO_LE (word);

  g_byte_array_append (file, (const guint8 *) &little, sizeof little);
}

static void
add_zeros (GByteArray *file, guint n)
{
  guint before = file->len;

  g_byte_array_set_size (file, before + n);
  if (n > 0)
    memset (file->data + before, 0, n);
}

static void
add_tensor (GByteArray *file, const Shape *shape)
{
  add_word (file, shape->n_dimensions);
  add_word (file, shape->name_length);
  add_word (file, shape->type);
  for (guint i = 0; i < shape->n_dimensions; i++)
    add_word (file, shape->dimensions[i]);
  add_zeros (file, shape->name_length);
  add_zeros (file, shape->weights_size);
}

static GByteArray *
build (WhisModelKind kind, const Shape *shape)
{
  gboolean is_parakeet = kind == WHIS_MODEL_PARAKEET;
  const guint32 *words = is_parakeet ? parakeet : whisper;
  gsize n_words = is_parakeet ? G_N_ELEMENTS (parakeet) : G_N_ELEMENTS (whisper);
  GByteArray *file = g_byte_array_new ();

  for (gsize i = 0; i < n_words; i++)
    add_word (file, words[i]);
  add_word (file, shape->rows);
  add_word (file, shape->columns);
  add_zeros (file, 4 * shape->rows * shape->columns);
  if (is_parakeet)
    {
      add_word (file, shape->window);
      add_zeros (file, 4 * shape->window);
      add_zeros (file, 4 * 3);
    }
  add_word (file, shape->n_tokens);
  for (guint i = 0; i < shape->n_tokens; i++)
    {
      add_word (file, shape->token_length);
      add_zeros (file, shape->token_length);
    }
  add_tensor (file, shape);

  return file;
}

static gboolean
check (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  /* of the exact size, for a sanitizer to see what is read behind it */
  g_autofree guint8 *copy = g_memdup2 (data, size);
  gboolean good = whis_model_layout_check (copy, size, &error);

  g_assert_cmpint (good, ==, error == NULL);
  if (!good)
    g_assert_true (error->domain == WHIS_MODEL_HEADER_ERROR);

  return good;
}

static gboolean
check_shape (WhisModelKind kind, const Shape *shape)
{
  g_autoptr (GByteArray) file = build (kind, shape);

  return check (file->data, file->len);
}

static void
test_whole (void)
{
  g_assert_true (check_shape (WHIS_MODEL_WHISPER, &whisper_shape));
  g_assert_true (check_shape (WHIS_MODEL_PARAKEET, &parakeet_shape));
}

/* A download that broke off anywhere, and one with something behind it. */
static void
test_cut_off (void)
{
  g_autoptr (GByteArray) file = build (WHIS_MODEL_PARAKEET, &parakeet_shape);

  for (guint size = 0; size < file->len; size++)
    g_assert_false (check (file->data, size));
  add_zeros (file, 1);
  g_assert_false (check (file->data, file->len));
}

/* A number anywhere in the file that would take all memory, or more than the file has. */
static void
test_enormous (void)
{
  static const guint32 numbers[] = { 0x40000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
  g_autoptr (GByteArray) file = build (WHIS_MODEL_PARAKEET, &parakeet_shape);
  const guint n_filters = 4 * 8 * 9;
  const guint filters = sizeof parakeet;
  const guint window = filters + 8 + n_filters;
  const guint tokens = window + 4 + 4 * 16 + 4 * 3;
  const guint tensor = tokens + 4 + 2 * (4 + 3);
  const guint places[] = { filters, filters + 4, window,     tokens,      tokens + 4,
                           tensor,  tensor + 4,  tensor + 8, tensor + 12, tensor + 16 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (numbers); j++)
      {
        const guint32 little = GUINT32_TO_LE (numbers[j]);
        guint8 kept[4];

        memcpy (kept, file->data + places[i], sizeof kept);
        memcpy (file->data + places[i], &little, sizeof little);
        g_assert_false (check (file->data, file->len));
        memcpy (file->data + places[i], kept, sizeof kept);
      }
  g_assert_true (check (file->data, file->len));
}

/* Shapes that a whole file may have, and the libraries cannot do with. */
static void
test_bounds (void)
{
  /* rows, columns, window; tokens and their length; dimensions, length of the name, type */
  static const struct
  {
    Shape shape;
    gboolean good;
  } cases[] = {
    { { 9, 9, 16, 2, 3, 2, 4, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 7, 9, 16, 2, 3, 2, 4, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 10, 16, 2, 3, 2, 4, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 0, 16, 2, 3, 2, 4, FLOAT, { 8, 5 }, 160 }, TRUE },
    { { 8, 9, 17, 2, 3, 2, 4, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 9, 16, 0, 3, 2, 4, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 9, 16, 3, 3, 2, 4, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 9, 16, 2, 1024, 2, 4, FLOAT, { 8, 5 }, 160 }, TRUE },
    { { 8, 9, 16, 2, 1025, 2, 4, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 9, 16, 2, 3, 0, 4, FLOAT, { 8, 5 }, 4 }, FALSE },
    { { 8, 9, 16, 2, 3, 4, 4, FLOAT, { 8, 5, 1, 1 }, 160 }, TRUE },
    { { 8, 9, 16, 2, 3, 5, 4, FLOAT, { 8, 5, 1, 1, 1 }, 160 }, FALSE },
    { { 8, 9, 16, 2, 3, 2, 0, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 9, 16, 2, 3, 2, 128, FLOAT, { 8, 5 }, 160 }, TRUE },
    { { 8, 9, 16, 2, 3, 2, 129, FLOAT, { 8, 5 }, 160 }, FALSE },
    { { 8, 9, 16, 2, 3, 2, 4, FLOAT, { 0, 5 }, 0 }, FALSE },
    /* 2 to the power of 64, which is nothing in 64 bits */
    { { 8, 9, 16, 2, 3, 4, 4, FLOAT, { 65536, 65536, 65536, 65536 }, 0 }, FALSE },
    /* weights in blocks, and a tensor has whole ones */
    { { 8, 9, 16, 2, 3, 2, 4, Q8_0, { 32, 2 }, 68 }, TRUE },
    { { 8, 9, 16, 2, 3, 2, 4, Q8_0, { 32, 2 }, 67 }, FALSE },
    { { 8, 9, 16, 2, 3, 2, 4, Q8_0, { 33, 2 }, 68 }, FALSE },
    { { 8, 9, 16, 2, 3, 2, 4, Q8_0, { 16, 2 }, 34 }, TRUE },
    { { 8, 9, 16, 2, 3, 2, 4, 1, { 3, 3 }, 18 }, TRUE },
    { { 8, 9, 16, 2, 3, 2, 4, 12, { 256, 1 }, 144 }, TRUE },
    { { 8, 9, 16, 2, 3, 2, 4, 12, { 128, 1 }, 72 }, FALSE },
    { { 8, 9, 16, 2, 3, 2, 4, 26, { 5, 1 }, 20 }, TRUE },
    { { 8, 9, 16, 2, 3, 2, 4, 4, { 8, 5 }, 160 }, FALSE },
    { { 8, 9, 16, 2, 3, 2, 4, 31, { 8, 5 }, 160 }, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) file = build (WHIS_MODEL_PARAKEET, &cases[i].shape);

      /* of enough weights, whatever the first tensor has */
      add_tensor (file, &parakeet_shape);
      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpint (check (file->data, file->len), ==, cases[i].good);
    }
}

/* A header that promises more weights than the file has. */
static void
test_too_few_weights (void)
{
  g_autoptr (GByteArray) file = build (WHIS_MODEL_PARAKEET, &parakeet_shape);

  file->data[4 * 12] = 255; /* the width of the predictor */
  g_assert_false (check (file->data, file->len));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model-layout/whole", test_whole);
  g_test_add_func ("/model-layout/cut-off", test_cut_off);
  g_test_add_func ("/model-layout/enormous", test_enormous);
  g_test_add_func ("/model-layout/bounds", test_bounds);
  g_test_add_func ("/model-layout/too-few-weights", test_too_few_weights);

  return g_test_run ();
}

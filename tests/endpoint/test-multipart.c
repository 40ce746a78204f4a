/* SPDX-License-Identifier: MIT */
#include "multipart.h"

#include <string.h>

#define TYPE "multipart/form-data; boundary=\"whis\""

/* What was told of the parts, in one line: `name=value;`, `name@=value;` for a file. */
static gboolean
begin (gpointer data, const char *name, gboolean is_file, GError **error)
{
  g_string_append_printf (data, "%s%s=", name != NULL ? name : "?", is_file ? "@" : "");

  return TRUE;
}

static gboolean
add (gpointer data, const guint8 *bytes, gsize size, GError **error)
{
  g_string_append_len (data, (const char *) bytes, (gssize) size);

  return TRUE;
}

static gboolean
end (gpointer data, GError **error)
{
  g_string_append_c (data, ';');

  return TRUE;
}

static const WhisMultipartFuncs funcs = { begin, add, end };

/* Reads @body in pieces of so many bytes; returns %NULL when it is no form. */
static char *
read_in_pieces (const char *body, gsize length, gsize piece)
{
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (WhisMultipart) multipart = whis_multipart_new (TYPE, &funcs, told);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (multipart);
  for (gsize i = 0; i < length; i += piece)
    if (!whis_multipart_push (multipart, (const guint8 *) body + i, MIN (piece, length - i),
                              &error))
      break;
  if (error == NULL)
    whis_multipart_finish (multipart, &error);
  if (error == NULL)
    return g_string_free (g_steal_pointer (&told), FALSE);

  g_assert_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_FORM);

  return NULL;
}

/* However it comes in pieces, the same is read. */
static void
assert_read (const char *body, const char *expected)
{
  gsize length = strlen (body);

  for (gsize piece = 1; piece <= length; piece++)
    {
      g_autofree char *told = read_in_pieces (body, length, piece);

      g_assert_cmpstr (told, ==, expected);
    }
}

static void
test_parts (void)
{
  assert_read ("--whis\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ntiny\r\n"
               "--whis\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
               "Content-Type: audio/wav\r\n\r\n\r\n--whi\r\nRIFF\r\n\r\n\r\n--whis--\r\n",
               "model=tiny;file@=\r\n--whi\r\nRIFF\r\n\r\n;");
  /* Nothing in a part, a part without headers, blanks behind a boundary, what stands around all. */
  assert_read ("before\r\n--whis \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"
               "--whis\r\n\r\nvalue\r\n--whis--behind\r\n--whis\r\n",
               "a=;?=value;");
  assert_read ("--whis\r\ncontent-disposition: FORM-DATA; name=a\r\n\r\nx\r\n--whis--", "a=x;");
}

static void
test_broken (void)
{
  assert_read ("", NULL);
  assert_read ("no form at all", NULL);
  assert_read ("--whis", NULL);
  assert_read ("--whis\r\n", NULL);
  assert_read ("--whis\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", NULL);
  assert_read ("--whis\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--whis\r\n", NULL);
  assert_read ("--whisper\r\n\r\nx\r\n--whisper--", NULL);
  g_assert_null (read_in_pieces ("--whis\r\nA: \0\r\n\r\nx\r\n--whis--", 27, 27));
}

static void
assert_too_long (const char *before, char filler, gsize n)
{
  g_autofree char *filling = g_strnfill (n, filler);
  g_autofree char *body = g_strconcat (before, filling, NULL);

  g_assert_null (read_in_pieces (body, strlen (body), 4096));
}

static void
test_limits (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *told = NULL;

  assert_too_long ("", 'x', 100000);
  assert_too_long ("--whis\r\nA: ", 'x', 100000);
  assert_too_long ("--whis", ' ', 1000);
  for (guint i = 0; i < 101; i++)
    g_string_append (many, "--whis\r\n\r\n\r\n");
  g_string_append (many, "--whis--");
  told = read_in_pieces (many->str, many->len, many->len);
  g_assert_null (told);
}

static void
test_types (void)
{
  static const char *const wrong[] = { "",
                                       "text/plain",
                                       "multipart/mixed; boundary=whis",
                                       "multipart/form-data",
                                       "multipart/form-data; boundary=",
                                       "multipart/form-data; boundary=0123456789012345678901234567"
                                       "8901234567890123456789012345678901234567890" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (whis_multipart_new (wrong[i], &funcs, NULL));
  g_assert_null (whis_multipart_new (NULL, &funcs, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/multipart/parts", test_parts);
  g_test_add_func ("/multipart/broken", test_broken);
  g_test_add_func ("/multipart/limits", test_limits);
  g_test_add_func ("/multipart/types", test_types);

  return g_test_run ();
}

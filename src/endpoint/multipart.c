/* SPDX-License-Identifier: MIT */
#include "multipart.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

/**
 * WhisMultipart:
 *
 * Reads a multipart/form-data body ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)) as it
 * comes, so that a large file in it is never in memory as a whole.
 */

/* RFC 2046 allows boundaries of 70 characters. */
#define LONGEST_BOUNDARY 70

/* Bytes of the headers of a part, and of what stands before the first one. */
#define LONGEST_HEADERS 8192
#define LONGEST_PREAMBLE 8192

/* Blanks between a boundary and its line end. */
#define LONGEST_PADDING 64

/* A form has a few fields; many mean nothing good. */
#define MOST_PARTS 100

typedef enum
{
  STATE_PREAMBLE, /* in front of the first boundary */
  STATE_BOUNDARY, /* right behind a boundary */
  STATE_HEADERS,
  STATE_BODY,
  STATE_END, /* behind the last boundary, where nothing counts */
} State;

struct _WhisMultipart
{
  char *delimiter; /* a line end and the boundary */
  gsize delimiter_size;
  const WhisMultipartFuncs *funcs;
  gpointer data;
  State state;
  GByteArray *waiting; /* what has come and is not understood yet */
  gsize n_preamble;
  gsize n_skipped; /* of the line end in front of a body */
  guint n_parts;
};

static gboolean
multipart_fail (GError **error)
{
  g_set_error_literal (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_FORM,
                       _ ("The request is no form that can be read: send multipart/form-data."));

  return FALSE;
}

static char *
dup_boundary (const char *content_type)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (GHashTable) params = NULL;
  const char *type;

  soup_message_headers_replace (headers, "Content-Type", content_type);
  type = soup_message_headers_get_content_type (headers, &params);
  if (type == NULL || g_ascii_strcasecmp (type, "multipart/form-data") != 0)
    return NULL;

  return g_strdup (g_hash_table_lookup (params, "boundary"));
}

/**
 * whis_multipart_new:
 * @content_type: (nullable): the Content-Type of the request
 * @funcs: who is told of the parts; must stay
 * @data: for @funcs
 *
 * Returns: (transfer full) (nullable): a reader, or %NULL if this is no type of a form
 */
WhisMultipart *
whis_multipart_new (const char *content_type, const WhisMultipartFuncs *funcs, gpointer data)
{
  g_autofree char *boundary = content_type != NULL ? dup_boundary (content_type) : NULL;
  WhisMultipart *self;

  g_return_val_if_fail (funcs != NULL, NULL);

  if (boundary == NULL || *boundary == '\0' || strlen (boundary) > LONGEST_BOUNDARY)
    return NULL;

  self = g_new0 (WhisMultipart, 1);
  self->delimiter = g_strconcat ("\r\n--", boundary, NULL);
  self->delimiter_size = strlen (self->delimiter);
  self->funcs = funcs;
  self->data = data;
  /* The first boundary may be the first line. */
  self->waiting = g_byte_array_new ();
  g_byte_array_append (self->waiting, (const guint8 *) "\r\n", 2);

  return self;
}

/**
 * whis_multipart_free:
 * @self: (transfer full): a reader
 */
void
whis_multipart_free (WhisMultipart *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->delimiter);
  g_byte_array_unref (self->waiting);
  g_free (self);
}

static const guint8 *
multipart_find (const WhisMultipart *self, const char *what, gsize size)
{
  return memmem (self->waiting->data, self->waiting->len, what, size);
}

static void
multipart_drop (WhisMultipart *self, gsize size)
{
  g_byte_array_remove_range (self->waiting, 0, (guint) size);
}

/* How much of what waits cannot be the beginning of a delimiter. */
static gsize
count_certain (const WhisMultipart *self)
{
  return self->waiting->len >= self->delimiter_size ? self->waiting->len - self->delimiter_size + 1
                                                    : 0;
}

/* Each of these takes one step: they return %FALSE with an error, and set @more when there may be
 * another step in what waits. */

static gboolean
skip_preamble (WhisMultipart *self, gboolean *more, GError **error)
{
  const guint8 *found = multipart_find (self, self->delimiter, self->delimiter_size);
  gsize size = found != NULL ? (gsize) (found - self->waiting->data) : count_certain (self);

  self->n_preamble += size;
  if (self->n_preamble > LONGEST_PREAMBLE)
    return multipart_fail (error);
  *more = found != NULL;
  if (found != NULL)
    {
      size += self->delimiter_size;
      self->state = STATE_BOUNDARY;
    }
  multipart_drop (self, size);

  return TRUE;
}

static gboolean
pass_boundary (WhisMultipart *self, gboolean *more, GError **error)
{
  const guint8 *end = multipart_find (self, "\r\n", 2);

  *more = FALSE;
  if (self->waiting->len >= 2 && memcmp (self->waiting->data, "--", 2) == 0)
    {
      self->state = STATE_END;
      return TRUE;
    }
  if (end == NULL)
    return self->waiting->len <= LONGEST_PADDING ? TRUE : multipart_fail (error);
  for (const guint8 *c = self->waiting->data; c < end; c++)
    if (*c != ' ' && *c != '\t')
      return multipart_fail (error);
  /* The line end stays: it is the empty line where a part has no headers. */
  multipart_drop (self, (gsize) (end - self->waiting->data));
  self->state = STATE_HEADERS;
  *more = TRUE;

  return TRUE;
}

static gboolean
begin_part (WhisMultipart *self, const guint8 *headers_text, gsize size, GError **error)
{
  g_autoptr (SoupMessageHeaders) headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autofree char *text = g_strndup ((const char *) headers_text, size);
  g_autofree char *disposition = NULL;
  g_autoptr (GHashTable) params = NULL;
  const char *name = NULL;
  gboolean is_file = FALSE;

  if (++self->n_parts > MOST_PARTS || strlen (text) != size
      || !soup_headers_parse (text, (int) size, headers))
    return multipart_fail (error);
  if (soup_message_headers_get_content_disposition (headers, &disposition, &params)
      && g_ascii_strcasecmp (disposition, "form-data") == 0)
    {
      name = g_hash_table_lookup (params, "name");
      is_file = g_hash_table_contains (params, "filename");
    }

  return self->funcs->begin (self->data, name, is_file, error);
}

static gboolean
read_headers (WhisMultipart *self, gboolean *more, GError **error)
{
  const guint8 *end = multipart_find (self, "\r\n\r\n", 4);
  gsize size;

  *more = end != NULL;
  if (end == NULL)
    return self->waiting->len <= LONGEST_HEADERS ? TRUE : multipart_fail (error);
  size = (gsize) (end - self->waiting->data) + 2;
  if (size > LONGEST_HEADERS)
    return multipart_fail (error);
  if (!begin_part (self, self->waiting->data, size, error))
    return FALSE;
  /* Again the line end stays, for a part without a byte. */
  multipart_drop (self, size);
  self->state = STATE_BODY;
  self->n_skipped = 0;

  return TRUE;
}

/* Each body is read with the line end before it, which is not its own. */
static gboolean
add_to_part (WhisMultipart *self, gsize size, GError **error)
{
  gsize skipped = MIN (2 - self->n_skipped, size);

  self->n_skipped += skipped;

  return size == skipped
         || self->funcs->add (self->data, self->waiting->data + skipped, size - skipped, error);
}

static gboolean
read_body (WhisMultipart *self, gboolean *more, GError **error)
{
  const guint8 *found = multipart_find (self, self->delimiter, self->delimiter_size);
  gsize size = found != NULL ? (gsize) (found - self->waiting->data) : count_certain (self);

  *more = found != NULL;
  if (!add_to_part (self, size, error))
    return FALSE;
  multipart_drop (self, size);
  if (found == NULL)
    return TRUE;
  multipart_drop (self, self->delimiter_size);
  self->state = STATE_BOUNDARY;

  return self->funcs->end (self->data, error);
}

static gboolean
multipart_step (WhisMultipart *self, gboolean *more, GError **error)
{
  switch (self->state)
    {
    case STATE_PREAMBLE:
      return skip_preamble (self, more, error);
    case STATE_BOUNDARY:
      return pass_boundary (self, more, error);
    case STATE_HEADERS:
      return read_headers (self, more, error);
    case STATE_BODY:
      return read_body (self, more, error);
    case STATE_END:
    default:
      *more = FALSE;
      multipart_drop (self, self->waiting->len);
      return TRUE;
    }
}

/**
 * whis_multipart_push:
 * @self: a reader
 * @bytes: (array length=size): the next bytes of the body
 * @size: how many
 * @error: return location for %WHIS_ENDPOINT_ERROR_FORM, or what a function of the parts said
 *
 * Reads on. After an error there is nothing more to be read.
 *
 * Returns: whether all is well so far
 */
gboolean
whis_multipart_push (WhisMultipart *self, const guint8 *bytes, gsize size, GError **error)
{
  gboolean more = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL || size == 0, FALSE);

  g_byte_array_append (self->waiting, bytes, (guint) size);
  while (more)
    if (!multipart_step (self, &more, error))
      return FALSE;

  return TRUE;
}

/**
 * whis_multipart_finish:
 * @self: a reader
 * @error: return location for %WHIS_ENDPOINT_ERROR_FORM
 *
 * Returns: whether the body has come to its end
 */
gboolean
whis_multipart_finish (WhisMultipart *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state == STATE_END ? TRUE : multipart_fail (error);
}

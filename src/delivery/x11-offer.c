/* SPDX-License-Identifier: MIT */
#include "x11-offer.h"

static void
format_clear (gpointer data)
{
  g_clear_pointer (&((WhisX11Format *) data)->bytes, g_bytes_unref);
}

/**
 * whis_x11_offer_new:
 *
 * Returns: (transfer full): an offer without formats
 */
WhisX11Offer *
whis_x11_offer_new (void)
{
  WhisX11Offer *self = g_new0 (WhisX11Offer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->formats = g_array_new (FALSE, FALSE, sizeof (WhisX11Format));
  g_array_set_clear_func (self->formats, format_clear);

  return self;
}

/**
 * whis_x11_offer_ref:
 * @self: an offer
 *
 * Returns: (transfer full): @self
 */
WhisX11Offer *
whis_x11_offer_ref (WhisX11Offer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * whis_x11_offer_unref:
 * @self: (transfer full): an offer
 */
void
whis_x11_offer_unref (WhisX11Offer *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->formats);
  g_free (self);
}

/**
 * whis_x11_offer_add:
 * @self: an offer
 * @target: a target; a second format for it is ignored
 * @type: the type of its property
 * @bytes: what it is, in groups of 8 bits
 */
void
whis_x11_offer_add (WhisX11Offer *self, xcb_atom_t target, xcb_atom_t type, GBytes *bytes)
{
  WhisX11Format format = { target, type, 8, TRUE, NULL };

  if (target == XCB_ATOM_NONE || whis_x11_offer_find (self, target) != NULL)
    return;

  format.bytes = g_bytes_ref (bytes);
  g_array_append_val (self->formats, format);
}

/**
 * whis_x11_offer_add_text:
 * @self: an offer
 * @connection: an open connection
 * @text: a text in UTF-8
 *
 * Adds the targets by which X11 programs ask for text. `STRING` is Latin-1, so that it is not there
 * for every text.
 */
void
whis_x11_offer_add_text (WhisX11Offer *self, WhisX11Connection *connection, GBytes *text)
{
  xcb_atom_t utf8 = whis_x11_connection_get_atom (connection, WHIS_X11_ATOM_UTF8_STRING);
  gsize size;
  const char *data = g_bytes_get_data (text, &size);
  gsize latin1_size = 0;
  char *latin1;

  whis_x11_offer_add (self, utf8, utf8, text);
  whis_x11_offer_add (self, whis_x11_connection_get_atom (connection, WHIS_X11_ATOM_TEXT), utf8,
                      text);

  latin1 = g_convert (data, (gssize) size, "ISO-8859-1", "UTF-8", NULL, &latin1_size, NULL);
  if (latin1 != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_take (latin1, latin1_size);

      whis_x11_offer_add (self, XCB_ATOM_STRING, XCB_ATOM_STRING, bytes);
    }
}

/**
 * whis_x11_offer_find:
 * @self: an offer
 * @target: a target
 *
 * Returns: (nullable): the format that it asks for
 */
WhisX11Format *
whis_x11_offer_find (WhisX11Offer *self, xcb_atom_t target)
{
  for (guint i = 0; i < self->formats->len; i++)
    {
      WhisX11Format *format = &g_array_index (self->formats, WhisX11Format, i);

      if (format->target == target)
        return format;
    }

  return NULL;
}

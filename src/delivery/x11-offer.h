/* SPDX-License-Identifier: MIT */
#pragma once

#include "x11-connection.h"

G_BEGIN_DECLS

/**
 * WhisX11Format:
 * @target: the target that asks for it
 * @type: the type of the property that has it
 * @bits: 8, 16 or 32: how its bytes are grouped
 * @content: whether who asks for it takes the content, and not a remark about it
 * @bytes: what it is
 *
 * One format of what is offered.
 */
typedef struct
{
  xcb_atom_t target;
  xcb_atom_t type;
  guint8 bits;
  gboolean content;
  GBytes *bytes;
} WhisX11Format;

/**
 * WhisX11Offer:
 * @time: when the selection was taken, the server's time in milliseconds
 * @formats: (element-type WhisX11Format): in the order in which they are told
 *
 * What a selection offers.
 */
typedef struct
{
  xcb_timestamp_t time;
  GArray *formats;
  gatomicrefcount ref_count;
} WhisX11Offer;

WhisX11Offer *whis_x11_offer_new (void);
WhisX11Offer *whis_x11_offer_ref (WhisX11Offer *self);
void whis_x11_offer_unref (WhisX11Offer *self);

void whis_x11_offer_add (WhisX11Offer *self, xcb_atom_t target, xcb_atom_t type, GBytes *bytes);
void whis_x11_offer_add_text (WhisX11Offer *self, WhisX11Connection *connection, GBytes *text);
WhisX11Format *whis_x11_offer_find (WhisX11Offer *self, xcb_atom_t target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisX11Offer, whis_x11_offer_unref)

G_END_DECLS

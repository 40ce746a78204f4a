/* SPDX-License-Identifier: MIT */
#pragma once

#include "x11-offer.h"

G_BEGIN_DECLS

typedef struct _WhisX11Transfers WhisX11Transfers;

/**
 * WhisX11TransferredFunc:
 * @reader: what was given with the request
 * @content: whether the content was transferred; else it was the list of formats or a remark
 * @user_data: what was given with the function
 *
 * Called when what was asked for was transferred whole.
 */
typedef void (*WhisX11TransferredFunc) (int reader, gboolean content, gpointer user_data);

WhisX11Transfers *whis_x11_transfers_new (WhisX11Connection *connection,
                                          WhisX11TransferredFunc func,
                                          gpointer user_data);
void whis_x11_transfers_free (WhisX11Transfers *self);
void whis_x11_transfers_clear (WhisX11Transfers *self);

void whis_x11_transfers_answer (WhisX11Transfers *self,
                                const xcb_selection_request_event_t *request,
                                WhisX11Offer *offer,
                                int reader);
void whis_x11_transfers_handle_event (WhisX11Transfers *self, xcb_generic_event_t *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisX11Transfers, whis_x11_transfers_free)

G_END_DECLS

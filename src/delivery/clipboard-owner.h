/* SPDX-License-Identifier: MIT */
#pragma once

#include "clipboard.h"
#include "selection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CLIPBOARD_OWNER (whis_clipboard_owner_get_type ())

G_DECLARE_FINAL_TYPE (WhisClipboardOwner, whis_clipboard_owner, WHIS, CLIPBOARD_OWNER, GObject)

WhisClipboardOwner *whis_clipboard_owner_new (WhisClipboard *clipboard);
void whis_clipboard_owner_clear (WhisClipboardOwner *self);
void whis_clipboard_owner_add_selection (WhisClipboardOwner *self, WhisSelection *selection);

void whis_clipboard_owner_copy_async (WhisClipboardOwner *self,
                                      const char *text,
                                      gboolean sensitive,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean
whis_clipboard_owner_copy_finish (WhisClipboardOwner *self, GAsyncResult *result, GError **error);

void whis_clipboard_owner_release_async (WhisClipboardOwner *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean whis_clipboard_owner_release_finish (WhisClipboardOwner *self,
                                              GAsyncResult *result,
                                              GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CANCEL_UNDO (whis_cancel_undo_get_type ())
G_DECLARE_FINAL_TYPE (WhisCancelUndo, whis_cancel_undo, WHIS, CANCEL_UNDO, GObject)

WhisCancelUndo *whis_cancel_undo_new (WhisHistory *history, guint timeout_s);

void whis_cancel_undo_set (WhisCancelUndo *self, const char *id);
char *whis_cancel_undo_take (WhisCancelUndo *self);
gboolean whis_cancel_undo_get_available (WhisCancelUndo *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "insertion-method.h"
#include "key-chord.h"
#include "selection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PASTE_METHOD (whis_paste_method_get_type ())

G_DECLARE_FINAL_TYPE (WhisPasteMethod, whis_paste_method, WHIS, PASTE_METHOD, GObject)

WhisPasteMethod *
whis_paste_method_new (const char *name, WhisSelection *selection, WhisKeySender *keys);

G_END_DECLS

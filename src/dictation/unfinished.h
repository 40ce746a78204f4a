/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "local-model-choice.h"

G_BEGIN_DECLS

#define WHIS_TYPE_UNFINISHED (whis_unfinished_get_type ())
G_DECLARE_FINAL_TYPE (WhisUnfinished, whis_unfinished, WHIS, UNFINISHED, GObject)

WhisUnfinished *whis_unfinished_new (WhisHistory *history,
                                     WhisDictations *dictations,
                                     WhisLocalModelChoice *local_model);
void whis_unfinished_recover (WhisUnfinished *self);
void whis_unfinished_try_keyring (WhisUnfinished *self);
guint whis_unfinished_get_count (WhisUnfinished *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "sound.h"

G_BEGIN_DECLS

GBytes *read_sound (WhisSound *sound, guint64 offset, gsize size, GError **error);

G_END_DECLS

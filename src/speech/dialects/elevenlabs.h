/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ELEVENLABS (whis_elevenlabs_get_type ())
G_DECLARE_FINAL_TYPE (WhisElevenlabs, whis_elevenlabs, WHIS, ELEVENLABS, WhisHttpBackend)

G_END_DECLS

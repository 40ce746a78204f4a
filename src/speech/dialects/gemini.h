/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_GEMINI (whis_gemini_get_type ())
G_DECLARE_FINAL_TYPE (WhisGemini, whis_gemini, WHIS, GEMINI, WhisHttpBackend)

G_END_DECLS

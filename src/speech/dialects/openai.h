/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_OPENAI (whis_openai_get_type ())
G_DECLARE_FINAL_TYPE (WhisOpenai, whis_openai, WHIS, OPENAI, WhisHttpBackend)

G_END_DECLS

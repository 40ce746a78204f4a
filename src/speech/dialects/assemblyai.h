/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ASSEMBLYAI (whis_assemblyai_get_type ())
G_DECLARE_FINAL_TYPE (WhisAssemblyai, whis_assemblyai, WHIS, ASSEMBLYAI, WhisHttpBackend)

G_END_DECLS

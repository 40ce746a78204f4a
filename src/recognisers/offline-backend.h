/* SPDX-License-Identifier: MIT */
#pragma once

#include "backend.h"
#include "recogniser-process.h"

G_BEGIN_DECLS

#define WHIS_TYPE_OFFLINE_BACKEND (whis_offline_backend_get_type ())
G_DECLARE_FINAL_TYPE (WhisOfflineBackend, whis_offline_backend, WHIS, OFFLINE_BACKEND, GObject)

WhisOfflineBackend *
whis_offline_backend_new (const WhisProvider *provider, WhisRecogniserProcess *process);

G_END_DECLS

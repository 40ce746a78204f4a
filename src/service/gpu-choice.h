/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-store.h"
#include "recogniser-process.h"

G_BEGIN_DECLS

#define WHIS_TYPE_GPU_CHOICE (whis_gpu_choice_get_type ())
G_DECLARE_FINAL_TYPE (WhisGpuChoice, whis_gpu_choice, WHIS, GPU_CHOICE, GObject)

WhisGpuChoice *whis_gpu_choice_new (WhisModelStore *store, WhisRecogniserProcess *process);
void whis_gpu_choice_refresh (WhisGpuChoice *self);

G_END_DECLS

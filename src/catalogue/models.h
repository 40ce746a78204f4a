/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "providers.h"

G_BEGIN_DECLS

/**
 * WhisModelInfo:
 * @id: name of the model on the wire
 * @retires: (nullable): the day on which it is switched off, `YYYY-MM-DD`
 * @live: whether it is for live transcription alone
 *
 * A model that a service offers at present.
 */
typedef struct
{
  char *id;
  char *retires;
  gboolean live;
} WhisModelInfo;

void whis_model_info_free (WhisModelInfo *self);

GPtrArray *
whis_models_parse (const WhisProvider *provider, const char *data, gsize size, GError **error);
GPtrArray *whis_models_known (const WhisProvider *provider);

G_END_DECLS

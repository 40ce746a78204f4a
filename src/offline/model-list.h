/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "engine.h"

G_BEGIN_DECLS

/**
 * WhisModel:
 * @id: what requests call it
 * @path: its file, or PocketSphinx's folder of models
 * @engine: what recognises with it
 * @bytes: size of the file, 0 for PocketSphinx
 * @modified: when the file was changed last, in seconds since 1970
 * @languages: (array zero-terminated=1): languages that it knows (ISO 639)
 *
 * A model that is installed.
 */
typedef struct
{
  char *id;
  char *path;
  const WhisEngineClass *engine;
  guint64 bytes;
  gint64 modified;
  const char *const *languages;
} WhisModel;

void whis_model_free (WhisModel *model);
gboolean whis_model_check_language (const WhisModel *model, const char *language, GError **error);

#define WHIS_TYPE_MODEL_LIST (whis_model_list_get_type ())
G_DECLARE_FINAL_TYPE (WhisModelList, whis_model_list, WHIS, MODEL_LIST, GObject)

WhisModelList *whis_model_list_new (const char *const *folders, const char *sphinx_folder);
gboolean whis_model_list_set_default (WhisModelList *self, const char *name, GError **error);

GPtrArray *whis_model_list_get_all (WhisModelList *self);
WhisModel *whis_model_list_find (WhisModelList *self, const char *id, GError **error);
char *whis_model_list_find_smaller (WhisModelList *self, const WhisModel *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisModel, whis_model_free)

G_END_DECLS

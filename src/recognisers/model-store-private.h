/* SPDX-License-Identifier: MIT */
#pragma once

#include "model-files.h"
#include "model-store.h"

G_BEGIN_DECLS

struct _WhisModelStore
{
  GObject parent_instance;

  GMutex mutex;
  WhisModelFiles files;  /* only with the mutex */
  gboolean is_tidied_up; /* the same */
};

/* What a call is about; its task data. */
typedef struct
{
  char *id;       /* or the name of an imported file */
  char *language; /* or NULL */
  int file;
  guint64 freed;
  WhisModelEntry *entry; /* that was measured */
  char *engine;
  WhisModelMeasure measure;
  gboolean again;
} WhisModelStoreJob;

typedef gpointer (*WhisModelStoreWork) (WhisModelStore *self,
                                        WhisModelStoreJob *job,
                                        GCancellable *cancellable,
                                        GError **error);

WhisModelStoreJob *whis_model_store_job_new (const char *id);
void whis_model_store_start (WhisModelStore *self,
                             gpointer source_tag,
                             WhisModelStoreWork work,
                             WhisModelStoreJob *job,
                             GDestroyNotify free_result,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data);
gpointer whis_model_store_finish (WhisModelStore *self,
                                  gpointer source_tag,
                                  GAsyncResult *result,
                                  GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_RECOGNISER_ERROR (whis_recogniser_error_quark ())

/**
 * WhisRecogniserError:
 * @WHIS_RECOGNISER_ERROR_PROGRAM: the program is not installed or cannot be run
 * @WHIS_RECOGNISER_ERROR_ENDED: the program ended before it was ready
 * @WHIS_RECOGNISER_ERROR_NO_MODEL: there is no model on this computer that it could use
 * @WHIS_RECOGNISER_ERROR_CRASHES: the program died several times within a minute
 * @WHIS_RECOGNISER_ERROR_HEALTH: the program does not answer
 * @WHIS_RECOGNISER_ERROR_CRASH: the program died while it worked
 * @WHIS_RECOGNISER_ERROR_HANG: the program did not finish in time and was ended
 * @WHIS_RECOGNISER_ERROR_DIRECTORY: there is no private directory for its socket
 * @WHIS_RECOGNISER_ERROR_MISSING: something that it was to use is not on this computer
 *
 * Why the embedded recogniser does not run. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_RECOGNISER_ERROR_PROGRAM,
  WHIS_RECOGNISER_ERROR_ENDED,
  WHIS_RECOGNISER_ERROR_NO_MODEL,
  WHIS_RECOGNISER_ERROR_CRASHES,
  WHIS_RECOGNISER_ERROR_HEALTH,
  WHIS_RECOGNISER_ERROR_CRASH,
  WHIS_RECOGNISER_ERROR_HANG,
  WHIS_RECOGNISER_ERROR_DIRECTORY,
  WHIS_RECOGNISER_ERROR_MISSING,
} WhisRecogniserError;

GQuark whis_recogniser_error_quark (void);

#define WHIS_TYPE_RECOGNISER_PROCESS (whis_recogniser_process_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecogniserProcess,
                      whis_recogniser_process,
                      WHIS,
                      RECOGNISER_PROCESS,
                      GObject)

WhisRecogniserProcess *whis_recogniser_process_new (void);
void whis_recogniser_process_set_model (WhisRecogniserProcess *self, const char *model);
void whis_recogniser_process_set_gpu (WhisRecogniserProcess *self,
                                      const char *device,
                                      const char *const *models);
gboolean whis_recogniser_process_is_plain (WhisRecogniserProcess *self);

void whis_recogniser_process_ensure_async (WhisRecogniserProcess *self,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean whis_recogniser_process_ensure_finish (WhisRecogniserProcess *self,
                                                GAsyncResult *result,
                                                GError **error);

GSocketAddress *whis_recogniser_process_get_address (WhisRecogniserProcess *self);
guint64 whis_recogniser_process_get_cpu_ms (WhisRecogniserProcess *self);
void whis_recogniser_process_end_hang (WhisRecogniserProcess *self);
void whis_recogniser_process_explain_async (WhisRecogniserProcess *self,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean whis_recogniser_process_explain_finish (WhisRecogniserProcess *self,
                                                 GAsyncResult *result,
                                                 GError **error);
void whis_recogniser_process_stop (WhisRecogniserProcess *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisChildEnd:
 * @WHIS_CHILD_END_CLEAN: it ended by itself, being idle, or because it was told to
 * @WHIS_CHILD_END_REFUSED: it said why it cannot work, and ended
 * @WHIS_CHILD_END_NO_MODEL: it said that it has no model, and ended
 * @WHIS_CHILD_END_CRASHED: a signal ended it
 *
 * How the program ended.
 */
typedef enum
{
  WHIS_CHILD_END_CLEAN,
  WHIS_CHILD_END_REFUSED,
  WHIS_CHILD_END_NO_MODEL,
  WHIS_CHILD_END_CRASHED,
} WhisChildEnd;

#define WHIS_TYPE_RECOGNISER_CHILD (whis_recogniser_child_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecogniserChild, whis_recogniser_child, WHIS, RECOGNISER_CHILD, GObject)

const char *whis_recogniser_child_get_program (void);
GSubprocessLauncher *whis_recogniser_child_new_launcher (void);
char *whis_recogniser_child_dup_sentence (const char *complaint);

WhisRecogniserChild *whis_recogniser_child_new (const char *program,
                                                const char *socket_path,
                                                const char *model,
                                                gboolean plain,
                                                const char *gpu,
                                                const char *const *gpu_models,
                                                GError **error);
gboolean whis_recogniser_child_is_ready (WhisRecogniserChild *self);
const char *whis_recogniser_child_get_complaint (WhisRecogniserChild *self);
const char *whis_recogniser_child_get_smaller_model (WhisRecogniserChild *self);
guint64 whis_recogniser_child_get_cpu_ms (WhisRecogniserChild *self);
int whis_recogniser_child_get_signal (WhisRecogniserChild *self);
void whis_recogniser_child_stop (WhisRecogniserChild *self);
void whis_recogniser_child_kill (WhisRecogniserChild *self);

G_END_DECLS

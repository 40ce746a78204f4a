/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation.h"
#include "local-model-choice.h"
#include "meter.h"
#include "pool.h"
#include "recogniser-process.h"
#include "service-plan.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DICTATIONS (whis_dictations_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictations, whis_dictations, WHIS, DICTATIONS, GObject)

WhisDictations *whis_dictations_new (WhisSettings *settings,
                                     WhisKeyring *keyring,
                                     WhisDelivery *delivery,
                                     WhisHistory *history,
                                     WhisMeter *meter,
                                     WhisLocalModelChoice *local_model);

WhisDictation *whis_dictations_start (WhisDictations *self, GVariant *options, GError **error);
WhisDictation *whis_dictations_follow (WhisDictations *self, WhisDictation *former, GError **error);
void whis_dictations_transcribe_async (WhisDictations *self,
                                       int file,
                                       const char *name,
                                       GVariant *options,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
WhisDictation *
whis_dictations_transcribe_finish (WhisDictations *self, GAsyncResult *result, GError **error);

void whis_dictations_continue_async (WhisDictations *self,
                                     const char *id,
                                     WhisDictationMode mode,
                                     GVariant *options,
                                     gboolean offer,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
WhisDictation *
whis_dictations_continue_finish (WhisDictations *self, GAsyncResult *result, GError **error);
char *whis_dictations_take_cancelled (WhisDictations *self);
gboolean whis_dictations_can_undo_cancel (WhisDictations *self);

WhisDictation *whis_dictations_get_recording (WhisDictations *self);
WhisDictation *whis_dictations_get_current (WhisDictations *self);
WhisDictation *whis_dictations_lookup (WhisDictations *self, const char *id);
void whis_dictations_recall_last_text (WhisDictations *self);
const char *whis_dictations_get_last_text (WhisDictations *self);
const char *whis_dictations_get_last_text_id (WhisDictations *self);
gboolean whis_dictations_are_busy (WhisDictations *self);
void whis_dictations_interrupt_all (WhisDictations *self);
gboolean whis_dictations_are_closing (WhisDictations *self);

WhisServicePlan *whis_dictations_get_plan (WhisDictations *self);
WhisPool *
whis_dictations_get_pool (WhisDictations *self, const WhisProvider *provider, GError **error);
WhisRecogniserProcess *whis_dictations_get_recogniser (WhisDictations *self);
void whis_dictations_set_fast_models (WhisDictations *self, const char *const *models);
const char *whis_dictations_get_last_local_model (WhisDictations *self);
void whis_dictations_set_watched (WhisDictations *self, gboolean watched);
void whis_dictations_stop_recogniser (WhisDictations *self);

G_END_DECLS

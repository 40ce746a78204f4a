/* SPDX-License-Identifier: MIT */
#pragma once

#include "cancel-undo.h"
#include "dictations.h"
#include "start-options.h"

G_BEGIN_DECLS

/* What the files of the class share; for no other. */
struct _WhisDictations
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisKeyring *keyring;
  WhisDelivery *delivery;
  WhisHistory *history;
  WhisServicePlan *plan;
  WhisLocalModelChoice *local_model;
  WhisDeliveryQueue *queue;
  GPtrArray *alive;   /* in the order of their start */
  GPtrArray *closing; /* at their end, but for the last sound */
  GHashTable *claims; /* ids of those that are about to go on */
  WhisDictation *newest;
  char *last_text;
  char *last_text_id; /* of its dictation */
  WhisCancelUndo *cancel_undo;
  guint trimming;
  GStrv fast_models;      /* of the embedded recogniser */
  char *last_local_model; /* that a dictation was begun with; nullable */
  gboolean watched;       /* somebody looks at provisional text */
  gboolean quitting;
  GVariant *continuous_options; /* of the continuous dictation that was started last; nullable */
};

void whis_dictations_add (WhisDictations *self, WhisDictation *dictation);
WhisDictation *whis_dictations_begin_new (WhisDictations *self,
                                          int file,
                                          const char *name,
                                          const char *origin,
                                          const WhisRecord *known,
                                          WhisDictation *former,
                                          WhisStartOptions *wanted,
                                          GError **error);
char *whis_dictations_dup_model (WhisDictations *self, const WhisStartOptions *wanted);
gboolean whis_dictations_check_local_choice (WhisDictations *self,
                                             const WhisStartOptions *wanted,
                                             GError **error);
WhisDictation *whis_dictations_begin (WhisDictations *self,
                                      const WhisDictationPlan *plan,
                                      const WhisStartOptions *wanted,
                                      GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "fake-capture.h"
#include "model-store.h"
#include "service.h"
#include "usage.h"

G_BEGIN_DECLS

/*
 * All dictations of a user: settings in memory, a history and models in a directory, a service on
 * this computer that answers as a test says, which the settings call `custom`, and captures that
 * are fakes. There is no keyring; keys are in the environment.
 */

typedef struct
{
  char *directory;
  WhisSettings *settings;
  WhisKeyring *keyring;
  WhisClipboard *clipboard;
  WhisDelivery *delivery;
  WhisHistory *history;
  WhisUsage *usage;
  WhisMeter *meter;
  WhisModelStore *store;
  WhisLocalModelChoice *local_model;
  WhisDictations *dictations;
  TestService *service;
  GString *events; /* what the dictations have told, with spaces between */
} DictationsFixture;

void dictations_fixture_init (void);
void dictations_fixture_set_up (DictationsFixture *fixture, gconstpointer data);
void dictations_fixture_tear_down (DictationsFixture *fixture, gconstpointer data);
/* As the next run of the program finds it: what is alive is interrupted first. */
void dictations_fixture_restart (DictationsFixture *fixture);
void dictations_fixture_set (DictationsFixture *fixture, const char *key, const char *value);
/* All that can happen without waiting for others has happened. */
void dictations_fixture_settle (void);

/* Begins to record with options in GVariant's text format, or NULL. Its text stays here. */
WhisDictation *dictations_fixture_start (DictationsFixture *fixture, const char *options);
TestCapture *dictations_fixture_record (DictationsFixture *fixture, const char *options);
/* One chunk is said, and all of it is heard. The dictation has its end. */
WhisDictation *dictations_fixture_say (DictationsFixture *fixture, const char *options);
void dictations_fixture_wait_for (WhisDictation *waited, WhisDictationState state);
/* The next answers of the service. */
void dictations_fixture_plan_text (DictationsFixture *fixture, const char *text);
void dictations_fixture_plan_hold (DictationsFixture *fixture, guint n);
/* Requests with sound; others only open a connection. */
guint dictations_fixture_count_sounds (DictationsFixture *fixture);
void dictations_fixture_wait_for_sounds (DictationsFixture *fixture, guint n);
/* From here on the service cannot be reached, or can be again. */
void dictations_fixture_unplug (DictationsFixture *fixture);
void dictations_fixture_plug_in (DictationsFixture *fixture);

/* An entry of an earlier run, with its sound on disk if @has_sound. */
WhisRecord *dictations_fixture_create_entry (DictationsFixture *fixture,
                                             const char *id,
                                             WhisDictationState state,
                                             gboolean has_sound);
WhisDictation *dictations_fixture_continue (DictationsFixture *fixture,
                                            const char *id,
                                            WhisDictationMode mode,
                                            const char *options,
                                            GError **error);

G_END_DECLS

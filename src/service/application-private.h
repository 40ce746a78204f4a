/* SPDX-License-Identifier: MIT */
#pragma once

#include "announcer.h"
#include "application.h"
#include "bus-object.h"
#include "bus-shortcuts.h"
#include "dictations.h"
#include "indicator-process.h"
#include "login-start.h"
#include "panel.h"
#include "session-display.h"
#include "session-insertion.h"
#include "shortcut-dictation.h"
#include "media-pause.h"
#include "silence-stop.h"
#include "sleep-guard.h"
#include "sound-cues.h"
#include "unfinished.h"

G_BEGIN_DECLS

struct _WhisApplication
{
  GApplication parent_instance;

  WhisSettings *settings;
  WhisKeyring *keyring;
  WhisSessionDisplay *display;
  WhisSessionInsertion *insertion;
  WhisDelivery *delivery;
  WhisHistory *history;
  WhisDictations *dictations;
  WhisModelStore *models;
  WhisEndpointSwitch *endpoint_switch;
  WhisLocalModelChoice *local_model;
  WhisUnfinished *unfinished;
  WhisSleepGuard *sleep_guard;
  WhisSoundCues *cues;
  WhisIndicatorProcess *indicator;
  WhisSilenceStop *silence_stop;
  WhisMediaPause *media_pause;
  WhisLoginStart *login_start;
  WhisBusObject *bus_object;
  WhisShortcuts *shortcuts;
  WhisShortcutDictation *shortcut_dictation;
  WhisBusShortcuts *bus_shortcuts;
  WhisPanel *panel;
  WhisAnnouncer *announcer;
  GCancellable *warming_up; /* nullable */
  char *activation_token;   /* of a launcher, while its call is handled; nullable */
  guint panel_timeout;
  guint terminate_source;
  guint interrupt_source;
  guint hangup_source;
  guint rules_source;
  guint keyring_subscription;
  gboolean is_ending;
  gboolean at_login; /* the session started it: a window is not what the user waits for */
  gboolean was_used; /* somebody wanted something, so no window has to come by itself */
};

void whis_application_add_actions (WhisApplication *self);
void whis_application_update_actions (WhisApplication *self);
void whis_application_open_page (WhisApplication *self, const char *page);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "unfinished.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ANNOUNCER (whis_announcer_get_type ())
G_DECLARE_FINAL_TYPE (WhisAnnouncer, whis_announcer, WHIS, ANNOUNCER, GObject)

WhisAnnouncer *whis_announcer_new (GDBusConnection *connection,
                                   WhisSettings *settings,
                                   WhisDictations *dictations,
                                   WhisUnfinished *unfinished,
                                   WhisHistory *history,
                                   GActionGroup *actions);

char *whis_announcer_take_activation_token (WhisAnnouncer *self);
void
whis_announcer_show_insertion (WhisAnnouncer *self, const char *id, WhisDeliveryOutcome outcome);
void whis_announcer_show_problem (WhisAnnouncer *self, const GError *error);
void whis_announcer_tell_of_recording (WhisAnnouncer *self, gboolean is_recording);

G_END_DECLS

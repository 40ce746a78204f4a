/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_FAILURE_CARD (whis_failure_card_get_type ())
G_DECLARE_FINAL_TYPE (WhisFailureCard, whis_failure_card, WHIS, FAILURE_CARD, AdwBin)

void whis_failure_card_set_service (WhisFailureCard *self, WhisServiceProxy *service);
void whis_failure_card_show_failure (WhisFailureCard *self,
                                     const char *code,
                                     const char *message,
                                     const char *kept);
void whis_failure_card_show_error (WhisFailureCard *self, const GError *error);
void whis_failure_card_show_answer (WhisFailureCard *self, GObject *service, GAsyncResult *result);
void whis_failure_card_hide (WhisFailureCard *self);
gboolean whis_failure_card_is_shown (WhisFailureCard *self);

G_END_DECLS

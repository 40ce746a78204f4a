/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_NOTICE (whis_notice_get_type ())
G_DECLARE_FINAL_TYPE (WhisNotice, whis_notice, WHIS, NOTICE, AdwBin)

void whis_notice_set_service (WhisNotice *self, WhisServiceProxy *service);
void whis_notice_show_failure (WhisNotice *self,
                               const char *code,
                               const char *message,
                               const char *kept);
void whis_notice_show_error (WhisNotice *self, const GError *error);
void whis_notice_show_answer (WhisNotice *self, GObject *service, GAsyncResult *result);
void whis_notice_hide (WhisNotice *self);
gboolean whis_notice_is_shown (WhisNotice *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "error-body.h"
#include "service-error.h"

G_BEGIN_DECLS

char *whis_error_body_describe (const WhisErrorBody *refusal,
                                guint status,
                                WhisServiceError code,
                                const char *service,
                                guint64 wait_ms);
char *whis_rate_limit_describe (const char *service, guint64 wait_ms);

G_END_DECLS

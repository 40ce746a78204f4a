/* SPDX-License-Identifier: MIT */
#pragma once

#include "error-body.h"
#include "service-error.h"

G_BEGIN_DECLS

WhisServiceError
whis_error_body_classify (const WhisErrorBody *refusal, guint status, gboolean has_key);
gboolean whis_error_body_may_pass (const WhisErrorBody *refusal,
                                   guint status,
                                   WhisServiceError code,
                                   const char *advice);

G_END_DECLS

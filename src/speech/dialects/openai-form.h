/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "http-backend.h"

G_BEGIN_DECLS

SoupMultipart *whis_openai_form_new (const WhisProvider *provider,
                                     const WhisHttpJob *job,
                                     gboolean say_model,
                                     gboolean say_auto);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "providers.h"
#include "request.h"

G_BEGIN_DECLS

SoupMultipart *whis_form_new (const WhisProvider *provider,
                              const WhisSpeechRequest *request,
                              const char *automatic_language,
                              GBytes *sound);

G_END_DECLS

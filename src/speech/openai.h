/* SPDX-License-Identifier: MIT */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_OPENAI (whis_openai_get_type ())
G_DECLARE_FINAL_TYPE (WhisOpenai, whis_openai, WHIS, OPENAI, GObject)

WhisOpenai *
whis_openai_new (const WhisProvider *provider, const char *url, GSocketConnectable *connectable);

const WhisProvider *whis_openai_get_provider (WhisOpenai *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include "record.h"

G_BEGIN_DECLS

GVariant *whis_resume_options (const WhisRecord *record, GVariant *options);

G_END_DECLS

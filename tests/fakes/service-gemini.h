/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-kind.h"

G_BEGIN_DECLS

extern const ServiceAnswer service_gemini_answers[];

G_END_DECLS

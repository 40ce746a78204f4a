/* SPDX-License-Identifier: MIT */
#pragma once

#include "timed-text.h"

G_BEGIN_DECLS

char *whis_history_times_print (GPtrArray *times);
GPtrArray *whis_history_times_parse (const char *json);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_recogniser_end_describe (int number, const char *smaller);

G_END_DECLS

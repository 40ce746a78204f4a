/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char **whis_vocabulary_limit (const char *const *words, guint most_words, guint most_letters);

G_END_DECLS

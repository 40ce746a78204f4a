/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-command.h"

G_BEGIN_DECLS

char *whis_words_of_kind (WhisCliKind kind);

G_END_DECLS

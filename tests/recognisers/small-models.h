/* SPDX-License-Identifier: MIT */
#pragma once

#include "local-model.h"

G_BEGIN_DECLS

#define SMALL_MODEL_SIZE 300000

/* Two models of the catalogue: `small-test` knows English and German, `second-test` English and
 * Japanese; the first is the better one. */
extern WhisLocalModel small_model;
extern WhisLocalModel second_model;

void small_models_add (void);
GBytes *small_model_make (guint8 seed);
void small_model_write (const char *directory, const char *name, guint8 seed);

G_END_DECLS

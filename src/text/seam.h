/* SPDX-License-Identifier: MIT */
#pragma once

#include "words.h"

G_BEGIN_DECLS

/**
 * WhisSeam:
 * @length: number of words that the end of the left text and the begin of the right one share
 * @n_left: how many of them are taken from the left text; the rest is taken from the right one
 *
 * Where two overlapping texts are joined.
 */
typedef struct
{
  guint length;
  guint n_left;
} WhisSeam;

gboolean whis_seam_find (const GArray *left, const GArray *right, WhisSeam *seam);

G_END_DECLS

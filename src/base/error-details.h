/* SPDX-License-Identifier: MIT */
#pragma once

#include "kept.h"

G_BEGIN_DECLS

/**
 * WhisErrorDetails:
 * @code: (nullable): a word of the D-Bus signal `Failed`, where it says more than the error's name
 * @id: (nullable): the dictation that the error is about
 * @kept: what was kept of it
 * @resumable: whether the D-Bus method `Resume` may bring its text
 *
 * What the error of a D-Bus method says besides its name and its sentence.
 */
typedef struct
{
  char *code;
  char *id;
  WhisKept kept;
  gboolean resumable;
} WhisErrorDetails;

char *whis_error_details_join (const WhisErrorDetails *self, const char *sentence);
char *whis_error_details_split (WhisErrorDetails *self, const char *message);
void whis_error_details_clear (WhisErrorDetails *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WhisErrorDetails, whis_error_details_clear)

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_MODEL_ERROR (whis_model_error_quark ())

/**
 * WhisModelError:
 * @WHIS_MODEL_ERROR_NOT_FOUND: there is no such model, or it is not on this computer
 * @WHIS_MODEL_ERROR_SYSTEM: the model belongs to the system and cannot be removed
 * @WHIS_MODEL_ERROR_EXISTS: another model has the name
 * @WHIS_MODEL_ERROR_FILE: the file is not one that an engine can be given
 * @WHIS_MODEL_ERROR_DAMAGED: the checksum is not the one in the catalogue
 * @WHIS_MODEL_ERROR_SPACE: there is not enough space
 * @WHIS_MODEL_ERROR_STORAGE: a file cannot be read or written
 *
 * Why a model cannot be had, kept or removed. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_MODEL_ERROR_NOT_FOUND,
  WHIS_MODEL_ERROR_SYSTEM,
  WHIS_MODEL_ERROR_EXISTS,
  WHIS_MODEL_ERROR_FILE,
  WHIS_MODEL_ERROR_DAMAGED,
  WHIS_MODEL_ERROR_SPACE,
  WHIS_MODEL_ERROR_STORAGE,
} WhisModelError;

GQuark whis_model_error_quark (void);

G_END_DECLS

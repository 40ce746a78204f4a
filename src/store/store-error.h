/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_STORE_ERROR (whis_store_error_quark ())

/**
 * WhisStoreError:
 * @WHIS_STORE_ERROR_KEYRING_LOCKED: the keyring holds the key, but stayed locked
 * @WHIS_STORE_ERROR_KEYRING: the keyring answered with an error
 * @WHIS_STORE_ERROR_BAD_API_KEY: what was given cannot be an API key
 * @WHIS_STORE_ERROR_NOT_FOUND: the history has no such entry
 * @WHIS_STORE_ERROR_BUSY: another program works on the dictation
 * @WHIS_STORE_ERROR_HISTORY: the history cannot be read or written
 * @WHIS_STORE_ERROR_TOO_NEW: a newer Whis wrote the history
 *
 * Errors of the store room. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_STORE_ERROR_KEYRING_LOCKED,
  WHIS_STORE_ERROR_KEYRING,
  WHIS_STORE_ERROR_BAD_API_KEY,
  WHIS_STORE_ERROR_NOT_FOUND,
  WHIS_STORE_ERROR_BUSY,
  WHIS_STORE_ERROR_HISTORY,
  WHIS_STORE_ERROR_TOO_NEW,
} WhisStoreError;

GQuark whis_store_error_quark (void);

G_END_DECLS

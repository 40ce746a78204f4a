/* SPDX-License-Identifier: MIT */
#include "call-error.h"

#include "bus-error.h"
#include "portal-error.h"
#include "failure.h"
#include "model-error.h"
#include "model-header.h"
#include "settings-error.h"
#include "store-error.h"

static const struct
{
  const char *failure;
  WhisBusError error;
} bus_errors[] = {
  { "device", WHIS_BUS_ERROR_DEVICE },    { "storage", WHIS_BUS_ERROR_STORAGE },
  { "key-missing", WHIS_BUS_ERROR_KEY },  { "key-wrong", WHIS_BUS_ERROR_KEY },
  { "file", WHIS_BUS_ERROR_FILE },        { "clipboard", WHIS_BUS_ERROR_CLIPBOARD },
  { "cancelled", WHIS_BUS_ERROR_FAILED }, { "permission", WHIS_BUS_ERROR_KEY },
};

static WhisBusError
get_store_error (int code)
{
  switch ((WhisStoreError) code)
    {
    case WHIS_STORE_ERROR_BAD_API_KEY:
      return WHIS_BUS_ERROR_KEY;
    case WHIS_STORE_ERROR_NOT_FOUND:
      return WHIS_BUS_ERROR_NOT_FOUND;
    case WHIS_STORE_ERROR_BUSY:
      return WHIS_BUS_ERROR_FAILED;
    case WHIS_STORE_ERROR_HISTORY:
    case WHIS_STORE_ERROR_TOO_NEW:
      return WHIS_BUS_ERROR_STORAGE;
    case WHIS_STORE_ERROR_KEYRING_LOCKED:
    case WHIS_STORE_ERROR_KEYRING:
    default:
      return WHIS_BUS_ERROR_KEYRING;
    }
}

static WhisBusError
get_model_error (int code)
{
  switch ((WhisModelError) code)
    {
    case WHIS_MODEL_ERROR_NOT_FOUND:
      return WHIS_BUS_ERROR_NOT_FOUND;
    case WHIS_MODEL_ERROR_FILE:
    case WHIS_MODEL_ERROR_DAMAGED:
      return WHIS_BUS_ERROR_FILE;
    case WHIS_MODEL_ERROR_SPACE:
    case WHIS_MODEL_ERROR_STORAGE:
      return WHIS_BUS_ERROR_STORAGE;
    case WHIS_MODEL_ERROR_SYSTEM:
    case WHIS_MODEL_ERROR_EXISTS:
    default:
      return WHIS_BUS_ERROR_FAILED;
    }
}

static WhisBusError
get_bus_error (const GError *error)
{
  if (error->domain == WHIS_MODEL_ERROR)
    return get_model_error (error->code);

  if (error->domain == WHIS_MODEL_HEADER_ERROR)
    return WHIS_BUS_ERROR_FILE;

  if (error->domain == WHIS_STORE_ERROR)
    return get_store_error (error->code);

  if (g_error_matches (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE))
    return WHIS_BUS_ERROR_FAILED;

  if (error->domain == WHIS_SETTINGS_ERROR)
    return WHIS_BUS_ERROR_STORAGE;

  if (error->domain == WHIS_PORTAL_ERROR)
    return WHIS_BUS_ERROR_FAILED;

  for (gsize i = 0; i < G_N_ELEMENTS (bus_errors); i++)
    if (g_str_equal (bus_errors[i].failure, whis_failure_get_code (error)))
      return bus_errors[i].error;

  return WHIS_BUS_ERROR_PROVIDER;
}

static void
call_return (GDBusMethodInvocation *invocation,
             const GError *error,
             const WhisErrorDetails *details)
{
  g_autofree char *message = whis_error_details_join (details, error->message);

  g_dbus_method_invocation_return_error_literal (
      invocation, WHIS_BUS_ERROR,
      error->domain == WHIS_BUS_ERROR ? error->code : (int) get_bus_error (error), message);
}

/**
 * whis_call_return_error:
 * @invocation: (transfer full): a call that failed
 * @error: an error of any room
 *
 * Answers a call with the error of the D-Bus interface that @error stands for.
 */
void
whis_call_return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  whis_call_return_error_about (invocation, error, NULL);
}

/**
 * whis_call_return_error_about:
 * @invocation: (transfer full): a call that failed
 * @error: an error of any room
 * @id: (nullable): the dictation that it is about, or its entry in the history
 *
 * Answers a call as whis_call_return_error() does, and says which dictation was meant.
 */
void
whis_call_return_error_about (GDBusMethodInvocation *invocation,
                              const GError *error,
                              const char *id)
{
  const WhisErrorDetails details = { .id = (char *) id };

  g_return_if_fail (error != NULL);

  call_return (invocation, error, &details);
}

/**
 * whis_call_return_failure:
 * @invocation: (transfer full): a call that should have begun a dictation
 * @dictation: the dictation, which has failed
 *
 * Answers a call with all that the signal `Failed` says of the dictation.
 */
void
whis_call_return_failure (GDBusMethodInvocation *invocation, WhisDictation *dictation)
{
  const GError *error = whis_dictation_get_error (dictation);
  const WhisErrorDetails details = {
    .code = (char *) whis_failure_get_code (error),
    .id = (char *) whis_dictation_get_id (dictation),
    .kept = whis_dictation_get_kept (dictation),
    .resumable = whis_call_is_resumable (dictation),
  };

  call_return (invocation, error, &details);
}

/**
 * whis_call_is_resumable:
 * @dictation: a dictation that has failed
 *
 * Returns: whether the method `Resume` may bring its text
 */
gboolean
whis_call_is_resumable (WhisDictation *dictation)
{
  return whis_dictation_can_resume (dictation)
         && !whis_failure_is_no_speech (whis_dictation_get_error (dictation));
}

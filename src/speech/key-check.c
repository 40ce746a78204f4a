/* SPDX-License-Identifier: MIT */
#include "key-check.h"
#include "address.h"
#include "error-body.h"
#include "http-response.h"
#include "secret.h"
#include "service-error.h"
#include "transport-error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const WhisProvider *provider;
  char *host;
  char *key;
  WhisKeyVerdict verdict;
  char *sentence;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  whis_secret_free (check->key);
  g_free (check->host);
  g_free (check->sentence);
  g_free (check);
}

/**
 * whis_key_usable:
 * @provider: a provider
 * @key: (nullable): a key
 *
 * Returns: (transfer none) (nullable): the key to send, if there is one and the provider takes it
 */
const char *
whis_key_usable (const WhisProvider *provider, const char *key)
{
  g_return_val_if_fail (provider != NULL, NULL);

  if (provider->auth == WHIS_AUTH_NONE || key == NULL || *key == '\0')
    return NULL;

  return key;
}

/* A key is printable ASCII: anything else was pasted by mistake, and could break the header. */
static gboolean
is_key (const char *key)
{
  for (const char *p = key; *p != '\0'; p++)
    {
      if (!g_ascii_isgraph (*p))
        return FALSE;
    }

  return TRUE;
}

static gboolean
key_check_refuse (GError **error, WhisServiceError code, char *sentence)
{
  g_propagate_error (error, whis_service_error_new (code, sentence, NULL));
  g_free (sentence);

  return FALSE;
}

/**
 * whis_key_check_may_send:
 * @provider: a provider
 * @url: its address
 * @key: (nullable): a key
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Looks at a key before anything is sent: whether there is one where one is needed, whether it can
 * be one at all, and whether it is safe on the way.
 *
 * Returns: %TRUE, or %FALSE with %WHIS_SERVICE_ERROR_NO_KEY, %WHIS_SERVICE_ERROR_WRONG_KEY or
 *   %WHIS_SERVICE_ERROR_ADDRESS
 */
gboolean
whis_key_check_may_send (const WhisProvider *provider,
                         const char *url,
                         const char *key,
                         GError **error)
{
  const char *name;

  g_return_val_if_fail (provider != NULL && url != NULL, FALSE);

  name = whis_provider_get_name (provider);
  key = whis_key_usable (provider, key);
  if (key == NULL && provider->needs_key)
    return key_check_refuse (
        error, WHIS_SERVICE_ERROR_NO_KEY,
        g_strdup_printf (_ ("%s needs a key. Add one in the preferences, or choose the "
                            "offline recogniser."),
                         name));
  if (key != NULL && !is_key (key))
    return key_check_refuse (
        error, WHIS_SERVICE_ERROR_WRONG_KEY,
        g_strdup_printf (_ ("The key for %s has blanks or letters in it that no key "
                            "has. Copy it again into the preferences."),
                         name));

  return key == NULL || whis_address_is_of_provider (provider, url, error);
}

static void
return_verdict (GTask *task, WhisKeyVerdict verdict, char *sentence)
{
  Check *check = g_task_get_task_data (task);

  check->verdict = verdict;
  check->sentence = sentence;
  g_task_return_boolean (task, TRUE);
}

static char *
describe_silence (const Check *check)
{
  const char *name = whis_provider_get_name (check->provider);

  if (check->key == NULL)
    return g_strdup_printf (_ ("%s answers, but does not say whether it needs a key."), name);

  return g_strdup_printf (_ ("%s answers, but does not say whether the key is right."), name);
}

/* What an error says about the key; for most it is nothing, and the error stays one. */
static void
return_error_or_verdict (GTask *task, GError *error)
{
  Check *check = g_task_get_task_data (task);
  const char *name = whis_provider_get_name (check->provider);

  if (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY))
    return_verdict (task, WHIS_KEY_WRONG, g_strdup (error->message));
  else if (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY))
    return_verdict (task, WHIS_KEY_MISSING, g_strdup (error->message));
  else if (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_CREDIT))
    return_verdict (task, WHIS_KEY_UNKNOWN, g_strdup (error->message));
  /* speaches says the same of a wrong key. */
  else if (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_PERMISSION))
    return_verdict (
        task, WHIS_KEY_UNKNOWN,
        g_strdup_printf (_ ("%s does not let this key be checked. If it is a restricted "
                            "one that may transcribe, it is enough."),
                         name));
  /* A server may have no list of models. */
  else if (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED))
    return_verdict (task, WHIS_KEY_UNKNOWN, describe_silence (check));
  else
    {
      g_task_return_error (task, error);
      return;
    }
  g_error_free (error);
}

static void
return_accepted (GTask *task)
{
  Check *check = g_task_get_task_data (task);
  const char *name = whis_provider_get_name (check->provider);

  if (check->key != NULL)
    return_verdict (task, WHIS_KEY_OK, g_strdup_printf (_ ("%s accepts the key."), name));
  else
    return_verdict (task, WHIS_KEY_OK,
                    g_strdup_printf (_ ("%s answers and asks for no key."), name));
}

static void
did_get_models (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Check *check = g_task_get_task_data (task);
  g_autoptr (WhisHttpResponse) response = NULL;
  g_autoptr (GError) cause = NULL;

  response = whis_http_request_send_finish (SOUP_SESSION (source), result, &cause);
  if (response == NULL)
    g_task_return_error (task, whis_transport_error_new (check->provider, check->host, cause));
  else if (response->status == SOUP_STATUS_OK && !whis_http_response_is_page (response))
    return_accepted (task);
  else
    return_error_or_verdict (
        task,
        whis_error_body_to_error (whis_provider_get_name (check->provider),
                                  whis_provider_read_status (check->provider, response->status),
                                  response->headers, response->body, check->key));
}

/**
 * whis_key_check_async:
 * @source: (type GObject): who asks
 * @session: whose connections to use
 * @provider: whom to ask
 * @url: its address
 * @request: what to ask, with the key: a GET that costs nothing
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is a verdict
 * @data: data for @callback
 *
 * Asks a provider about a key.
 */
void
whis_key_check_async (gpointer source,
                      SoupSession *session,
                      const WhisProvider *provider,
                      const char *url,
                      WhisHttpRequest *request,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, data);
  Check *check = g_new0 (Check, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, whis_key_check_async);
  check->provider = provider;
  check->host = whis_address_get_host (url);
  check->key = g_strdup (request->key);
  g_task_set_task_data (task, check, check_free);

  if (!whis_key_check_may_send (provider, url, request->key, &error))
    return_error_or_verdict (task, error);
  else
    whis_http_request_send_async (session, request, cancellable, did_get_models,
                                  g_steal_pointer (&task));
}

/**
 * whis_key_check_finish:
 * @source: (type GObject): who asked
 * @result: what the callback got
 * @verdict: (out): what the provider thinks of the key
 * @sentence: (out) (transfer full): the same as a sentence for people
 * @error: return location for a %WHIS_SERVICE_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether there is a verdict
 */
gboolean
whis_key_check_finish (gpointer source,
                       GAsyncResult *result,
                       WhisKeyVerdict *verdict,
                       char **sentence,
                       GError **error)
{
  Check *check;

  g_return_val_if_fail (g_task_is_valid (result, source), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  check = g_task_get_task_data (G_TASK (result));
  *verdict = check->verdict;
  *sentence = g_steal_pointer (&check->sentence);

  return TRUE;
}

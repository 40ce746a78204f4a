/* SPDX-License-Identifier: MIT */
#include "address.h"
#include "host.h"
#include "service-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define ENDPOINT "/audio/transcriptions"
#define INFERENCE "/inference"
#define DEPLOYMENTS "/openai/deployments"
#define PARSE_FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE)

static GUri *
address_fail (GError **error, const char *sentence)
{
  g_propagate_error (error, whis_service_error_new (WHIS_SERVICE_ERROR_ADDRESS, sentence, NULL));

  return NULL;
}

/* A name, also in other letters than Latin, or a number. */
static gboolean
is_host (const char *host)
{
  if (host == NULL || *host == '\0' || !g_utf8_validate (host, -1, NULL))
    return FALSE;
  for (const char *p = host; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p) || strchr (" \"#%/<>?@[\\]^`{|}", *p) != NULL)
        return FALSE;
    }

  return TRUE;
}

static GUri *
address_parse (const char *address, gboolean may_ask, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (address));
  g_autoptr (GUri) uri = NULL;
  const char *scheme;

  if (*trimmed == '\0')
    return address_fail (error,
                         _ ("There is no address of your server. Set it in the preferences."));
  uri = g_uri_parse (trimmed, PARSE_FLAGS, NULL);
  if (uri == NULL)
    return address_fail (
        error, _ ("The address of your server is not one like http://localhost:8000/v1."));
  scheme = g_uri_get_scheme (uri);
  if (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https"))
    return address_fail (error,
                         _ ("The address of your server must begin with http:// or https://."));
  if (!is_host (g_uri_get_host (uri)))
    return address_fail (error, _ ("The address of your server has no valid host name in it."));
  if (g_uri_get_userinfo (uri) != NULL)
    return address_fail (
        error, _ ("The address of your server must not hold a name or password. Use the key "
                  "field for that."));
  if ((g_uri_get_query (uri) != NULL && !may_ask) || g_uri_get_fragment (uri) != NULL)
    return address_fail (error, _ ("The address of your server must not have a “?” or “#” in it."));

  return g_steal_pointer (&uri);
}

/* Azure has two forms: the deployment in the path, as the table has it, and OpenAI's own. Its pages
 * show whole addresses of either, with the version of the interface behind a question mark; ours is
 * the one that we know. */
static char *
complete_deployment_path (const WhisProvider *provider, const char *bare)
{
  const char *deployments = strstr (bare, DEPLOYMENTS);
  const char *newer = strstr (bare, "/openai/v1");
  int length = (int) strlen (bare);

  if (newer != NULL)
    return g_strdup_printf ("%.*s/openai/v1" ENDPOINT "?api-version=preview", (int) (newer - bare),
                            bare);
  if (deployments != NULL)
    length = (int) (deployments - bare);
  else if (g_str_has_suffix (bare, "/openai"))
    length -= (int) strlen ("/openai");

  return g_strdup_printf ("%.*s%s", length, bare, provider->path);
}

static gboolean
has_deployments (const WhisProvider *provider)
{
  return provider->path != NULL && strchr (provider->path, '?') != NULL;
}

/* The path of the endpoint for whatever part of it the user gave. */
static char *
complete_path (const WhisProvider *provider, const char *path)
{
  g_autofree char *bare = g_strdup (path);

  while (*bare != '\0' && g_str_has_suffix (bare, "/"))
    bare[strlen (bare) - 1] = '\0';
  if (provider->dialect != WHIS_DIALECT_OPENAI)
    return g_steal_pointer (&bare);
  if (has_deployments (provider))
    return complete_deployment_path (provider, bare);
  if (*bare == '\0')
    return g_strdup (provider->path != NULL ? provider->path : "/v1" ENDPOINT);
  if (g_str_has_suffix (bare, ENDPOINT) || g_str_has_suffix (bare, INFERENCE))
    return g_steal_pointer (&bare);

  return g_strconcat (bare, ENDPOINT, NULL);
}

/* Scheme, host and, where it is not the usual one, port. */
static char *
get_origin (GUri *uri)
{
  g_autoptr (GUri) bare =
      g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                   whis_host_has_usual_port (uri) ? -1 : g_uri_get_port (uri), "", NULL, NULL);

  return g_uri_to_string (bare);
}

/**
 * whis_address_complete:
 * @provider: whose address it is
 * @address: what the user gave for it, or what the table has
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * For the OpenAI dialect, completes an address to that of the transcription endpoint: host and port
 * alone, a base address such as `http://host/v1`, and a whole address that ends in
 * `/audio/transcriptions` or in the `/inference` of whisper.cpp are accepted, and the addresses
 * that Azure shows. For others, checks it and takes slashes off its end.
 *
 * Returns: (transfer full): the address; %NULL with %WHIS_SERVICE_ERROR_ADDRESS
 */
char *
whis_address_complete (const WhisProvider *provider, const char *address, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *origin = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (provider != NULL && address != NULL, NULL);

  uri = address_parse (address, has_deployments (provider), error);
  if (uri == NULL)
    return NULL;
  path = complete_path (provider, g_uri_get_path (uri));
  origin = get_origin (uri);

  return g_strconcat (origin, path, NULL);
}

static WhisAddressSafety
get_safety (GUri *uri)
{
  WhisHostReach reach = whis_host_get_reach (g_uri_get_host (uri));

  if (g_str_equal (g_uri_get_scheme (uri), "https") || reach == WHIS_HOST_THIS_COMPUTER)
    return WHIS_ADDRESS_SAFE;

  return reach == WHIS_HOST_PRIVATE ? WHIS_ADDRESS_PRIVATE : WHIS_ADDRESS_UNSAFE;
}

/**
 * whis_address_get_safety:
 * @url: an address
 *
 * Says whether keys and sound are safe on the way to an address. What is no address is not safe.
 *
 * Returns: how safe it is
 */
WhisAddressSafety
whis_address_get_safety (const char *url)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (url != NULL, WHIS_ADDRESS_UNSAFE);

  uri = address_parse (url, TRUE, NULL);

  return uri != NULL ? get_safety (uri) : WHIS_ADDRESS_UNSAFE;
}

/* The domain itself or what is below it; `notopenai.com` is neither. */
static gboolean
is_in_domain (const char *host, const char *domain)
{
  gsize host_length = strlen (host);
  gsize length = strlen (domain);

  return host_length >= length && g_ascii_strcasecmp (host + host_length - length, domain) == 0
         && (host_length == length || host[host_length - length - 1] == '.');
}

static gboolean
is_in_domains (const char *host, const char *domains)
{
  g_auto (GStrv) names = g_strsplit (domains, " ", -1);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      if (is_in_domain (host, names[i]))
        return TRUE;
    }

  return FALSE;
}

static void
fail_foreign (const WhisProvider *provider, const char *host, GError **error)
{
  g_autofree char *sentence =
      g_strdup_printf (_ ("%s is no host of %s, so neither your key nor your voice goes there. "
                          "Check the address in the preferences."),
                       host, whis_provider_get_name (provider));

  address_fail (error, sentence);
}

static gboolean
belongs_to (const WhisProvider *provider, GUri *uri, GError **error)
{
  const char *host = g_uri_get_host (uri);

  if (provider->domain == NULL || whis_host_get_reach (host) == WHIS_HOST_THIS_COMPUTER)
    return TRUE;
  if (!is_in_domains (host, provider->domain))
    {
      fail_foreign (provider, host, error);
      return FALSE;
    }
  if (g_str_equal (g_uri_get_scheme (uri), "https"))
    return TRUE;
  address_fail (
      error, _ ("A service in the cloud is only reached over https://. Correct the address in the "
                "preferences."));

  return FALSE;
}

/**
 * whis_address_is_of_provider:
 * @provider: a provider
 * @url: its address, as the user chose it
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Says whether an address may be used for a provider: for a service in the cloud, with `https` a
 * host of its domain, such as one for a region, or a gateway on this computer; for an own server
 * whatever is safe, see whis_address_get_safety(). Whether the user accepted an address that is
 * %WHIS_ADDRESS_PRIVATE, the caller has to know.
 *
 * Returns: %TRUE, or %FALSE with %WHIS_SERVICE_ERROR_ADDRESS
 */
gboolean
whis_address_is_of_provider (const WhisProvider *provider, const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (provider != NULL && url != NULL, FALSE);

  uri = address_parse (url, TRUE, error);
  if (uri == NULL || !belongs_to (provider, uri, error))
    return FALSE;
  if (get_safety (uri) != WHIS_ADDRESS_UNSAFE)
    return TRUE;
  address_fail (error,
                _ ("Over plain http:// others could hear your voice on the way. Use an https:// "
                   "address, or, for a server in your own network, its number or a name such as "
                   "nas.local."));

  return FALSE;
}

/**
 * whis_address_get_host:
 * @url: a valid address
 *
 * Returns: (transfer full): host and, where it is not the usual one, port
 */
char *
whis_address_get_host (const char *url)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  uri = g_uri_parse (url, PARSE_FLAGS, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return g_strdup ("");

  return whis_host_dup_with_port (uri);
}

/* How much of an address is before the endpoint. */
static gsize
get_base_length (const char *url)
{
  const char *deployments = strstr (url, DEPLOYMENTS);
  gsize length = strcspn (url, "?");

  if (deployments != NULL)
    return (gsize) (deployments - url) + strlen ("/openai");
  if (length >= strlen (ENDPOINT)
      && strncmp (url + length - strlen (ENDPOINT), ENDPOINT, strlen (ENDPOINT)) == 0)
    return length - strlen (ENDPOINT);

  return length;
}

/**
 * whis_address_get_models_url:
 * @url: address of a transcription endpoint, from whis_address_complete()
 *
 * Returns: (transfer full): address of the list of models beside it
 */
char *
whis_address_get_models_url (const char *url)
{
  const char *query;

  g_return_val_if_fail (url != NULL, NULL);

  if (g_str_has_suffix (url, INFERENCE))
    return whis_address_get_sibling (url, "/v1/models");
  query = strchr (url, '?');

  return g_strdup_printf ("%.*s/models%s", (int) get_base_length (url), url,
                          query != NULL ? query : "");
}

/**
 * whis_address_get_sibling:
 * @url: address of a transcription endpoint, from whis_address_complete()
 * @path: a path, as it is on a server that has the endpoint at `/inference` or at
 *   `/v1/audio/transcriptions`
 *
 * Returns: (transfer full): address of @path on the same server
 */
char *
whis_address_get_sibling (const char *url, const char *path)
{
  static const char *const endpoints[] = { ("/v1" ENDPOINT), ENDPOINT, INFERENCE };
  gsize length;

  g_return_val_if_fail (url != NULL && path != NULL, NULL);

  length = strlen (url);
  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      if (g_str_has_suffix (url, endpoints[i]))
        return g_strdup_printf ("%.*s%s", (int) (length - strlen (endpoints[i])), url, path);
    }

  return g_strconcat (url, path, NULL);
}

/**
 * whis_provider_is_here:
 * @provider: a provider
 * @url: (nullable): its address
 *
 * Returns: whether it is a recogniser on this computer: the embedded one or a server of the user's
 */
gboolean
whis_provider_is_here (const WhisProvider *provider, const char *url)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (provider != NULL, FALSE);

  if (provider->local)
    return TRUE;
  if (provider->domain != NULL || url == NULL)
    return FALSE;
  uri = address_parse (url, TRUE, NULL);

  return uri != NULL && whis_host_get_reach (g_uri_get_host (uri)) == WHIS_HOST_THIS_COMPUTER;
}

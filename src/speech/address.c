/* SPDX-License-Identifier: MIT */
#include "address.h"
#include "speech-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define ENDPOINT "/audio/transcriptions"
#define INFERENCE "/inference"
#define PARSE_FLAGS (G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE)

static GUri *
fail (GError **error, const char *sentence)
{
  g_propagate_error (error, whis_speech_error_new (WHIS_SPEECH_ERROR_ADDRESS, sentence, NULL));

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
      if (g_ascii_iscntrl (*p) || strchr (" \"#%/<>?@\\^`{|}", *p) != NULL)
        return FALSE;
    }

  return TRUE;
}

static GUri *
parse (const char *address, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (address));
  g_autoptr (GUri) uri = NULL;
  const char *scheme;

  if (*trimmed == '\0')
    return fail (error, _ ("There is no address of your server. Set it in the preferences."));
  uri = g_uri_parse (trimmed, PARSE_FLAGS, NULL);
  if (uri == NULL)
    return fail (error, _ ("The address of your server is not one like http://localhost:8000/v1."));
  scheme = g_uri_get_scheme (uri);
  if (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https"))
    return fail (error, _ ("The address of your server must begin with http:// or https://."));
  if (!is_host (g_uri_get_host (uri)))
    return fail (error, _ ("The address of your server has no valid host name in it."));
  if (g_uri_get_userinfo (uri) != NULL)
    return fail (error,
                 _ ("The address of your server must not hold a name or password. Use the key "
                    "field for that."));
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return fail (error, _ ("The address of your server must not have a “?” or “#” in it."));

  return g_steal_pointer (&uri);
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
  if (*bare == '\0')
    return g_strdup (provider->path != NULL ? provider->path : "/v1" ENDPOINT);
  if (g_str_has_suffix (bare, ENDPOINT) || g_str_has_suffix (bare, INFERENCE))
    return g_steal_pointer (&bare);

  return g_strconcat (bare, ENDPOINT, NULL);
}

static gboolean
has_usual_port (GUri *uri)
{
  int port = g_uri_get_port (uri);

  return port <= 0 || port == (g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80);
}

/* Scheme, host and, where it is not the usual one, port. */
static char *
get_origin (GUri *uri)
{
  g_autoptr (GUri) bare =
      g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                   has_usual_port (uri) ? -1 : g_uri_get_port (uri), "", NULL, NULL);

  return g_uri_to_string (bare);
}

/**
 * whis_address_complete:
 * @provider: whose address it is
 * @address: what the user gave for it, or what the table has
 * @error: return location for a %WHIS_SPEECH_ERROR
 *
 * For the OpenAI dialect, completes an address to that of the transcription endpoint: host and port
 * alone, a base address such as `http://host/v1`, and a whole address that ends in
 * `/audio/transcriptions` or in the `/inference` of whisper.cpp are accepted. For others, checks it
 * and takes slashes off its end.
 *
 * Returns: (transfer full): the address; %NULL with %WHIS_SPEECH_ERROR_ADDRESS
 */
char *
whis_address_complete (const WhisProvider *provider, const char *address, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *origin = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (provider != NULL && address != NULL, NULL);

  uri = parse (address, error);
  if (uri == NULL)
    return NULL;
  path = complete_path (provider, g_uri_get_path (uri));
  origin = get_origin (uri);

  return g_strconcat (origin, path, NULL);
}

/* IPv6 addresses of one's own network (RFC 4193), which GLib does not count as site-local. */
static gboolean
is_unique_local (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
         && (g_inet_address_to_bytes (address)[0] & 0xFE) == 0xFC;
}

static gboolean
is_private_host (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address == NULL)
    return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost");

  return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_site_local (address)
         || g_inet_address_get_is_link_local (address) || is_unique_local (address);
}

/**
 * whis_address_may_carry_key:
 * @url: an address
 * @error: return location for a %WHIS_SPEECH_ERROR
 *
 * Says whether a key may go to an address: with `https` anywhere, with plain `http` only to this
 * computer and to private networks by number, for nobody knows where a name leads.
 *
 * Returns: %TRUE, or %FALSE with %WHIS_SPEECH_ERROR_ADDRESS
 */
gboolean
whis_address_may_carry_key (const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (url != NULL, FALSE);

  uri = parse (url, error);
  if (uri == NULL)
    return FALSE;
  if (g_str_equal (g_uri_get_scheme (uri), "https") || is_private_host (g_uri_get_host (uri)))
    return TRUE;
  fail (
      error,
      _ ("A key is not sent over plain http:// unless the address is a number of this computer or "
         "of its network. Use an https:// address, or remove the key."));

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
  const char *host;

  g_return_val_if_fail (url != NULL, NULL);

  uri = g_uri_parse (url, PARSE_FLAGS, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL)
    return g_strdup ("");
  if (has_usual_port (uri))
    return g_strdup (host);

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host,
                          g_uri_get_port (uri));
}

/**
 * whis_address_get_models_url:
 * @url: address of a transcription endpoint
 *
 * Returns: (transfer full): address of the list of models beside it
 */
char *
whis_address_get_models_url (const char *url)
{
  gsize length;

  g_return_val_if_fail (url != NULL, NULL);

  length = strlen (url);
  if (g_str_has_suffix (url, ENDPOINT))
    return g_strdup_printf ("%.*s/models", (int) (length - strlen (ENDPOINT)), url);
  if (g_str_has_suffix (url, "/inference"))
    return g_strdup_printf ("%.*s/v1/models", (int) (length - strlen ("/inference")), url);

  return g_strconcat (url, "/models", NULL);
}

/* SPDX-License-Identifier: MIT */
#include "service-key.h"

#include <string.h>

static const char *const key_headers[] = { "Authorization",  "api-key",   "xi-api-key",
                                           "x-goog-api-key", "x-api-key", NULL };

typedef struct
{
  ServiceCall *call;
  guint n_keys;
  const ServiceKeyForm *form;
  const char *value;
  const char *foreign;
} Search;

static gboolean
is_key_header (const char *name)
{
  for (guint i = 0; key_headers[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, key_headers[i]) == 0)
      return TRUE;

  return FALSE;
}

static const ServiceKeyForm *
find_form (const ServiceKind *kind, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind->key_forms); i++)
    if (kind->key_forms[i].header != NULL
        && g_ascii_strcasecmp (name, kind->key_forms[i].header) == 0)
      return &kind->key_forms[i];

  return NULL;
}

static void
look_at (const char *name, const char *value, gpointer data)
{
  Search *search = data;
  const ServiceKeyForm *form = find_form (search->call->kind, name);

  if (!is_key_header (name))
    return;
  search->n_keys++;
  search->value = value;
  if (form != NULL)
    search->form = form;
  else
    search->foreign = name;
}

static Search
search_key (ServiceCall *call)
{
  Search search = { .call = call };

  soup_message_headers_foreach (call->request->headers, look_at, &search);

  return search;
}

/* Without a scheme word. */
static const char *
strip (const char *value)
{
  const char *space = strrchr (value, ' ');

  return space != NULL ? space + 1 : value;
}

char *
service_key_find (ServiceCall *call)
{
  Search search = search_key (call);
  g_autofree char *right = test_service_dup_key (call->service);
  const char *query = call->request->query;

  if (query != NULL && (strstr (query, right) != NULL || strstr (query, "key=") != NULL))
    service_call_complain (call, "a key in the address");

  return search.value != NULL ? g_strdup (strip (search.value)) : NULL;
}

/* What is wrong with the form of it, or NULL. */
static const char *
find_fault (const Search *search)
{
  if (search->n_keys == 0)
    return "no key";
  if (search->foreign != NULL)
    return "a key in a header of another service";
  if (search->n_keys > 1)
    return "more than one key";
  if (strncmp (search->value, search->form->scheme, strlen (search->form->scheme)) != 0
      || strchr (search->value + strlen (search->form->scheme), ' ') != NULL)
    return "the wrong scheme word before the key";

  return NULL;
}

gboolean
service_key_check (ServiceCall *call)
{
  Search search = search_key (call);
  const char *fault;

  if (call->kind->key_forms[0].header == NULL)
    return TRUE;
  if (search.n_keys == 0 && !service_needs_key (call->service))
    return TRUE;
  fault = find_fault (&search);
  if (fault != NULL)
    service_call_complain (call, "%s", fault);
  call->key_state =
      fault != NULL ? SERVICE_KEY_WRONG : service_judge_key (call->service, call->key);
  if (call->key_state != SERVICE_KEY_WRONG)
    return TRUE;
  service_call_fail (call,
                     search.n_keys == 0 && service_find_answer (call->kind, "no-key") != NULL
                         ? "no-key"
                         : "wrong-key",
                     "");

  return FALSE;
}

char *
service_key_mask (const char *key)
{
  gsize length = key != NULL ? strlen (key) : 0;
  g_autofree char *stars = g_strnfill (length > 12 ? length - 12 : 0, '*');

  if (length <= 12)
    return g_strdup ("****");

  return g_strdup_printf ("%.8s%s%s", key, stars, key + length - 4);
}

/* SPDX-License-Identifier: MIT */
#include "trusted-certificate.h"

#include <string.h>

#define FOLDER "certificates"
#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

/* A chain has three or four of some 2 kB. */
#define LONGEST_FILE (64 * 1024)

/**
 * whis_trusted_certificate_dup_path:
 * @host: host in the address of a server
 *
 * Returns: (transfer full): the file with certificates (PEM) that the user trusts for @host: that
 *   of the server itself, or of who issued it
 */
char *
whis_trusted_certificate_dup_path (const char *host)
{
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (host != NULL, NULL);

  name = g_ascii_strdown (host, -1);
  g_strdelimit (name, G_DIR_SEPARATOR_S, '_');
  file = g_strconcat (name, ".pem", NULL);

  return g_build_filename (g_get_user_data_dir (), WHIS_USER_FOLDER, FOLDER, file, NULL);
}

static GPtrArray *
trusted_certificate_parse (const char *pem)
{
  GPtrArray *certificates = g_ptr_array_new_with_free_func (g_object_unref);
  const char *begin;

  while ((begin = g_strstr_len (pem, -1, BEGIN)) != NULL)
    {
      const char *end = g_strstr_len (begin, -1, END);
      GTlsCertificate *certificate;

      if (end == NULL)
        break;
      pem = end + strlen (END);
      certificate = g_tls_certificate_new_from_pem (begin, pem - begin, NULL);
      if (certificate != NULL)
        g_ptr_array_add (certificates, certificate);
    }

  return certificates;
}

static void
loaded_cb (GObject *file, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autofree char *pem = NULL;
  gsize size = 0;

  if (!g_file_load_contents_finish (G_FILE (file), result, &pem, &size, NULL, NULL)
      || size > LONGEST_FILE)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_pointer (task, trusted_certificate_parse (pem),
                           (GDestroyNotify) g_ptr_array_unref);
}

/**
 * whis_trusted_certificates_load_async:
 * @path: from whis_trusted_certificate_dup_path()
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are there
 * @data: data for @callback
 *
 * Reads what the user trusts.
 */
void
whis_trusted_certificates_load_async (const char *path,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer data)
{
  GTask *task;
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (path != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, whis_trusted_certificates_load_async);
  file = g_file_new_for_path (path);
  g_file_load_contents_async (file, cancellable, loaded_cb, task);
}

/**
 * whis_trusted_certificates_load_finish:
 * @result: what the callback got
 *
 * Returns: (transfer full) (nullable) (element-type GTlsCertificate): the certificates; %NULL where
 *   there is no file that could be read
 */
GPtrArray *
whis_trusted_certificates_load_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * whis_trusted_certificates_have:
 * @certificates: (nullable) (element-type GTlsCertificate): what the user trusts
 * @certificate: what a server shows
 * @identity: the server, as it is asked for
 *
 * Returns: whether the user trusts that very certificate, whatever is in it, or who issued it for
 *   that server
 */
gboolean
whis_trusted_certificates_have (GPtrArray *certificates,
                                GTlsCertificate *certificate,
                                GSocketConnectable *identity)
{
  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), FALSE);

  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    {
      GTlsCertificate *trusted = g_ptr_array_index (certificates, i);

      if (g_tls_certificate_is_same (certificate, trusted)
          || g_tls_certificate_verify (certificate, identity, trusted) == 0)
        return TRUE;
    }

  return FALSE;
}

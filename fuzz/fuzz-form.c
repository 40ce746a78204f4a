/* SPDX-License-Identifier: MIT
 *
 * The form of a request for a transcription. Its boundary is "whis".
 */
#include "form.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *terminated = g_strndup ("", size);
  g_autoptr (GBytes) body = g_bytes_new_static (terminated, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisForm) form = NULL;
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  const char *param;

  memcpy (terminated, data, size);
  soup_message_headers_append (headers, "Content-Type", "multipart/form-data; boundary=whis");
  form = whis_form_parse (headers, body, &param, &error);
  g_assert ((form == NULL) == (error != NULL));
  if (form != NULL)
    g_assert (g_bytes_get_size (form->file) > 0);
  else
    g_assert (g_utf8_validate (error->message, -1, NULL));
  soup_message_headers_unref (headers);

  return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The form that another program sends to the endpoint, in pieces as it comes. Its boundary is
 * "whis"; the first byte says how long the pieces are.
 */
#include "endpoint-form.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static gboolean
read_form (WhisMultipart *multipart,
           WhisEndpointForm *form,
           const guint8 *data,
           gsize size,
           gsize piece,
           GError **error)
{
  for (gsize i = 0; i < size; i += piece)
    if (!whis_multipart_push (multipart, data + i, MIN (piece, size - i), error))
      return FALSE;

  return whis_multipart_finish (multipart, error) && whis_endpoint_form_finish (form, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();
  g_autoptr (WhisMultipart) multipart =
      whis_multipart_new ("multipart/form-data; boundary=whis", &whis_endpoint_form_funcs, form);
  g_autoptr (GError) error = NULL;
  gboolean is_form;

  if (size == 0)
    return 0;
  is_form = read_form (multipart, form, data + 1, size - 1, (gsize) data[0] + 1, &error);
  g_assert (is_form == (error == NULL));
  g_assert (form->sound->len <= size);
  if (is_form)
    g_assert (form->has_file && (form->wants_words || form->wants_segments)
              && form->temperature >= 0 && form->temperature <= 1);
  else
    g_assert (error->domain == WHIS_ENDPOINT_ERROR && g_utf8_validate (error->message, -1, NULL));

  return 0;
}

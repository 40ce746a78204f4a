/* SPDX-License-Identifier: MIT */
#include "redact.h"
#include "error-body.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The body of an answer with another status. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (WhisErrorBody) refusal = whis_error_body_parse ((const char *) data, size);
  g_autofree char *clean = NULL;

  if (refusal->message != NULL)
    {
      g_assert_true (g_utf8_validate (refusal->message, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (refusal->message, -1), <=, 201);
      clean = whis_redact (refusal->message, "key");
      g_assert_true (g_utf8_validate (clean, -1, NULL));
    }

  return 0;
}

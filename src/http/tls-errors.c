/* SPDX-License-Identifier: MIT */
#include "tls-errors.h"

#include <glib/gi18n-lib.h>

/* The most telling first: a certificate that a network in between made up has several flaws. */
static const struct
{
  GTlsCertificateFlags flag;
  const char *words;
} flaws_in_words[] = {
  { G_TLS_CERTIFICATE_REVOKED, N_ ("its certificate was revoked") },
  { G_TLS_CERTIFICATE_EXPIRED,
    N_ ("its certificate has expired, or this computer's clock is wrong") },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED,
    N_ ("its certificate is not valid yet, or this computer's clock is wrong") },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, N_ ("its certificate was made for another host") },
  { G_TLS_CERTIFICATE_UNKNOWN_CA, N_ ("its certificate was issued by nobody we trust") },
  { G_TLS_CERTIFICATE_INSECURE, N_ ("its certificate uses methods that are not safe any more") },
};

/**
 * whis_tls_errors_describe:
 * @flaws: what is wrong with a certificate
 *
 * Returns: (transfer none): the same in a few words for people
 */
const char *
whis_tls_errors_describe (GTlsCertificateFlags flaws)
{
  for (gsize i = 0; i < G_N_ELEMENTS (flaws_in_words); i++)
    {
      if ((flaws & flaws_in_words[i].flag) != 0)
        return _ (flaws_in_words[i].words);
    }

  return _ ("its certificate could not be verified");
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

const char *whis_tls_errors_describe (GTlsCertificateFlags flaws);

G_END_DECLS

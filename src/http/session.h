/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

SoupSession *whis_session_new (const char *url, GSocketConnectable *connectable);

G_END_DECLS

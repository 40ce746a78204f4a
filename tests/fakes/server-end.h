/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

void server_end (SoupServer *server);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "recogniser.h"

G_BEGIN_DECLS

void whis_job_start (SoupServerMessage *message, WhisRecogniser *recogniser, GSocket *connection);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * WhisQuestionAgreed:
 * @owner: who asked
 * @id: what it was about
 *
 * What is done when the user agrees.
 */
typedef void (*WhisQuestionAgreed) (GtkWidget *owner, const char *id);

void whis_http_request_ask (GtkWidget *owner,
                            const char *heading,
                            const char *body,
                            const char *label,
                            const char *id,
                            WhisQuestionAgreed agreed);
void whis_http_request_ask_metered (GtkWidget *owner, const char *id, WhisQuestionAgreed agreed);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_REVIEW_WINDOW (whis_review_window_get_type ())
G_DECLARE_FINAL_TYPE (WhisReviewWindow, whis_review_window, WHIS, REVIEW_WINDOW, AdwWindow)

WhisReviewWindow *whis_review_window_new (GtkApplication *application, WhisServiceProxy *service);
void whis_review_window_load (WhisReviewWindow *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Literal bodies with gaps: "%name%" is replaced by the value that is given for the name. Anything
 * else, a single per cent sign too, stays as it is.
 */

/* Pairs of a name and its value, ended by NULL. Values go in as they are. */
char *service_template_expand (const char *template, ...) G_GNUC_NULL_TERMINATED;

/* @text as JSON: quote() with the quotation marks around it, escape() without. */
char *service_template_quote (const char *text);
char *service_template_escape (const char *text);

/* A number with a point whatever the locale: @ms as seconds, "1.250". */
char *service_template_seconds (guint64 ms);

G_END_DECLS

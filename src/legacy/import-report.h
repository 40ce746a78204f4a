/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisImportReport:
 *
 * What became of everything that the earlier Whis had: pairs of a word, as the D-Bus method
 * `ImportOriginal` has them, and a sentence or a part of one.
 */
typedef struct _WhisImportReport WhisImportReport;

WhisImportReport *whis_import_report_new (void);
void whis_import_report_free (WhisImportReport *self);
void whis_import_report_add (WhisImportReport *self, const char *what, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean whis_import_report_has (WhisImportReport *self, const char *what);
GVariant *whis_import_report_to_variant (WhisImportReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisImportReport, whis_import_report_free)

G_END_DECLS

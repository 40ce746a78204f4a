/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint whis_threads_choose (const char *cpu_folder, const char *cgroup_folder, guint n_allowed);
guint whis_threads_count (void);

G_END_DECLS

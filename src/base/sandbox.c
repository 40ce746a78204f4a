/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

/**
 * whis_sandbox_is_inside:
 *
 * Returns: whether Whis runs in a Flatpak sandbox, where much of the desktop is reached through
 *   portals alone
 */
gboolean
whis_sandbox_is_inside (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/* SPDX-License-Identifier: MIT */
#include "standard-streams.h"

#include <fcntl.h>
#include <unistd.h>

/**
 * whis_standard_streams_fill:
 *
 * Opens the standard streams that are closed: in their place the next thing would be opened, such
 * as the bus. For reading only: what is printed to a closed stream fails, as it should.
 */
void
whis_standard_streams_fill (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDONLY);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close (fd);
}

/* SPDX-License-Identifier: MIT */
/* A disk that stalls, for programs that are started with this library in LD_PRELOAD: every call
 * that may wait for a file below WHIS_STALLED_DIRECTORY takes WHIS_STALLED_MS longer, as on a disk
 * that is being woken up, or a share whose server is busy. What the main thread calls there is
 * written to WHIS_STALLED_LOG, a line each: the main loop does nothing else meanwhile. */
/* Each function is here under its own name. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

/* Before main() there is no loop. */
static bool is_running;

__attribute__ ((constructor)) static void
begin (void)
{
  is_running = true;
}

static void
note (const char *function, const char *path)
{
  const char *log = getenv ("WHIS_STALLED_LOG");
  char line[4096];
  int size = snprintf (line, sizeof line, "%s %s\n", function, path);
  int fd = log != NULL ? (int) syscall (SYS_openat, AT_FDCWD, log,
                                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
                       : -1;

  if (fd < 0)
    return;
  (void) !syscall (SYS_write, fd, line, size);
  syscall (SYS_close, fd);
}

static void
stall (const char *function, const char *path)
{
  const char *directory = getenv ("WHIS_STALLED_DIRECTORY");
  const char *ms = getenv ("WHIS_STALLED_MS");
  int saved_errno = errno;

  if (is_running && directory != NULL && path != NULL
      && strncmp (path, directory, strlen (directory)) == 0)
    {
      struct timespec pause = { ms != NULL ? atoi (ms) / 1000 : 0,
                                ms != NULL ? atoi (ms) % 1000 * 1000000L : 0 };

      if (syscall (SYS_gettid) == getpid ())
        note (function, path);
      nanosleep (&pause, NULL);
    }
  errno = saved_errno;
}

static void
stall_fd (const char *function, int fd)
{
  char link[64], path[4096];
  ssize_t size;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  size = syscall (SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (size < 0)
    return;
  path[size] = '\0';
  stall (function, path);
}

#define OPEN(name)                                                                                 \
  int name (const char *path, int flags, ...)                                                      \
  {                                                                                                \
    mode_t mode = 0;                                                                               \
    va_list more;                                                                                  \
                                                                                                   \
    va_start (more, flags);                                                                        \
    if ((flags & (O_CREAT | O_TMPFILE)) != 0)                                                      \
      mode = va_arg (more, mode_t);                                                                \
    va_end (more);                                                                                 \
    stall (#name, path);                                                                           \
                                                                                                   \
    return REAL (name) (path, flags, mode);                                                        \
  }

#define OPENAT(name)                                                                               \
  int name (int directory, const char *path, int flags, ...)                                       \
  {                                                                                                \
    mode_t mode = 0;                                                                               \
    va_list more;                                                                                  \
                                                                                                   \
    va_start (more, flags);                                                                        \
    if ((flags & (O_CREAT | O_TMPFILE)) != 0)                                                      \
      mode = va_arg (more, mode_t);                                                                \
    va_end (more);                                                                                 \
    stall (#name, path);                                                                           \
                                                                                                   \
    return REAL (name) (directory, path, flags, mode);                                             \
  }

/* A function that is told a path, or a file descriptor. */
#define OF_PATH(type, name, arguments, ...)                                                        \
  type name arguments                                                                              \
  {                                                                                                \
    stall (#name, path);                                                                           \
                                                                                                   \
    return REAL (name) (__VA_ARGS__);                                                              \
  }
#define OF_FD(type, name, arguments, ...)                                                          \
  type name arguments                                                                              \
  {                                                                                                \
    stall_fd (#name, fd);                                                                          \
                                                                                                   \
    return REAL (name) (__VA_ARGS__);                                                              \
  }

OPEN (open)
OPEN (open64)
OPENAT (openat)
OPENAT (openat64)
OF_PATH (int, stat, (const char *path, struct stat *out), path, out)
OF_PATH (int, stat64, (const char *path, struct stat64 *out), path, out)
OF_PATH (int, lstat, (const char *path, struct stat *out), path, out)
OF_PATH (int, lstat64, (const char *path, struct stat64 *out), path, out)
OF_PATH (int,
         fstatat,
         (int at, const char *path, struct stat *out, int flags),
         at,
         path,
         out,
         flags)
OF_PATH (int,
         fstatat64,
         (int at, const char *path, struct stat64 *out, int flags),
         at,
         path,
         out,
         flags)
OF_PATH (int,
         statx,
         (int at, const char *path, int flags, unsigned int mask, struct statx *out),
         at,
         path,
         flags,
         mask,
         out)
OF_PATH (int, access, (const char *path, int mode), path, mode)
OF_PATH (int, mkdir, (const char *path, mode_t mode), path, mode)
OF_PATH (int, unlink, (const char *path), path)
OF_PATH (int, rename, (const char *path, const char *to), path, to)
OF_PATH (FILE *, fopen, (const char *path, const char *mode), path, mode)
OF_PATH (FILE *, fopen64, (const char *path, const char *mode), path, mode)
OF_PATH (int, chmod, (const char *path, mode_t mode), path, mode)
OF_FD (int, fstat, (int fd, struct stat *out), fd, out)
OF_FD (int, fstat64, (int fd, struct stat64 *out), fd, out)
OF_FD (int, flock, (int fd, int operation), fd, operation)
OF_FD (int, fsync, (int fd), fd)
OF_FD (int, fdatasync, (int fd), fd)
OF_FD (int, ftruncate, (int fd, off_t size), fd, size)
OF_FD (int, ftruncate64, (int fd, off64_t size), fd, size)
OF_FD (ssize_t, pread, (int fd, void *data, size_t size, off_t offset), fd, data, size, offset)
OF_FD (ssize_t, pread64, (int fd, void *data, size_t size, off64_t offset), fd, data, size, offset)
OF_FD (ssize_t,
       pwrite,
       (int fd, const void *data, size_t size, off_t offset),
       fd,
       data,
       size,
       offset)
OF_FD (ssize_t,
       pwrite64,
       (int fd, const void *data, size_t size, off64_t offset),
       fd,
       data,
       size,
       offset)
OF_FD (ssize_t, read, (int fd, void *data, size_t size), fd, data, size)
OF_FD (ssize_t, write, (int fd, const void *data, size_t size), fd, data, size)

/* SPDX-License-Identifier: MIT */
#include "storage-condition.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

/* What is wrong with a disk or a database, and what the user is told to do. */

static void
test_from_code (void)
{
  static const struct
  {
    int code;
    WhisStorageCondition condition;
  } cases[] = {
    { SQLITE_FULL, WHIS_STORAGE_CONDITION_FULL },
    { SQLITE_IOERR_WRITE, WHIS_STORAGE_CONDITION_FAILING },
    { SQLITE_IOERR_FSYNC, WHIS_STORAGE_CONDITION_FAILING },
    { SQLITE_BUSY_SNAPSHOT, WHIS_STORAGE_CONDITION_IN_USE },
    { SQLITE_LOCKED, WHIS_STORAGE_CONDITION_IN_USE },
    { SQLITE_READONLY_DIRECTORY, WHIS_STORAGE_CONDITION_DENIED },
    { SQLITE_CANTOPEN_ISDIR, WHIS_STORAGE_CONDITION_DENIED },
    { SQLITE_CORRUPT_INDEX, WHIS_STORAGE_CONDITION_DAMAGED },
    { SQLITE_NOTADB, WHIS_STORAGE_CONDITION_DAMAGED },
    { SQLITE_MISUSE, WHIS_STORAGE_CONDITION_OTHER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (whis_storage_condition_from_code (cases[i].code), ==, cases[i].condition);
}

static void
test_from_errno (void)
{
  static const struct
  {
    int problem;
    WhisStorageCondition condition;
  } cases[] = {
    { ENOSPC, WHIS_STORAGE_CONDITION_FULL },    { EDQUOT, WHIS_STORAGE_CONDITION_FULL },
    { EFBIG, WHIS_STORAGE_CONDITION_FULL },     { EIO, WHIS_STORAGE_CONDITION_FAILING },
    { EACCES, WHIS_STORAGE_CONDITION_DENIED },  { EROFS, WHIS_STORAGE_CONDITION_DENIED },
    { ENOTDIR, WHIS_STORAGE_CONDITION_DENIED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (whis_storage_condition_from_errno (cases[i].problem), ==, cases[i].condition);
}

/* Each says what it is, and what becomes of the sound or what to do. */
static void
test_sentences (void)
{
  static const struct
  {
    WhisStorageCondition condition;
    const char *word;
  } cases[] = {
    { WHIS_STORAGE_CONDITION_FULL, "make room" },
    { WHIS_STORAGE_CONDITION_FAILING, "have the disk looked at" },
    { WHIS_STORAGE_CONDITION_IN_USE, "Another program" },
    { WHIS_STORAGE_CONDITION_DENIED, "belongs to you" },
    { WHIS_STORAGE_CONDITION_DAMAGED, "all sound is kept" },
    { WHIS_STORAGE_CONDITION_OTHER, "its sound is kept" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      whis_storage_condition_set_error (cases[i].condition, &error);
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
      g_assert_nonnull (strstr (error->message, cases[i].word));
    }
}

static void
test_too_new (void)
{
  g_autoptr (GError) error = NULL;

  whis_storage_condition_set_too_new (7, 3, &error);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  g_assert_nonnull (strstr (error->message, "version 7"));
  g_assert_nonnull (strstr (error->message, "up to 3"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/storage-condition/from-code", test_from_code);
  g_test_add_func ("/storage-condition/from-errno", test_from_errno);
  g_test_add_func ("/storage-condition/sentences", test_sentences);
  g_test_add_func ("/storage-condition/too-new", test_too_new);

  return g_test_run ();
}

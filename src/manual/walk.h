/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-command.h"

G_BEGIN_DECLS

/**
 * WhisWalkFunc:
 * @command: a command
 * @path: its words, such as `history show`; empty for the program
 * @output: what is written
 *
 * What is written about one command.
 */
typedef void (*WhisWalkFunc) (const WhisCliCommand *command, const char *path, GString *output);

void whis_walk (WhisWalkFunc func, GString *output);

G_END_DECLS

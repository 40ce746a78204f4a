/* SPDX-License-Identifier: MIT */
#pragma once

void whis_standard_streams_fill (void);

#ifndef MARTLET_EMBEDDED_DATA_H
#define MARTLET_EMBEDDED_DATA_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// The table scripts/make-prices writes: one line a model, sorted by the bytes of its name, no NUL at the end.
///
/// It lies in the program's constant data: never written, never freed, and paged in where it is touched.
const unsigned char *martlet_model_prices(void);

/// Unit: bytes.
size_t martlet_model_prices_length(void);

/// Which list the table was made from: its date, or a digest of it.
const unsigned char *martlet_model_prices_version(void);

/// Unit: bytes.
size_t martlet_model_prices_version_length(void);

#pragma clang assume_nonnull end

#endif

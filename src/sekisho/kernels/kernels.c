/* What the whole library says of itself. */
#ifndef SEKISHO_SOURCES
#define SEKISHO_SOURCES ""
#endif

const char *sekisho_kernels_sources(void);

/* SHA-256 in hexadecimal of all files it was built from, in the order of their names; empty when the build did not say. */
const char *sekisho_kernels_sources(void) { return SEKISHO_SOURCES; }

/* What every kernel shares: the version of the calling convention, asked by the loader before anything else. */
int sekisho_kernels_version(void);

int sekisho_kernels_version(void) { return 1; }

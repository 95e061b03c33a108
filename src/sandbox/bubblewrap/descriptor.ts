/** Descriptors of the child. Arguments travel by descriptor, so that other users of the host do not see them. */
export const descriptor = { options: 3, seccomp: 4, status: 5, startLine: 6, command: 7, stage: 8, kernel: 9 } as const;

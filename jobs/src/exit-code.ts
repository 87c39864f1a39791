/** How the process ends. The runtime's config loader adds 78: the environment is wrong. */
export const exitCode = {
  /** Done, or there was nothing to do. */
  done: 0,
  /** Something went wrong or the job was stopped; running the same command again goes on where it was. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
  /** The job may not run now; the reason is printed. Nothing was changed. */
  refused: 3,
  /** Something was found and left as it is: faults, as asked, or what a hold or the archive keeps. */
  found: 4,
} as const;

/** One of the codes. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

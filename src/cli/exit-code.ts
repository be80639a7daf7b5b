/** What the shell sees. Documented in docs/cli.md; scripts rely on it. */
export const ExitCode = {
  good: 0,
  /** The specification is at fault: an error, a broken property, an expectation that failed. */
  specification: 1,
  /** The command line is, or a file cannot be read or written. */
  usage: 2,
  /** A limit or the user ended it: what was said is right, but not all. */
  stopped: 3,
  /** dsys itself failed (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const;

/** The command line or a file is at fault; the message is one sentence for the user. */
export class UsageError extends Error {}

/** The user has ended it before there was anything to say. */
export class Stopped extends Error {}

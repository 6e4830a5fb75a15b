/** How the command ended, as a shell sees it. `--help` lists them. */

export const exitCodes = {
  done: 0,
  /** Our bug. */
  defect: 1,
  usage: 2,
  faultyLines: 3,
  failure: 4,
} as const;

/** What a shell expects of a program that ended on a signal: 128 and the signal's number. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type Interruption = keyof typeof signalCodes;

export const exitCodesHelp = `
Exit codes:
  0    done; a refusal is an answer, not an error
  1    an error of seatledger itself
  2    wrong use: an unknown option, no such file or ledger, no address secret
  3    something is wrong in what was read: lines of "run" that could not be taken (nothing was decided;
       piped in or with --keep-going, every other line was), a line of "import" (nothing was imported),
       findings of "verify"
  4    the ledger could not be opened, read or written, or the output could not be written
  130  stopped with Ctrl-C (129 and 143 for the signals HUP and TERM)
`;

/** How a command joins the program. */
import type { Command } from 'commander';

/** Adds a command; `finish` takes the exit code once the command has run. */
export type Register = (program: Command, finish: (exitCode: number) => void) => void;

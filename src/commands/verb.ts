import type { Command } from "@commander-js/extra-typings";
import type { Parser } from "../config/values.ts";
import type { NamedExplanation } from "../errors.ts";

/**
 * What the command line knows of one command. Only types come from commander here and in the
 * commands: a run without arguments does without it.
 */
export interface Verb<Request> {
  /** In the list of commands, and at the top of its own help. */
  readonly description: string;
  readonly examples: readonly Example[];
  /** Adds its options, and what is to be asked for when it is called. */
  readonly define: (command: Command, cli: CommandLine<Request>) => void;
  /** What `--json` prints when the command was used wrongly. */
  readonly refusal: (error: NamedExplanation, dryRun: boolean) => unknown;
}

/** What follows the program's name, and what it is for. */
export type Example = readonly [args: string, does: string];

export interface CommandLine<Request> {
  readonly ask: (request: Request) => void;
  /** The options of every command, as they were given. */
  readonly common: () => Common;
  /** Reads the value of an option as that of a variable is read. */
  readonly value: <T>(parse: Parser<T>) => (text: string) => T;
}

/** Options of every command. */
export interface Common {
  /** One configuration after the other; none for the usual one. */
  readonly envFiles: readonly string[];
  readonly json: boolean;
  readonly logLevel: string | undefined;
}

/** For commands that work with one configuration; ends the parsing where several are named. */
export function oneEnvFile(command: Pick<Command, "name" | "error">, common: Common): Common {
  if (common.envFiles.length > 1) {
    command.error(`error: --env-file can be given only once for ${command.name()}`);
  }
  return common;
}

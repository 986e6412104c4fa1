/** What can be completed, read from the definition of the command line. */

import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** What follows an option, or stands alone as the argument of a command. */
export type Value =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "text" };

export interface CompletedOption {
  /** `--json`, or `-h` and `--help`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined when nothing follows it. */
  readonly value: Value | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments may be, where that is known. */
  readonly words: readonly string[];
}

export interface Completed {
  readonly program: string;
  readonly commands: readonly CompletedCommand[];
  /** The one that is meant when none is named: its options can be given at once. */
  readonly defaultCommand: CompletedCommand;
  readonly globalOptions: readonly CompletedOption[];
}

export function readCompletions(program: CommandUnknownOpts): Completed {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).map((command): CompletedCommand => ({
    name: command.name(),
    description: help.subcommandDescription(command),
    options: help.visibleOptions(command).filter(({ long }) => long !== "--help").map(readOption),
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  }));
  const defaultCommand = commands.find(({ name }) => name === "sync");
  if (defaultCommand === undefined) throw new TypeError("there is no command sync");
  return {
    program: program.name(),
    commands,
    defaultCommand,
    globalOptions: help.visibleOptions(program).map(readOption),
  };
}

/** The options that can be given with a command, or (undefined) before there is one. */
export function optionsOf(
  { globalOptions, defaultCommand }: Completed,
  command: CompletedCommand = defaultCommand,
): CompletedOption[] {
  return [...command.options, ...globalOptions];
}

/** Every option that has a value; two commands' options of one name take the same. */
export function optionsWithValue(all: Completed): (CompletedOption & { readonly value: Value })[] {
  const options = [...all.commands.flatMap((command) => command.options), ...all.globalOptions];
  return options.flatMap((option) =>
    option.value === undefined ? [] : [{ ...option, value: option.value }]
  );
}

function readOption(option: Option): CompletedOption {
  const { short, long, description, required, optional } = option;
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    value: required || optional ? readValue(option) : undefined,
  };
}

/** The placeholder tells what is meant: `--env-file <file>`, `--write <dir>`. */
function readValue({ flags, argChoices }: Option): Value {
  if (argChoices !== undefined) return { kind: "words", words: argChoices };
  if (/[<[](?:file|path)[\]>]/.test(flags)) return { kind: "file" };
  if (/[<[](?:dir|folder)[\]>]/.test(flags)) return { kind: "folder" };
  return { kind: "text" };
}

import { type Completed, type CompletedOption, type Value } from "./model.ts";

export function renderFish(
  { program, commands, defaultCommand, globalOptions }: Completed,
): string {
  const names = (list: readonly { readonly name: string }[]) =>
    list.map(({ name }) => name).join(" ");
  const others = commands.filter((command) => command !== defaultCommand);
  const line = (condition: string | undefined, rest: string) =>
    `complete -c ${program}${condition === undefined ? "" : ` -n ${quote(condition)}`} ${rest}`;
  return [
    `# Completion for fish. Try it:  ${program} completions fish | source`,
    `# Keep it:  ${program} completions fish >~/.config/fish/completions/${program}.fish`,
    line(undefined, "-f"),
    ...globalOptions.map((option) => line(undefined, optionWords(option))),
    ...commands.map(({ name, description }) =>
      line(
        `not __fish_seen_subcommand_from ${names(commands)}`,
        `-a ${name} -d ${quote(description)}`,
      )
    ),
    ...commands.flatMap((command) => {
      const given = command === defaultCommand
        ? `not __fish_seen_subcommand_from ${names(others)}`
        : `__fish_seen_subcommand_from ${command.name}`;
      const words = command.words.join(" ");
      return [
        ...words === ""
          ? []
          : [line(`${given}; and not __fish_seen_subcommand_from ${words}`, `-a ${quote(words)}`)],
        ...command.options.map((option) => line(given, optionWords(option))),
      ];
    }),
  ].join("\n") + "\n";
}

function optionWords({ names, description, value }: CompletedOption): string {
  const flags = names.map((name) =>
    name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`
  );
  return [...flags, ...valueWords(value), `-d ${quote(description)}`].join(" ");
}

function valueWords(value: Value | undefined): string[] {
  switch (value?.kind) {
    case undefined:
      return [];
    case "words":
      return ["-x", `-a ${quote(value.words.join(" "))}`];
    case "file":
      return ["-r -F"];
    case "folder":
      return ["-x", "-a '(__fish_complete_directories)'"];
    case "text":
      return ["-x"];
  }
}

/** In fish's single quotes a backslash escapes itself and the quote. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

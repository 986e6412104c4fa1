import {
  type Completed,
  type CompletedCommand,
  type CompletedOption,
  optionsOf,
  type Value,
} from "./model.ts";

export function renderZsh(all: Completed): string {
  const given = (command: CompletedCommand | undefined, ...more: readonly string[]) =>
    [...optionsOf(all, command).flatMap(optionSpecs), ...more].map((spec) => ` \\\n      ${spec}`)
      .join("");
  const cases = all.commands.map((command) => {
    const words = command.words.length > 0 ? [quote(`1:what:(${command.words.join(" ")})`)] : [];
    return `        (${command.name})
          _arguments${given(command, ...words)}
          ;;`;
  });
  return `#compdef ${all.program}
# Completion for zsh. Try it:  source <(${all.program} completions zsh)
# Keep it: write it into a folder of your $fpath, as the file _${all.program}
_immich_faceless_sync() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
${
    all.commands.map((command) => `    ${quote(describe(command.name, command.description))}`).join(
      "\n",
    )
  }
  )
  _arguments -C${given(undefined, "'1: :->command'", "'*:: :->arguments'")}
  case $state in
    (command)
      _describe command commands
      ;;
    (arguments)
      case $line[1] in
${cases.join("\n")}
      esac
      ;;
  esac
}
# Called by the completion itself when it has loaded this file, else to be told of it.
if [[ \${funcstack[1]} == _${all.program} ]]; then
  _immich_faceless_sync "$@"
else
  compdef _immich_faceless_sync ${all.program}
fi
`;
}

function describe(name: string, description: string): string {
  return `${name}:${description.replaceAll(":", "\\:")}`;
}

/** Each spelling by itself: a list of names in braces would have to be quoted differently. */
function optionSpecs({ names, description, value }: CompletedOption): string[] {
  const text = description.replace(/[[\]:\\]/g, "\\$&");
  return names.map((name) =>
    quote(value === undefined ? `${name}[${text}]` : `${name}=[${text}]:value:${action(value)}`)
  );
}

function action(value: Value): string {
  switch (value.kind) {
    case "words":
      return `(${value.words.join(" ")})`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "text":
      return " ";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

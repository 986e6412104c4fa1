import {
  type Completed,
  type CompletedCommand,
  optionsOf,
  optionsWithValue,
  type Value,
} from "./model.ts";

/** Needs nothing but bash itself, 3.2 of macOS included. */
export function renderBash(all: Completed): string {
  const withValue = optionsWithValue(all);
  const words = (command?: CompletedCommand) =>
    [
      ...command === undefined ? all.commands.map(({ name }) => name) : command.words,
      ...optionsOf(all, command).flatMap(({ names }) => names),
    ].join(" ");
  return `# Completion for bash. Try it:  source <(${all.program} completions bash)
# Keep it:  ${all.program} completions bash >>~/.bash_completion
_immich_faceless_sync() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command='' words i
  local IFS=$' \\t\\n'
  COMPREPLY=()
  # "--option=value" comes as three words.
  if [[ $word == '=' ]]; then
    word=''
  elif [[ $before == '=' ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${withValue.flatMap(({ names }) => names).join(" | ")})
        [[ \${COMP_WORDS[i + 1]} == '=' ]] && ((i++))
        ((i++))
        ;;
      ${all.commands.map(({ name }) => name).join(" | ")})
        command=\${COMP_WORDS[i]}
        break
        ;;
    esac
  done
  case $before in
${
    withValue.map(({ names, value }) => `    ${names.join(" | ")}) ${completeValue(value)} ;;`)
      .join("\n")
  }
  esac
  case $command in
${all.commands.map((command) => `    ${command.name}) words='${words(command)}' ;;`).join("\n")}
    *) words='${words()}' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _immich_faceless_sync ${all.program}
`;
}

function completeValue(value: Value): string {
  switch (value.kind) {
    case "words":
      return `COMPREPLY=($(compgen -W '${value.words.join(" ")}' -- "$word")) && return`;
    case "text":
      return "return";
    case "file":
    case "folder":
      // compopt, which quotes what needs it, is missing in bash 3.2.
      return `IFS=$'\\n' && COMPREPLY=($(compgen -${value.kind === "file" ? "f" : "d"} -- "$word"))
      compopt -o filenames 2>/dev/null
      return`;
  }
}

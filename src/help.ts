/** What `--help` says, of the program and of each command. */

import type { CommandUnknownOpts, Help, Option } from "@commander-js/extra-typings";
import { allVariables, groupTitles, variables } from "./config/variables.ts";
import type { Variable } from "./config/variable.ts";
import { EXIT_MEANINGS } from "./exit_code.ts";

/** Lines are made to fit into the usual terminal, and into a README. */
const WIDTH = 80;
const PROGRAM = "immich-faceless-sync";

/** What follows the program's name, and what it is for. */
type Example = readonly [args: string, does: string];

const FIRST_EXAMPLES: readonly Example[] = [
  ["init", "ask, then write .env"],
  ["check", "is everything right?"],
  ["--dry-run", "say what would change"],
  ["--dry-run --report report.html", "show it, with pictures"],
  ["", "bring it up to date"],
  ["schedule systemd --every 1h", "have it done hourly"],
];

const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  sync: [
    ["", "bring the album up to date"],
    ["--dry-run", "say what would be added and removed"],
    ["--force", "once, although a guard refuses"],
    ["--env-file my.env --env-file hers.env", "for two users, one after the other"],
    ["--every 1h", "again and again, for a container"],
    ["--json | jq .added", "for other programs"],
  ],
  check: [
    ["check", "look at everything, change nothing"],
    ["check --send-test", "and send a test message"],
    ["check --json | jq .", "for other programs"],
  ],
  init: [
    ["init", "ask, test the answers, write .env"],
    ["init --env-file my.env", "write my.env instead"],
  ],
  missed: [
    ["missed", "look, and write a page beside the log"],
    ["missed --report missed.html --limit 5000", "more of them, here"],
    ["missed --within 1m", "neighbours further apart"],
    ["missed --json | jq .counts", "for other programs"],
  ],
  schedule: [
    ["schedule cron", "print a line for crontab -e, every hour"],
    ["schedule systemd --every 15m", "print a service and its timer"],
    ["schedule launchd --at 03:30", "once a day, at half past three"],
    ["schedule windows --write .", "write the task's XML into this folder"],
  ],
};

/** What has to be known to begin with; the others have defaults that suit most people. */
const FIRST_VARIABLES: readonly Variable<unknown>[] = [
  variables.server.url,
  variables.server.apiKey,
  variables.server.caCert,
  variables.album.name,
  variables.rule.rule,
  variables.rule.minAge,
  variables.log.path,
  variables.email.enabled,
];

/**
 * The text that `--help` prints: examples first, for they are what most people look for.
 *
 * @param bold Headings, for a terminal that shows it.
 */
export function renderHelp(command: CommandUnknownOpts, bold: boolean): string {
  const help = command.createHelp();
  help.helpWidth = WIDTH;
  const isProgram = command.parent === null;
  const sections = isProgram ? sectionsOfProgram(command, help) : sectionsOfCommand(command, help);
  const title = (text: string) => bold ? `\x1b[1m${text}\x1b[22m` : text;
  const head = [
    help.boxWrap(help.commandDescription(command).replace(/^./, upper).replace(/\.?$/, "."), WIDTH),
    `${title("Usage:")} ${help.commandUsage(command)}`,
  ];
  const shown = sections.filter(({ lines }) => lines.length > 0)
    .map(({ heading, lines }) => [title(heading), ...lines].join("\n"));
  return [...head, ...shown].join("\n\n") + "\n";
}

interface Section {
  readonly heading: string;
  readonly lines: readonly string[];
}

function sectionsOfProgram(program: CommandUnknownOpts, help: Help): Section[] {
  const sync = program.commands.find((command) => command.name() === "sync");
  const commands = help.visibleCommands(program).map((command): [string, string] => [
    command.name(),
    help.subcommandDescription(command),
  ]);
  return [
    { heading: "Examples:", lines: exampleLines(FIRST_EXAMPLES) },
    { heading: "Commands:", lines: table(help, commands) },
    ...sync === undefined ? [] : optionSections(sync, help),
    ...optionSections(program, help),
    {
      heading: "Environment variables, of which .env may have any:",
      lines: [
        ...table(help, FIRST_VARIABLES.map(({ name, help: text }) => [name, text])),
        "",
        ...allNames(help),
      ],
    },
    { heading: "Where they are looked for:", lines: WHERE },
    { heading: "Exit codes:", lines: table(help, Object.entries(EXIT_MEANINGS)) },
  ];
}

const WHERE: readonly string[] = [
  "  The environment first, then the file of --env-file, else .env in the working",
  "  folder, else .env beside the program. .env.example and the README explain all.",
];

function sectionsOfCommand(command: CommandUnknownOpts, help: Help): Section[] {
  const args = help.visibleArguments(command).map((argument): [string, string] => [
    help.argumentTerm(argument),
    help.argumentDescription(argument).replaceAll('"', ""),
  ]);
  const { parent } = command;
  const isSync = command.name() === "sync";
  return [
    { heading: "Examples:", lines: exampleLines(EXAMPLES[command.name()] ?? []) },
    { heading: "Arguments:", lines: table(help, args) },
    ...optionSections(command, help),
    ...parent === null ? [] : optionSections(parent, help),
    { heading: "Exit codes:", lines: isSync ? table(help, Object.entries(EXIT_MEANINGS)) : [] },
  ];
}

/** By the groups that the options were given in src/cli.ts. */
function optionSections(command: CommandUnknownOpts, help: Help): Section[] {
  const groups = Map.groupBy(
    help.visibleOptions(command).filter((option) => !isRepeatedHelp(command, option)),
    (option) => option.helpGroupHeading ?? "Options:",
  );
  return [...groups].map(([heading, options]) => ({
    heading,
    lines: table(
      help,
      options.map((
        option,
      ) => [help.optionTerm(option), help.optionDescription(option).replaceAll('"', "")]),
    ),
  }));
}

/** `--help` of a command stands among the options of every command already. */
function isRepeatedHelp({ parent }: CommandUnknownOpts, { long }: Option): boolean {
  return parent !== null && long === "--help";
}

function exampleLines(examples: readonly Example[]): string[] {
  const left = examples.map(([args]) => `${PROGRAM} ${args}`.trim());
  const width = Math.max(...left.map((text) => text.length));
  const fits = examples.every(([, does]) => width + does.length + 4 <= WIDTH);
  return examples.flatMap(([, does], index) => {
    const text = left[index] ?? "";
    return fits ? [`  ${text.padEnd(width)}  ${does}`] : [`  ${text}`, `      ${does}`];
  });
}

/** Two columns; what does not fit into the second one goes on below itself. */
function table(help: Help, rows: readonly (readonly [term: string, text: string])[]): string[] {
  const width = Math.max(0, ...rows.map(([term]) => term.length));
  return rows.flatMap(([term, text]) =>
    help.boxWrap(text, WIDTH - width - 4).split("\n").map((line, index) =>
      `  ${(index === 0 ? term : "").padEnd(width)}  ${line}`.trimEnd()
    )
  );
}

/** Every variable by its name alone, in the order and groups of `.env.example`. */
function allNames(help: Help): string[] {
  const groups = Object.entries(variables).map(([key, group]): [string, string] => {
    const names = Object.values<Variable<unknown>>(group).map(({ name }) => name);
    const title = Object.entries(groupTitles).find(([name]) => name === key)?.[1] ?? key;
    return [title, names.join(", ")];
  });
  const fromFiles = allVariables.filter(({ orFromFile }) => orFromFile);
  const files = fromFiles.map(({ name }) => `${name}_FILE`).join(", ");
  return [
    "  All of them:",
    ...groups.flatMap(([title, names]) => [
      `    ${title}`,
      ...help.boxWrap(names, WIDTH - 6).split("\n").map((line) => `      ${line}`),
    ]),
    "    The path of a file with the secret",
    `      ${files}`,
  ];
}

function upper(char: string): string {
  return char.toUpperCase();
}

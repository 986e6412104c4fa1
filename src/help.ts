/** What `--help` says, of the program and of each command. */

import { type CommandUnknownOpts, Help } from "@commander-js/extra-typings";
import type { Example } from "./commands/verb.ts";
import { allVariables, ENV_EXAMPLE, groups, variables } from "./config/variables.ts";
import type { Variable } from "./config/variable.ts";
import { EXIT_MEANINGS } from "./exit_code.ts";

/** Lines are made to fit into the usual terminal, and into a README. */
const WIDTH = 80;
const help = Object.assign(new Help(), { helpWidth: WIDTH, minWidthToWrap: 20 });

type Row = readonly [term: string, text: string];

const FIRST_EXAMPLES: readonly Example[] = [
  ["init", "create your .env"],
  ["check", "test the whole setup"],
  ["--dry-run", "show what would change"],
  ["--dry-run --report report.html", "the same, with pictures"],
  ["", "update the album"],
  ["schedule systemd --every 1h", "schedule hourly runs"],
];

/** What has to be known to begin with; the others have defaults that suit most people. */
const FIRST_VARIABLES: readonly Variable<unknown>[] = [
  variables.server.url,
  variables.server.apiKey,
  variables.server.caCertificates,
  variables.album.name,
  variables.rule.rule,
  variables.library.minAssetAgeMs,
  variables.log.path,
  variables.email.enabled,
];

type Section = readonly [heading: string, lines: readonly string[]];

/**
 * Examples first, for they are what most people look for.
 *
 * @param of The command's name; undefined for the program, whose default is sync.
 * @param bold Headings, for a terminal that shows it.
 */
export function renderHelp(
  program: CommandUnknownOpts,
  of: string | undefined,
  examples: readonly Example[] = FIRST_EXAMPLES,
  bold = false,
): string {
  const command = program.commands.find((each) => each.name() === (of ?? "sync")) ?? program;
  const asked = of === undefined ? program : command;
  const exitCodes: Section = ["Exit codes:", table(Object.entries(EXIT_MEANINGS))];
  const sections: readonly Section[] = of === undefined
    ? [
      ["Examples:", exampleLines(examples)],
      ["Commands:", table(program.commands.map((each) => [each.name(), each.summary()]))],
      ...optionSections(command, program),
      ["Environment variables, or lines of .env:", variableLines()],
      ["Where they are read from:", WHERE],
      exitCodes,
    ]
    : [
      ["Examples:", exampleLines(examples)],
      ["Arguments:", table(argumentRows(command))],
      ...optionSections(command, program),
      ...of === "sync" ? [exitCodes] : [],
    ];
  const title = (text: string) => bold ? `\x1b[1m${text}\x1b[22m` : text;
  const summary = asked.summary();
  return [
    `${help.boxWrap(summary.charAt(0).toUpperCase() + summary.slice(1), WIDTH)}.`,
    `${title("Usage:")} ${help.commandUsage(asked)}`,
    ...sections.filter(([, lines]) => lines.length > 0)
      .map(([heading, lines]) => [title(heading), ...lines].join("\n")),
  ].join("\n\n") + "\n";
}

function argumentRows(command: CommandUnknownOpts): Row[] {
  return help.visibleArguments(command)
    .map((argument) => [argument.name(), unquoted(help.argumentDescription(argument))]);
}

/** By the groups that the options were given. */
function optionSections(command: CommandUnknownOpts, program: CommandUnknownOpts): Section[] {
  const own = command.options.filter(({ hidden }) => !hidden);
  const groups = Map.groupBy(
    [...own, ...help.visibleOptions(program)],
    ({ helpGroupHeading = "Options:" }) => helpGroupHeading,
  );
  return [...groups].map(([heading, options]) => [
    heading,
    table(options.map((option) => [option.flags, unquoted(help.optionDescription(option))])),
  ]);
}

/** Commander has what may be chosen in quotes. */
function unquoted(text: string): string {
  return text.replaceAll('"', "");
}

function exampleLines(examples: readonly Example[]): string[] {
  const rows = examples.map(([args, does]): Row => [`immich-faceless-sync ${args}`.trim(), does]);
  const width = Math.max(...rows.map(([line]) => line.length));
  const fits = rows.every(([, does]) => width + does.length + 4 <= WIDTH);
  return fits ? table(rows) : rows.flatMap(([line, does]) => [`  ${line}`, `      ${does}`]);
}

/** Two columns; what does not fit into the second one goes on below itself. */
function table(rows: readonly Row[]): string[] {
  const width = Math.max(0, ...rows.map(([term]) => term.length));
  return rows.map(([term, text]) => help.formatItem(term, width, text, help));
}

/** The first ones explained, then every one by its name alone. */
function variableLines(): string[] {
  const files = allVariables.filter(({ orFromFile }) => orFromFile);
  const names = [
    ...groups.map(([title, group]) => [title, group.map(({ name }) => name)] as const),
    [
      "Instead of a secret, the path of a file that holds it",
      files.map(({ name }) => `${name}_FILE`),
    ] as const,
  ];
  return [
    ...table(FIRST_VARIABLES.map(({ name, help }) => [name, help])),
    "",
    "  All variables:",
    ...names.flatMap(([title, group]) => [
      `    ${title}`,
      ...help.boxWrap(group.join(", "), WIDTH - 6).split("\n").map((line) => `      ${line}`),
    ]),
  ];
}

const WHERE: readonly string[] = [
  "  The environment comes first, then the file of --env-file; without one, .env in",
  "  the working folder or next to the program. The file " + ENV_EXAMPLE + " of each",
  "  release explains all of them.",
];

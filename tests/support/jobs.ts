import assert from "node:assert/strict";
import type { Job } from "../../src/schedule/job.ts";
import { timesOf } from "../../src/schedule/times.ts";
import { PYTHON } from "./tools.ts";

/** Names of folders that each of the formats has to quote in its own way. */
export const ODD_NAMES = [
  "My Photos (old)",
  "Фото фünf 写真",
  "it's 100% $HOME; & more",
  'say "cheese" <&> `date`',
  "back\\slash \\% \\\\ \\n",
  "$$ %h %% ${USER} ~ # * !",
] as const;

export function jobIn(folder: string, more: Partial<Job> = {}): Job {
  return {
    program: `${folder}/immich-faceless-sync`,
    args: [],
    folder,
    writtenFolders: [folder],
    user: undefined,
    times: timesOf("1h"),
    ...more,
  };
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(command: readonly string[], input = ""): Promise<Ended> {
  const [program = "", ...args] = command;
  const process = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** What a Python expression makes of `data`, which is standard input as bytes, as JSON. */
export async function askPython(
  imports: string,
  expression: string,
  file: string,
): Promise<unknown> {
  const source = `import json, sys, ${imports}\n` +
    `data = open(sys.argv[1], "rb").read()\nprint(json.dumps(${expression}))`;
  const { code, stdout, stderr } = await run([PYTHON ?? "python3", "-c", source, file]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** The command of a crontab's line, as cron gives it to /bin/sh. */
export function commandOfCronLine(line: string): string {
  const [, fields = "", command = ""] = /^((?:[\d*,/-]+ ){5})(.*)$/.exec(line) ?? [];
  assert.notEqual(fields, "", line);
  // An unescaped % would be a line break.
  assert.doesNotMatch(command, /(?<!\\)%/);
  return command.replaceAll("\\%", "%");
}

import assert from "node:assert/strict";
import { PROGRAM } from "../support/compiled.ts";
import { type Outcome, outcomeOf, startProgram } from "../support/program.ts";

const KEY = "key-that-came-through-a-pipe";
const ADDRESS = "IMMICH_URL=http://localhost:9";

/** Something that nobody expected, before there is a log, with the key in its message. */
const SABOTAGE = `globalThis.AbortController = class {
  constructor() { throw new RangeError("trouble with ${KEY}"); }
};`;

/** In a folder of its own, by a shell that has `script` done first. */
async function failAfter(script: string): Promise<Outcome> {
  const folder = Deno.makeTempDirSync();
  const preload = `${folder}/sabotage.ts`;
  Deno.writeTextFileSync(preload, SABOTAGE);
  const process = startProgram({
    launcher: ["sh", "-c", `cd '${folder}' && ${script}`],
    preload,
  });
  // It must not wait for a pipe that nobody writes to any more.
  const timer = setTimeout(() => process.kill("SIGKILL"), 30_000);
  try {
    return await outcomeOf(process);
  } finally {
    clearTimeout(timer);
    Deno.removeSync(folder, { recursive: true });
  }
}

function pipe(name: string, text: string): string {
  return `mkfifo -m 600 ${name} && (printf '%s\\n' ${text} > ${name} &)`;
}

/** Where a secret can be read only once. */
const PIPES: readonly (readonly [what: string, script: string])[] = [
  ["--env-file", `${pipe("p", `${ADDRESS} API_KEY=${KEY}`)} && exec "$0" "$@" --env-file p`],
  [".env", `${pipe(".env", `${ADDRESS} API_KEY=${KEY}`)} && exec "$0" "$@"`],
  ["API_KEY_FILE", `${pipe("p", KEY)} && ${ADDRESS} API_KEY_FILE=p exec "$0" "$@"`],
];

for (const [what, script] of PIPES) {
  Deno.test({
    name:
      `nothing is shown of an unexpected failure when ${what} is a pipe, whose secrets are gone`,
    ignore: Deno.build.os === "windows" || PROGRAM !== undefined,
    fn: async () => {
      const { code, stdout, stderr } = await failAfter(script);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /failed unexpectedly; please report this\.\n\(not shown: .* pipe/);
      assert.ok(!(stdout + stderr).includes(KEY), stderr);
    },
  });
}

Deno.test({
  name: "an unexpected failure is shown with its stack, without the key of an env file",
  ignore: Deno.build.os === "windows" || PROGRAM !== undefined,
  fn: async () => {
    const file = `printf '%s\\n' ${ADDRESS} API_KEY=${KEY} > my.env && chmod 600 my.env`;
    const { code, stderr } = await failAfter(`${file} && exec "$0" "$@" --env-file my.env`);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /RangeError: trouble with \[secret\]\n +at /);
  },
});

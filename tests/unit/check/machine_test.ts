import assert from "node:assert/strict";
import { resolve } from "node:path";
import type { Finding } from "../../../src/check/finding.ts";
import { checkConfiguration } from "../../../src/check/machine.ts";
import { loadConfig } from "../../../src/config/load.ts";

const path = resolve("/nowhere/.env");

/** What is found of an env file with these lines, and of an environment. */
function found(
  lines: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  os: typeof Deno.build.os = "linux",
): Finding[] {
  const text = ["IMMICH_URL=https://photos.example", "API_KEY=key", ...lines].join("\n");
  return checkConfiguration(
    loadConfig({
      cwd: resolve("/elsewhere"),
      environment: (name) => environment[name],
      envText: { path, text },
    }),
    os,
  );
}

Deno.test("check says of each warning how to mend it, and where that stands", () => {
  const hintOf = (lines: readonly string[], environment?: Readonly<Record<string, string>>) => {
    const [finding, ...others] = found(lines, environment);
    assert.ok(finding !== undefined && "hint" in finding && others.length === 0);
    assert.equal(finding.status, "warning");
    return finding.hint;
  };
  const people = "Set FACELESS_RULE=without, or remove it from";
  assert.equal(hintOf(["WITHOUT_PEOPLE=Anna"]), `${people} line 3 of ${path}.`);
  assert.equal(hintOf([], { WITHOUT_PEOPLE: "Anna" }), `${people} the environment.`);
  assert.equal(hintOf(["ALBUM_NAM=x"]), `Correct the name in ${path}.`);
  assert.equal(hintOf(["LOG_LEVEL: debug"]), "Correct it, or make it a comment with a # in front.");
  assert.match(hintOf(["ALBUM_NAME=${NAME}"]), /^Set that variable in a line above/);
});

Deno.test("check prints the command that keeps .env to its user on Windows, whatever is wrong", () => {
  const command = `in a Command Prompt (cmd): icacls "${path}" /inheritance:r `;
  for (const lines of [[], ["WITHOUT_PEOPLE=Anna"], ["LOG_LEVEL=loud"]]) {
    const isTold = (os?: typeof Deno.build.os) =>
      found(lines, {}, os).some(({ status, message }) =>
        status === "ok" && message.includes(command)
      );
    assert.deepEqual([isTold("windows"), isTold("linux")], [true, false]);
  }
});

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { checkConfiguration, checkLock, checkLogFile } from "../../../src/check/machine.ts";
import type { Config } from "../../../src/config/config.ts";
import { type ConfigResult, loadConfig } from "../../../src/config/load.ts";
import { lockKey } from "../../../src/sync/run.ts";
import { lockFilePath } from "../../../src/system/lock.ts";
import { temporaryFolder } from "../../support/script.ts";

const path = resolve("/nowhere/.env");

/** An env file with these lines, and an environment. */
function load(
  lines: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ConfigResult {
  const text = ["IMMICH_URL=https://photos.example", "API_KEY=key", ...lines].join("\n");
  return loadConfig({
    cwd: resolve("/elsewhere"),
    environment: (name) => environment[name],
    envText: { path, text },
  });
}

function valid(): Config {
  const loaded = load([]);
  assert.ok(loaded.ok);
  return loaded.config;
}

Deno.test("check says of each warning how to mend it, and where that stands", () => {
  const hintOf = (lines: readonly string[], environment?: Readonly<Record<string, string>>) => {
    const [finding, ...others] = checkConfiguration(load(lines, environment));
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
      checkConfiguration(load(lines), os).some(({ status, message }) =>
        status === "ok" && message.includes(command)
      );
    assert.deepEqual([isTold("windows"), isTold("linux")], [true, false]);
  }
});

Deno.test({
  name: "check says of a device that the log goes to the console only",
  ignore: Deno.build.os === "windows",
  fn: () => {
    const { log } = valid();
    const finding = checkLogFile({ ...log, path: "/dev/null" });
    assert.deepEqual([finding.status, finding.message], [
      "ok",
      "/dev/null is a device, so the log goes to the console only",
    ]);
  },
});

Deno.test("check warns where no lock can be had", async () => {
  using folder = temporaryFolder();
  const config = valid();
  Deno.mkdirSync(await lockFilePath(lockKey(config), folder.path));
  const finding = await checkLock(config, folder.path);
  assert.equal(finding.status, "warning");
  assert.match(finding.message, /^cannot lock, so a second run could start .*not a regular file$/);
});

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { allVariables, environmentNames } from "../../src/config/variables.ts";
import { EXIT, EXIT_MEANINGS } from "../../src/exit_code.ts";
import { icaclsFor } from "../../src/system/files.ts";
import denoJson from "../../deno.json" with { type: "json" };

/** With the padding of its tables taken out. */
const README = Deno.readTextFileSync(new URL("../../README.md", import.meta.url)).replace(
  / +/g,
  " ",
);

Deno.test("the README explains every variable as the program knows it", () => {
  for (const { name, defaultText, required, help } of allVariables) {
    const fallback = required ? "required" : defaultText === undefined ? "–" : `\`${defaultText}\``;
    const row = `| \`${name}\` | ${fallback} | ${help} |`;
    assert.ok(README.includes(row), `missing in README.md: ${row}`);
  }
});

Deno.test("the README explains the exit codes as the program does", () => {
  for (const [code, meaning] of Object.entries(EXIT_MEANINGS)) {
    if (Number(code) > EXIT.busy) continue; // of signals, which the README has in one row
    assert.ok(README.includes(`| ${code} | ${meaning} |`), `${code}: ${meaning}`);
  }
});

Deno.test("the README has the command that keeps .env to its user on Windows", () => {
  assert.ok(README.includes(`\n ${icaclsFor(".env")}\n`));
});

Deno.test("the README names every package of deno.json", () => {
  for (const name of Object.keys(denoJson.imports)) assert.ok(README.includes(`\`${name}\``), name);
});

Deno.test("what the README leads to is there: headings, files and pictures", () => {
  const headings = [...README.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-")
  );
  const targets = [...README.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  assert.ok(targets.includes("#what-recognition-missed"));
  for (const target of targets.filter((target) => !/^https?:/.test(target))) {
    const isThere = target.startsWith("#")
      ? headings.includes(target.slice(1))
      : existsSync(new URL(`../../${target}`, import.meta.url));
    assert.ok(isThere, target);
  }
});

Deno.test("deno task sync may read the variables of the program and the one for the lock", () => {
  assert.deepEqual(denoJson.permissions.sync.env, [...environmentNames, "ProgramData"]);
});

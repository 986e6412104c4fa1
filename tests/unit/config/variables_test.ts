import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { renderEnvExample } from "../../../.ci/env_example.ts";
import { parseEnvFile } from "../../../src/config/env_file.ts";
import { allVariables, environmentNames } from "../../../src/config/variables.ts";
import { folderWith, load, required } from "./helpers.ts";

const ANEW = "write it anew: deno task env-example";

Deno.test(".env.example in the repository is what the schema renders", () => {
  const url = new URL("../../../.env.example", import.meta.url);
  assert.equal(Deno.readTextFileSync(url).replaceAll("\r\n", "\n"), renderEnvExample(), ANEW);
});

Deno.test(".env.example sets only what is required, and that to nothing", () => {
  const { values, unparsedLines } = parseEnvFile(renderEnvExample());
  assert.deepEqual([...values], [["IMMICH_URL", ""], ["API_KEY", ""]]);
  assert.deepEqual(unparsedLines, []);
});

Deno.test(".env.example has every name, each with a line that explains it", () => {
  const lines = renderEnvExample().split("\n");
  for (const name of environmentNames) {
    const index = lines.findIndex((line) => new RegExp(`^(# )?${name}=`).test(line));
    assert.match(lines[index - 1] ?? "", /^# /, name);
  }
});

Deno.test("no line of .env.example is too long to read", () => {
  for (const line of renderEnvExample().split("\n")) assert.ok(line.length <= 100, line);
});

Deno.test("the defaults in .env.example, made active, change nothing", () => {
  const active = renderEnvExample().replace(/^# ([A-Z_]+=)/gm, "$1");
  const defaults = [...parseEnvFile(active).values].filter(([name]) =>
    allVariables.some((variable) => variable.name === name && variable.defaultText !== undefined)
  );
  assert.ok(defaults.length > 15);
  const set = Object.fromEntries(defaults.map(([name, value]) => [name, value ?? ""]));
  assert.deepEqual(load({ ...required, ...set }), {
    ...load(required),
    origins: load({ ...required, ...set }).origins,
  });
});

Deno.test("environmentNames has every variable once, and the files of the two secrets", () => {
  assert.equal(new Set(environmentNames).size, environmentNames.length);
  assert.deepEqual(
    environmentNames.filter((name) => !allVariables.some((variable) => variable.name === name)),
    ["API_KEY_FILE", "EMAIL_PASSWORD_FILE"],
  );
});

Deno.test("the configuration loads with permission for its own variables and reading only", async () => {
  using folder = folderWith({
    ".env": "IMMICH_URL=https://h/api\nALBUM_NAME=${HOME}x\nAPI_KEY_FILE=key\n",
    "key": "secret-from-file\n",
    "main.ts": `import { loadConfig } from ${
      JSON.stringify(new URL("../../../src/config/load.ts", import.meta.url))
    };
import { processSurroundings } from ${
      JSON.stringify(new URL("../../../src/config/source.ts", import.meta.url))
    };
console.log(JSON.stringify(loadConfig(processSurroundings())));`,
  });
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--config=${fileURLToPath(new URL("../../../deno.json", import.meta.url))}`,
      "--allow-read",
      `--allow-env=${environmentNames}`,
      "main.ts",
    ],
    cwd: folder.path,
    env: { IMMICH_RETRIES: "7", API_KYE: "not ours to see" },
  }).output();
  const result = JSON.parse(new TextDecoder().decode(stdout) || "null");
  assert.equal(
    result?.config?.immich?.apiKey,
    "secret-from-file",
    new TextDecoder().decode(stderr),
  );
  assert.equal(result.config.immich.retries, 7);
  assert.equal(result.config.album.name, "x");
  assert.equal(result.warnings.length, 1);
  assert.match(result.warnings[0].message, /ALBUM_NAME in line 2 has a \$\{…\}/);
});

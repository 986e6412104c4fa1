import assert from "node:assert/strict";
import fc from "fast-check";
import { allVariables, environmentNames } from "../../../src/config/variables.ts";
import { folderWith, load } from "./helpers.ts";
import { formatEnvLine } from "../../../src/config/env_file.ts";

/** Long and odd enough that no message holds it by chance. */
const secret = fc.string({
  unit: fc.constantFrom(..."Zq7$ü#'\" ;:/@?\\"),
  minLength: 12,
  maxLength: 40,
})
  .map((text) => `§${text.trim()}§`);
const secrets = fc.record({
  API_KEY: secret,
  EMAIL_PASSWORD: secret,
  IMMICH_HEADERS: fc.tuple(secret, secret).map(([a, b]) => `X-A: ${a}; ${b}`),
  API_KEY_FILE: secret,
}, { requiredKeys: [] });
const wrong = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom("many", "0", "true", "false", "without", "/", ".", "💥".repeat(90)),
);
const plainNames = environmentNames.filter((name) =>
  !/_FILE$/.test(name) &&
  !allVariables.some((variable) => variable.name === name && variable.secret)
);
const others = fc.dictionary(fc.constantFrom(...plainNames), wrong);

/** Any stretch of ten characters of it would already be too much. */
function assertHidden(text: string, secretText: string): void {
  for (let at = 0; at + 10 <= secretText.length; at++) {
    const part = secretText.slice(at, at + 10);
    assert.ok(!text.includes(part) && !text.includes(JSON.stringify(part).slice(1, -1)), part);
  }
}

function printed(result: ReturnType<typeof load>): string {
  return [
    ...result.warnings.flatMap(({ message, hint }) => [message, hint]),
    ...result.ok ? [] : result.problems.map(({ message }) => message),
  ].join("\n");
}

Deno.test("no message holds a secret, whatever else is wrong, from the environment", () => {
  fc.assert(fc.property(secrets, others, (hidden, rest) => {
    const result = load({ ...rest, ENABLE_EMAIL_ON_ERROR: "true", ...hidden });
    for (const text of Object.values(hidden)) assertHidden(printed(result), text);
    for (const [name, text] of Object.entries(hidden)) {
      if (name !== "API_KEY_FILE") assert.ok(result.secrets.includes(text), name);
    }
  }));
});

Deno.test("no message holds a secret, whatever else is wrong, from a file", () => {
  using folder = folderWith({});
  fc.assert(
    fc.property(secrets, others, (hidden, rest) => {
      const lines = Object.entries({ ...rest, ...hidden }).map(([k, v]) => formatEnvLine(k, v));
      Deno.writeTextFileSync(folder.file(".env"), lines.join("\n"));
      const result = load({ ENABLE_EMAIL_ON_ERROR: "true" }, { cwd: folder.path });
      for (const text of Object.values(hidden)) assertHidden(printed(result), text);
      for (const [name, text] of Object.entries(hidden)) {
        if (name !== "API_KEY_FILE") assert.ok(result.secrets.includes(text), name);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("no message holds a secret that was put into another variable, too", () => {
  fc.assert(fc.property(secret, fc.constantFrom(...plainNames), wrong, (text, name, around) => {
    const result = load({
      ENABLE_EMAIL_ON_ERROR: "true",
      EMAIL_USERNAME: "me",
      API_KEY: text,
      [name]: `${around}${text}`,
    });
    assertHidden(printed(result), text);
  }));
});

Deno.test("no configuration makes loading throw", () => {
  const anything = fc.dictionary(
    fc.constantFrom(...environmentNames),
    fc.string({ unit: "binary" }),
  );
  fc.assert(fc.property(anything, (environment) => {
    load({ ENABLE_EMAIL_ON_ERROR: "true", FACELESS_RULE: "without", ...environment });
  }));
});

Deno.test("secrets are ordered longest first and never empty", () => {
  const { secrets } = load({ API_KEY: "abc", IMMICH_HEADERS: "A: ; B: Bearer abcd" });
  assert.deepEqual(secrets, [...secrets].sort((a, b) => b.length - a.length));
  assert.ok(secrets.includes("abcd") && !secrets.includes(""));
});

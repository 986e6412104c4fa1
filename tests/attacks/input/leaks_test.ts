import assert from "node:assert/strict";
import { findLeaks, type Secrets } from "../../support/leaks.ts";
import { ALL_SECRETS, KEY } from "./secrets.ts";
import { SPELLINGS } from "./spellings.ts";

// The scan that every process test relies on has to find what it looks for.

const secretsOf = (secret: string): Secrets => new Map([["SECRET", [secret]]]);

for (const [name, spell] of Object.entries(SPELLINGS)) {
  Deno.test(`the scan for secrets finds them in this spelling: ${name}`, () => {
    for (const secret of ALL_SECRETS) {
      const text = `2026-11-22 10:00:00 INFO   say "${spell(secret)}" and more\n`;
      assert.equal(findLeaks(secretsOf(secret.trim()), text).length, 1, `${name} of ${secret}`);
    }
  });
}

Deno.test("the scan for secrets finds half a secret, one in lines, and one in hexadecimal", () => {
  const halves = [KEY.slice(0, 17), KEY.slice(-17), KEY.replace(/.{10}/g, "$&\n    ")];
  const hexadecimal = new TextEncoder().encode(KEY).toHex();
  for (const text of [...halves, hexadecimal]) {
    assert.equal(findLeaks(secretsOf(KEY), `say ${text}, please`).length, 1, text);
  }
});

Deno.test("the scan for secrets finds nothing where there is nothing", () => {
  const text = '2026-11-22 10:00:00 INFO   Immich 3.1.0; album "Faceless" has 3 assets. [secret]\n';
  for (const secret of ALL_SECRETS) assert.deepEqual(findLeaks(secretsOf(secret), text), []);
});

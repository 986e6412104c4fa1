/** Names of albums: the odd ones that are names must work, and be found again. */

import assert from "node:assert/strict";
import { formatEnvLine } from "../../../src/config/env_file.ts";
import { runForSummary } from "../../support/program.ts";
import type { Input } from "./attempt.ts";

const NAMES = [
  "Ohne Gesichter",
  "📷 👨‍👩‍👧 🏳️‍🌈",
  `it's "quoted" and \\ back`,
  "a".repeat(500),
  "🏳️‍🌈".repeat(83),
  " blanks around ",
  "${HOME} $X #1 %s {0} `ls` $(ls)",
  "<script>alert(1)</script>",
  "null",
  "../../etc/passwd",
  "日本語 עברית العربية",
  "e\u0301 is not \u00e9",
  "a\u202eb turned",
  "--json",
];

export const albumInputs: readonly Input[] = [
  ...NAMES.map((name): Input => ({
    name: `an album ${short(name)} is made, filled and found again`,
    env: { ALBUM_NAME: name },
    ...works(name),
  })),
  ...NAMES.slice(0, 7).map((name): Input => ({
    name: `an album ${short(name)} in the env file, too`,
    prepare: ({ home, emulator, key }) => {
      const values = { IMMICH_URL: emulator.url, API_KEY: key, ALBUM_NAME: name };
      const lines = Object.entries(values).map(([key, value]) => formatEnvLine(key, value));
      Deno.writeTextFileSync(home.envFile, lines.join("\n"), { mode: 0o600 });
    },
    ...works(name),
  })),
  {
    name: "an empty ALBUM_NAME is the default one",
    env: { ALBUM_NAME: "" },
    ...works("Faceless"),
  },
];

function works(name: string): Pick<Input, "code" | "says" | "afterwards"> {
  return {
    code: 0,
    says: /Done in/,
    afterwards: async ({ home, emulator }, { summary }) => {
      const names = [...emulator.world.albums.values()].map((album) => album.name);
      assert.deepEqual(names, [name]);
      assert.equal(summary.album.name, name);
      emulator.clearRequests();
      const again = await runForSummary({ cwd: home.folder, env: { ALBUM_NAME: name } });
      assert.equal(again.code, 0, again.stderr);
      assert.equal(again.summary.album.created, false);
      assert.deepEqual(emulator.writes(), []);
    },
  };
}

function short(name: string): string {
  const text = JSON.stringify(name);
  return text.length > 60 ? `${text.slice(0, 20)}… (${name.length} characters)` : text;
}

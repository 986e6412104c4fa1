/** Files with a secret, as API_KEY_FILE names them. */

import { Buffer } from "node:buffer";
import type { Input, Place } from "./attempt.ts";
import { WITHOUT_ROOT_POWERS } from "../../support/launchers.ts";

type Content = (key: string) => string | Uint8Array;

/** An env file without API_KEY, and the key in a file of its own. */
function put(content: Content | undefined, mode = 0o600) {
  return ({ home, emulator, key }: Place) => {
    const lines = [`IMMICH_URL=${emulator.url}`, "IMMICH_RETRIES=0", "API_KEY_FILE=key.txt", ""];
    Deno.writeTextFileSync(home.envFile, lines.join("\n"), { mode: 0o600 });
    if (content === undefined) return;
    Deno.writeFileSync(`${home.folder}/key.txt`, Buffer.from(content(key)));
    Deno.chmodSync(`${home.folder}/key.txt`, mode);
  };
}

function works(what: string, content: Content): Input {
  return { name: `a key file ${what} works`, prepare: put(content), code: 0, says: /Done in/ };
}

function refused(
  what: string,
  content: Content | undefined,
  says: RegExp,
  more: Partial<Input> = {},
): Input {
  return {
    name: `a key file ${what} is refused`,
    prepare: put(content),
    code: 2,
    says: [
      /ERROR {2}API_KEY_FILE must be the path of a readable file with the secret \(the value found is not shown, as it may be secret\)/,
      says,
    ],
    ...more,
  };
}

const ONE_WORD = /ERROR {2}API_KEY \(from API_KEY_FILE\) must be one word of plain characters/;

export const secretFileInputs: readonly Input[] = [
  works("with the key and nothing else", (key) => key),
  works("with a line end", (key) => `${key}\n`),
  works("with CRLF", (key) => `${key}\r\n`),
  works("with a byte order mark", (key) => `\uFEFF${key}`),
  works("with blanks and blank lines around the key", (key) => `  ${key}\t\n\n\n`),
  refused("that is missing", undefined, /there is no such file; a relative path is taken from "/),
  refused("that is a folder", undefined, /it is a folder/, {
    prepare: (place) => {
      put(undefined)(place);
      Deno.mkdirSync(`${place.home.folder}/key.txt`);
    },
  }),
  refused("that is empty", () => "", /it is empty/),
  refused("with nothing but a line end", () => "\r\n", /it is empty/),
  refused("in UTF-16", (key) => Buffer.from(key, "utf16le"), /it is not text in UTF-8/),
  refused("that is too large", (key) => key.repeat(5000), /it is larger than 64 KB/),
  refused("without permission to read it", (key) => key, /permission denied/, {
    prepare: put((key) => key, 0),
    ...WITHOUT_ROOT_POWERS,
  }),
  refused("that is a path with a line break", undefined, /must be the path/, {
    prepare: put(undefined),
    env: { API_KEY_FILE: "key\n.txt" },
  }),
  refused("with two lines", (key) => `${key}\n${key}\n`, /copy it again/, { says: ONE_WORD }),
  refused(
    "with the key in the middle of a sentence",
    (key) => `my key is ${key}`,
    /copy it again/,
    { says: ONE_WORD },
  ),
  {
    name: "the key itself in API_KEY_FILE is refused and not shown",
    prepare: ({ home, emulator, key }) =>
      Deno.writeTextFileSync(home.envFile, `IMMICH_URL=${emulator.url}\nAPI_KEY_FILE=${key}\n`, {
        mode: 0o600,
      }),
    code: 2,
    says: /ERROR {2}API_KEY_FILE must be the path of a readable file.*not shown/,
  },
  {
    name: "API_KEY and API_KEY_FILE together are refused",
    env: { API_KEY_FILE: "key.txt" },
    files: { "key.txt": "an0ther-key" },
    code: 2,
    says: /ERROR {2}API_KEY and API_KEY_FILE are both set: only one of them can count, remove one/,
  },
  {
    name: "a key file with quotes around the key is refused by the server, not shown",
    prepare: put((key) => `"${key}"\n`),
    code: 1,
    says: /Immich does not accept the API key \(401.*Set API_KEY to a valid key/,
  },
  {
    name: "a key file that others can read is a warning",
    prepare: put((key) => key, 0o640),
    ignore: Deno.build.os === "windows",
    code: 0,
    says:
      /WARN {3}".*key\.txt" can be read by other users \(mode 640\) and holds a secret\. .*chmod 600/,
  },
];

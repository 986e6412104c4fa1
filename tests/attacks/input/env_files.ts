/** Env files as editors, systems and accidents leave them. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { asTold } from "../../support/as_told.ts";
import type { Input, Place } from "./attempt.ts";
import { WITHOUT_ROOT_POWERS } from "../../support/launchers.ts";

/** Replaces the env file; of a text, `<url>` and `<key>` are filled in. */
function write(content: string | ((text: string) => Uint8Array)) {
  return ({ home, emulator, key }: Place) => {
    const text = `IMMICH_URL=${emulator.url}\nAPI_KEY=${key}\nIMMICH_RETRIES=0\n`;
    const filled = typeof content === "string"
      ? Buffer.from(content.replace("<url>", emulator.url).replace("<key>", key))
      : content(text);
    Deno.writeFileSync(home.envFile, filled, { mode: 0o600 });
  };
}

const text = (change: (text: string) => string) => write((whole) => Buffer.from(change(whole)));
const WORKS = { code: 0, says: /INFO {3}Immich 3\.1\.0/ } as const;
const NOT_UTF8 = /ERROR {2}\.env must be a readable text file in UTF-8, not ".*[\\/]\.env": /;
const BOTH_REQUIRED = {
  code: 2,
  problems: 2,
  says: [/IMMICH_URL is required: set it/, /API_KEY is required: set it \(or API_KEY_FILE\)/],
};

function withEnvFile(name: string, says: RegExp, more: Partial<Input> = {}): Input {
  return {
    name: `--env-file with ${name} is refused`,
    args: ["--env-file", "other.env"],
    code: 2,
    says: [/ERROR {2}--env-file must be a readable text file in UTF-8, not "/, says],
    ...more,
  };
}

export const envFileInputs: readonly Input[] = [
  {
    name: "an env file with a byte order mark works",
    prepare: text((all) => `\uFEFF${all}`),
    ...WORKS,
  },
  {
    name: "an env file with CRLF works",
    prepare: text((all) => all.replaceAll("\n", "\r\n")),
    ...WORKS,
  },
  {
    name: "an env file with old Mac line ends works",
    prepare: text((all) => all.replaceAll("\n", "\r")),
    ...WORKS,
  },
  {
    name: "an env file with export and quotes works",
    prepare: write("export IMMICH_URL='<url>'\nexport API_KEY=\"<key>\" # mine\n"),
    ...WORKS,
  },
  {
    name: "an env file with unknown variables works",
    prepare: text((all) => `${all}FOO=bar\nPATH=/x\n`),
    ...WORKS,
  },
  {
    name: "an env file with NUL bytes is refused",
    prepare: text((all) => `${all}A=\0\n`),
    code: 2,
    says: [NOT_UTF8, /it has NUL bytes \(saved as UTF-16\?\)/],
  },
  {
    name: "an env file in UTF-16 is refused",
    prepare: write((all) => Buffer.from(`\uFEFF${all}`, "utf16le")),
    code: 2,
    says: [NOT_UTF8, /saved as UTF-16/],
  },
  {
    name: "an env file in Latin-1 is refused",
    prepare: write((all) => Buffer.from(`${all}ALBUM_NAME=Müller\n`, "latin1")),
    code: 2,
    says: [NOT_UTF8, /it is in another encoding/],
  },
  {
    name: "an env file of 10 MB is refused",
    prepare: text((all) => all + "# padding\n".repeat(1 << 20)),
    code: 2,
    says: [NOT_UTF8, /it is larger than 1024 KB/],
  },
  {
    name: "an env file without permission to read it is refused",
    prepare: ({ home }) => Deno.chmodSync(home.envFile, 0),
    ...WITHOUT_ROOT_POWERS,
    code: 2,
    says: [NOT_UTF8, /permission denied/],
  },
  {
    name: "an env file that others can read is a warning",
    prepare: ({ home }) => Deno.chmodSync(home.envFile, 0o644),
    ignore: Deno.build.os === "windows",
    code: 0,
    says: /WARN {3}".*\.env" can be read by other users \(mode 644\).*chmod 600/,
  },
  {
    name: "a folder in the place of the env file is as good as none, and the place is told",
    prepare: ({ home }) => {
      Deno.removeSync(home.envFile);
      Deno.mkdirSync(home.envFile);
    },
    ...BOTH_REQUIRED,
    afterwards: ({ home }, { summary }) =>
      assert.ok(
        summary.error?.hint.includes(`no file .env in the working folder ${asTold(home.folder)}`),
      ),
  },
  {
    name: "without an env file the message says where one was looked for",
    prepare: ({ home }) => Deno.removeSync(home.envFile),
    ...BOTH_REQUIRED,
    afterwards: ({ home }, { summary }) =>
      assert.ok(summary.error?.hint.includes(asTold(home.folder)), summary.error?.hint),
  },
  { name: "an empty env file is told what is required", prepare: write(""), ...BOTH_REQUIRED },
  {
    name: "an env file with names only is told what is required",
    prepare: write("IMMICH_URL\nAPI_KEY\n"),
    ...BOTH_REQUIRED,
  },
  {
    name: "an env file with empty values is told what is required",
    prepare: write("IMMICH_URL=\nAPI_KEY=''\n"),
    ...BOTH_REQUIRED,
  },
  {
    name: "a YAML file in the place of the env file is told by line",
    prepare: write("IMMICH_URL: <url>\nAPI_KEY: <key>\n"),
    ...BOTH_REQUIRED,
    says: [/WARN {3}".*\.env": line 1, 2 can't be understood as NAME=value/, ...BOTH_REQUIRED.says],
  },
  {
    name: "a JSON file in the place of the env file is told by line",
    prepare: write('{"IMMICH_URL": "<url>", "API_KEY": "<key>"}\n'),
    ...BOTH_REQUIRED,
    says: [/WARN {3}".*\.env": line 1 can't be understood as NAME=value/, ...BOTH_REQUIRED.says],
  },
  {
    name: "a quote that is not closed is told by its line",
    prepare: write('IMMICH_URL="<url>\nAPI_KEY=<key>\n'),
    code: 2,
    says: [/line 1 can't be understood/, /IMMICH_URL is required/],
  },
  {
    name: "misspelt names in the env file are told with what was meant",
    prepare: write("IMICH_URL=<url>\nAPIKEY=<key>\n"),
    ...BOTH_REQUIRED,
    says: [/IMICH_URL: did you mean IMMICH_URL\?/, /APIKEY: did you mean API_KEY\?/],
  },
  {
    name: "lower-case names in the env file are told with what was meant",
    prepare: write("immich_url=<url>\napi_key=<key>\n"),
    ...BOTH_REQUIRED,
    says: [/immich_url: did you mean IMMICH_URL\?/],
  },
  {
    name: "IMMICH_API_KEY in the env file is offered as API_KEY",
    prepare: write("IMMICH_URL=<url>\nIMMICH_API_KEY=<key>\n"),
    code: 2,
    says: /API_KEY is required.*IMMICH_API_KEY is set, was it meant to be it\?/,
  },
  {
    name: "a variable that nothing defines is told by its line",
    prepare: write("IMMICH_URL=${SERVER}\nAPI_KEY=<key>\n"),
    code: 2,
    says: [/IMMICH_URL in line 1 has a \$\{…\} of a variable/, /IMMICH_URL is required/],
  },
  {
    name: "the text of a key in the env file is refused, and no line of it is shown",
    prepare: text((all) =>
      `${all}IMMICH_CLIENT_KEY=-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEG==\n-----END PRIVATE KEY-----\n`
    ),
    code: 2,
    problems: 2,
    says: /IMMICH_CLIENT_KEY must be the path of a PEM file.*put that into a file/,
    afterwards: (_place, { stdout, stderr }) => assert.ok(!(stdout + stderr).includes("MIGHAgEA")),
  },
  withEnvFile("a file that is missing", /other\.env": there is no such file/),
  withEnvFile("a folder", /it is a folder/, {
    prepare: ({ home }) => Deno.mkdirSync(`${home.folder}/other.env`),
  }),
  withEnvFile("a path below a file", /there is no such file/, { args: ["--env-file", ".env/x"] }),
  withEnvFile("no name", /it is a folder/, { args: ["--env-file", ""] }),
  withEnvFile("a device without end", /it is larger than 1024 KB/, {
    args: ["--env-file", "/dev/zero"],
    ignore: Deno.build.os === "windows",
  }),
  withEnvFile("a link to itself", /it can't be read/, {
    prepare: ({ home }) => Deno.symlinkSync("other.env", `${home.folder}/other.env`),
    ignore: Deno.build.os === "windows",
  }),
  withEnvFile("a name of 5,000 characters", /": /, { args: ["--env-file", "a".repeat(5000)] }),
  withEnvFile("a name that a terminal would obey", /a\\nb\\u001b\[31m": there is no such file/, {
    args: ["--env-file", "a\nb\x1b[31m"],
  }),
];

import assert from "node:assert/strict";
import { shown } from "../../../src/text.ts";
import { dirname, join } from "node:path";
import {
  configOf,
  folderWith,
  load,
  nowhere,
  placeOf,
  problemsOf,
  required,
  warningsOf,
} from "./helpers.ts";

const file = "IMMICH_URL=https://from.file\nAPI_KEY=key-of-the-file\n";
const onWindows = Deno.build.os === "windows";

Deno.test("the env file is .env in the working folder", () => {
  using folder = folderWith({ ".env": file });
  const result = load({}, { cwd: folder.path });
  assert.equal(configOf(result).immich.baseUrl, "https://from.file");
  assert.equal(result.file, folder.file(".env"));
  const set = result.origins.filter(({ from }) => from !== "default");
  assert.deepEqual(set.map(({ name, from, line }) => [name, from, line]), [
    ["IMMICH_URL", "file", 1],
    ["API_KEY", "file", 2],
  ]);
});

Deno.test("the env file is .env beside the executable when the working folder has none", () => {
  using beside = folderWith({ ".env": file });
  using empty = folderWith({});
  const result = load({}, { cwd: empty.path, executableFolder: beside.path });
  assert.equal(result.file, beside.file(".env"));
  using both = folderWith({ ".env": file });
  const near = load({}, { cwd: both.path, executableFolder: beside.path });
  assert.equal(near.file, both.file(".env"));
});

Deno.test("a folder named .env (a Python one, say) is passed over", () => {
  using folder = folderWith({});
  Deno.mkdirSync(folder.file(".env"));
  const result = load(required, { cwd: folder.path });
  assert.ok(result.ok);
  assert.equal(result.file, undefined);
});

Deno.test("--env-file is relative to the working folder and leaves .env aside", () => {
  using folder = folderWith({
    ".env": "nonsense: yes",
    "my.env": `\uFEFF${file}`.replaceAll("\n", "\r\n"),
  });
  const result = load({}, { cwd: folder.path, envFile: "my.env" });
  assert.equal(configOf(result).immich.apiKey, "key-of-the-file");
  assert.deepEqual(result.warnings, []);
  assert.equal(result.file, folder.file("my.env"));
});

Deno.test("an --env-file that can't be read is the one problem, not all that is missing", () => {
  using folder = folderWith({
    "zero.env": "A=\0",
    "utf16.env": new Uint8Array([0xff, 0xfe, 0x41, 0, 0x3d, 0]),
    "latin1.env": new Uint8Array([0x41, 0x3d, 0xfc]),
    "large.env": "#".repeat((1 << 20) + 1),
  });
  const expected: [path: string, why: RegExp][] = [
    ["missing.env", /there is no such file$/],
    [".", /it is a folder$/],
    ["zero.env", /it has NUL bytes/],
    ["utf16.env", /it has NUL bytes \(saved as UTF-16\?\)$/],
    ["latin1.env", /it is in another encoding$/],
    ["large.env", /it is larger than 1024 KB$/],
    ["zero.env/x", /there is no such file$/],
    ["a\0b", /can't be read/],
  ];
  for (const [envFile, why] of expected) {
    const problems = problemsOf(load({}, { cwd: folder.path, envFile }));
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", /^--env-file must be a readable text file in UTF-8, not "/);
    assert.match(problems[0] ?? "", why);
  }
});

Deno.test("with an --env-file that can't be read, the environment is still checked", () => {
  const problems = problemsOf(load({ IMMICH_RETRIES: "x" }, { envFile: "missing" }));
  assert.equal(problems.length, 2);
});

Deno.test({
  name: "an env file without permission to read it is a problem, also when nobody asked for it",
  ignore: onWindows || Deno.uid() === 0,
  fn: () => {
    using folder = folderWith({ ".env": file });
    Deno.chmodSync(folder.file(".env"), 0);
    const problems = problemsOf(load({}, { cwd: folder.path }));
    assert.deepEqual(problems.length, 1);
    assert.match(problems[0] ?? "", /^\.env must be a readable text file .*permission denied$/);
  },
});

Deno.test({
  name: "an env file that others can read is a warning",
  ignore: onWindows,
  fn: () => {
    using folder = folderWith({ ".env": file });
    Deno.chmodSync(folder.file(".env"), 0o640);
    const { warnings } = load({}, { cwd: folder.path });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]?.message ?? "", /read by other users \(mode 640\)/);
    assert.equal(warnings[0]?.hint, "Protect it with chmod 600.");
  },
});

Deno.test("the environment wins over the file, unless it is empty", () => {
  using folder = folderWith({
    ".env": `${file}ALBUM_NAME=file\nLOG_BACKUPS=\${IMMICH_RETRIES:-9}\n`,
  });
  const environment = { IMMICH_URL: "https://outside", ALBUM_NAME: "", IMMICH_RETRIES: "4" };
  const result = load(environment, { cwd: folder.path });
  const { immich, album, log } = configOf(result);
  assert.equal(immich.baseUrl, "https://outside");
  assert.deepEqual(album, { by: "name", name: "file" });
  assert.equal(log.backups, 4);
  assert.equal(placeOf(result, "IMMICH_URL"), "environment");
  assert.equal(placeOf(result, "ALBUM_NAME"), "file");
});

Deno.test("only our own variables are read from the environment, for ${…} too", () => {
  using folder = folderWith({ ".env": `${file}ALBUM_NAME=a\${HOME}\nOTHER=\${HOME}\n` });
  const asked: string[] = [];
  const result = load({}, {
    cwd: folder.path,
    environment: (name) => {
      asked.push(name);
      return undefined;
    },
  });
  assert.ok(!asked.includes("HOME"));
  assert.deepEqual(configOf(result).album, { by: "name", name: "a" });
  assert.equal(result.warnings.length, 1);
  assert.match(
    result.warnings[0]?.message ?? "",
    /ALBUM_NAME in line 3 has a \$\{…\}.*taken as empty\.$/,
  );
});

Deno.test("relative paths in the file are relative to the file, others to the working folder", () => {
  using folder = folderWith({
    "my.env": `${file}LOG_FILE_PATH=logs/x.log\nIMMICH_CA_CERT=sub/ca.pem\n`,
  });
  const result = load({ EMAIL_PASSWORD_FILE: "x" }, {
    cwd: nowhere,
    envFile: folder.file("my.env"),
  });
  assert.ok(problemsOf(result).join().endsWith(` taken from ${shown(folder.path)}`));
  using other = folderWith({ "my.env": `${file}LOG_FILE_PATH=logs/x.log` });
  const envFile = other.file("my.env");
  assert.equal(configOf(load({}, { envFile })).log.path, join(other.path, "logs/x.log"));
  const outside = { LOG_FILE_PATH: "logs/x.log" };
  assert.equal(configOf(load(outside, { envFile })).log.path, join(nowhere, "logs/x.log"));
  assert.equal(
    configOf(load({}, { envFile, cwd: dirname(envFile) })).log.path,
    join(other.path, "logs/x.log"),
  );
});

Deno.test("lines that can't be understood are warned about by number, without their text", () => {
  using folder = folderWith({ ".env": `${file}IMMICH_RETRIES: topsecret\nAPI_KEY='topsecret\n` });
  const { warnings } = load({}, { cwd: folder.path });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]?.message ?? "", /line 3, 4 can't be understood/);
  assert.ok(!JSON.stringify(warnings).includes("topsecret"));
});

Deno.test("a misspelt variable in the file gets a hint, and the missing one names it", () => {
  using folder = folderWith({ ".env": "IMMICH_ULR=https://h\nAPI_KEY=k\nDB_PASSWORD=x\n" });
  const result = load({}, { cwd: folder.path });
  assert.deepEqual(warningsOf(result), ["IMMICH_ULR: did you mean IMMICH_URL?"]);
  assert.match(problemsOf(result).join(), /^IMMICH_URL is required: set it; IMMICH_ULR is set/);
});

Deno.test("API_KEY_FILE holds the path of a file with the key, one line end is taken off", () => {
  using folder = folderWith({
    ".env": "IMMICH_URL=https://h\nAPI_KEY_FILE=secrets.txt\n",
    "secrets.txt": "\uFEFFkey-from-its-own-file\r\n",
  });
  const result = load({}, { cwd: folder.path });
  assert.equal(configOf(result).immich.apiKey, "key-from-its-own-file");
  assert.deepEqual(result.secrets, ["key-from-its-own-file"]);
  assert.equal(placeOf(result, "API_KEY_FILE"), "file");
});

Deno.test("EMAIL_PASSWORD_FILE keeps blanks, and counts as a password", () => {
  using folder = folderWith({ "password": " two words \n" });
  const environment = {
    ...required,
    ENABLE_EMAIL_ON_ERROR: "1",
    EMAIL_SMTP_SERVER: "::1",
    EMAIL_FROM: "a@b",
    EMAIL_TO: "a@b",
    EMAIL_USERNAME: "me",
    EMAIL_PASSWORD_FILE: folder.file("password"),
  };
  const { email } = configOf(load(environment));
  assert.deepEqual(email?.login, { username: "me", password: " two words " });
});

Deno.test("a secret's file that is missing, empty or a folder is a problem, its path not shown", () => {
  using folder = folderWith({ "empty": "\n", "binary": new Uint8Array([1, 0, 2]) });
  const expected: [path: string, why: RegExp][] = [
    ["key-put-here-by-mistake", /there is no such file; a relative path is taken from "/],
    ["empty", /it is empty$/],
    ["binary", /not text in UTF-8$/],
    [".", /it is a folder/],
  ];
  for (const [path, why] of expected) {
    const environment = { IMMICH_URL: "https://h", API_KEY_FILE: path };
    const problems = problemsOf(load(environment, { cwd: folder.path }));
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? "",
      /^API_KEY_FILE must be the path of a readable file with the secret/,
    );
    assert.match(problems[0] ?? "", why);
    assert.ok(!problems.join().includes("by-mistake"));
  }
});

Deno.test("API_KEY and API_KEY_FILE together are refused", () => {
  using folder = folderWith({ ".env": `API_KEY_FILE=key`, "key": "other-key" });
  const result = load(required, { cwd: folder.path });
  assert.deepEqual(problemsOf(result), [
    "API_KEY and API_KEY_FILE are both set: only one of them can count, remove one",
  ]);
  assert.ok(result.secrets.includes("other-key") && result.secrets.includes(required.API_KEY));
});

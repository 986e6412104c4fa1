/**
 * Looks for the secrets of a run in everything that comes out of it. It decodes what it finds
 * rather than encode what it seeks, so that it shares no idea, and no mistake, with the redactor.
 */

import { Buffer } from "node:buffer";
import { dirname, join, resolve } from "node:path";
import { parseEnvFile } from "../../src/config/env_file.ts";
import { allVariables } from "../../src/config/variables.ts";

/** What must not get out, by the name of its variable. */
export type Secrets = ReadonlyMap<string, readonly string[]>;

/** Shorter ones are in other words by chance; the program leaves them too. */
const SHORTEST = 4;
/** Of a long secret, as many characters in a row are a leak: a cut that left half of it. */
const PART = 12;

let outputsScanned = 0;
let leaksFound = 0;

Deno.test.afterAll(() => {
  if (outputsScanned === 0) return;
  const line = `secrets: ${outputsScanned} outputs scanned, ${leaksFound} leaks\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
});

/** The secrets of a run that is started with these. */
export function secretsOf(
  { args = [], env = {}, cwd }: {
    args?: readonly string[] | undefined;
    env?: Readonly<Record<string, string>> | undefined;
    cwd?: string | undefined;
  },
): Secrets {
  const secrets = new Map<string, string[]>();
  const folder = cwd ?? Deno.cwd();
  const named = args.flatMap((arg, at) => arg === "--env-file" ? args[at + 1] ?? [] : []);
  const files = (named.length === 0 ? [".env"] : named).map((name) => {
    const path = resolve(folder, name);
    return { path, values: parseEnvFile(readText(path) ?? "", (name) => env[name]).values };
  });
  const values = [
    ...Object.entries(env).map(([name, text]) => ({ name, text, from: folder })),
    ...files.flatMap(({ path, values }) =>
      [...values].map(([name, text]) => ({ name, text: text ?? "", from: dirname(path) }))
    ),
  ];
  const address = env.IMMICH_URL ??
    files.map(({ values }) => values.get("IMMICH_URL") ?? "").join(" ");
  for (const { name, text, from } of values) {
    const found = secretsIn(name, text, from).filter((secret) => secret.length >= SHORTEST)
      // `X-Forwarded-Proto: https` is no secret.
      .filter((secret) => name !== "IMMICH_HEADERS" || !address.includes(secret));
    if (found.length > 0) secrets.set(name, [...secrets.get(name) ?? [], ...found]);
  }
  return secrets;
}

function secretsIn(name: string, text: string, folder: string): string[] {
  const variable = allVariables.find((each) => name === each.name || name === `${each.name}_FILE`);
  if (name === "IMMICH_CLIENT_KEY") {
    const key = text.includes("-----BEGIN") ? text : readText(resolve(folder, text)) ?? "";
    return key.split("\n").map((line) => line.trim()).filter((line) => /^[\w+/=]{8,}$/.test(line));
  }
  // Its host may be the server's own, which is no secret.
  if (/^(?:HEALTHCHECK|WEBHOOK)_URL$/.test(name)) {
    return [text.trim().replace(/^\w+:\/\/[^/?#]*[/?#]*/, "")];
  }
  if (/^(?:IMMICH|WEBHOOK)_HEADERS$/.test(name)) {
    const headers = text.split(";").map((header) => header.slice(header.indexOf(":") + 1).trim());
    return headers.flatMap((header) => {
      const credentials = header.replace(/^(Basic|Bearer)\s+/i, "");
      const login = /^Basic /i.test(header) ? Buffer.from(credentials, "base64").toString() : "";
      return [header, credentials, login.slice(login.indexOf(":") + 1)];
    });
  }
  if (name === "IMMICH_URL") {
    return [/^\w+:\/\/[^/]*:([^/]*)@/.exec(text)?.[1] ?? ""];
  }
  if (variable?.secret !== true) return [];
  if (name === variable.name) return [text.trim()];
  return [readText(resolve(folder, text))?.trim() ?? text];
}

/** Scans one text and throws when a secret is in it, in any spelling. */
export function assertNoLeak(secrets: Secrets, what: string, text: string): void {
  outputsScanned++;
  const leaks = findLeaks(secrets, text);
  if (leaks.length === 0) return;
  leaksFound++;
  throw new Error(`secrets in ${what}: ${leaks.join(", ")}\n${text.slice(0, 1000)}`);
}

/** The names of the secrets that are in the text, each with one way in which it is written there. */
export function findLeaks(secrets: Secrets, text: string): string[] {
  const parts = [...secrets].flatMap(([name, texts]) =>
    // Decoding can give bytes: the text of an UTF-8 secret is then two or more characters for one.
    texts.flatMap(partsOf).flatMap((part) => [part, Buffer.from(part).toString("latin1")])
      .map((part) => ({ name, part }))
  );
  // Hundreds of parts in dozens of views: most places are told from all of them by their beginning.
  const byBeginning = Map.groupBy(parts, ({ part }) => part.slice(0, SHORTEST));
  const found = new Map<string, string>();
  for (const [view, way] of viewsOf(text)) {
    for (let at = 0; at < view.length; at++) {
      const candidates = byBeginning.get(view.slice(at, at + SHORTEST)) ?? [];
      const leak = candidates.find(({ part }) => view.startsWith(part, at));
      if (leak !== undefined) found.set(leak.name, `${leak.name} (${way})`);
    }
  }
  return [...found.values()];
}

function partsOf(secret: string): string[] {
  if (secret.length < PART + 4) return [secret];
  return Array.from({ length: secret.length - PART + 1 }, (_, at) => secret.slice(at, at + PART));
}

/** The text as it is, decoded from everything that is usual, and twice; each text once. */
function viewsOf(text: string): ReadonlyMap<string, string> {
  const views = new Map([[text, "as it is"]]);
  const add = (view: string, way: string) => views.has(view) || views.set(view, way);
  for (const [first, decode] of DECODERS) {
    const decoded = decode(text);
    if (decoded === text) continue;
    add(decoded, first);
    for (const [second, again] of DECODERS) add(again(decoded), `${second} in ${first}`);
  }
  return views;
}

const HTML: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const DECODERS: readonly (readonly [string, (text: string) => string])[] = [
  ["URL", (text) => text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => charOf(hex, 16))],
  ["form", (text) => text.replaceAll("+", " ")],
  ["JSON", (text) =>
    text.replace(/\\u([0-9a-f]{4})/gi, (_all, hex: string) => charOf(hex, 16))
      .replace(/\\([\\"/])/g, "$1").replaceAll("\\n", "\n").replaceAll("\\t", "\t")],
  [
    "HTML",
    (text) =>
      text.replace(/&(amp|lt|gt|quot|apos);/g, (_all, name: string) => HTML[name] ?? "")
        .replace(/&#x([0-9a-f]+);/gi, (_all, hex: string) => charOf(hex, 16))
        .replace(/&#(\d+);/g, (_all, digits: string) => charOf(digits, 10)),
  ],
  ["quoted-printable", (text) =>
    text.replace(/=\r?\n/g, "")
      .replace(/=([0-9a-f]{2})/gi, (_all, hex: string) => charOf(hex, 16))],
  [
    "hexadecimal",
    (text) =>
      runsOf(text, /[0-9a-f]{16,}/gi, (run) => [Buffer.from(run, "hex").toString("latin1")]),
  ],
  ["base64", (text) =>
    runsOf(
      text,
      /[\w+/-]{6,}/g,
      (run) =>
        [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), "base64").toString("latin1")),
    )],
  ["split", (text) => text.replace(/\s+/g, "")],
];

function charOf(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function runsOf(text: string, run: RegExp, decode: (run: string) => string[]): string {
  return (text.match(run) ?? []).flatMap(decode).join("\n");
}

/** Sizes and times of all files below a folder, by path. */
export type FileStates = ReadonlyMap<string, string>;

export function filesBelow(folder: string): FileStates {
  const files = new Map<string, string>();
  for (const entry of readFolder(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) {
      for (const [inner, state] of filesBelow(path)) files.set(inner, state);
    }
    if (!entry.isFile) continue;
    const { size, mtime } = Deno.statSync(path);
    files.set(path, `${size} ${mtime?.getTime()}`);
  }
  return files;
}

/** Scans the files that are new or other than they were before. */
export function assertNoLeakInFiles(secrets: Secrets, folder: string, before: FileStates): void {
  for (const [path, state] of filesBelow(folder)) {
    // Where they belong, and where init puts them.
    if (/\.env(?:\.bak)?$/.test(path)) continue;
    if (before.get(path) !== state) assertNoLeak(secrets, path, readText(path) ?? "");
  }
}

function readFolder(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return []; // gone, or not ours to see: then there is nothing to scan
  }
}

/** Far more than any log or configuration of a test but the one that is too large on purpose. */
const MAX_BYTES = 2 << 20;

/** Undefined when there is no such file; bytes that are no UTF-8 become replacement characters. */
function readText(path: string): string | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile && size <= MAX_BYTES ? Deno.readTextFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

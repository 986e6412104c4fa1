import { isRecord } from "./reading.ts";

/** The servers that were recorded. */
export type RecordedVersion = "2.7.5" | "3.1.0" | "3.2.0";

/** Exchange with a real server, as it was written down. */
export interface Recording {
  /** The file's name without ".json". */
  name: string;
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: unknown;
  status: number;
  answer: unknown;
  /** Of what kind the API key was; only in later recordings. */
  note: string;
  /** From the answer's `date`: seconds, so several recordings share one. */
  date: number;
}

/** Names for the ids in the recordings of one version. */
export interface RecordedNames {
  users: Record<string, string>;
  assets: Record<string, string>;
  people: Record<string, string>;
  albums: Record<string, string>;
  stack: string;
}

const FOLDERS: Record<RecordedVersion, string> = {
  "2.7.5": "v2.7.5",
  "3.1.0": "v3.1.0",
  "3.2.0": "v3.2",
};

/** What recordings were made for; those after the first ones when the world had changed. */
type Purpose = "first" | "missed" | "months";

function purposeOf(name: string): Purpose {
  if (name.startsWith("missed_")) return "missed";
  return /^timeline_(album|bob|bucketform|carol|unknown)/.test(name) ? "months" : "first";
}

/** What was recorded of a version, in the order in which it was recorded, then by name. */
export function readRecordings(version: RecordedVersion, purpose: Purpose = "first"): Recording[] {
  const recordings: Recording[] = [];
  for (const { name } of Deno.readDirSync(folderOf(version))) {
    if (name.startsWith("_") || purposeOf(name) !== purpose) continue;
    const { request, response, note = "" } = readJson(new URL(name, folderOf(version)));
    const headers = recordOf(response, "headers");
    recordings.push({
      name: name.replace(/\.json$/, ""),
      method: String(recordOf(request)["method"]),
      path: String(recordOf(request)["path"]),
      headers: textsOf(recordOf(request, "headers")),
      body: recordOf(request)["body"],
      status: Number(recordOf(response)["status"]),
      answer: recordOf(response)["body"],
      note: String(note),
      date: Date.parse(String(headers["date"])),
    });
  }
  return recordings.sort((a, b) => a.date - b.date || (a.name < b.name ? -1 : 1));
}

/** `_world.json`. */
export function readNames(version: RecordedVersion): RecordedNames {
  const names = readJson(new URL("_world.json", folderOf(version)));
  return {
    users: textsOf(recordOf(names, "users")),
    assets: textsOf(recordOf(names, "assets")),
    people: textsOf(recordOf(names, "people")),
    albums: textsOf(recordOf(names, "albums")),
    stack: String(names["stack"]),
  };
}

/** `_extra_world.json`: what the world had, besides, when the recordings for `missed` were made. */
export function readExtraNames(version: RecordedVersion): Record<string, unknown> {
  return readJson(new URL("_extra_world.json", folderOf(version)));
}

/** All objects anywhere in a value, from the outside in. */
export function* objectsIn(value: unknown): Iterable<Record<string, unknown>> {
  if (Array.isArray(value)) { for (const item of value) yield* objectsIn(item); }
  else if (isRecord(value)) {
    yield value;
    for (const item of Object.values(value)) yield* objectsIn(item);
  }
}

/** The object, or the object under that key; throws if there is none. */
export function recordOf(value: unknown, key?: string): Record<string, unknown> {
  const found = key === undefined ? value : recordOf(value)[key];
  if (!isRecord(found)) throw new Error(`no object ${key ?? ""} in ${JSON.stringify(value)}`);
  return found;
}

export function textsOf(record: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
}

function folderOf(version: RecordedVersion): URL {
  return new URL(`../recordings/${FOLDERS[version]}/`, import.meta.url);
}

function readJson(file: URL): Record<string, unknown> {
  return recordOf(JSON.parse(Deno.readTextFileSync(file)));
}

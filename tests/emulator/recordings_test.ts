import assert from "node:assert/strict";
import { parseVersion } from "./generation.ts";
import { MINIMAL_PERMISSIONS } from "./permissions.ts";
import { isRecord } from "./reading.ts";
import { type RecordedWorld, recordedWorld } from "./recorded_world.ts";
import {
  objectsIn,
  readRecordings,
  type RecordedVersion,
  type Recording,
  recordOf,
} from "./recordings.ts";
import { type Emulator, startEmulator } from "./server.ts";
import { VERSIONS } from "./versions.ts";

/** Recordings that are not replayed, and why. */
const LEFT_OUT = new Map([
  ["maintenance_start", "an administrator's session starts it; tests set world.maintenance"],
]);

/** The writes in the order of recording, as far as their answers tell; `date` has seconds only. */
const WRITES = [
  ..."album_create_dupname album_create_emptyname album_create_noname".split(" "),
  ..."album_create_bad_assetid album_create_foreign_assetid album_delete".split(" "),
  ..."album_assets_put_mixed album_assets_put_duplicates album_assets_put_dup_in_call".split(" "),
  ..."album_assets_put_single_archived album_assets_put_single_bob0".split(" "),
  ..."album_assets_put_single_hidden_vis_image album_assets_put_single_named".split(" "),
  ..."album_assets_put_single_plain03 album_assets_put_single_trashed".split(" "),
  ..."album_assets_put_editor_album album_assets_delete_mixed".split(" "),
  ..."album_assets_delete_not_in_album album_assets_delete_shared_own".split(" "),
  ..."album_assets_delete_shared_foreign albums_assets_bulk_put noalbumread_put".split(" "),
  ..."album_assets_put_trashed_already_in album_assets_delete_trashed".split(" "),
  ..."face_create faces_get face_reassign face_delete_soft face_delete_force person_hide".split(
    " ",
  ),
];

/** Changes between two recordings that were made without being recorded. */
const BEFORE: Record<string, (recorded: RecordedWorld) => void> = {
  noalbumread_put: ({ assets, albums }) => {
    const named = assets.get("named");
    if (named !== undefined) albums.get("sync")?.assets.delete(named);
  },
  album_assets_put_trashed_already_in: ({ world, assets, albums }) => {
    const trashed = assets.get("plain30");
    if (trashed === undefined) return;
    albums.get("sync")?.assets.add(trashed);
    world.trash(trashed);
  },
  maintenance_albums: ({ world }) => world.maintenance = true,
  album_assets_put_body_too_large: ({ world }) => world.maintenance = false,
  takenBefore_ms_truncation: ({ world, assets }) => {
    const [whole, fraction] = [assets.get("plain23"), assets.get("plain33")];
    if (whole !== undefined) world.setTakenAt(whole, "1990-06-06T06:06:06.123Z");
    if (fraction !== undefined) world.setTakenAt(fraction, "1990-06-06T06:06:06.123456Z");
  },
};

/** The same, made after a recording. */
const AFTER: Record<string, (recorded: RecordedWorld) => void> = {
  album_assets_delete_shared_own: (recorded) => putBack(recorded, "plain01"),
  album_assets_delete_shared_foreign: (recorded) => putBack(recorded, "bob0"),
  album_assets_delete_trashed: ({ world, assets }) => {
    const restored = assets.get("plain30");
    if (restored !== undefined) world.restore(restored);
  },
};

function putBack({ assets, albums }: RecordedWorld, name: string): void {
  const asset = assets.get(name);
  if (asset !== undefined) albums.get("bob_shared_editor")?.assets.add(asset);
}

/** Of no meaning, or different with every server: not compared. */
const VOLATILE = new Set([
  ..."originalPath checksum deviceAssetId fileModifiedAt localDateTime updatedAt".split(" "),
  ..."correlationId quotaUsageInBytes fileSizeInByte".split(" "),
]);

for (const version of VERSIONS) {
  Deno.test(`the emulator answers like the recorded server ${version}`, async (t) => {
    const recorded = recordedWorld(version);
    await using emulator = await startEmulator({ version, world: recorded.world });
    for (const recording of inOrder(readRecordings(version))) {
      if (LEFT_OUT.has(recording.name)) continue;
      await t.step(recording.name, async () => {
        BEFORE[recording.name]?.(recorded);
        presetIds(recorded, version, recording);
        await compare(emulator, recorded, version, recording);
        AFTER[recording.name]?.(recorded);
      });
    }
  });
}

function inOrder(recordings: Recording[]): Recording[] {
  const rank = ({ name }: Recording) => WRITES.indexOf(name);
  return recordings.sort((a, b) => a.date - b.date || rank(a) - rank(b));
}

/** Lets the emulator give out the ids that the recorded server gave out. */
function presetIds(
  { world, assets }: RecordedWorld,
  version: RecordedVersion,
  recording: Recording,
) {
  const { name, method, status, path, answer } = recording;
  if (method === "POST" && path === "/api/albums" && status === 201) {
    world.ids.preset(String(recordOf(answer)["id"]));
  }
  if (name === "face_create") {
    const faces = readRecordings(version).find(({ name }) => name === "faces_get");
    for (const face of objectsIn(faces?.answer)) {
      if ("boundingBoxX1" in face) world.ids.preset(String(face["id"]));
    }
  }
  const asset = assets.get("plain33");
  if (name === "face_delete_force" && asset !== undefined) {
    world.addFace({ asset, id: path.split("/").at(-1) ?? "" });
  }
}

async function compare(
  emulator: Emulator,
  recorded: RecordedWorld,
  version: RecordedVersion,
  recording: Recording,
): Promise<void> {
  const response = await fetch(`${emulator.url}${recording.path}`, {
    method: recording.method,
    headers: headersOf(recording, recorded),
    body: bodyOf(recording.body),
  });
  const text = await response.text();
  const answer: unknown = text === "" ? "" : JSON.parse(text);
  assert.equal(response.status, recording.status, text);
  if (recording.path === "/api/search/random") return compareRandom(answer, recording);
  assert.deepEqual(comparable(answer, recording), comparable(recording.answer, recording));
  assert.equal(emulator.requests.at(-1)?.status, recording.status);
  const name = version === "2.7.5" ? "x-immich-cid" : "x-correlation-id";
  // The body parser comes before the correlation id.
  const isEarly = /malformed_json|body_too_large/.test(recording.name);
  const expected = isEarly ? (parseVersion(version).generation === "2.x" ? 0 : 9) : 8;
  assert.equal(response.headers.get(name)?.length ?? 0, expected);
}

/** Which assets come is chance: as many, and of the same shape. */
function compareRandom(answer: unknown, recording: Recording): void {
  assert(Array.isArray(answer) && Array.isArray(recording.answer));
  assert.equal(answer.length, recording.answer.length);
  for (const asset of answer) {
    assert.deepEqual(Object.keys(asset).sort(), Object.keys(recording.answer[0]).sort());
  }
}

function headersOf(
  { name, headers }: Recording,
  { world, alice, keys }: RecordedWorld,
): HeadersInit {
  const sent = { ...headers };
  if (sent["x-api-key"] === undefined) return sent;
  const key = (permissions: string[]) => world.addKey({ user: alice, permissions });
  const lacking = (permission: string) =>
    key(MINIMAL_PERMISSIONS.filter((other) => other !== permission));
  const missing = /^err_no_(\w+?)_(\w+)$/.exec(name);
  if (name === "err_wrong_key") sent["x-api-key"] = "wrong";
  else if (missing !== null) sent["x-api-key"] = lacking(`${missing[1]}.${missing[2]}`);
  else if (name.startsWith("min_")) sent["x-api-key"] = keys.minimal;
  else if (name.startsWith("noalbumread_")) sent["x-api-key"] = lacking("album.read");
  else if (name === "filter_nostats_perm" || name === "filter_onlyassetread_album") {
    sent["x-api-key"] = key(["asset.read"]);
  } else sent["x-api-key"] = keys.all;
  return sent;
}

/** Text stands for a raw body, but for the one too large to be written down. */
function bodyOf(body: unknown): BodyInit | null {
  if (body === null) return null;
  if (typeof body !== "string") return JSON.stringify(body);
  if (!body.startsWith("<")) return body;
  const ids = Array.from({ length: 280_000 }, () => "00000000-0000-4000-8000-000000000000");
  return JSON.stringify({ ids });
}

/** Without what is volatile; the ids of faces are, the number of faces is not. */
function comparable(value: unknown, recording: Recording): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, recording));
  if (!isRecord(value)) return value;
  const isNew = recording.status === 201;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !VOLATILE.has(name) && !(isNew && name === "createdAt"))
      .filter(([name]) => !(name === "id" && "boundingBoxX1" in value))
      .map(([name, item]) => [name, comparable(item, recording)]),
  );
}

import assert from "node:assert/strict";
import type { Album, Asset } from "./model.ts";
import { MINIMAL_PERMISSIONS } from "./permissions.ts";
import { isRecord } from "./reading.ts";
import { type RecordedWorld, recordedWorld } from "./recorded_world.ts";
import { readExtraNames, readRecordings, type Recording, recordOf, textsOf } from "./recordings.ts";
import { startEmulator } from "./server.ts";
import { VERSIONS } from "./versions.ts";

/** Of no meaning, or different with every server: not compared. */
const VOLATILE = new Set([
  ..."originalPath checksum deviceAssetId fileModifiedAt localDateTime updatedAt".split(" "),
  ..."correlationId fileSizeInByte suggestedKeepAssetIds createdAt profileChangedAt".split(" "),
]);

for (const version of VERSIONS) {
  Deno.test(`the emulator answers what \`missed\` asks like the recorded server ${version}`, async (t) => {
    const recorded = recordedWorld(version);
    let extra: Extra = readExtraNames(version);
    change(recorded, readExtraNames(version));
    await using emulator = await startEmulator({ version, world: recorded.world });
    for (const recording of readRecordings(version, "missed")) {
      await t.step(recording.name, async () => {
        if (/_dup/.test(recording.name)) extra = changeMetadata(recorded, extra);
        if (recording.name === "missed_target_list") forgetLone(recorded);
        const { name, path, method, headers, body } = recording;
        recorded.world.machineLearning = /ml_disabled/.test(name)
          ? "off"
          : /ml_stopped/.test(name)
          ? "down"
          : "on";
        const response = await fetch(`${emulator.url}${path}`, {
          method,
          headers: { ...headers, ...keyOf(recording, recorded) },
          body: body === null ? null : JSON.stringify(body),
        });
        const bytes = await response.bytes();
        assert.equal(response.status, recording.status, new TextDecoder().decode(bytes));
        // Pictures of the emulator are JPEGs, all of them.
        const isPicture = recording.status === 200 && path.includes("/thumbnail");
        const type = isPicture ? /^image\// : /^(application\/json|image\/webp); charset=utf-8$/;
        assert.match(response.headers.get("content-type") ?? "", type);
        if (isPicture || isRecord(recording.answer) && "$bytes" in recording.answer) return;
        const answer: unknown = JSON.parse(new TextDecoder().decode(bytes));
        if (name === "missed_smart_other_query") return compareCounts(answer, recording.answer);
        assert.deepEqual(comparable(answer, path), comparable(recording.answer, path));
      });
    }
  });
}

/** Undefined when all of it has been done. */
type Extra = Record<string, unknown> | undefined;

/** What an administrator had changed in the world for these recordings. */
function change({ world, alice, assets, albums }: RecordedWorld, extra: Record<string, unknown>) {
  const asset = (name: string): Asset => assets.get(name) ?? assert.fail(name);
  for (const [name, content] of Object.entries(recordOf(extra, "members"))) {
    const members = listOf(content).map((name) => asset(name));
    const id = textsOf(recordOf(extra, "albums"))[name];
    const album: Album = albums.get(name) ?? world.addAlbum({ owner: alice, name, id: id ?? "" });
    album.assets.clear();
    for (const member of members) album.assets.add(member);
  }
  for (const [name, near] of Object.entries(recordOf(recordOf(extra, "embeddings"), "cos"))) {
    asset(name).likeness = Number(near);
  }
  const { both, thumbnail_only, row_without_file } = recordOf(extra, "thumbnails");
  for (const [name, asset] of assets) {
    if (listOf(both).includes(name)) continue;
    asset.missingThumbnails = listOf(thumbnail_only).includes(name)
      ? "preview"
      : listOf(row_without_file).includes(name)
      ? "lost"
      : "all";
  }
  world.searchedTexts.add("a photo of a person");
}

/** And what he had changed in the middle of them. */
function changeMetadata({ assets }: RecordedWorld, extra: Extra): undefined {
  if (extra === undefined) return;
  const asset = (name: string): Asset => assets.get(name) ?? assert.fail(name);
  for (const group of Object.values(recordOf(extra, "duplicates"))) {
    const { id, assets } = recordOf(group);
    for (const name of listOf(assets)) asset(name).duplicateId = String(id);
  }
  for (const [name, camera] of Object.entries(textsOf(recordOf(extra, "exif")))) {
    const [, make = "", model = ""] = /^(\w+) (.*)$/.exec(camera) ?? [];
    asset(name).camera = { make, model };
  }
  asset("plain35").lacksExif = true;
}

/** By then the server had dissolved a group whose other asset is in the trash. */
function forgetLone({ assets }: RecordedWorld): void {
  delete assets.get("plain25")?.duplicateId;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** `key: min + face.read`, `key: min without asset.read`, `key: none`. */
function keyOf({ note }: Recording, { world, alice }: RecordedWorld): Record<string, string> {
  const [, more, without] = /^key: min(?: \+ (.+?))?(?: without (\S+))?$/.exec(note) ?? [];
  if (note === "key: none") return {};
  const permissions = [...MINIMAL_PERMISSIONS, ...more?.split(" + ") ?? []]
    .filter((permission) => permission !== without);
  return { "x-api-key": world.addKey({ user: alice, permissions }) };
}

/** What is near to a text that is not of people is chance. */
function compareCounts(answer: unknown, recorded: unknown): void {
  const [a, b] = [answer, recorded].map((value) => recordOf(value, "assets"));
  assert.deepEqual(Object.keys(a ?? {}), Object.keys(b ?? {}));
  assert.equal(a?.["count"], b?.["count"]);
}

function isPerson(value: unknown): boolean {
  return isRecord(value) && "birthDate" in value;
}

/** Without what is volatile; groups are in no order, the ids of faces are not compared. */
function comparable(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, path));
    const unordered = /^\/api\/(duplicates|stacks|faces|search\/suggestions)/.test(path) ||
      items.every(isPerson);
    return unordered ? items.sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1) : items;
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !VOLATILE.has(name))
      .filter(([name]) => !(name === "id" && "boundingBoxX1" in value))
      .map(([name, item]): [string, unknown] => [name, comparable(item, path)])
      .sort(([a], [b]) => a < b ? -1 : 1),
  );
}

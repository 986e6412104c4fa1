import type { Album, Asset, User, Visibility } from "./model.ts";
import { ALBUMS, FACES, PEOPLE, UNSEEN_TIMES } from "./recorded_content.ts";
import { MINIMAL_PERMISSIONS } from "./permissions.ts";
import {
  objectsIn,
  readNames,
  readRecordings,
  type RecordedNames,
  type RecordedVersion,
  type Recording,
} from "./recordings.ts";
import { parseMicros } from "./time.ts";
import { createWorld, type World } from "./world.ts";

/** The world the recordings were made in, as it was before the recorded writes. */
export interface RecordedWorld {
  world: World;
  alice: User;
  bob: User;
  carol: User;
  /** By the names of `_world.json`. */
  assets: Map<string, Asset>;
  albums: Map<string, Album>;
  /** Alice's keys. */
  keys: { all: string; minimal: string };
}

/** Builds the world of the recordings of a version, with the recorded ids and times. */
export function recordedWorld(version: RecordedVersion): RecordedWorld {
  const names = readNames(version);
  const recordings = readRecordings(version);
  const world = createWorld();
  const [alice, bob, carol] = ["Alice", "Bob", "Carol"].map((name) =>
    addUser(world, name, names, recordings)
  );
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error("no user");
  const users = { alice, bob, carol };
  world.addPartner({ from: bob, to: alice });
  const assets = addAssets(world, users, names, version, recordings);
  addPeople(world, users, names, assets);
  const albums = addAlbums(world, users, names, assets, recordings);
  const keys = {
    all: addKey(world, alice, "alice-all", ["all"], recordings),
    minimal: addKey(world, alice, "alice_min", MINIMAL_PERMISSIONS, recordings),
  };
  return { world, ...users, assets, albums, keys };
}

type Users = { alice: User; bob: User; carol: User };

function addUser(
  world: World,
  name: string,
  names: RecordedNames,
  recordings: Recording[],
): User {
  const id = names.users[name.toLowerCase()] ?? "";
  const shown = findObject(
    recordings,
    (object) =>
      object["id"] === id && typeof object["profileChangedAt"] === "string" &&
      !String(object["profileChangedAt"]).endsWith("Z"),
  );
  const user = world.addUser({ id, name, createdAt: String(shown?.["profileChangedAt"]) });
  user.avatarColor = String(shown?.["avatarColor"]);
  return user;
}

function addKey(
  world: World,
  user: User,
  name: string,
  permissions: string[],
  recordings: Recording[],
): string {
  const shown = findObject(recordings, (object) => object["name"] === name);
  const secret = world.addKey({ user, name, permissions });
  const key = world.keys.get(secret);
  if (key === undefined || shown === null) throw new Error(`no key ${name}`);
  world.keys.set(secret, {
    ...key,
    id: String(shown["id"]),
    createdAt: parseMicros(String(shown["createdAt"])),
  });
  return secret;
}

function addAssets(
  world: World,
  users: Users,
  names: RecordedNames,
  version: RecordedVersion,
  recordings: Recording[],
): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  const times = captureTimes(version);
  const uploads = uploadTimes(recordings);
  for (const [name, id] of Object.entries(names.assets)) {
    const shown = findObject(
      recordings,
      (object) => object["id"] === id && "fileCreatedAt" in object,
    );
    const createdAt = uploads.get(id) ?? "2026-11-22T08:00:00.000Z";
    const asset = world.addAsset({
      id,
      owner: name.startsWith("bob")
        ? users.bob
        : name.startsWith("carol")
        ? users.carol
        : users.alice,
      name: `${name}.${isVideo(name) ? "mp4" : "jpg"}`,
      type: isVideo(name) ? "VIDEO" : "IMAGE",
      takenAt: times.get(name) ?? UNSEEN_TIMES[name] ?? "",
      createdAt,
      visibility: visibilityOf(name),
      trashed: name.includes("trashed"),
      favourite: name.startsWith("favourite"),
    });
    asset.updatedAt = parseMicros(String(shown?.["updatedAt"] ?? createdAt));
    assets.set(name, asset);
  }
  const named = (name: string) => need(assets, name);
  named("motion_still").livePhotoVideo = named("motion_video");
  const others = [named("stack_child"), named("stack_child_named")];
  world.addStack({ id: names.stack, primary: named("stack_primary"), others });
  return assets;
}

/** The capture time of every asset by name: the same in all versions, but not all show all. */
function captureTimes(version: RecordedVersion): Map<string, string> {
  const times = new Map<string, string>();
  for (const other of [version, "3.2.0", "3.1.0"] as const) {
    const byId = new Map(Object.entries(readNames(other).assets).map(([name, id]) => [id, name]));
    for (const { answer } of readRecordings(other)) {
      for (const object of objectsIn(answer)) {
        const name = byId.get(String(object["id"]));
        if (name === undefined || times.has(name)) continue;
        if (typeof object["fileCreatedAt"] === "string") times.set(name, object["fileCreatedAt"]);
      }
    }
  }
  return times;
}

/** The upload times by id, in microseconds where any answer shows them: albums of 2.x, buckets of 3.x. */
function uploadTimes(recordings: Recording[]): Map<string, string> {
  const times = new Map<string, string>();
  const note = (id: unknown, time: unknown) => {
    if (typeof id !== "string" || typeof time !== "string") return;
    if (time.length > (times.get(id) ?? "").length) times.set(id, time);
  };
  for (const object of objectsIn(recordings.map(({ answer }) => answer))) {
    const { id, createdAt } = object;
    if (!Array.isArray(id) || !Array.isArray(createdAt)) note(id, createdAt);
    else for (const [index, each] of id.entries()) note(each, createdAt[index]);
  }
  return times;
}

function isVideo(name: string): boolean {
  return name === "motion_video" || name === "video_plain";
}

function visibilityOf(name: string): Visibility {
  if (name.includes("archived")) return "archive";
  if (name.includes("locked")) return "locked";
  return name.startsWith("hidden_vis") || name === "motion_video" ? "hidden" : "timeline";
}

function addPeople(
  world: World,
  { alice, bob }: Users,
  names: RecordedNames,
  assets: Map<string, Asset>,
): void {
  for (const [key, person] of Object.entries(PEOPLE)) {
    const owner = key === "bobs_friend" ? bob : alice;
    world.addPerson({ ...person, owner, id: names.people[key] ?? "" });
  }
  for (const [name, faces] of Object.entries(FACES)) {
    for (const face of faces) {
      const person = world.people.get(names.people[face] ?? "") ?? null;
      const [deleted, invisible] = [face === "deleted", face === "invisible"];
      world.addFace({ asset: need(assets, name), person, deleted, invisible });
    }
  }
}

function addAlbums(
  world: World,
  users: Users,
  names: RecordedNames,
  assets: Map<string, Asset>,
  recordings: Recording[],
): Map<string, Album> {
  const albums = new Map<string, Album>();
  for (const [key, content] of Object.entries(ALBUMS)) {
    const id = names.albums[key] ?? "";
    const shown = findObject(recordings, (object) => object["id"] === id);
    const { owner, name, role } = content;
    const album = world.addAlbum({
      id,
      name,
      owner: users[owner as keyof Users],
      assets: content.assets.split(" ").filter((name) => name !== "")
        .map((name) => need(assets, name)),
      users: role === undefined ? [] : [{ user: users.alice, role }],
      createdAt: String(shown?.["createdAt"] ?? "2026-11-22T08:20:00.000Z"),
    });
    album.thumbnail = world.assets.get(String(shown?.["albumThumbnailAssetId"])) ?? null;
    albums.set(key, album);
    // Nothing else shows when Carol's assets were changed.
    const changed = shown?.["lastModifiedAssetTimestamp"];
    if (owner === "carol" && typeof changed === "string") {
      for (const asset of album.assets) asset.updatedAt = parseMicros(changed);
    }
  }
  return albums;
}

function findObject(
  recordings: Recording[],
  isWanted: (object: Record<string, unknown>) => boolean,
): Record<string, unknown> | null {
  for (const { answer } of recordings) {
    for (const object of objectsIn(answer)) if (isWanted(object)) return object;
  }
  return null;
}

function need<T>(map: Map<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`nothing recorded is named ${name}`);
  return found;
}

import { CaptureOrder } from "./capture_order.ts";
import { IdSource, seededRandom } from "./ids.ts";
import type {
  Album,
  AlbumRole,
  ApiKey,
  Asset,
  AssetType,
  Face,
  FaceBox,
  Person,
  Picture,
  Stack,
  User,
  Visibility,
} from "./model.ts";
import { type Micros, nowMicros, parseMicros } from "./time.ts";

export interface NewAsset {
  owner: User;
  /** Default: "asset-<n>.jpg" or ".mp4". */
  name?: string;
  type?: AssetType;
  /** ISO with up to six decimals, or microseconds; default: a minute each, from 2020 on. */
  takenAt?: string | Micros;
  /** Upload time; default: in 2025, long ago for any minimum age. */
  createdAt?: string | Micros;
  visibility?: Visibility;
  trashed?: boolean;
  favourite?: boolean;
  livePhotoVideo?: Asset;
  /** The asset this one lies under; the two make a stack, or it joins the stack there is. */
  stack?: Asset;
  /** Default: none of its own. */
  picture?: Picture;
  /** Default: the next id of the world. */
  id?: string;
}

export interface NewFace {
  asset: Asset;
  /** Without it, or with null, the face belongs to nobody. */
  person?: Person | null;
  deleted?: boolean;
  invisible?: boolean;
  /** Default: the same place for all. */
  box?: FaceBox;
  id?: string;
}

export interface NewAlbum {
  owner: User;
  name: string;
  assets?: Iterable<Asset>;
  users?: { user: User; role: AlbumRole }[];
  createdAt?: string;
  id?: string;
}

/** All data of a server. Tests make it before a run and may change it during one. */
export class World {
  readonly ids: IdSource;
  /** For what the server leaves open, like the order of ties on 2.x; from the seed, too. */
  readonly random: () => number;
  readonly users: User[] = [];
  readonly keys = new Map<string, ApiKey>();
  readonly assets = new Map<string, Asset>();
  readonly people = new Map<string, Person>();
  readonly faces = new Map<string, Face>();
  readonly albums = new Map<string, Album>();
  readonly partners: { from: User; to: User; inTimeline: boolean }[] = [];
  /** The machine learning server: as configured, and whether it can be reached. */
  machineLearning: "off" | "on" | "down" = "off";
  /** Texts that smart search has been asked for: these need no machine learning server again. */
  readonly searchedTexts = new Set<string>();
  /** Then only ping, version, config and features answer; everything else is 404. */
  maintenance = false;

  constructor(seed: number) {
    this.ids = new IdSource(seed);
    this.random = seededRandom(seed ^ 0x5eed);
  }

  addUser(user: { name: string; email?: string; id?: string; createdAt?: string }): User {
    const made: User = {
      id: user.id ?? this.ids.next(),
      name: user.name,
      email: user.email ?? `${user.name.toLowerCase()}@example.com`,
      avatarColor: "primary",
      createdAt: parseMicros(user.createdAt ?? "2024-01-01T00:00:00.123456Z"),
      library: new CaptureOrder(),
      people: [],
    };
    this.users.push(made);
    return made;
  }

  /** @returns the secret to send as `x-api-key` */
  addKey(key: { user: User; permissions: string[]; name?: string }): string {
    const secret = `key-${this.ids.next().replaceAll("-", "")}`;
    this.keys.set(secret, {
      id: this.ids.next(),
      secret,
      user: key.user,
      name: key.name ?? "key",
      permissions: [...key.permissions],
      createdAt: parseMicros("2024-01-02T00:00:00.123456Z"),
    });
    return secret;
  }

  removeKey(secret: string): void {
    this.keys.delete(secret);
  }

  addAsset(asset: NewAsset): Asset {
    const count = this.assets.size;
    const type = asset.type ?? "IMAGE";
    const createdAt = asset.createdAt === undefined
      ? FIRST_UPLOAD + count * 1_000_001
      : microsOf(asset.createdAt);
    const made: Asset = {
      id: asset.id ?? this.ids.next(),
      owner: asset.owner,
      name: asset.name ?? `asset-${count}.${type === "IMAGE" ? "jpg" : "mp4"}`,
      type,
      takenAt: asset.takenAt === undefined
        ? FIRST_CAPTURE + count * 60_000_000
        : microsOf(asset.takenAt),
      createdAt,
      updatedAt: createdAt,
      visibility: asset.visibility ?? "timeline",
      trashedAt: asset.trashed === true ? createdAt : null,
      favourite: asset.favourite ?? false,
      livePhotoVideo: asset.livePhotoVideo ?? null,
      stack: null,
      faces: [],
      ...(asset.picture === undefined ? {} : { picture: asset.picture }),
    };
    this.assets.set(made.id, made);
    made.owner.library.add(made);
    if (asset.stack !== undefined) this.addStack({ primary: asset.stack, others: [made] });
    return made;
  }

  /** Removes the asset for good, from albums too. */
  deleteAsset(asset: Asset): void {
    this.assets.delete(asset.id);
    asset.owner.library.delete(asset);
    asset.stack?.assets.delete(asset);
    this.removeFaces(asset);
    for (const album of this.albums.values()) album.assets.delete(asset);
  }

  trash(asset: Asset): void {
    asset.trashedAt = nowMicros();
  }

  restore(asset: Asset): void {
    asset.trashedAt = null;
  }

  /** Locking takes the asset out of all albums, as the server does. */
  setVisibility(asset: Asset, visibility: Visibility): void {
    asset.visibility = visibility;
    if (visibility !== "locked") return;
    for (const album of this.albums.values()) album.assets.delete(asset);
  }

  setTakenAt(asset: Asset, iso: string): void {
    (asset as { takenAt: Micros }).takenAt = parseMicros(iso);
    asset.owner.library.capturesChanged();
    for (const album of this.albums.values()) album.assets.capturesChanged();
  }

  addStack(stack: { primary: Asset; others: Asset[]; id?: string }): Stack {
    const made: Stack = stack.primary.stack ??
      { id: stack.id ?? this.ids.next(), primary: stack.primary, assets: new Set([stack.primary]) };
    stack.primary.stack = made;
    for (const other of stack.others) {
      made.assets.add(other);
      other.stack = made;
    }
    return made;
  }

  addPerson(
    person: { owner: User; name: string; hidden?: boolean; id?: string; updatedAt?: string },
  ): Person {
    const made: Person = {
      id: person.id ?? this.ids.next(),
      owner: person.owner,
      name: person.name,
      hidden: person.hidden ?? false,
      favourite: false,
      updatedAt: parseMicros(person.updatedAt ?? "2025-01-01T00:00:00.123456Z"),
      faces: new Set(),
    };
    this.people.set(made.id, made);
    made.owner.people.push(made);
    return made;
  }

  addFace(face: NewFace): Face {
    const made: Face = {
      id: face.id ?? this.ids.next(),
      asset: face.asset,
      person: null,
      deleted: face.deleted ?? false,
      invisible: face.invisible ?? false,
      ...(face.box === undefined ? {} : { box: face.box }),
    };
    this.faces.set(made.id, made);
    made.asset.faces.push(made);
    this.assignFace(made, face.person ?? null);
    return made;
  }

  assignFace(face: Face, person: Person | null): void {
    face.person?.faces.delete(face);
    face.person = person;
    person?.faces.add(face);
  }

  removeFace(face: Face): void {
    this.faces.delete(face.id);
    face.person?.faces.delete(face);
    face.asset.faces = face.asset.faces.filter((other) => other !== face);
  }

  removeFaces(asset: Asset): void {
    for (const face of [...asset.faces]) this.removeFace(face);
  }

  /** `from` shares his timeline with `to`. */
  addPartner(partner: { from: User; to: User; inTimeline?: boolean }): void {
    this.partners.push({ inTimeline: true, ...partner });
  }

  removePartner(partner: { from: User; to: User }): void {
    const index = this.partners.findIndex(({ from, to }) =>
      from === partner.from && to === partner.to
    );
    if (index >= 0) this.partners.splice(index, 1);
  }

  addAlbum(album: NewAlbum): Album {
    const createdAt = album.createdAt === undefined
      ? FIRST_ALBUM + this.albums.size * 1_000_001
      : parseMicros(album.createdAt);
    const made: Album = {
      id: album.id ?? this.ids.next(),
      owner: album.owner,
      name: album.name,
      description: "",
      createdAt,
      updatedAt: createdAt,
      thumbnail: null,
      assets: new CaptureOrder(),
      users: new Map(album.users?.map(({ user, role }) => [user, role])),
    };
    for (const asset of album.assets ?? []) made.assets.add(asset);
    made.thumbnail = [...made.assets][0] ?? null;
    this.albums.set(made.id, made);
    return made;
  }

  removeAlbum(album: Album): void {
    this.albums.delete(album.id);
  }
}

function microsOf(time: string | Micros): Micros {
  return typeof time === "string" ? parseMicros(time) : time;
}

const FIRST_CAPTURE = parseMicros("2020-01-01T00:00:00.000001Z");
const FIRST_UPLOAD = parseMicros("2025-01-01T00:00:00.000001Z");
const FIRST_ALBUM = parseMicros("2025-06-01T00:00:00.000001Z");

/** An empty world; the same seed gives the same ids and the same order of ties. */
export function createWorld(seed = randomSeed()): World {
  return new World(seed);
}

/** No two servers have the same ids: runs of one user and album exclude each other, wherever it is. */
function randomSeed(): number {
  const [seed = 1] = crypto.getRandomValues(new Uint32Array(1));
  return seed;
}

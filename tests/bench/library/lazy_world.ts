import {
  CaptureOrder,
  type CaptureWindow,
  type ShownContent,
} from "../../emulator/capture_order.ts";
import type { Album, Asset, Face, Person, User } from "../../emulator/model.ts";
import { type NewAlbum, World } from "../../emulator/world.ts";
import {
  at,
  BARE_FACE,
  FAVOURITE,
  HIDDEN,
  Library,
  type LibraryOptions,
  TRASHED,
} from "./library.ts";

/** Names and ids of people; their faces are in the library's columns. */
const HIDDEN_EVERY = 60;
const UNNAMED_EVERY = 4;

/**
 * A world of one user whose assets are made when they are looked at. All of the emulator works with
 * it, what goes through all assets just slowly; the routes of the benchmark know the columns.
 */
export class LazyWorld extends World {
  readonly library: Library;
  readonly owner: User;
  /** The person with the number n is at n - 1. */
  readonly personOf: readonly Person[];
  readonly #numbers: ReadonlyMap<string, number>;
  override readonly assets: Map<string, Asset>;
  override readonly albums: Map<string, LazyAlbum> = new Map();

  constructor(options: LibraryOptions) {
    super(1);
    this.library = new Library(options);
    const owner = this.addUser({ name: "Alice" });
    const all = new AssetSet(this, null);
    this.owner = { ...owner, library: all, people: owner.people };
    this.users[0] = this.owner;
    this.assets = new AssetsById(this);
    this.personOf = makePeople(this, options);
    this.#numbers = new Map(this.personOf.map(({ id }, index) => [id, index + 1]));
  }

  /** The number of a person; 0 for an id that is nobody's. */
  numberOf(personId: string): number {
    return this.#numbers.get(personId) ?? 0;
  }

  /** The asset as an object, new each time: compare ids. */
  assetAt(index: number): Asset {
    const { library } = this;
    const id = library.idAt(index);
    const type = library.typeAt(index);
    const createdAt = at(library.createdAt, index);
    const asset: Asset = {
      id,
      owner: this.owner,
      name: nameOf(library, index),
      type,
      takenAt: at(library.takenAt, index),
      createdAt,
      updatedAt: createdAt,
      visibility: library.visibilityAt(index),
      trashedAt: library.trashedAt(index),
      favourite: library.has(index, FAVOURITE),
      livePhotoVideo: null,
      stack: null,
      faces: [],
    };
    const people: (Person | null)[] = library.peopleAt(index)
      .flatMap((number) => this.personOf[number - 1] ?? []);
    if (library.has(index, BARE_FACE)) people.push(null);
    asset.faces = people.map((person, slot): Face => ({
      id: faceIdOf(id, slot),
      asset,
      person,
      deleted: false,
      invisible: false,
    }));
    return asset;
  }

  override addAlbum(album: NewAlbum): LazyAlbum {
    const members = new AssetSet(this, new Uint8Array(this.library.size));
    const { assets = [], ...bare } = album;
    const made: LazyAlbum = { ...super.addAlbum(bare), assets: members };
    for (const asset of assets) members.add(asset);
    made.thumbnail = members.values().next().value ?? null;
    this.albums.set(made.id, made);
    return made;
  }
}

export interface LazyAlbum extends Album {
  readonly assets: AssetSet;
}

/** IMG_0000012.jpg, numbered by capture as a camera does. */
export function nameOf(library: Library, index: number): string {
  const number = String(index).padStart(7, "0");
  return library.typeAt(index) === "VIDEO" ? `MOV_${number}.mp4` : `IMG_${number}.jpg`;
}

/** Ids of faces are those of their asset but for the last digit. */
export function faceIdOf(assetId: string, slot: number): string {
  return `${assetId.slice(0, -1)}${slot}`;
}

function makePeople(world: LazyWorld, { people, strangers }: LibraryOptions): Person[] {
  const total = people + strangers;
  // 3.x shows the people of an asset by id: numbers go by id too, so that columns are in its order.
  const ids = Array.from({ length: total }, () => world.ids.next()).sort();
  return ids.map((id, index) => {
    const isNamed = index < people && index % UNNAMED_EVERY !== UNNAMED_EVERY - 1;
    return world.addPerson({
      owner: world.owner,
      id,
      name: isNamed ? `Person ${index + 1}` : "",
      hidden: index % HIDDEN_EVERY === 7,
    });
  });
}

/** Some or all assets of the library, by one byte each. */
export class AssetSet extends CaptureOrder {
  readonly #world: LazyWorld;
  /** Null: all assets, for good. */
  readonly members: Uint8Array | null;
  #size: number;

  constructor(world: LazyWorld, members: Uint8Array | null) {
    super();
    this.#world = world;
    this.members = members;
    this.#size = members === null ? world.library.size : 0;
  }

  override get size(): number {
    return this.#size;
  }

  hasIndex(index: number): boolean {
    return index >= 0 && (this.members === null || this.members[index] === 1);
  }

  override has(asset: Asset): boolean {
    return this.hasIndex(this.#world.library.indexOf(asset.id));
  }

  override add(asset: Asset): this {
    this.#set(this.#world.library.indexOf(asset.id), 1);
    return this;
  }

  override delete(asset: Asset): boolean {
    return this.#set(this.#world.library.indexOf(asset.id), 0);
  }

  addWhere(belongs: (index: number) => boolean): void {
    for (let index = 0; index < this.#world.library.size; index++) {
      if (belongs(index)) this.#set(index, 1);
    }
  }

  override clear(): void {
    this.members?.fill(0);
    this.#size = 0;
  }

  override shown(): ShownContent {
    const { library } = this.#world;
    let count = 0, first = -1, last = -1, updatedAt = 0;
    for (let index = 0; index < library.size; index++) {
      if (!this.hasIndex(index) || library.has(index, HIDDEN | TRASHED)) continue;
      count++;
      if (first < 0) first = index;
      last = index;
      updatedAt = Math.max(updatedAt, at(library.createdAt, index));
    }
    const assetAt = (index: number) => index < 0 ? null : this.#world.assetAt(index);
    return { count, first: assetAt(first), last: assetAt(last), updatedAt };
  }

  override *walk(window: CaptureWindow, direction: "asc" | "desc"): Iterable<Asset> {
    const { library } = this.#world;
    const start = library.firstFrom(window.from);
    const end = window.to === Infinity ? library.size : library.firstFrom(window.to + 1);
    for (let step = 0; step < end - start; step++) {
      const index = direction === "asc" ? start + step : end - 1 - step;
      if (this.hasIndex(index)) yield this.#world.assetAt(index);
    }
  }

  override *values(): SetIterator<Asset> {
    yield* this.walk({ from: -Infinity, to: Infinity }, "asc");
  }

  override [Symbol.iterator](): SetIterator<Asset> {
    return this.values();
  }

  #set(index: number, value: 0 | 1): boolean {
    if (this.members === null) throw new Error("the library itself can't be changed");
    if (index < 0 || this.members[index] === value) return false;
    this.members[index] = value;
    this.#size += value === 1 ? 1 : -1;
    return true;
  }
}

/** Finds assets by their id without holding any. */
class AssetsById extends Map<string, Asset> {
  readonly #world: LazyWorld;

  constructor(world: LazyWorld) {
    super();
    this.#world = world;
  }

  override get size(): number {
    return this.#world.library.size;
  }

  override get(id: string): Asset | undefined {
    const index = this.#world.library.indexOf(id);
    return index < 0 ? undefined : this.#world.assetAt(index);
  }

  override has(id: string): boolean {
    return this.#world.library.indexOf(id) >= 0;
  }
}

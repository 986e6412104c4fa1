import {
  type Album,
  type Asset,
  createWorld,
  MINIMAL_PERMISSIONS,
  type Person,
  type User,
  type World,
} from "../../emulator/mod.ts";
import { ALBUM_NAME, FAST } from "./library.ts";

const SIZE = { least: 150, most: 300 };

/** Alice's library while it is lived in; what belongs is decided here by a filter of its own. */
export class BusyLibrary {
  readonly world: World;
  readonly alice: User;
  readonly key: string;
  changes = 0;
  readonly #bob: User;
  readonly #shared: boolean;
  readonly #people: readonly Person[];
  readonly #random: () => number;
  readonly #grantKey: () => void;

  /** @param fast so that Immich 3.2 is asked for differences only: the key, and no shared album */
  constructor(seed: number, random: () => number, fast: boolean) {
    this.#random = random;
    this.world = createWorld(seed);
    this.alice = this.world.addUser({ name: "Alice" });
    this.#bob = this.world.addUser({ name: "Bob" });
    this.#people = ["Anna", ""].map((name) => this.world.addPerson({ owner: this.alice, name }));
    const permissions = fast ? FAST : MINIMAL_PERMISSIONS;
    this.key = this.world.addKey({ user: this.alice, permissions });
    this.#shared = !fast;
    const granted = this.world.keys.get(this.key);
    this.#grantKey = () => {
      if (granted !== undefined) this.world.keys.set(this.key, granted);
    };
    for (let i = 0; i < (SIZE.least + SIZE.most) / 2; i++) this.#upload();
  }

  /** Undoes what faults have left behind: the server works and knows the key. */
  mendServer(): void {
    this.world.maintenance = false;
    this.#grantKey();
  }

  albums(): Album[] {
    return [...this.world.albums.values()].filter(({ name }) => name === ALBUM_NAME);
  }

  belongs(asset: Asset): boolean {
    return asset.visibility === "timeline" && asset.trashedAt === null &&
      asset.faces.every(({ person }) => person === null);
  }

  /** Somebody does something with the library or the album. */
  change(): void {
    this.changes++;
    const asset = this.#pick([...this.alice.library]);
    const [album] = this.albums();
    const deeds: (() => void)[] = [
      () => this.#upload(),
      () => this.#upload(),
      () => this.world.deleteAsset(asset),
      () => this.world.deleteAsset(asset),
      () => void this.world.addFace({ asset, person: this.#pick(this.#people) }),
      () => void this.world.addFace({ asset }),
      () => this.world.removeFaces(asset),
      () => this.world.removeFaces(asset),
      () => this.world.setVisibility(asset, "archive"),
      () => this.world.setVisibility(asset, "timeline"),
      () => this.world.setVisibility(asset, "timeline"),
      () => this.world.setVisibility(asset, "locked"),
      () => this.world.setVisibility(asset, "hidden"),
      () => this.world.trash(asset),
      () => this.world.restore(asset),
      () => this.world.restore(asset),
      () => this.world.setTakenAt(asset, `20${10 + Math.floor(this.#random() * 15)}-05-05`),
      () => this.#aliceAdds(asset, album),
      () => void album?.assets.delete(asset),
      () => this.#bobInAlbum(album),
    ];
    if (album !== undefined && this.#random() < 0.01) return this.world.removeAlbum(album);
    const { size } = this.alice.library;
    if (size > SIZE.most) this.world.deleteAsset(asset);
    else if (size < SIZE.least) this.#upload();
    else this.#pick(deeds)();
  }

  /** Somebody is quicker than a write that is about to be done to these assets. */
  overtake(ids: readonly string[]): void {
    const asset = this.world.assets.get(this.#pick(ids));
    if (asset === undefined || asset.owner !== this.alice) return;
    this.changes++;
    const deeds: (() => void)[] = [
      () => this.world.deleteAsset(asset),
      () => this.world.trash(asset),
      () => this.world.setVisibility(asset, "locked"),
      () => void this.world.addFace({ asset, person: this.#pick(this.#people) }),
      () => this.world.removeFaces(asset),
      () => this.#doByHand(asset),
    ];
    this.#pick(deeds)();
  }

  /**
   * What is wrong after a run that nothing disturbed: all that belongs is in the album, and of
   * Alice's nothing else but the trash, of which no listing tells.
   */
  wrongAfterCalm(): string | undefined {
    const albums = this.albums();
    const [album] = albums;
    if (album === undefined || albums.length > 1) return `there are ${albums.length} albums`;
    const own = [...this.alice.library];
    const missing = own.filter((asset) => this.belongs(asset) && !album.assets.has(asset));
    const tooMany = own.filter((asset) =>
      album.assets.has(asset) && !this.belongs(asset) && asset.trashedAt === null
    );
    return missing.length + tooMany.length === 0
      ? undefined
      : `missing: ${missing.map(describe)}; too many: ${tooMany.map(describe)}`;
  }

  foreignMembers(): Set<Asset> {
    const members = this.albums().flatMap(({ assets }) => [...assets]);
    return new Set(members.filter(({ owner }) => owner !== this.alice));
  }

  #upload(): void {
    const asset = this.world.addAsset({
      owner: this.alice,
      type: this.#random() < 0.2 ? "VIDEO" : "IMAGE",
    });
    if (this.#random() < 0.4) this.world.addFace({ asset, person: this.#pick(this.#people) });
  }

  /** Whatever it shows; the server takes no locked ones. */
  #aliceAdds(asset: Asset, album: Album | undefined): void {
    if (asset.visibility !== "locked") album?.assets.add(asset);
  }

  /** In or out by hand, before the run does the same. */
  #doByHand(asset: Asset): void {
    const [album] = this.albums();
    if (album?.assets.delete(asset) === false) this.#aliceAdds(asset, album);
  }

  /** Bob, as editor of now or once, puts one of his own into the album, or takes one out when there are many. */
  #bobInAlbum(album: Album | undefined): void {
    if (album === undefined) return;
    if (this.#shared) album.users.set(this.#bob, "editor");
    const his = [...this.foreignMembers()];
    if (his.length > 20) return this.world.deleteAsset(this.#pick(his));
    const asset = this.world.addAsset({ owner: this.#bob });
    const friend = this.world.addPerson({ owner: this.#bob, name: "Friend" });
    if (this.#random() < 0.5) this.world.addFace({ asset, person: friend });
    album.assets.add(asset);
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new Error("there is nothing to pick from");
    return picked;
  }
}

function describe({ id, visibility, faces }: Asset): string {
  return `${id} (${visibility}, ${faces.length} faces)`;
}

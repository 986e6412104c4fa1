import type { Generation } from "../../emulator/generation.ts";
import type { Album, Asset } from "../../emulator/mod.ts";
import { isFaceless, type Library } from "../library.ts";
import type { State } from "./control.ts";

export const ALBUM_NAME = "Faceless";
/** Always the same, so that recorded requests can be repeated. */
const ALBUM_ID = "a1b00000-0000-4000-8000-000000000001";

/** The library and its album, brought to the state in which there is something to be done. */
export class Stage {
  readonly #library: Library;
  /** What makes the library as it was, last change first. */
  #undo: (() => void)[] = [];

  constructor(library: Library) {
    this.#library = library;
  }

  /** No albums, and the library as it was made. */
  reset(): void {
    this.#library.world.albums.clear();
    for (const undo of this.#undo) undo();
    this.#undo = [];
  }

  /** An album of all faceless assets: what a first sync leaves. */
  fill(): void {
    const { world, owner } = this.#library;
    const assets = [...world.assets.values()].filter(isFaceless);
    world.addAlbum({ owner, name: ALBUM_NAME, id: ALBUM_ID, assets });
  }

  /**
   * Faces are recognised on half of so many assets of the album, and half as many others lose
   * theirs; all over the library.
   */
  change(count: number): void {
    const assets = [...this.#library.world.assets.values()];
    for (let change = 0; change < count; change++) {
      const gains = change % 2 === 0;
      let index = Math.floor((change + 0.5) * assets.length / count);
      for (let asset = assets[index]; asset !== undefined; asset = assets[++index]) {
        if (!this.#canChange(asset, gains)) continue;
        if (gains) this.#recognise(asset);
        else this.#forget(asset);
        break;
      }
    }
  }

  state(generation: Generation): State {
    let searched = 0, searchedFaceless = 0, faceless = 0, missing = 0, wrong = 0;
    const album = this.#album();
    for (const asset of this.#library.world.assets.values()) {
      const belongs = isFaceless(asset);
      if (belongs) faceless++;
      if (album !== undefined && belongs !== album.assets.has(asset)) {
        if (belongs) missing++;
        else wrong++;
      }
      // What a search without conditions finds: the timeline on 2.x, later all but locked assets.
      if (asset.trashedAt !== null) continue;
      if (generation === "2.x" && asset.visibility !== "timeline") continue;
      searched++;
      if (asset.faces.every(({ person }) => person === null)) searchedFaceless++;
    }
    const found = album === undefined ? null : { size: album.assets.size, missing, wrong };
    return { searched, searchedFaceless, faceless, album: found };
  }

  #album(): Album | undefined {
    return this.#library.world.albums.values().find(({ name }) => name === ALBUM_NAME);
  }

  #canChange(asset: Asset, gains: boolean): boolean {
    if (gains) return isFaceless(asset);
    // Who loses a stranger's only face would change who is listed.
    return asset.visibility === "timeline" && asset.trashedAt === null && asset.faces.length > 0 &&
      asset.faces.every(({ person }) => person !== null && person.faces.size > 3);
  }

  #recognise(asset: Asset): void {
    const { world, people: [person = null] } = this.#library;
    const face = world.addFace({ asset, person });
    this.#undo.unshift(() => world.removeFace(face));
  }

  #forget(asset: Asset): void {
    const { world } = this.#library;
    const people = asset.faces.map(({ person }) => person);
    world.removeFaces(asset);
    this.#undo.unshift(() => {
      for (const person of people) world.addFace({ asset, person });
    });
  }
}

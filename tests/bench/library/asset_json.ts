import { assetAnswer, type Json } from "../../emulator/answers.ts";
import type { Generation } from "../../emulator/generation.ts";
import type { Asset, Face, Person } from "../../emulator/model.ts";
import { recordOf } from "../../emulator/recordings.ts";
import { millisOf, parseMicros } from "../../emulator/time.ts";
import { faceIdOf, type LazyWorld, nameOf } from "./lazy_world.ts";
import { at, BARE_FACE, FAVOURITE, SLOTS } from "./library.ts";

/** Stands in the template for what differs; no quote, so that JSON leaves them as they are. */
const ID = "<asset id>", NAME = "<asset name>", FACE = "<face id>";
const TAKEN = parseMicros("2001-01-01T00:00:00Z"), CREATED = parseMicros("2002-02-02T00:00:00Z");

/** Text with gaps: `texts[0]`, what fills gap 0, `texts[1]` …; gaps by their place in the values. */
interface Template {
  readonly texts: readonly string[];
  readonly gaps: readonly number[];
}

/**
 * Writes the answers of assets as JSON text, quicker than from objects: a page of 1,000 in 2 ms
 * instead of 15. The templates are made of what the emulator itself answers.
 */
export class AssetWriter {
  readonly #world: LazyWorld;
  readonly #generation: Generation;
  readonly #withPeople: boolean;
  /** By traits, as far as these change more than the gaps. */
  readonly #templates = new Map<number, Template>();
  /** Before and after the id of the face, by the person's number; 0: a face without a person. */
  readonly #people = new Map<number, readonly [string, string]>();

  constructor(world: LazyWorld, generation: Generation, withPeople: boolean) {
    this.#world = world;
    this.#generation = generation;
    this.#withPeople = withPeople;
  }

  write(index: number): string {
    const { library } = this.#world;
    // Of a face without a person the template knows nothing.
    const traits = at(library.traits, index) & ~BARE_FACE;
    let template = this.#templates.get(traits);
    if (template === undefined) {
      template = this.#makeTemplate(index);
      this.#templates.set(traits, template);
    }
    const values = this.#valuesOf(index);
    const { texts, gaps } = template;
    let text = texts[0] ?? "";
    for (let place = 0; place < gaps.length; place++) {
      text += (values[gaps[place] ?? 0] ?? "") + (texts[place + 1] ?? "");
    }
    return text;
  }

  /** What fills each kind of gap, each made once however often it is there. */
  #valuesOf(index: number): string[] {
    const { library } = this.#world;
    const id = library.idAt(index);
    const hasFace = this.#withPeople && library.has(index, BARE_FACE);
    return [
      id,
      nameOf(library, index),
      millisOf(at(library.takenAt, index)),
      millisOf(at(library.createdAt, index)),
      checksumOf(id),
      this.#withPeople ? this.#peopleOf(index, id) : "",
      hasFace ? this.#face(0, faceIdOf(id, library.peopleAt(index).length)) : "",
    ];
  }

  #peopleOf(index: number, id: string): string {
    const { people } = this.#world.library;
    let text = "";
    for (let slot = 0; slot < SLOTS; slot++) {
      const number = at(people, index * SLOTS + slot);
      if (number === 0) break;
      text += (slot === 0 ? "" : ",") + this.#face(number, faceIdOf(id, slot));
    }
    return text;
  }

  #face(number: number, faceId: string): string {
    let parts = this.#people.get(number);
    if (parts === undefined) {
      const person = this.#world.personOf[number - 1] ?? null;
      parts = makeFace(this.#world.assetAt(0), person, this.#generation);
      this.#people.set(number, parts);
    }
    return parts[1] === "" ? parts[0] : `${parts[0]}${faceId}${parts[1]}`;
  }

  #makeTemplate(index: number): Template {
    const asset: Asset = {
      ...this.#world.assetAt(index),
      id: ID,
      name: NAME,
      takenAt: TAKEN,
      createdAt: CREATED,
      updatedAt: CREATED,
      favourite: this.#world.library.has(index, FAVOURITE),
      faces: [],
    };
    const text = JSON.stringify(assetAnswer(asset, this.#generation, this.#withPeople));
    const marks = [
      ...[ID, NAME, millisOf(TAKEN), millisOf(CREATED), checksumOf(ID)].map((mark) => ({ mark })),
      { mark: '"people":[', kept: true },
      { mark: '"unassignedFaces":[', kept: true },
    ];
    return cut(text, marks);
  }
}

/** Cuts the text at the marks, whose numbers become those of the gaps; some stay in the text. */
function cut(text: string, marks: readonly { mark: string; kept?: boolean }[]): Template {
  const texts = [""];
  const gaps: number[] = [];
  for (let place = 0; place < text.length;) {
    const gap = marks.findIndex(({ mark }) => text.startsWith(mark, place));
    const found = marks[gap];
    const last = texts.length - 1;
    if (found === undefined) texts[last] += text.charAt(place++);
    else {
      if (found.kept === true) texts[last] += found.mark;
      gaps.push(gap);
      texts.push("");
      place += found.mark.length;
    }
  }
  return { texts, gaps };
}

/** As `assetAnswer` makes it of the id. */
function checksumOf(id: string): string {
  return btoa(id.replaceAll("-", "").slice(0, 20));
}

/** The person (null: the face of nobody) as the asset's answer shows it, cut at the id of the face. */
function makeFace(
  like: Asset,
  person: Person | null,
  generation: Generation,
): readonly [string, string] {
  const asset: Asset = { ...like, faces: [] };
  const face: Face = { id: FACE, asset, person, deleted: false, invisible: false };
  asset.faces.push(face);
  const answer: Json = assetAnswer(asset, generation, true);
  const shown = answer[person === null ? "unassignedFaces" : "people"];
  const [before = "", after = ""] = Array.isArray(shown)
    ? JSON.stringify(recordOf(shown[0])).split(FACE)
    : [];
  return [before, after];
}

import * as v from "valibot";
import { type Call, ImmichHttp } from "../../../src/immich/http.ts";
import type { Box } from "../../../src/missed/candidates.ts";
import { immichConfig, silentLog } from "../../support/immich_config.ts";
import type { MadeUpLibrary } from "./made_up_library.ts";

/** In pixels, as a face is told. */
const SIDE = 1000;

/** Answers what is asked about single assets of a made-up library, without a network. */
export class MadeUpServer extends ImmichHttp {
  readonly #library: MadeUpLibrary;
  readonly #rows: ReadonlyMap<string, number>;
  /** By row. */
  readonly #faces: ReadonlyMap<number, readonly Box[]>;

  constructor(library: MadeUpLibrary, hasFaces: boolean) {
    super(immichConfig({ url: "http://localhost" }, ""), silentLog, new AbortController().signal);
    this.#library = library;
    this.#rows = new Map(library.cameras.keys().map((row) => [library.table.id(row), row]));
    this.#faces = new Map(hasFaces ? library.faces.map(({ row, boxes }) => [row, boxes]) : []);
  }

  override call<T>({ path, body, schema }: Call<T>): Promise<T> {
    return Promise.resolve(v.parse(schema, this.#answer(path, body)));
  }

  #answer(path: string, body: unknown): unknown {
    const { table, cameras } = this.#library;
    const rowOf = (id: string) => this.#rows.get(id) ?? NaN;
    const withCamera = (row: number) => ({
      id: table.id(row),
      exifInfo: { model: `camera ${cameras[row]}` },
    });
    const [, asset] = /^\/assets\/([^/]+)$/.exec(path) ?? [];
    if (asset !== undefined) return withCamera(rowOf(asset));
    const [, faced] = /^\/faces\?id=(.+)$/.exec(path) ?? [];
    if (faced !== undefined) {
      const boxes = this.#faces.get(rowOf(faced)) ?? [];
      return boxes.map(({ left, top, width, height, aspect }) => ({
        boundingBoxX1: left * SIDE * aspect,
        boundingBoxY1: top * SIDE,
        boundingBoxX2: (left + width) * SIDE * aspect,
        boundingBoxY2: (top + height) * SIDE,
        imageWidth: SIDE * aspect,
        imageHeight: SIDE,
        person: null,
      }));
    }
    if (path === "/search/suggestions?type=camera-model") return ["camera 0", "camera 1"];
    if (path === "/search/metadata") {
      // The only times in it, on all generations.
      const [from = NaN, to = NaN] = JSON.stringify(body).match(/\d{4}-[\dT:.-]+Z/g)
        ?.map((time) => Date.parse(time)) ?? [];
      const rows = cameras.keys().filter((row) => {
        const takenAt = table.takenAt(row);
        return takenAt >= from && takenAt <= to;
      });
      return { assets: { items: [...rows].map(withCamera) } };
    }
    throw new Error(`Nobody knows what ${path} is to answer.`);
  }
}

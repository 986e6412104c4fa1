import { type Issue, notEmulated } from "./errors.ts";
import {
  boolean,
  nonEmpty,
  oneOf,
  type Path,
  type Read,
  type Reader,
  string,
  time,
  uuid,
  wrongType,
} from "./fields.ts";
import type { Asset, AssetType, Visibility } from "./model.ts";
import { hasFace, peopleOf } from "./people.ts";
import { isRecord } from "./reading.ts";
import type { Micros } from "./time.ts";
import type { World } from "./world.ts";
import { hasInName, isInAlbum } from "./search_flat.ts";

/** One condition of a filter: whether an asset meets it. */
export type Condition = (asset: Asset, world: World) => boolean;

/** What was read of one field of a filter. */
export interface FieldCondition {
  meets: Condition;
  /** The operators as given, for those who look at them: scope, access, window. */
  operators: Record<string, unknown>;
}

type FieldReader = (value: unknown, path: Path) => Read<FieldCondition>;

/** An operator: how its operand is read, and what it then asks of the field's value. */
interface Operator<V> {
  read: Reader<unknown>;
  test: (operand: unknown) => (value: V) => boolean;
}

function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path) => value === null ? { value } : reader(value, path);
}

/** A field that is an object of operators, all of which must hold; other keys are not looked at. */
function field<V>(
  valueOf: (asset: Asset, world: World) => V,
  operators: Record<string, Operator<V>>,
  required: string | null = null,
): FieldReader {
  return (value, path) => {
    if (!isRecord(value)) return wrongType("object", value, path, []);
    const tests: ((value: V) => boolean)[] = [];
    const given: Record<string, unknown> = {};
    for (const [name, operator] of Object.entries(operators)) {
      if (value[name] === undefined && name !== required) continue;
      const read = operator.read(value[name], [...path, name]);
      if ("issue" in read) return read;
      tests.push(operator.test(read.value));
      given[name] = read.value;
    }
    if (tests.length === 0) return { issue: emptyCondition(path) };
    return {
      value: {
        operators: given,
        meets: (asset, world) => {
          const actual = valueOf(asset, world);
          return tests.every((holds) => holds(actual));
        },
      },
    };
  };
}

/** An object without any condition. */
export function emptyCondition(path: Path): Issue {
  const message = "At least one filter condition is required";
  return { messages: [], zod: { code: "custom", path, message } };
}

function equality<V>(read: Reader<V>): Record<"eq" | "ne", Operator<V>> {
  return {
    eq: { read, test: (operand) => (value) => value === operand },
    ne: { read, test: (operand) => (value) => value !== operand },
  };
}

function choice<V extends string>(...values: V[]): Record<string, Operator<V>> {
  const read = nonEmpty(oneOf(...values));
  return {
    ...equality<V>(oneOf(...values)),
    in: { read, test: (operand) => (value) => listed(operand).includes(value) },
    notIn: { read, test: (operand) => (value) => !listed(operand).includes(value) },
  };
}

function comparison(): Record<string, Operator<Micros | null>> {
  const compare = (holds: (value: number, bound: number) => boolean): Operator<Micros | null> => ({
    read: time,
    // As in SQL, a comparison with null never holds.
    test: (bound) => (value) => value !== null && typeof bound === "number" && holds(value, bound),
  });
  return {
    gt: compare((value, bound) => value > bound),
    gte: compare((value, bound) => value >= bound),
    lt: compare((value, bound) => value < bound),
    lte: compare((value, bound) => value <= bound),
  };
}

const bool = { eq: equality(boolean).eq };
const dates = { ...equality<Micros | null>(time), ...comparison() };
const nullableDates = { ...equality<Micros | null>(nullable(time)), ...comparison() };

function listed(operand: unknown): string[] {
  return Array.isArray(operand) ? operand : [];
}

/** Asks for ids among those of the asset: with the operand as a set, for it may be long. */
function idTest(
  holds: (found: readonly string[], wanted: ReadonlySet<string>) => boolean,
): Operator<readonly string[]> {
  return {
    read: nonEmpty(uuid),
    test: (operand) => {
      const wanted = new Set(listed(operand));
      return (found) => holds(found, wanted);
    },
  };
}

const ids: Record<string, Operator<readonly string[]>> = {
  any: idTest((found, wanted) => found.some((id) => wanted.has(id))),
  all: idTest((found, wanted) => wanted.isSubsetOf(new Set(found))),
  none: idTest((found, wanted) => !found.some((id) => wanted.has(id))),
};

function albumIdsOf(asset: Asset, world: World): string[] {
  const found: string[] = [];
  for (const { id, assets } of world.albums.values()) if (assets.has(asset)) found.push(id);
  return found;
}

const FIELDS: ReadonlyMap<string, FieldReader> = new Map([
  ["albumIds", field(albumIdsOf, ids)],
  ["createdAt", field((asset) => asset.createdAt, dates)],
  ["hasAlbums", field((asset, world) => isInAlbum(world, asset), bool, "eq")],
  // A visible face is enough, it need not belong to a person.
  ["hasPeople", field(hasFace, bool, "eq")],
  ["id", field((asset) => asset.id, equality(uuid))],
  ["isFavorite", field((asset) => asset.favourite, bool, "eq")],
  ["isMotion", field((asset) => asset.livePhotoVideo !== null, bool, "eq")],
  [
    "originalFileName",
    field((asset) => asset, {
      like: { read: string, test: (part) => (asset) => hasInName(asset, String(part)) },
    }),
  ],
  ["personIds", field((asset) => peopleOf(asset).map(({ id }) => id), ids)],
  ["takenAt", field((asset) => asset.takenAt, dates)],
  ["trashedAt", field((asset) => asset.trashedAt, nullableDates)],
  ["type", field((asset) => asset.type, choice<AssetType>("IMAGE", "VIDEO"))],
  ["updatedAt", field((asset) => asset.updatedAt, dates)],
  [
    "visibility",
    field(
      (asset) => asset.visibility,
      choice<Visibility>("archive", "timeline", "hidden", "locked"),
    ),
  ],
]);

/** Fields of 3.2 that the emulator does not filter by. */
const NOT_EMULATED = new Set([
  ..."checksum city country description encodedVideoPath fileSizeInBytes hasTags".split(" "),
  ..."isEncoded isOffline lensModel libraryId make model ocr".split(" "),
  ..."originalPath rating state tagIds".split(" "),
]);

/**
 * Reads one field of a filter.
 * @returns null for a field that 3.2 does not have
 * @throws ApiError 501 for one that only the emulator lacks
 */
export function readFilterField(
  name: string,
  value: unknown,
  path: Path,
): Read<FieldCondition> | null {
  if (NOT_EMULATED.has(name)) throw notEmulated(`the filter field ${name}`);
  const reader = FIELDS.get(name);
  return reader === undefined ? null : reader(value, path);
}

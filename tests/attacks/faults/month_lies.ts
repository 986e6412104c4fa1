import type { LoggedRequest } from "../../emulator/mod.ts";
import type { Blow } from "./blow.ts";
import { type Change, lie, recordOf } from "./lie.ts";

/** A month of an album in columns that are not true, or not columns. */
export const MONTH_LIES: readonly Blow[] = [
  month("empty", columns(() => [])),
  month("cut", columns((values) => values.slice(0, 1))),
  month("told twice", columns((values) => [...values, ...values])),
  month("of strangers' assets", column("id", (ids) => ids.map(() => crypto.randomUUID()))),
  month("of strangers", column("ownerId", (ids) => ids.map(() => crypto.randomUUID()))),
  month("in the archive", column("visibility", (values) => values.map(() => "archive"))),
  month("that is hidden", column("visibility", (values) => values.map(() => "hidden"))),
  month("in the trash", column("isTrashed", (values) => values.map(() => true))),
  month("of no UUIDs", column("id", (ids) => ids.map(() => "../../../users/me"))),
  month("without an owner", column("ownerId", (ids) => ids.slice(1))),
  month("without an id", column("id", (ids) => ids.slice(1))),
  month("that is null", () => null),
  {
    ...month("that is always the first one", (body) => body),
    rules: () => {
      let first: unknown;
      return [{ fault: { kind: "mutate", change: (body) => first ??= body } }];
    },
  },
  {
    ...month("that is the library's", (body) => body),
    rules: () => [{ fault: { kind: "before", run: (_, { query }) => query.delete("albumId") } }],
  },
];

function month(what: string, change: Change): Blow {
  const hits = ({ path, query }: LoggedRequest) =>
    path === "/api/timeline/bucket" && query.has("albumId");
  return lie(`a month of an album ${what}`, hits, change);
}

function column(name: string, change: (values: unknown[]) => unknown[]): Change {
  return (body) => {
    const values = recordOf(body)[name];
    return Array.isArray(values) ? { ...recordOf(body), [name]: change(values) } : body;
  };
}

function columns(change: (values: unknown[]) => unknown[]): Change {
  return (body) =>
    Object.fromEntries(
      Object.entries(recordOf(body)).map(([name, values]) => [
        name,
        Array.isArray(values) ? change(values) : values,
      ]),
    );
}

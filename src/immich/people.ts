import * as v from "valibot";
import { ImmichError } from "./immich_error.ts";
import { idSchema } from "./asset.ts";
import type { Call, ImmichHttp } from "./http.ts";

const personSchema = v.object({ id: idSchema, name: v.string() });
export type Person = v.InferOutput<typeof personSchema>;

const peopleSchema = v.object({
  people: v.array(personSchema),
  hasNextPage: v.optional(v.boolean(), false),
  total: v.optional(v.number()),
});

const PAGE_SIZE = 1000;
/** The ids of more people do not fit well into one question. */
export const MAX_PEOPLE_ASKED = 10_000;
/** A million people: far beyond any library, so that a server that never ends is noticed. */
const MAX_PAGES = 1000;

/** The people of the user. */
export interface People {
  /** Named, unnamed and hidden ones. */
  readonly listed: readonly Person[];
  /**
   * Whether these are all whom the timeline shows: Immich lists no unnamed people with few faces
   * (fewer than its `minFaces`), but counts them (seen on 2.7.5, 3.1.0 and 3.2).
   */
  readonly areAll: boolean;
}

/** Needs `person.read`. */
export async function readPeople(
  http: ImmichHttp,
  options: Pick<Call<unknown>, "signal"> = {},
): Promise<People> {
  const people = new Map<string, Person>();
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await http.call({
      method: "GET",
      path: `/people?withHidden=true&page=${page}&size=${PAGE_SIZE}`,
      schema: peopleSchema,
      ...options,
    });
    const before = people.size;
    for (const person of answer.people) people.set(person.id, person);
    if (answer.hasNextPage && people.size === before) {
      throw new ImmichError(
        "answer",
        "The list of people can't be trusted: the same page is repeated.",
        "Have the proxy or cache in front of Immich pass on the query of a request.",
      );
    }
    if (!answer.hasNextPage) {
      return { listed: [...people.values()], areAll: answer.total === people.size };
    }
  }
  throw new ImmichError(
    "answer",
    `The list of people does not end after ${MAX_PAGES} pages.`,
    "Please report this with the version of your Immich.",
  );
}

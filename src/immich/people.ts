import { ImmichError } from "./errors.ts";
import type { ImmichHttp } from "./http.ts";
import { peopleSchema, type Person } from "./schema.ts";

const PAGE_SIZE = 1000;
/** A million people: far beyond any library, so that a server that never ends is noticed. */
const MAX_PAGES = 1000;

/** All people of the user, unnamed and hidden ones too; needs `person.read`. */
export async function listPeople(http: ImmichHttp): Promise<Person[]> {
  const people = new Map<string, Person>();
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await http.call({
      method: "GET",
      path: `/people?withHidden=true&page=${page}&size=${PAGE_SIZE}`,
      schema: peopleSchema,
    });
    for (const person of answer.people) people.set(person.id, person);
    if (!answer.hasNextPage) return [...people.values()];
  }
  throw new ImmichError(
    "answer",
    `The list of people does not end after ${MAX_PAGES} pages.`,
    "Please report this with the version of your Immich.",
  );
}

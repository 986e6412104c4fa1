import type { Asset, Face, Person, User } from "./model.ts";

/** Faces the server counts: neither soft-deleted nor moved out of the picture by an edit. */
export function visibleFaces(asset: Asset): Face[] {
  return asset.faces.filter(isVisible);
}

function isVisible({ deleted, invisible }: Face): boolean {
  return !deleted && !invisible;
}

/** Whether there is any of these. */
export function hasFace({ faces }: Asset): boolean {
  return faces.some(isVisible);
}

/** The people of an asset, each once. */
export function peopleOf(asset: Asset): Person[] {
  if (asset.faces.length === 0) return [];
  const people = visibleFaces(asset).flatMap(({ person }) => person === null ? [] : [person]);
  return [...new Set(people)];
}

/** Whether a visible face of the asset belongs to the person. */
export function shows(asset: Asset, personId: string): boolean {
  return asset.faces.some((face) =>
    face.person?.id === personId && !face.deleted && !face.invisible
  );
}

/** Unnamed people with fewer faces than this are left out of `/people` (`machineLearning.minFaces`). */
const MIN_FACES = 3;

/** How many faces of a person are to be seen in the timeline or the archive. */
function listedFaceCount(person: Person): number {
  let count = 0;
  for (const { asset, deleted, invisible } of person.faces) {
    if (deleted || invisible || asset.trashedAt !== null) continue;
    if (asset.visibility === "timeline" || asset.visibility === "archive") count++;
  }
  return count;
}

/** What `GET /people` says. */
export interface PeoplePage {
  people: Person[];
  hasNextPage: boolean;
  /** Everybody with a face, also those the list leaves out. */
  total: number;
  hidden: number;
}

/** People with a name or enough faces: shown before hidden, named before unnamed, most faces first. */
export function listPeople(
  user: User,
  options: { withHidden: boolean; page: number; size: number },
  countFaces: (person: Person) => number = listedFaceCount,
): PeoplePage {
  const withFaces = user.people
    .map((person) => ({ person, count: countFaces(person) }))
    .filter(({ count }) => count > 0);
  const listed = withFaces
    .filter(({ person, count }) => person.name !== "" || count >= MIN_FACES)
    .filter(({ person }) => options.withHidden || !person.hidden)
    .sort((a, b) =>
      Number(a.person.hidden) - Number(b.person.hidden) ||
      Number(b.person.favourite) - Number(a.person.favourite) ||
      Number(a.person.name === "") - Number(b.person.name === "") ||
      b.count - a.count || a.person.name.localeCompare(b.person.name)
    );
  const start = (options.page - 1) * options.size;
  return {
    people: listed.slice(start, start + options.size).map(({ person }) => person),
    hasNextPage: listed.length > start + options.size,
    total: withFaces.length,
    hidden: withFaces.filter(({ person }) => person.hidden).length,
  };
}

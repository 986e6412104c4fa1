import type { Asset } from "../../emulator/mod.ts";
import { membersOf, type Stage } from "./stage.ts";

// What is right, worked out from the world itself and without any of the code under test.

/**
 * `untouchable`: other people's, and the trash, which the server shows nobody. `locked`: the server
 * itself takes it out of all albums.
 */
export type Standing = "belongs" | "unfit" | "untouchable" | "locked";

function standingOf(asset: Asset, { world, us, wish }: Stage): Standing {
  const own = asset.owner === us;
  const partners = wish.partners &&
    world.partners.some(({ from, to }) => from === asset.owner && to === us);
  if (!own && !partners) return "untouchable";
  if (asset.visibility === "locked") return "locked";
  if (asset.trashedAt !== null) return "untouchable";
  const shown = asset.visibility === "timeline" ||
    (asset.visibility === "archive" && own && wish.archived);
  const faced = asset.faces.some((face) => !face.deleted && !face.invisible && wish.counts(face));
  return shown && !faced && wish.types.includes(asset.type) ? "belongs" : "unfit";
}

function standings(stage: Stage): ReadonlyMap<string, Standing> {
  return new Map([...stage.world.assets.values()].map((a) => [a.id, standingOf(a, stage)]));
}

/** The album as it should be now. */
export function idealAlbum(stage: Stage): ReadonlySet<string> {
  const ideal = new Set<string>();
  const members = membersOf(stage);
  for (const [id, standing] of standings(stage)) {
    if (standing === "belongs" || (standing === "untouchable" && members.has(id))) ideal.add(id);
  }
  return ideal;
}

/** What a run did to the album, and what of it no truth of before or after the run allows. */
export interface Change {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly wronglyAdded: readonly string[];
  readonly wronglyRemoved: readonly string[];
}

/** A moment of the world, to be held against a later one. */
export interface Moment {
  readonly albumId: string | undefined;
  readonly members: ReadonlySet<string>;
  readonly standings: ReadonlyMap<string, Standing>;
  /** Everything that no run may change. */
  readonly rest: string;
}

export function momentOf(stage: Stage): Moment {
  return {
    albumId: stage.album()?.id,
    members: membersOf(stage),
    standings: standings(stage),
    rest: restOf(stage),
  };
}

export function changeBetween(before: Moment, after: Moment): Change {
  const was = (id: string, standing: Standing) =>
    before.standings.get(id) === standing || after.standings.get(id) === standing;
  // Nobody takes assets out of an album that was deleted; the one made in its place starts empty.
  const members = before.albumId === after.albumId ? before.members : new Set<string>();
  const added = [...after.members].filter((id) => !members.has(id));
  const removed = [...members].filter((id) => !after.members.has(id));
  return {
    added,
    removed,
    wronglyAdded: added.filter((id) => !was(id, "belongs")),
    // What was deleted for good, or locked, the server has taken out of the album itself.
    wronglyRemoved: removed.filter((id) =>
      !was(id, "unfit") && after.standings.has(id) && after.standings.get(id) !== "locked"
    ),
  };
}

export function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}

/** All of the world but the members of our album, as text. */
function restOf(stage: Stage): string {
  const { world } = stage;
  const ours = stage.album();
  return JSON.stringify({
    assets: [...world.assets.values()].map((asset) => [
      ...[asset.id, asset.owner.id, asset.name, asset.type, asset.visibility, asset.trashedAt],
      ...[asset.takenAt, asset.createdAt, asset.updatedAt, asset.favourite],
      asset.faces.map(({ id, person, deleted, invisible }) => [id, person?.id, deleted, invisible]),
    ]),
    people: [...world.people.values()].map(({ id, name, hidden }) => [id, name, hidden]),
    albums: [...world.albums.values()].filter((album) => album !== ours).map((album) => [
      ...[album.id, album.name, album.description, album.owner.id],
      [...album.assets].map(({ id }) => id).sort(),
      [...album.users].map(([{ id }, role]) => [id, role]),
    ]),
    users: world.users.map(({ id, name }) => [id, name]),
    partners: world.partners.map(({ from, to }) => [from.id, to.id]),
  });
}

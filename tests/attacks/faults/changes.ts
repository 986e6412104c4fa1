import type { Asset, World } from "../../emulator/mod.ts";
import { type Blow, isChange } from "./blow.ts";
import type { Stage } from "./stage.ts";

type Cast = Stage["cast"];

/** Somebody else changes the library just before a request is handled. */
export const CHANGES: readonly Blow[] = [
  ...onCast("trashed", (world, asset) => world.trash(asset)),
  ...onCast("archived", (world, asset) => world.setVisibility(asset, "archive")),
  ...onCast("hidden", (world, asset) => world.setVisibility(asset, "hidden")),
  ...onCast("locked", (world, asset) => world.setVisibility(asset, "locked")),
  ...onCast("deleted for good", (world, asset) => world.deleteAsset(asset)),
  ...onCast(
    "moved to another time",
    (world, asset) => world.setTakenAt(asset, "2031-01-01T00:00:00Z"),
  ),
  ...(["missing", "kept"] as const).map((who) =>
    change(`the ${who} asset tagged`, (stage) => {
      const person = stage.world.people.values().next().value;
      stage.world.addFace({ asset: stage.cast[who], ...(person === undefined ? {} : { person }) });
    })
  ),
  change("the unfit asset cleared of people", (stage) => stage.world.removeFaces(stage.cast.unfit)),
  change("an old asset uploaded", ({ world, us }) => {
    world.addAsset({ owner: us, name: "uploaded", takenAt: "1990-01-01T00:00:00Z" });
  }, { onPages: true }),
  change("another asset uploaded", ({ world, us }) => {
    world.addAsset({ owner: us, name: "uploaded" });
  }),
  change("the missing asset added by hand", ({ album, cast }) => {
    album()?.assets.add(cast.missing);
  }),
  change("the unfit asset removed by hand", ({ album, cast }) => {
    album()?.assets.delete(cast.unfit);
  }),
  change("the partner gone", ({ world, us }) => {
    const [partner] = world.partners;
    if (partner !== undefined) world.removePartner({ from: partner.from, to: us });
  }),
  change("the album renamed", ({ album }) => {
    const it = album();
    if (it !== undefined) it.name = "Renamed";
  }, { scenarios: ["shared"] }),
  change("the album deleted", ({ world, album }) => {
    const it = album();
    if (it !== undefined) world.removeAlbum(it);
  }, {
    errors: ["RejectedError"],
    scenarios: ["mirror", "faces", "first", "delta"],
    hits: () => true,
  }),
];

function change(name: string, run: (stage: Stage) => void, more: Partial<Blow> = {}): Blow {
  return {
    name: `${name} in mid-run`,
    effect: "change",
    errors: [],
    lengths: ["once"],
    // What happens before the first look at the assets has simply happened before the run.
    hits: (request) => isChange(request) || request.path.startsWith("/api/search/"),
    rules: ({ stage }) => [{ fault: { kind: "before", run: () => run(stage) } }],
    ...more,
  };
}

function onCast(done: string, run: (world: World, asset: Asset) => void): Blow[] {
  const roles: (keyof Cast)[] = ["missing", "unfit", "kept"];
  return roles.map((who) =>
    change(`the ${who} asset ${done}`, ({ world, cast }) => run(world, cast[who]), {
      onPages: done === "deleted for good" || done.startsWith("moved"),
    })
  );
}

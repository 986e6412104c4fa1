import assert from "node:assert/strict";
import fc from "fast-check";
import type { Asset } from "../../../src/immich/asset.ts";
import type { TallyInput } from "../../../src/sync/findings.ts";
import { makePlan } from "../../../src/sync/plan.ts";
import { isFaceless, type Rule } from "../../../src/sync/rule.ts";
import { AlbumTally, findingsOf, LibraryTally } from "../../../src/sync/scan_tally.ts";
import { randomRuns } from "../../support/random_runs.ts";

const RUNS = randomRuns(2000);
const ME = "user-me";
const NOW = 1_000_000;

/** An id for each number, in order. */
const nthId = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;

const person = fc.constantFrom(
  { id: "anna", name: "Anna" },
  { id: "ben", name: "Ben" },
  { id: "unnamed", name: "" },
);

const asset: fc.Arbitrary<Asset> = fc.record({
  id: fc.integer({ min: 0, max: 25 }).map(nthId),
  ownerId: fc.constantFrom(ME, ME, ME, "user-partner", "user-stranger"),
  type: fc.constantFrom("IMAGE", "VIDEO", "AUDIO"),
  visibility: fc.constantFrom<Asset["visibility"][]>("timeline", "timeline", "archive", "hidden"),
  isTrashed: fc.nat(9).map((n) => n === 0),
  fileCreatedAt: fc.integer({ min: 0, max: 100 }),
  createdAt: fc.integer({ min: 0, max: 2 * NOW }),
  people: fc.array(person, { maxLength: 2 }),
  unassignedFaces: fc.array(fc.constant({}), { maxLength: 1 }),
});

const rule: fc.Arbitrary<Rule> = fc.constantFrom<Rule[]>(
  { kind: "no-people" },
  { kind: "no-faces" },
  { kind: "no-named-people" },
  { kind: "without", personIds: new Set(["anna"]) },
);

const world = fc.record({
  library: fc.uniqueArray(asset, { selector: ({ id }) => id, minLength: 5, maxLength: 25 }),
  /** Of the library, and answered again: other people may be on it by then. */
  inAlbum: fc.array(fc.tuple(fc.nat(24), fc.option(asset)), { minLength: 5, maxLength: 25 }),
  /** Members come from months of the timeline, in which these indexes are missing. */
  months: fc.option(fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 5 })),
  /** Indexes that a cut list of the library does not show. */
  gaps: fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 5 }),
  rule,
  types: fc.constantFrom<string[][]>(["IMAGE", "VIDEO"], ["IMAGE"], ["VIDEO"]),
  includeArchived: fc.boolean(),
  includePartners: fc.boolean(),
  mode: fc.constantFrom<("mirror" | "add-only" | "remove-only")[]>(
    ...["mirror", "add-only", "remove-only"] as const,
  ),
});

type World = Omit<typeof world extends fc.Arbitrary<infer T> ? T : never, "inAlbum"> & {
  readonly inAlbum: readonly (readonly [number, Asset | null])[];
};

function inputOf({ rule, types, includeArchived, includePartners }: World): TallyInput {
  return {
    scope: { rule, assetTypes: new Set(types), includeArchived },
    includePartners,
    ownUserId: ME,
    uploadedBefore: NOW,
  };
}

/** By search, or by months and a search for what the library's list does not show. */
function lookAtAlbum(tally: AlbumTally, members: readonly Asset[], gaps: World["months"]): void {
  const shown = members.filter(({ isTrashed }) => !isTrashed);
  if (gaps === null) return tally.look(shown);
  const month = shown.filter(({ visibility }, index) =>
    visibility !== "hidden" && !gaps.includes(index)
  );
  tally.lookAtMonth({
    id: month.map(({ id }) => id),
    ownerId: month.map(({ ownerId }) => ownerId),
    // One with gaps is not to be believed at all: what it says is no evidence.
    visibility: month.map(({ visibility }, index) =>
      gaps.length > 0 && index % 3 === 0 ? "archive" : visibility
    ),
    isTrashed: month.map(() => false),
  });
  tally.look(
    shown.filter(({ visibility }) =>
      visibility === "hidden" || (visibility === "archive" && tally.hasUnjudged)
    ),
  );
}

/** What the two lists would show, and the plan made of them. */
function planOf(spec: World) {
  const album = new Map<string, Asset>();
  for (const [index, changed] of spec.inAlbum) {
    const member = spec.library[index];
    if (member === undefined) continue;
    const { id, ownerId } = member;
    album.set(id, changed === null ? member : { ...changed, id, ownerId });
  }
  const input = inputOf(spec);
  const albumTally = new AlbumTally(input);
  lookAtAlbum(albumTally, [...album.values()], spec.months);
  const library = spec.library.filter(({ ownerId, isTrashed, visibility }, index) =>
    ownerId !== "user-stranger" && !isTrashed && visibility !== "hidden" &&
    !spec.gaps.includes(index)
  );
  const libraryTally = new LibraryTally(input, albumTally.members);
  for (const one of library) libraryTally.look([one]);
  const findings = findingsOf(input, albumTally, libraryTally, albumTally.counted);
  return { album, library, input, findings, plan: makePlan(findings, spec.mode) };
}

function check(property: (spec: World) => void): void {
  let planned = 0;
  fc.assert(
    fc.property(world, (spec) => {
      const { add, remove } = planOf(spec).plan;
      planned += add.size + remove.size;
      property(spec);
    }),
    { numRuns: RUNS },
  );
  assert.ok(planned > RUNS, `only ${planned} changes planned: the worlds are too poor`);
}

Deno.test("no asset is ever removed whose own answer does not show why, whatever lists leave out", () => {
  check((spec) => {
    const { album, library, plan } = planOf(spec);
    const answers = new Map(library.map((one) => [one.id, one]));
    const shows = (own: Asset) => {
      const fine = own.visibility === "timeline" ||
        (own.visibility === "archive" && spec.includeArchived && own.ownerId === ME);
      return !fine || !spec.types.includes(own.type) || !isFaceless(own, spec.rule);
    };
    for (const id of plan.remove) {
      assert.ok(album.has(id), "it was in the album");
      assert.ok(
        [album.get(id), answers.get(id)].some((own) => own !== undefined && shows(own)),
        "its own answer shows that it does not belong",
      );
    }
  });
});

Deno.test("assets of strangers are never touched, partners' only with INCLUDE_PARTNERS", () => {
  check((spec) => {
    const { library, album, plan } = planOf(spec);
    const owners = new Map([...library, ...album.values()].map(({ id, ownerId }) => [id, ownerId]));
    for (const id of [...plan.add, ...plan.remove]) {
      const owner = owners.get(id);
      assert.ok(owner === ME || (spec.includePartners && owner === "user-partner"));
    }
  });
});

Deno.test("what is added belongs, is old enough and was not there; nothing is added and removed", () => {
  check((spec) => {
    const { library, album, plan } = planOf(spec);
    const byId = new Map(library.map((one) => [one.id, one]));
    for (const id of plan.add) {
      const one = byId.get(id);
      assert.ok(one !== undefined && isFaceless(one, spec.rule) && spec.types.includes(one.type));
      assert.ok(one.createdAt <= NOW);
      const wasListed = album.get(id)?.isTrashed === false && spec.months === null;
      assert.ok(!wasListed, "it was not listed in the album");
    }
    assert.equal(new Set([...plan.add, ...plan.remove]).size, plan.add.size + plan.remove.size);
  });
});

Deno.test("once a plan is carried out, the next one is empty", () => {
  check((changing) => {
    const spec: World = {
      ...changing,
      months: changing.months === null ? null : [],
      inAlbum: changing.inAlbum.map(([index]) => [index, null] as const),
    };
    const { album, library, input, plan } = planOf(spec);
    const removed = new Set(plan.remove);
    const after = new AlbumTally(input);
    const members = [
      ...[...album.values()].filter(({ id }) => !removed.has(id)),
      ...library.filter(({ id }) => plan.add.has(id)),
    ];
    lookAtAlbum(after, members, spec.months);
    const libraryTally = new LibraryTally(input, after.members);
    for (const one of library) libraryTally.look([one]);
    const again = makePlan(findingsOf(input, after, libraryTally, after.counted), spec.mode);
    assert.deepEqual([...again.add, ...again.remove], []);
  });
});

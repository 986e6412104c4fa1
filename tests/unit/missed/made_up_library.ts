import { AssetTable, type Shown } from "../../../src/missed/asset_table.ts";
import type { Finds } from "../../../src/missed/candidates.ts";
import { findRelatives } from "../../../src/missed/relatives.ts";
import { takeAlike } from "../../../src/missed/smart_cutoff.ts";
import { IdSource, seededRandom } from "../../emulator/ids.ts";

/** A library of which it is known who is on what, whatever was recognised. */
export interface MadeUpLibrary {
  readonly table: AssetTable;
  /** Whether somebody is on the asset of that row, and which camera took it. */
  readonly truth: readonly boolean[];
  readonly cameras: readonly number[];
  /** Those that Immich has found and not assigned to anybody. */
  readonly faces: Finds["faces"];
  readonly duplicates: Finds["duplicates"];
  readonly alike: Finds["alike"];
}

const OWNER = "10000000-0000-4000-8000-000000000000";
/** What a picture looks like to smart search, on average: the same for posters and statues. */
const LOOKS = { person: 0.3, statue: 0.28, thing: 0.2 } as const;

/** How one picture is. */
interface Shot {
  /** Seconds after the one before. */
  readonly after: number;
  readonly kind: "portrait" | "backs" | "thing" | "statue" | "stranger";
  readonly camera?: number;
  readonly copyOf?: number;
}

/** Days of the kinds that people have, as often as `days` says. Any number of them from one seed. */
export function makeUpLibrary(seed: number, days = 1500): MadeUpLibrary {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + random() * (high - low);
  const ids = new IdSource(seed);
  const table = new AssetTable();
  const truth: boolean[] = [];
  const cameras: number[] = [];
  const faces: Finds["faces"][number][] = [];
  const copies: number[][] = [];
  const looks: { row: number; near: number }[] = [];
  const people: Shown[] = ["Anna", "Ben", "Carla", "Dan"]
    .map((name, index) => ({ id: `p${index}`, name }));
  let now = Date.UTC(2015, 0, 1);

  const shoot = ({ after, kind, camera = 0, copyOf }: Shot) => {
    now += after * 1000;
    const shows = kind === "portrait" || kind === "backs" || kind === "stranger";
    // A face that is turned away is not found, one of a stranger found and given to nobody.
    const recognised = random() < { portrait: 0.93, backs: 0.45, thing: 0, statue: 0, stranger: 0 }[
      kind
    ];
    const hasFace = !recognised && random() < {
          portrait: 0.25,
          backs: 0.1,
          thing: 0.002,
          statue: 0.3,
          stranger: 0.7,
        }[kind];
    const person = people[Math.floor(random() * people.length)];
    const row = table.add({
      id: ids.next(),
      ownerId: OWNER,
      type: "IMAGE",
      visibility: "timeline",
      isTrashed: false,
      fileCreatedAt: now,
      createdAt: now,
      people: [],
    }, {
      isCandidate: !recognised,
      shown: recognised && person !== undefined ? [person] : undefined,
    });
    truth.push(shows);
    cameras.push(camera);
    if (hasFace) {
      const size = shows ? between(0.03, 0.3) : between(0.02, 0.2);
      const box = { left: 0.2, top: 0.2, width: size, height: size, aspect: 1.5 };
      faces.push({ row, count: 1, boxes: [box] });
    }
    if (copyOf !== undefined) copies.push([copyOf, row]);
    const typical = LOOKS[shows ? "person" : kind === "statue" ? "statue" : "thing"];
    looks.push({ row, near: typical + between(-0.06, 0.06) });
    return row;
  };

  const kinds: (() => void)[] = [
    // A burst of portraits.
    () => times(between(3, 9), () => shoot({ after: between(0.2, 2), kind: "portrait" })),
    // One portrait after the other, each composed.
    () => times(between(3, 8), () => shoot({ after: between(8, 60), kind: "portrait" })),
    // A party: many turned away.
    () =>
      times(
        between(8, 25),
        () => shoot({ after: between(3, 20), kind: random() < 0.6 ? "portrait" : "backs" }),
      ),
    // An outing: a landscape or a meal now and then, and people in between.
    () =>
      times(
        between(6, 20),
        () => shoot({ after: between(5, 90), kind: random() < 0.45 ? "portrait" : "thing" }),
      ),
    // A panorama between portraits.
    () => {
      shoot({ after: 5, kind: "portrait" });
      times(between(5, 9), () => shoot({ after: between(1, 2), kind: "thing" }));
      shoot({ after: between(2, 6), kind: "portrait" });
    },
    // A tripod: a row of the same view, with somebody walking past on one.
    () => {
      const passing = Math.floor(between(2, 15));
      times(18, (index) => shoot({ after: 5, kind: index === passing ? "portrait" : "thing" }));
    },
    // A self-timer: the view is tried, then everybody is on it, twice.
    () => {
      shoot({ after: 60, kind: "thing" });
      shoot({ after: 10, kind: "portrait" });
      shoot({ after: between(8, 12), kind: "portrait" });
    },
    // Two who photograph at once: one of them the others, one of them flowers.
    () =>
      times(between(6, 14), (index) =>
        shoot({
          after: between(1, 8),
          kind: index % 2 === 0 ? "portrait" : "thing",
          camera: index % 2,
        })),
    // A museum: statues, and other visitors.
    () =>
      times(between(10, 20), () =>
        shoot({
          after: between(15, 90),
          kind: random() < 0.5 ? "statue" : random() < 0.2 ? "stranger" : "thing",
        })),
    // Things: receipts, screens, whiteboards; some right after a portrait.
    () => times(between(3, 12), () => shoot({ after: between(20, 4000), kind: "thing" })),
    () => {
      shoot({ after: 30, kind: "portrait" });
      shoot({ after: between(4, 12), kind: "thing" });
    },
    // A sunset.
    () => times(between(5, 30), () => shoot({ after: between(2, 30), kind: "thing" })),
    // Copies: an edited portrait, an edited landscape.
    () => {
      const kind = random() < 0.5 ? "portrait" : "thing";
      const first = shoot({ after: 100, kind });
      shoot({ after: between(0, 9000), kind, copyOf: first });
    },
    // Scans: of one day, and no time.
    () => times(40, () => shoot({ after: 0, kind: random() < 0.3 ? "portrait" : "thing" })),
  ];
  for (let day = 0; day < days; day++) {
    now += between(3600, 200_000) * 1000;
    kinds[Math.floor(random() * kinds.length)]?.();
  }

  const near = looks.sort((a, b) => b.near - a.near).slice(0, 1000).map(({ row }) => row);
  return {
    table,
    truth,
    cameras,
    faces,
    duplicates: findRelatives(table, copies),
    alike: takeAlike(table, near.filter((row) => table.isCandidate(row)), near),
  };
}

function times(count: number, shoot: (index: number) => void): void {
  for (let index = 0; index < Math.floor(count); index++) shoot(index);
}

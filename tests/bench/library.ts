import { type Asset, createWorld, type Person, type User, type World } from "../emulator/mod.ts";
import { seededRandom } from "../emulator/ids.ts";
import { type Micros, parseMicros } from "../emulator/time.ts";

/** Who is on the assets: with names but for every fourth, some hidden, some on far more than others. */
const PEOPLE = 200;
const UNNAMED_EVERY = 4;
const HIDDEN_EVERY = 60;
/** With `loneStrangers`: people of one face and no name, whom the server counts and does not list. */
const STRANGERS = 5;

/** So many in a row are of one camera, the next ones of another. */
const IN_A_ROW = 4;
const CAMERAS = 3;

const FIRST_CAPTURE = parseMicros("2007-01-01T00:00:00Z");
const LAST_CAPTURE = parseMicros("2024-12-31T00:00:00Z");
/** Months between them: buckets of the timeline. */
export const MONTHS = 216;
const DAY = 86_400_000_000;

export interface LibraryOptions {
  readonly size: number;
  /** Whether five assets show nobody but somebody whom the server does not list. */
  readonly loneStrangers: boolean;
}

/** A server with the library of one user, always the same for the same options. */
export interface Library {
  readonly world: World;
  readonly owner: User;
  /** Those that the server lists. */
  readonly people: readonly Person[];
}

/** Assets over 18 years, of which about 58 % show nobody; in memory about 1 kB each. */
export function makeLibrary({ size, loneStrangers }: LibraryOptions): Library {
  const world = createWorld();
  const owner = world.addUser({ name: "Alice" });
  const people = Array.from({ length: PEOPLE }, (_, index) =>
    world.addPerson({
      owner,
      name: index % UNNAMED_EVERY === UNNAMED_EVERY - 1 ? "" : `Person ${index + 1}`,
      hidden: index % HIDDEN_EVERY === 7,
    }));
  const random = seededRandom(0xface);
  for (const [index, takenAt] of captureTimes(size, random).entries()) {
    addAsset(world, { owner, people, random, index, takenAt });
  }
  if (loneStrangers) {
    const faceless = [...world.assets.values()].filter(isFaceless);
    for (let stranger = 0; stranger < STRANGERS; stranger++) {
      const asset = faceless[Math.floor((stranger + 0.5) * faceless.length / STRANGERS)];
      if (asset === undefined) continue;
      world.addFace({ asset, person: world.addPerson({ owner, name: "" }) });
    }
  }
  return { world, owner, people };
}

/** Whether the asset belongs to the album of the rule no-people: the truth of the benchmark. */
export function isFaceless({ visibility, trashedAt, faces }: Asset): boolean {
  return visibility === "timeline" && trashedAt === null &&
    faces.every(({ person }) => person === null);
}

function addAsset(
  world: World,
  { owner, people, random, index, takenAt }: {
    owner: User;
    people: readonly Person[];
    random: () => number;
    index: number;
    takenAt: Micros;
  },
): void {
  const isVideo = random() < 0.1;
  const place = random();
  const number = String(index).padStart(7, "0");
  const asset = world.addAsset({
    owner,
    takenAt,
    name: isVideo ? `MOV_${number}.mp4` : `IMG_${number}.jpg`,
    type: isVideo ? "VIDEO" : "IMAGE",
    createdAt: takenAt + Math.floor(random() ** 4 * 25 * DAY),
    visibility: place < 0.01 ? "archive" : place < 0.02 ? "hidden" : "timeline",
    trashed: random() < 0.005,
    favourite: random() < 0.03,
  });
  asset.camera = { make: "Maker", model: `Model ${Math.floor(index / IN_A_ROW) % CAMERAS}` };
  for (const person of peopleOfOne(people, random)) world.addFace({ asset, person });
  if (random() < 0.01) world.addFace({ asset });
}

/** One, two or three people on 40 % of the assets. */
function peopleOfOne(people: readonly Person[], random: () => number): Set<Person> {
  if (random() >= 0.4) return new Set();
  const share = random();
  const count = share < 0.6 ? 1 : share < 0.87 ? 2 : 3;
  const picked = Array.from({ length: count }, () => Math.floor(people.length * random() ** 2));
  return new Set(picked.flatMap((number) => people[number] ?? []));
}

/** Ascending, with seasons full of photos and empty ones, bursts that share a time, and ties. */
function captureTimes(size: number, random: () => number): Micros[] {
  const seasonLength = Math.max(1, Math.floor(size / 300));
  let season = 1, total = 0;
  const gaps = Array.from({ length: size }, (_, index) => {
    if (index % seasonLength === 0) season = 0.05 + 3 * random() ** 2;
    return season * (0.1 + 1.8 * random());
  });
  for (const gap of gaps) total += gap;
  const scale = (LAST_CAPTURE - FIRST_CAPTURE) / total;
  let time = FIRST_CAPTURE;
  return gaps.map((gap, index) => {
    const kind = random();
    // A hundredth shares the time of the one before it, another only its millisecond, and of every
    // 20,000 forty were scanned at once and have one time.
    if (index % 20_000 >= 40 && kind < 0.98) time += Math.ceil(gap * scale);
    else if (index % 20_000 >= 40 && kind < 0.99) time += 1 + Math.floor(random() * 300);
    return time;
  });
}

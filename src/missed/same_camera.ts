import { countCameraModels, readCamera, readCameras } from "../immich/cameras.ts";
import type { AssetTable } from "./asset_table.ts";
import { type Aside, askAside, askForEach, type LookInput } from "./aside.ts";
import { CameraComparison, type CameraQuestion } from "./camera_comparison.ts";
import type { Finds } from "./candidates.ts";

/** So many neighbours are enough, however many of the wanted turn out to be none. */
export function mostNeighbours(limit: number): number {
  return 3 * limit + 300;
}

/**
 * Drops neighbours of another camera from what was found, as far as may be asked. A note tells of
 * how many candidates that could not be said.
 *
 * @param most what may be asked, in questions for one asset
 * @returns what is left, and what was asked
 */
export async function compareCameras(
  { aside, withinMs, limit, reader }: LookInput,
  table: AssetTable,
  inTime: Uint32Array,
  found: Finds,
  most: number,
): Promise<{ readonly finds: Finds; readonly asked: number }> {
  if (!await mayDiffer(aside, table, found)) return { finds: found, asked: 0 };
  const isAskedAlone = (row: number) => !aside.server.structuredSearch && table.isArchived(row);
  const comparison = new CameraComparison(
    { table, inTime, withinMs, limit, most, isAskedAlone },
    found,
  );
  let answered = 0;
  let why: string | undefined;
  let questions = comparison.next();
  while (questions.length > 0) {
    reader.onProgress?.({ step: "Comparing cameras" });
    why = await askForEach(aside, questions, async (question, signal) => {
      comparison.learn(question, await ask(aside, table, inTime, question, signal));
      answered++;
    });
    comparison.update();
    questions = why === undefined ? comparison.next() : [];
  }
  const { settled, of } = comparison.count();
  const some = `${settled} of the ${of} candidates near pictures of people`;
  if (why !== undefined && answered === 0) aside.notes.push(`${NOT_COMPARED}: ${why}`);
  else if (why !== undefined) aside.notes.push(`Cameras were compared for only ${some}: ${why}`);
  else if (settled < of) {
    aside.notes.push(
      `Cameras were compared for ${some}, the best first: others may have been taken with another ` +
        "camera than their neighbours.",
    );
  }
  return { finds: comparison.conclude(), asked: Math.ceil(comparison.cost) };
}

const NOT_COMPARED = "Cameras were not compared";

/**
 * Whether there is anything to compare: one question spares hundreds where all have one camera. Of
 * those in the archive nobody tells but the assets.
 */
async function mayDiffer(
  aside: Aside,
  table: AssetTable,
  { neighbours }: Finds,
): Promise<boolean> {
  if (neighbours.length === 0) return false;
  if (neighbours.some(({ row, nearest }) => table.isArchived(row) || table.isArchived(nearest))) {
    return true;
  }
  const models = await askAside(
    aside,
    NOT_COMPARED,
    (signal) => countCameraModels(aside.http, signal),
  );
  return models !== undefined && models > 1;
}

/** The cameras by asset id, without those of which none is known. */
async function ask(
  { http, server }: Aside,
  table: AssetTable,
  inTime: Uint32Array,
  question: CameraQuestion,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (question.kind === "stretch") {
    const timeAt = (place: number) => table.takenAt(inTime[place] ?? 0);
    const span = { from: timeAt(question.first), to: timeAt(question.last) };
    return await readCameras(http, server, span, signal);
  }
  const id = table.id(question.row);
  const camera = await readCamera(http, id, signal);
  return new Map(camera === undefined ? [] : [[id, camera]]);
}

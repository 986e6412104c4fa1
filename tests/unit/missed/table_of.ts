import { AssetTable } from "../../../src/missed/asset_table.ts";
import { IdSource } from "../../emulator/ids.ts";

/** Seconds at which somebody is shown ("+") or nobody is ("-"), as in "0+ 1- 2+"; row by row. */
export function tableOf(row: string): { table: AssetTable; inTime: Uint32Array } {
  const ids = new IdSource(7);
  const table = new AssetTable();
  for (const shot of row.split(" ")) {
    const shows = shot.endsWith("+");
    table.add({
      id: ids.next(),
      ownerId: ids.next(),
      type: "IMAGE",
      visibility: "timeline",
      isTrashed: false,
      fileCreatedAt: Number(shot.slice(0, -1)) * 1000,
      createdAt: 0,
      people: [],
      originalFileName: `${shot}.jpg`,
    }, { isCandidate: !shows, shown: shows ? [{ id: "anna", name: "Anna" }] : undefined });
  }
  return { table, inTime: table.inTime() };
}

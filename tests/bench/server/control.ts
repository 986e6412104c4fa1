import * as v from "valibot";

/** What the server process of the benchmark is started with. */
export const serverOptionsSchema = v.object({
  version: v.picklist(["2.7.5", "3.1.0", "3.2.0"]),
  size: v.pipe(v.number(), v.integer(), v.minValue(1)),
  loneStrangers: v.boolean(),
  gzip: v.boolean(),
});
export type ServerOptions = v.InferOutput<typeof serverOptionsSchema>;

/** The line it prints when it is ready. */
export const readySchema = v.object({
  url: v.string(),
  control: v.string(),
  ca: v.string(),
  /** API keys: the smallest that syncs, and one that also lets ask for differences. */
  minimalKey: v.string(),
  deltaKey: v.string(),
  /** Both let `missed` ask for everything but pictures, and for pictures too. */
  missedKey: v.string(),
  picturesKey: v.string(),
});
export type Ready = v.InferOutput<typeof readySchema>;

/** What a client has asked for since the last `clear`. */
export const trafficSchema = v.object({
  requests: v.number(),
  /** Of the requests: those that change the album. */
  writes: v.number(),
  /** Bodies as they went over the wire, compressed or not. */
  sentBytes: v.number(),
  /** What the server would have needed for it all, one after the other. */
  serverSeconds: v.number(),
  /** Processor time that the emulator itself needed. */
  emulatorSeconds: v.number(),
  mostAtOnce: v.number(),
  /** Requests for one month of the timeline. */
  buckets: v.number(),
  /** The listing requests in the order of their arrival. */
  listings: v.array(
    v.object({ method: v.string(), path: v.string(), body: v.optional(v.unknown()) }),
  ),
});
export type Traffic = v.InferOutput<typeof trafficSchema>;

export const stateSchema = v.object({
  /** Found by a search without any condition, as the script does it. */
  searched: v.number(),
  /** Without people among these: what the script would have in the album. */
  searchedFaceless: v.number(),
  /** What belongs into the album. */
  faceless: v.number(),
  album: v.nullable(v.object({ size: v.number(), missing: v.number(), wrong: v.number() })),
});
export type State = v.InferOutput<typeof stateSchema>;

import type { Run } from "./runs.ts";

/** What compression does to a scan at some speed of the network. */
export interface GzipOnNetwork {
  readonly network: string;
  readonly transferSeconds: number;
  readonly transferSecondsWithout: number;
  /** Transfer saved, less the processor time that the client spends on it. */
  readonly savedSeconds: number;
}

/** Whether gzip pays, from two runs of the same scan. */
export interface GzipVerdict {
  readonly bytes: number;
  readonly bytesWithout: number;
  readonly cpuSeconds: number;
  readonly cpuSecondsWithout: number;
  readonly networks: readonly GzipOnNetwork[];
  readonly conclusion: string;
}

const NETWORKS = [["100 Mbit/s", 100e6], ["1 Gbit/s", 1e9]] as const;

/** Undefined when one of the runs lacks its figures. */
export function compareGzip(compressed: Run, plain: Run): GzipVerdict | undefined {
  const { bytes, cpuSeconds } = compressed;
  const { bytes: bytesWithout, cpuSeconds: cpuSecondsWithout } = plain;
  if (bytes === null || bytesWithout === null) return undefined;
  if (cpuSeconds === null || cpuSecondsWithout === null) return undefined;
  const networks = NETWORKS.map(([network, bitsPerSecond]) => {
    const transferSeconds = bytes * 8 / bitsPerSecond;
    const transferSecondsWithout = bytesWithout * 8 / bitsPerSecond;
    const savedSeconds = transferSecondsWithout - transferSeconds -
      (cpuSeconds - cpuSecondsWithout);
    return { network, transferSeconds, transferSecondsWithout, savedSeconds };
  });
  const said = networks.map(({ network, savedSeconds }) =>
    savedSeconds > 0
      ? `pays at ${network} (${savedSeconds.toFixed(1)} s saved)`
      : `costs ${(-savedSeconds).toFixed(1)} s at ${network}`
  );
  const wall = plain.wallSeconds - compressed.wallSeconds;
  const here = `${Math.abs(wall).toFixed(1)} s ${wall >= 0 ? "faster" : "slower"}`;
  return {
    ...{ bytes, bytesWithout, cpuSeconds, cpuSecondsWithout, networks },
    conclusion:
      `gzip ${said.join(", ")}; on this machine itself, without a network, the run with ` +
      `gzip was ${here}.`,
  };
}

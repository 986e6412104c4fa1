import { basename, join } from "node:path";
import { variables } from "../config/variables.ts";
import { replaceFile } from "../system/files.ts";
import type { Draft } from "./draft.ts";

const OWNER_ONLY = 0o600;

/** What has been written, for the user to know. */
export interface Written {
  readonly envFile: string;
  /** Undefined when there was nothing to keep. */
  readonly backup: string | undefined;
  /** Undefined when no certificate was to be stored. */
  readonly certificate: string | undefined;
}

/** Writes the env file, after what it needs and what it takes the place of: nothing is lost. */
export function writeDraft(draft: Draft): Written {
  const certificate = storeCertificate(draft);
  const backup = draft.replaces ? `${draft.path}.bak` : undefined;
  if (backup !== undefined) replaceFile(backup, Deno.readFileSync(draft.path), OWNER_ONLY);
  replaceFile(draft.path, draft.text, OWNER_ONLY);
  return { envFile: draft.path, backup, certificate };
}

/** Beside the env file, under a name that is free, with what IMMICH_CA_CERT named before. */
function storeCertificate(draft: Draft): string | undefined {
  if (draft.certificate === undefined) return undefined;
  const loaded = draft.load();
  const pem = loaded.ok ? loaded.config.immich.caCertificates : undefined;
  const path = freePath(draft.folder);
  replaceFile(path, pem ?? draft.certificate, OWNER_ONLY);
  draft.set(variables.server.caCert.name, basename(path));
  return path;
}

function freePath(folder: string): string {
  const taken = new Set([...Deno.readDirSync(folder)].map(({ name }) => name));
  for (let n = 1;; n++) {
    const name = n === 1 ? "immich-ca.pem" : `immich-ca-${n}.pem`;
    if (!taken.has(name)) return join(folder, name);
  }
}

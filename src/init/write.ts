import { basename, join } from "node:path";
import { variables } from "../config/schema.ts";
import type { Draft } from "./draft.ts";

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
  if (backup !== undefined) replaceFile(backup, Deno.readFileSync(draft.path));
  replaceFile(draft.path, new TextEncoder().encode(draft.text));
  return { envFile: draft.path, backup, certificate };
}

/** Beside the env file, under a name that is free, with what IMMICH_CA_CERT named before. */
function storeCertificate(draft: Draft): string | undefined {
  if (draft.certificate === undefined) return undefined;
  const loaded = draft.load();
  const pem = loaded.ok ? loaded.config.immich.caCertificates : draft.certificate;
  const path = freePath(draft.folder);
  replaceFile(path, new TextEncoder().encode(pem));
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

/** Either the old content is there or the new one, and nobody else could ever read it. */
function replaceFile(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${crypto.randomUUID()}`;
  try {
    Deno.writeFileSync(temporary, bytes, { createNew: true, mode: 0o600 });
    Deno.renameSync(temporary, path);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch {
      // It could not even be made, which is what is told.
    }
    throw error;
  }
}

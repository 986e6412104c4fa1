import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Shell } from "../cli.ts";
import { renderBash } from "./bash.ts";
import { renderFish } from "./fish.ts";
import { type Completed, readCompletions } from "./model.ts";
import { renderPowershell } from "./powershell.ts";
import { renderZsh } from "./zsh.ts";

const RENDERERS: Readonly<Record<Shell, (completed: Completed) => string>> = {
  bash: renderBash,
  zsh: renderZsh,
  fish: renderFish,
  powershell: renderPowershell,
};

/** A script that teaches a shell the commands, options and choices of the program. */
export function renderCompletions(program: CommandUnknownOpts, shell: Shell): string {
  return RENDERERS[shell](readCompletions(program));
}

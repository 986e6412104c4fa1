/** Writes `.env.example` anew, of src/config/variables.ts: `deno task env-example`. */
import { groups } from "../src/config/variables.ts";
import type { Variable } from "../src/config/variable.ts";

/** The text of `.env.example`: every variable; those that need no value are commented out. */
export function renderEnvExample(): string {
  const parts = [
    "# Configuration of immich-faceless-sync. Copy it to .env, next to the program or in the\n" +
    "# folder it is started from, and let nobody else read it (chmod 600 .env).\n" +
    "# The environment overrides this file. Relative paths are relative to this file.\n",
  ];
  for (const [title, group] of groups) {
    parts.push(`# ---- ${title} ----\n`, ...group.map(renderVariable));
  }
  return parts.join("\n");
}

function renderVariable(variable: Variable<unknown>): string {
  const { name, help, required, defaultText, example, orFromFile } = variable;
  const comment = required ? "" : "# ";
  const text = `# ${help}\n${comment}${name}=${defaultText ?? example}\n`;
  if (!orFromFile) return text;
  return `${text}\n# Instead of ${name}: the path of a file that holds it.\n# ${name}_FILE=\n`;
}

if (import.meta.main) {
  Deno.writeTextFileSync(new URL("../.env.example", import.meta.url), renderEnvExample());
}

import type { Finding } from "../../certs/auditor/index.ts";

const most = 20;

/** One finding as a sentence. */
function renderFinding({ kind, index, detail }: Finding): string {
  const place = index === undefined ? "" : `entry ${index}: `;
  return `${place}${detail} (${kind})`;
}

/** What was found, the first entry first, and how much more there is. */
export function renderFindings(findings: readonly Finding[]): string {
  const told = findings.slice(0, most).map(renderFinding);
  const rest = findings.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
}

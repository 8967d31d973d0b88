import type { VNode } from "preact";

import { say } from "../ground/words.ts";
import { tiles } from "./tiles.ts";

const side = 40;
const columns = 12;
const rows = 10;
const steps = 4;

/** As dark as there is much of it: none, and four steps. */
function stepOf(count: number, most: number): number {
  return count === 0 ? 0 : Math.max(1, Math.ceil((count * steps) / most));
}

/** How much came from each state, on a map of tiles; the same stands in the table beside it. */
export function TileMap({ counts }: { readonly counts: ReadonlyMap<string, number> }): VNode {
  const most = Math.max(1, ...counts.values());
  return (
    <svg class="map" viewBox={`0 0 ${columns * side} ${rows * side}`} role="img" aria-label={say("analysis.map")}>
      {tiles.map(([country, column, row]) => {
        const count = counts.get(country) ?? 0;
        return (
          <g key={country} class={`tile tile-${stepOf(count, most)}`} data-country={country}>
            <rect x={column * side + 1} y={row * side + 1} width={side - 2} height={side - 2} />
            <text x={column * side + side / 2} y={row * side + side / 2 - 2} text-anchor="middle">
              {country}
            </text>
            <text class="count" x={column * side + side / 2} y={row * side + side - 8} text-anchor="middle">
              {count === 0 ? "" : count}
            </text>
          </g>
        );
      })}
    </svg>
  );
} // prettier-ignore

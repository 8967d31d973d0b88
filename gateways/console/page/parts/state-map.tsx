import { useSignal } from "@preact/signals";
import type { VNode } from "preact";

import { useLoad } from "../ground/load.ts";
import { listOf, membersOf, textOf } from "../ground/members.ts";
import { language, say } from "../ground/words.ts";
import { TileMap } from "./tile-map.tsx";
import { tiles } from "./tiles.ts";

/** One state: its code, its border, and the middle of the ring around what is too small. */
interface Shape {
  readonly country: string;
  readonly path: string;
  readonly ring?: readonly [x: number, y: number];
}

interface Outline {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  readonly names: Readonly<Record<string, unknown>>;
}

/** The name of the map's file; set at build. */
declare const MAP: string;

/** So that it is no smaller than 24 pixels on the smallest screen. */
const ringRadius = 42;
const steps = 4;

function readShape(value: unknown): Shape {
  const [country, path, ring] = listOf(value);
  const [x, y] = listOf(ring);
  const border = { country: textOf(country), path: textOf(path) };
  return typeof x === "number" && typeof y === "number" ? { ...border, ring: [x, y] } : border;
}

async function loadOutline(): Promise<Outline> {
  const response = await fetch(MAP);
  if (!response.ok) throw new Error("the map is missing");
  const { width, height, shapes, names } = membersOf(await response.json());
  return { width: Number(width), height: Number(height), shapes: listOf(shapes).map(readShape), names: membersOf(names) };
} // prettier-ignore

/** As dark as there is much of it: none, and four steps. */
function stepOf(count: number, most: number): number {
  return count === 0 ? 0 : Math.max(1, Math.ceil((count * steps) / most));
}

interface DrawnProps {
  readonly of: Outline;
  readonly counts: ReadonlyMap<string, number>;
  readonly chosen: string;
  readonly choose: (country: string) => void;
}

function Drawn({ of: { width, height, shapes, names }, counts, chosen, choose }: DrawnProps): VNode {
  const most = Math.max(1, ...counts.values());
  const own = membersOf(names[language.value]);
  return (
    <svg class="map outline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={say("analysis.outline")}>
      {shapes.map(({ country, path, ring }) => {
        const count = counts.get(country) ?? 0;
        return (
          <g key={country} class={`state state-${stepOf(count, most)}`} data-country={country} data-chosen={country === chosen} onClick={() => choose(country)}>
            <title>{`${textOf(own[country])}: ${count}`}</title>
            {ring === undefined ? null : <circle cx={ring[0]} cy={ring[1]} r={ringRadius} />}
            <path d={path} />
          </g>
        );
      })}
    </svg>
  );
} // prettier-ignore

/** From how many on a state is drawn how dark. */
function Legend({ counts }: { readonly counts: ReadonlyMap<string, number> }): VNode {
  const most = Math.max(0, ...counts.values());
  const least = Array.from({ length: steps }, (_, at) => ({ step: at + 1, from: Math.floor((at * most) / steps) + 1 }));
  return (
    <ul class="legend">
      {least.filter(({ step, from }) => from <= most && stepOf(from, most) === step).map(({ step, from }) => (
        <li key={step}>
          <span class={`swatch swatch-${step}`} aria-hidden="true" /> <bdi dir="ltr">{`≥ ${from}`}</bdi>
        </li>
      ))}
    </ul>
  );
} // prettier-ignore

interface ChoiceProps {
  /** In the order of their names, as the map's file has them. */
  readonly all: readonly string[];
  readonly nameOf: (country: string) => string;
  readonly counts: ReadonlyMap<string, number>;
  readonly chosen: string;
  readonly choose: (country: string) => void;
}

/** What a click on the map says, for whoever has a keyboard alone. */
function StateChoice({ all, nameOf, counts, chosen, choose }: ChoiceProps): VNode {
  return (
    <p class="filters">
      <label>
        {say("analysis.oneState")}
        <select name="state" value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          <option value="">–</option>
          {all.map((country) => (
            <option key={country} value={country}>
              {nameOf(country)}
            </option>
          ))}
        </select>
      </label>
      <output data-state={chosen}>{chosen === "" ? null : `${nameOf(chosen)}: ${counts.get(chosen) ?? 0}`}</output>
    </p>
  );
} // prettier-ignore

/**
 * How much came from each state, on an outline of the continent; where its file cannot be had, on tiles. The table beside it says
 * the same.
 */
export function StateMap({ counts }: { readonly counts: ReadonlyMap<string, number> }): VNode {
  const found = useLoad("map", loadOutline);
  const chosen = useSignal("");
  const choose = (country: string): void => void (chosen.value = country);
  const { value, error } = found.state.value;
  const own = membersOf(value?.names[language.value]);
  const all = value === undefined ? tiles.map(([country]) => country) : Object.keys(own);
  const nameOf = (country: string): string => textOf(own[country]) || country;
  if (value === undefined && error === undefined) return <p class="skeleton">{say("load.wait")}</p>;
  return (
    <div class="mapped">
      {value === undefined ? <TileMap counts={counts} /> : <Drawn of={value} counts={counts} chosen={chosen.value} choose={choose} />}
      <Legend counts={counts} />
      <StateChoice all={all} nameOf={nameOf} counts={counts} chosen={chosen.value} choose={choose} />
    </div>
  );
} // prettier-ignore

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { feature, merge } from "topojson-client";
import { presimplify, quantile, simplify } from "topojson-simplify";
import { z } from "zod";

import { afterwards, islands, states } from "./states.ts";

/** A state on the map: its code of ISO 3166-1, its border as an SVG path, and of islands where a ring stands around them. */
export type Shape = readonly [
  country: string,
  path: string,
  ring?: readonly [x: number, y: number],
];

/** A map as the page draws it; all places are in the units of `width` and `height`. */
export interface Outline {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** What each state is called, by language; in the order of the names. */
  readonly names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A map of a deployment's own. */
const ownFile = join(import.meta.dirname, "../map.json");

type Ring = readonly (readonly number[])[];
type Point = readonly [x: number, y: number];

/** West, north, east and south of what is drawn, in degrees: Cabo Verde to Mauritius, Tunisia to the Cape. */
const [west, north, east, south] = [-28.5, 38, 61.5, -35.5] as const;
/** Half a pixel each on a large screen; a degree is as long both ways, which near the equator is nearly true. */
const width = 960;
const scale = width / (east - west);
const height = Math.ceil((north - south) * scale);
/** The share of corners that is kept: what is between two pixels nobody sees. */
const keptShare = 0.92;
/** What covers less is no island that one could see. */
const leastArea = 6;

const topologyShape = z.looseObject({
  type: z.literal("Topology"),
  objects: z.looseObject({ countries: z.looseObject({ geometries: z.array(z.looseObject({ id: z.string().optional(), properties: z.looseObject({ name: z.string() }) })) }) }),
}); // prettier-ignore

type Topology = Parameters<typeof presimplify>[0];

function isTopology(value: unknown): value is Topology {
  return topologyShape.safeParse(value).success;
}

/** Natural Earth, 1:50 million, which is in the public domain. */
function readWorld(): Topology {
  const file = createRequire(import.meta.url).resolve("world-atlas/countries-50m.json");
  const world: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (isTopology(world)) return world;
  throw new Error("the file of borders is none");
}

function place([longitude = 0, latitude = 0]: readonly number[]): Point {
  return [(longitude - west) * scale, (north - latitude) * scale];
}

function areaOf(points: readonly Point[]): number {
  const sum = points.reduce((all, [x, y], at) => {
    const [nextX, nextY] = points[(at + 1) % points.length] ?? [0, 0];
    return all + x * nextY - nextX * y;
  }, 0);
  return Math.abs(sum / 2);
}

function middleOf(points: readonly Point[]): Point {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
} // prettier-ignore

/** Steps are shorter to write than places. */
function renderRing(points: readonly Point[]): string {
  const grid = points.map(([x, y]) => [Math.round(x), Math.round(y)] as const);
  const steps = grid.slice(1).flatMap(([x, y], at) => {
    const [beforeX, beforeY] = grid[at] ?? [0, 0];
    return x === beforeX && y === beforeY ? [] : [`${x - beforeX} ${y - beforeY}`];
  });
  const [x, y] = grid[0] ?? [0, 0];
  return `M${x} ${y}l${steps.join(" ")}z`.replaceAll(" -", "-");
}

function isDrawn(points: readonly Point[]): boolean {
  return points.some(([x, y]) => x >= 0 && x <= width && y >= 0 && y <= height);
}

function drawState(country: string, polygons: readonly (readonly Ring[])[]): Shape {
  const outer = polygons.flatMap((rings) => {
    const points = (rings[0] ?? []).map(place);
    return isDrawn(points) ? [{ points, holes: rings.slice(1).map((ring) => ring.map(place)) }] : [];
  });
  const sorted = outer.toSorted((a, b) => areaOf(b.points) - areaOf(a.points));
  // the largest stays however small it is
  const kept = sorted.filter(({ points }, at) => at === 0 || areaOf(points) >= (islands.has(country) ? 1 : leastArea));
  const [x, y] = middleOf(kept.flatMap(({ points }) => points));
  const lands = kept.flatMap(({ points, holes }) => [points, ...holes.filter((hole) => areaOf(hole) >= leastArea)]);
  const path = lands.map(renderRing).join("");
  return islands.has(country) ? [country, path, [x, y]] : [country, path];
} // prettier-ignore

function polygonsOf(world: Topology, ids: readonly string[]): readonly (readonly Ring[])[] {
  const { countries } = world.objects;
  if (countries?.type !== "GeometryCollection") throw new Error("the file has no countries");
  const wanted = countries.geometries.filter((one) => ids.includes(String(one.id ?? nameOf(feature(world, one)))));
  const areas = wanted.flatMap((one) => (one.type === "Polygon" || one.type === "MultiPolygon" ? [one] : []));
  return merge(world, areas).coordinates;
} // prettier-ignore

function nameOf(value: unknown): string {
  const named = z.looseObject({ properties: z.looseObject({ name: z.string() }) }).safeParse(value);
  return named.success ? named.data.properties.name : "";
}

/** As it is said in Africa: in Portugal's way, and with digits and letters of no other place. */
const tongues: Readonly<Record<string, string>> = { pt: "pt-PT" };

function nameStates(lang: string): Readonly<Record<string, string>> {
  const names = new Intl.DisplayNames(tongues[lang] ?? lang, { type: "region", fallback: "code" });
  const order = new Intl.Collator(lang);
  const named = Object.keys(states).map((code) => [code, names.of(code) ?? code] as const);
  return Object.fromEntries(named.toSorted(([, a], [, b]) => order.compare(a, b)));
}

const shapeShape = z.union([
  z.tuple([z.string().length(2), z.string()]),
  z.tuple([z.string().length(2), z.string(), z.tuple([z.number(), z.number()])]),
]);
const outlineShape = z.strictObject({
  width: z.number(),
  height: z.number(),
  shapes: z.array(shapeShape),
  names: z.record(z.string(), z.record(z.string(), z.string())),
});

/** The map that a deployment laid in the place of ours; undefined where it did not. @throws where it is none */
function readOwn(file: string): Outline | undefined {
  if (!existsSync(file)) return undefined;
  return outlineShape.parse(JSON.parse(readFileSync(file, "utf8")));
}

const digestChars = 10;

/**
 * Writes the map into a folder, its name bearing its digest: `map.json` beside this room's README where a deployment laid one, with
 * other borders or names, else the states of the African Union.
 *
 * @returns its name
 */
export function writeOutline(folder: string, languages: readonly string[]): string {
  const text = JSON.stringify(readOwn(ownFile) ?? makeOutline(languages));
  const digest = createHash("sha256").update(text).digest("hex").slice(0, digestChars);
  const name = `map-${digest}.json`;
  writeFileSync(join(folder, name), text);
  return name;
}

/** Draws the states of the African Union: each of its members, islands where they lie, with their names. */
export function makeOutline(languages: readonly string[]): Outline {
  const weighed = presimplify(readWorld());
  const world = simplify(weighed, quantile(weighed, keptShare));
  const shapes = Object.entries(states).map(([country, id]) =>
    drawState(country, polygonsOf(world, [id, ...(afterwards[country] ?? [])])),
  );
  const names = Object.fromEntries(languages.map((lang) => [lang, nameStates(lang)]));
  // what has a ring lies beneath its neighbours
  const order = shapes.toSorted(([a], [b]) => Number(islands.has(b)) - Number(islands.has(a)));
  return { width, height, shapes: order, names };
}

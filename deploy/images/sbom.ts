import { relative } from "node:path";

import { z } from "zod";

import { type Bytes, Fault, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";

const names = z.record(z.string(), z.string()).default({});
const locked = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});
const lockShape = z.looseObject({ version: z.string(), packages: z.record(z.string(), locked) });

type Locked = z.infer<typeof locked>;

/** What a bill of materials is made from. */
export interface SbomOrder {
  /** The text of package-lock.json. */
  readonly lock: string;
  /** The folder of the project, and the folders of the packages that are in it (`findPackages`). */
  readonly root: string;
  readonly folders: readonly string[];
  /** What it is a bill of: atumpan/hub. */
  readonly name: string;
  /** What is in it besides packages. */
  readonly others: readonly { readonly name: string; readonly version: string; readonly license: string }[];
} // prettier-ignore

interface Component {
  readonly type: "library" | "platform";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly "bom-ref": string;
  readonly hashes?: readonly { readonly alg: "SHA-512"; readonly content: string }[];
  readonly licenses?: readonly { readonly expression: string }[];
}

/** The name under which a package is published: an alias of ours says another. */
function nameOf(place: string, { name }: Locked): string {
  return name ?? place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function describe(place: string, one: Locked): Component {
  const [name, version] = [nameOf(place, one), one.version ?? ""];
  const purl = purlOf(name, version);
  const { integrity = "", license } = one;
  const digest = /^sha512-([A-Za-z0-9+/=]{88})$/.exec(integrity)?.[1];
  if (digest === undefined) throw new Fault("CONFIG_INVALID", "a package has no SHA-512 in the lock file; run npm install");
  return {
    type: "library",
    name,
    version,
    purl,
    "bom-ref": purl,
    hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
  };
} // prettier-ignore

/** The place in the lock file that a package finds another at. */
function findPlace(places: ReadonlySet<string>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const place = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (places.has(place)) return place;
    if (at === "") return undefined;
  }
}

function serialOf(bytes: Bytes): string {
  const hex = renderHex(bytes);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * The bill of materials of an image or bundle (CycloneDX 1.6, JSON), from the lock file: every package with its version, its
 * published digest and its licence, and who needs whom. The same lock file gives the same text: no time, no chance.
 *
 * @throws {Fault} CONFIG_INVALID for a package that the lock file does not know, or without a digest
 */
export function renderSbom({ lock, root, folders, name, others }: SbomOrder): string {
  const { packages, version } = lockShape.parse(JSON.parse(lock));
  const places = folders.map((folder) => relative(root, folder));
  const known = new Set(places);
  const refs = new Map<string, string>();
  const libraries = places.map((place) => {
    const one = packages[place];
    if (one === undefined) throw new Fault("CONFIG_INVALID", "a package is not in the lock file; run npm ci");
    const component = describe(place, one);
    refs.set(place, component["bom-ref"]);
    return component;
  });
  const platforms = others.map((one): Component => {
    const purl = `pkg:generic/${one.name}@${one.version}`;
    return { type: "platform", name: one.name, version: one.version, purl, "bom-ref": purl, licenses: [{ expression: one.license }] };
  });
  const needsOf = (place: string, one: Locked): readonly string[] => {
    const needs = Object.keys({ ...one.dependencies, ...one.optionalDependencies, ...one.peerDependencies });
    const found = needs.map((need) => refs.get(findPlace(known, place, need) ?? "") ?? "");
    return [...new Set(found)].filter((ref) => ref !== "").toSorted();
  };
  const own = `pkg:generic/${name}@${version}`;
  const direct = packages[""] === undefined ? [] : needsOf("", packages[""]);
  const body = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", name, version, purl: own, "bom-ref": own, licenses: [{ expression: "Apache-2.0" }] } },
    components: [...libraries, ...platforms],
    dependencies: [
      { ref: own, dependsOn: [...direct, ...platforms.map(({ purl }) => purl)] },
      ...places.map((place) => ({ ref: refs.get(place) ?? "", dependsOn: needsOf(place, packages[place] ?? locked.parse({})) })),
    ],
  };
  const serialNumber = serialOf(sha256(utf8(JSON.stringify(body))));
  return `${JSON.stringify({ $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", serialNumber, ...body }, undefined, 2)}\n`;
} // prettier-ignore

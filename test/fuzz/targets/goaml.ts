import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Dialect, goamlDialects } from "../../../gateways/formats/goaml/dialect.ts";
import { parseXml } from "../../../gateways/formats/goaml/parse-xml.ts";
import { readGoaml } from "../../../gateways/formats/goaml/read-goaml.ts";
import { limits, parseBody } from "../../../schemas/index.ts";
import { type Bytes, systemClock } from "../../../schemas/ground/index.ts";
import { certain, hold, holdSame } from "../promises.ts";
import type { Target } from "../target.ts";

const folder = join(import.meta.dirname, "../../../gateways/formats/goaml/fixtures");

/** The fixtures of one dialect: their names begin with it, those of the standard with neither. */
function seedsOf(prefix: RegExp): readonly Bytes[] {
  return readdirSync(folder)
    .filter((file) => prefix.test(file))
    .map((file) => readFileSync(join(folder, file)));
}

const xmlTarget: Target = {
  name: "gateways/parseXml",
  shape: "text",
  seeds: seedsOf(/./),
  codes: ["XML_"],
  run: (input) => {
    const root = parseXml(input, { namespaces: [""], clock: systemClock });
    hold(root.parent === undefined, "the first element has one above it");
    for (const child of root.children) hold(child.parent === root, "a child has another parent");
    hold(root.text === "" || root.children.length === 0, "a text stands beside elements");
  },
};

function dialectTarget(dialect: Dialect, files: RegExp): Target {
  return {
    name: `gateways/readGoaml ${dialect.name}`,
    shape: "text",
    seeds: seedsOf(files),
    codes: ["XML_", "GOAML_", "SCHEMA_INVALID"],
    run: (input) => {
      const read = readGoaml(input, dialect);
      const body = certain("taking what was read", () => parseBody("fiu.report", read.body));
      const text = JSON.stringify(read.body);
      hold(text.length < 40 * limits.maxRequestBytes, "a small file becomes a large body");
      const again = certain("taking it as text", () => parseBody("fiu.report", JSON.parse(text)));
      holdSame(again, body, "a body does not come back from its JSON");
      holdSame(readGoaml(input, dialect), read, "one file is read in two ways");
    },
  };
}

/** Readers of goAML, each with the fixtures of its dialect. */
export const goamlTargets: readonly Target[] = [
  xmlTarget,
  dialectTarget(goamlDialects.base, /^(?!lk-|np-)/),
  dialectTarget(goamlDialects.lk, /^lk-/),
  dialectTarget(goamlDialects.np, /^np-/),
];

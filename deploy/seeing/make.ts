/** `node deploy/seeing/make.ts`: writes the rules, the runbook and the dashboards into this folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderSeeing } from "./files.ts";

for (const [name, text] of renderSeeing()) writeFileSync(join(import.meta.dirname, name), text);

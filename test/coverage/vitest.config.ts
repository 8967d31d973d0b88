import { relative } from "node:path";

import { defineConfig, mergeConfig } from "vitest/config";

import base from "../vitest.config.ts";
import { markBranches } from "./mark-branches.ts";

const root = `${import.meta.dirname}/../..`;
// each file in a process of its own, which says at its end what was counted in it
const { projects: _, ...usual } = base.test ?? {};

/** As every run, with marks in the files that are watched. */
// oxlint-disable-next-line import/no-default-export -- vitest asks for one
export default mergeConfig(
  { ...base, test: usual },
  defineConfig({
    plugins: [
      {
        name: "branches",
        enforce: "pre",
        transform: (code, id) => {
          const folder = process.env["ATUMPAN_COVERED"] ?? "";
          const file = relative(root, id);
          if (!file.startsWith(`${folder}/`) || !/(?<!\.test)\.ts$/.test(file)) return undefined;
          return { code: markBranches(code, id).code, map: null };
        },
      },
    ],
    test: {
      include: ["{schemas,certs,broker,gateways,deploy,test}/**/*.test.ts"],
      setupFiles: [`${import.meta.dirname}/counters.ts`],
      // kept modules do not know which folder is watched
      fsModuleCache: false,
    },
  }),
);

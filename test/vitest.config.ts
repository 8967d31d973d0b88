import { resolve } from "node:path";

import { configDefaults, defineConfig } from "vitest/config";

import { LongestFirst } from "./longest-first.ts";

const root = resolve(import.meta.dirname, "..");
const { exclude: never } = configDefaults;

/**
 * What waits most of its time: for a line that is slow, a certificate that ends, a time that must pass, an engine and what
 * runs in its containers.
 */
const waiting = [
  "containers/*",
  "e2e/links",
  "e2e/links-slow",
  "e2e/renewal-hub",
  "e2e/second-broker",
  "e2e/simulate",
  "e2e/log-killed",
  "e2e/restore",
  "e2e/three-servers",
  "e2e/idle-reader",
  "e2e/placement",
  "e2e/attachments",
  "e2e/translation",
].map((name) => `test/${name}.test.ts`);

/**
 * Files that need a process to themselves: what is measured or watched, what takes long, and the library of tokens,
 * which reads once in a process where its tokens lie.
 */
const alone = [
  "test/e2e/{decide,examples}.test.ts",
  "test/{chaos,fuzz,load,bench,week}/**/*.test.ts",
  "certs/keys/token/*.test.ts",
  "certs/authority/token-ca.test.ts",
  "gateways/vault/vault.test.ts",
];

/** Regions: as below, and the limits of a hub that one of them changes it sets back. */
const regions = ["test/{e2e,console}/*.test.ts"];

/** All others: one process reads the rooms once for many files, since half of their time was reading. */
const together = ["{schemas,certs,broker,gateways,deploy,test}/**/*.test.ts"];

/** On two processors: one or two wait for time to pass, and a third of the others' time is waiting for a disk. */
const workers = 5;

// oxlint-disable-next-line import/no-default-export -- vitest asks for one
export default defineConfig({
  test: {
    root,
    pool: "forks",
    // far beyond what any test takes on a quiet machine: a busy one may be five times slower
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    restoreMocks: true,
    // the processes that tests start read our code compiled: half of what a start costs
    env: { NODE_COMPILE_CACHE: resolve(root, "node_modules/.node-compile") },
    reporters: ["default"],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: "waiting", include: waiting, maxWorkers: workers },
      },
      {
        extends: true,
        test: {
          name: "alone",
          include: alone,
          exclude: [...never, ...waiting],
          maxWorkers: workers,
        },
      },
      {
        extends: true,
        test: {
          name: "regions",
          include: regions,
          exclude: [...never, ...waiting, ...alone],
          isolate: false,
          maxWorkers: workers,
        },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: together,
          exclude: [...never, ...waiting, ...alone, ...regions],
          isolate: false,
          maxWorkers: workers,
        },
      },
    ],
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{schemas,certs,broker,gateways,deploy,test}/**/*.test.ts"],
    root: `${import.meta.dirname}/..`,
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    reporters: ["default"],
  },
});

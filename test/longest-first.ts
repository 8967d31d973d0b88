import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

import { BaseSequencer, type TestSpecification } from "vitest/node";

const root = resolve(import.meta.dirname, "..");

/** What takes more than some seconds on a quiet machine, longest first; written down anew when it has changed much. */
const longest = [
  "test/e2e/links-slow.test.ts",
  "test/e2e/simulate.test.ts",
  "test/e2e/restore.test.ts",
  "test/e2e/three-servers.test.ts",
  "test/e2e/links.test.ts",
  "test/e2e/log-killed.test.ts",
  "test/e2e/attachments.test.ts",
  "test/e2e/renewal-hub.test.ts",
  "test/e2e/translation.test.ts",
  "test/chaos/import.test.ts",
  "test/e2e/decide.test.ts",
  "test/e2e/examples.test.ts",
  "gateways/vault/cut-short.test.ts",
  "test/week/week.test.ts",
  "test/e2e/renewal-days.test.ts",
  "test/fuzz/fuzz.test.ts",
  "schemas/body/round-trip.test.ts",
  "broker/renewal/renewal.test.ts",
  "test/e2e/one-identity.test.ts",
  "test/e2e/log-damage.test.ts",
  "test/e2e/traffic.test.ts",
  "test/e2e/between.test.ts",
  "test/e2e/drop.test.ts",
  "test/e2e/callout.test.ts",
  "test/e2e/vault.test.ts",
  "gateways/renewal/renewal.test.ts",
  "test/e2e/matrix.test.ts",
  "test/e2e/replay.test.ts",
  "test/e2e/register.test.ts",
  "test/e2e/times.test.ts",
  "gateways/store-lock.test.ts",
  "certs/authority/renewals.test.ts",
  "test/e2e/audiences.test.ts",
  "test/e2e/blobs.test.ts",
  "test/e2e/agility.test.ts",
  "test/e2e/story.test.ts",
  "gateways/exchange/admitted.test.ts",
  "gateways/store/upgrade.test.ts",
  "gateways/exchange/recheck.test.ts",
  "gateways/exchange/keys/asking.test.ts",
  "deploy/office/authority-vouch.test.ts",
  "deploy/office/authority-renewals.test.ts",
  "certs/authority/register-lock.test.ts",
  "certs/authority/changes/effect.property.test.ts",
  "test/e2e/contract.test.ts",
  "test/e2e/renewal-link.test.ts",
  "test/e2e/passenger-warning.test.ts",
  "test/e2e/reading.test.ts",
  "gateways/vaulted.test.ts",
  "test/vectors/vectors.test.ts",
  "gateways/crypto/oracle.test.ts",
  "gateways/vault/wipe.test.ts",
  "deploy/office/revoke.test.ts",
  "certs/renewal/ends.test.ts",
];

function orderOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.indexOf(relative(root, moduleId));
  return place === -1 ? longest.length : place;
}

/**
 * Begins with what takes longest, so that the workers end together; by group and project, so that those who share a process
 * follow one another; by name where all else is equal, so that two runs are alike.
 */
export class LongestFirst extends BaseSequencer {
  /** @throws {Error} when a file that is listed is no more there: the list is to be mended. */
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = longest.filter((file) => !existsSync(resolve(root, file)));
    if (gone.length > 0) throw new Error(`test/longest-first.ts names ${gone.join(", ")}`);
    const sorted = files.toSorted(
      (a, b) =>
        orderOf(a) - orderOf(b) ||
        a.project.name.localeCompare(b.project.name) ||
        placeOf(a) - placeOf(b) ||
        a.moduleId.localeCompare(b.moduleId),
    );
    return Promise.resolve(sorted);
  }
}

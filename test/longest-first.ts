import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";

import { BaseSequencer, type TestSpecification } from "vitest/node";

const root = resolve(import.meta.dirname, "..");

/** What takes more than some seconds on a quiet machine, longest first; written down anew when it has changed much. */
const longest = [
  "test/containers/containers.test.ts",
  "test/e2e/simulate.test.ts",
  "test/e2e/links-slow.test.ts",
  "test/e2e/links.test.ts",
  "test/e2e/three-servers.test.ts",
  "test/load/steady.test.ts",
  "test/e2e/placement.test.ts",
  "test/e2e/renewal-hub.test.ts",
  "test/e2e/second-broker.test.ts",
  "test/e2e/attachments.test.ts",
  "test/e2e/restore.test.ts",
  "test/e2e/translation.test.ts",
  "test/e2e/log-killed.test.ts",
  "test/e2e/examples.test.ts",
  "test/chaos/import.test.ts",
  "test/e2e/relay.test.ts",
  "test/e2e/two-hubs-apart.test.ts",
  "test/e2e/relay-back.test.ts",
  "test/e2e/decide.test.ts",
  "test/week/week.test.ts",
  "test/console/flows.test.ts",
  "test/console/shell.test.ts",
  "test/console/console.test.ts",
  "test/console/budgets.test.ts",
  "test/fuzz/fuzz.test.ts",
  "gateways/vault/vault.test.ts",
  "test/e2e/renewal-days.test.ts",
  "test/e2e/callout.test.ts",
  "test/e2e/drop.test.ts",
  "test/e2e/matrix.test.ts",
  "test/e2e/replay.test.ts",
  "test/e2e/log-damage.test.ts",
  "test/e2e/traffic.test.ts",
  "test/e2e/story.test.ts",
  "test/e2e/register.test.ts",
  "test/e2e/cases-second.test.ts",
  "test/e2e/recall.test.ts",
  "test/e2e/seeing.test.ts",
  "test/e2e/surveyor.test.ts",
  "test/load/mixed.test.ts",
  "test/e2e/passenger-warning.test.ts",
  "test/e2e/contract.test.ts",
  "test/console/flows-message.test.ts",
  "test/console/seats.test.ts",
  "test/e2e/cases.test.ts",
  "test/e2e/between.test.ts",
  "test/e2e/vault.test.ts",
  "test/e2e/flood.test.ts",
  "test/e2e/audiences.test.ts",
  "test/e2e/agility.test.ts",
  "test/e2e/revocation.test.ts",
  "test/e2e/renewal-link.test.ts",
  "test/e2e/one-identity.test.ts",
  "test/e2e/worlds.test.ts",
  "test/e2e/blobs.test.ts",
  "test/e2e/storm.test.ts",
  "test/e2e/two-hubs.test.ts",
  "test/e2e/times.test.ts",
  "broker/renewal/renewal.test.ts",
  "schemas/body/round-trip.test.ts",
  "gateways/vault/cut-short.test.ts",
  "gateways/recall/recall.test.ts",
  "gateways/renewal/renewal.test.ts",
  "gateways/api/log-injection.test.ts",
  "gateways/store-lock.test.ts",
  "gateways/store/upgrade.test.ts",
  "gateways/crypto/oracle.test.ts",
  "gateways/exchange/translations.test.ts",
  "gateways/recall/onward.test.ts",
  "broker/start.test.ts",
  "gateways/vaulted.test.ts",
  "gateways/exchange/keys/asking.test.ts",
  "gateways/vault/key-desk.test.ts",
  "gateways/exchange/admitted.test.ts",
  "gateways/attachments/killed.test.ts",
  "test/vectors/vectors.test.ts",
  "gateways/exchange/keys/audiences.test.ts",
  "gateways/exchange/recheck.test.ts",
  "certs/authority/renewals.test.ts",
  "gateways/attachments/hub-loss.test.ts",
  "broker/log/log.test.ts",
  "test/editions.test.ts",
  "gateways/exchange/inherited.test.ts",
  "schemas/work/read-thread.property.test.ts",
  "gateways/carry/refusals.test.ts",
  "certs/authority/register-lock.test.ts",
  "gateways/exchange/leaving.test.ts",
  "gateways/exchange/copies.test.ts",
  "gateways/vault/wipe.test.ts",
  "certs/authority/changes/effect.property.test.ts",
  "gateways/hooks/deliver.test.ts",
  "deploy/office/authority-renewals.test.ts",
  "deploy/office/authority-vouch.test.ts",
  "deploy/office/revoke.test.ts",
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.indexOf(relative(root, moduleId));
  return place === -1 ? longest.length : place;
}

/** Two to begin with, and the others evenly among those that work: so one or two wait at any time, and never all. */
function mix(
  waiting: readonly TestSpecification[],
  working: readonly TestSpecification[],
): readonly TestSpecification[] {
  const [first, others] = [waiting.slice(0, 2), waiting.slice(2)];
  const every = Math.max(1, Math.floor(working.length / (others.length + 1)));
  const mixed = working.flatMap((file, at) => {
    const next = (at + 1) % every === 0 ? others[(at + 1) / every - 1] : undefined;
    return next === undefined ? [file] : [file, next];
  });
  return [...first, ...mixed, ...others.slice(Math.floor(working.length / every))];
}

/**
 * Begins with what takes longest, so that the workers end together; what mostly waits lies between what works; those who
 * share a process follow one another at the end; by name where all else is equal, so that two runs are alike.
 */
export class LongestFirst extends BaseSequencer {
  /** @throws {Error} when a file that is listed is no more there: the list is to be mended. */
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = longest.filter((file) => !existsSync(resolve(root, file)));
    if (gone.length > 0) throw new Error(`test/longest-first.ts names ${gone.join(", ")}`);
    const sorted = files.toSorted(
      (a, b) => placeOf(a) - placeOf(b) || a.moduleId.localeCompare(b.moduleId),
    );
    const of = (name: string): readonly TestSpecification[] =>
      sorted.filter(({ project }) => project.name === name);
    return Promise.resolve([
      ...mix(of("waiting"), [...of("alone"), ...of("regions")]),
      ...of("together"),
    ]);
  }
}

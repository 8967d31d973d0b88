import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

import { loadRenewed } from "../../certs/renewal/index.ts";
import { saveCredentials } from "../../deploy/local/credential-files.ts";
import { enrolAgency } from "../../deploy/local/office.ts";
import { tendRegion } from "../../deploy/local/renewals.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { renderHex, systemChance } from "../../schemas/ground/index.ts";
import { alert } from "../kit/gateway-office.ts";
import { editRegister, readRegister, replaceRegister, withAgency } from "../kit/register-edit.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const agency = "ng/tcu";
/** Two minutes and the five by which it is set back: a third of that is left when it is made. */
const shortDays = 0.0015;
/** Of each gateway, how many wait at most: what is under way at the change does not grow with the machine's speed. */
const mostWaiting = 32;
/** What was handed to the old connection and not acknowledged is handed over again after half a minute, by design. */
const wholeSeconds = 200;
let world: World;
let ng: Gateway;
let gh: Gateway;

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh"],
    prepare: async ({ layout, offices }) => {
      const now = Date.now();
      const order = { agency, kinds: ["LINK"], days: shortDays } as const;
      const made = await enrolAgency(offices.all.get("ng")!, order, { now, chance: systemChance });
      const keys = join(layout.gateway(agency), "keys");
      for (const file of ["link.key", "link.pem"]) rmSync(join(keys, file));
      saveCredentials(keys, made);
      const lines = made.map(({ kind, certificate }) => ({ kind, certificate: certificate.der, endorsements: [] }));
      const change = withAgency(agency, (one) => ({
        ...one,
        certificates: [...one.certificates.filter(({ kind }) => kind !== "LINK"), ...lines],
      }));
      const next = editRegister(readRegister(layout.register), { states: { ng: change } }, { offices, now });
      replaceRegister(layout.register, next);
    },
  }); // prettier-ignore
  [ng, gh] = [await world.gateway(agency), await world.gateway("gh/tcu")];
});

afterAll(() => world?.stop());

function shownLogins(): readonly string[] {
  return world
    .audit()
    .filter(({ event, fields }) => event === "login allowed" && fields["agency"] === agency)
    .map(({ fields }) => String(fields["fingerprint"]));
}

interface Sent {
  readonly from: Gateway;
  readonly id: string;
}

function isTaken({ from: { exchange }, id }: Sent): boolean {
  return ["ACCEPTED", "DELIVERED"].includes(exchange.find(id)?.state ?? "");
}

/** In which states the others are, the rungs of the first few, and how the gateways and the hub stand. */
function describeOpen(sent: readonly Sent[], isThere: (one: Sent) => boolean): string {
  const open = sent.filter((one) => !isThere(one));
  const states = Map.groupBy(open, ({ from, id }) => `${from.agency} ${from.exchange.find(id)?.state}`);
  const counts = [...states].map(([state, all]) => `${state}: ${all.length}`);
  const first = open.slice(0, 3).map(({ from, id }) => from.exchange.find(id)?.ladder);
  const ways = [ng, gh].map(({ exchange }) => exchange.status());
  return `of ${sent.length} ${counts.join(", ")}; ${JSON.stringify([first, ways, world.broker.status()])}`;
} // prettier-ignore

it("a gateway shows the hub its next certificate while messages flow: none is lost, none comes twice", async () => {
  const { layout, offices } = world;
  const region = { layout, offices, agencies: [agency] };
  const sent: Sent[] = [];
  const keys = join(layout.gateway(agency), "keys");
  const isRenewed = (): boolean => {
    const [pair] = loadRenewed(keys, agency).pairs;
    return pair !== undefined && shownLogins().includes(renderHex(pair.certificate.thumbprint));
  };
  expect(new Set(shownLogins()).size).toBe(1);
  let tendedAt = 0;
  let after = 0;
  await until(
    "the hub was shown the new certificate, and messages went on",
    async () => {
      for (const from of [ng, gh]) {
        if (from.exchange.status().waiting >= mostWaiting) continue;
        const { id } = await from.exchange.submit(alert, `k${sent.length}`);
        sent.push({ from, id });
      }
      if (Date.now() - tendedAt > 1_000) {
        tendedAt = Date.now();
        expect(await tendRegion(region, { now: tendedAt, chance: systemChance })).toEqual([]);
        await world.broker.refresh();
      }
      if (isRenewed()) after += 1;
      return after > 40;
    },
  );
  expect(new Set(shownLogins()).size).toBe(2);
  await until(
    () => `everything was taken: ${describeOpen(sent, isTaken)}`,
    () => sent.every(isTaken),
    wholeSeconds,
  );
  for (const [reader, writer] of [[gh, ng], [ng, gh]] as const) {
    const own = sent.filter(({ from }) => from === writer);
    const isRead = ({ id }: Sent): boolean => reader.exchange.find(id)?.state === "VERIFIED";
    await until(
      () => `${reader.agency} has all of it, once each: ${describeOpen(own, isRead)}`,
      () => own.every(isRead),
      wholeSeconds,
    );
    expect(reader.exchange.status()).toMatchObject({ inbox: own.length, quarantined: 0, waiting: 0 });
  }
  expect(ng.exchange.status().certificates.find(({ kind }) => kind === "LINK")?.level).toBe("ok");
}, 900_000); // prettier-ignore

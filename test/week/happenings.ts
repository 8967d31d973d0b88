import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { issueCrl, revokeCertificate } from "../../certs/authority/index.ts";
import { parseCertificate } from "../../certs/shape/index.ts";
import type { Office } from "../../deploy/local/office.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { type BadLinkProxy, startBadLinkProxy } from "../kit/bad-link-proxy.ts";
import { withAgency } from "../kit/register-edit.ts";
import { until } from "../kit/server.ts";
import type { World } from "../kit/world.ts";
import { rec } from "./plan.ts";

/** Puts a line that can be cut between a gateway that is not started yet and the hub. */
export async function putLine(world: World, agency: string): Promise<BadLinkProxy> {
  const line = await startBadLinkProxy({ toPort: Number(new URL(world.url).port) });
  const file = join(world.layout.gateway(agency), "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...config, hubs: [`tls://127.0.0.1:${line.port}`] }));
  return line;
}

/** Cuts a line: what is put on it goes nowhere, and nobody is told. */
export async function cut(world: World, agency: string, line: BadLinkProxy): Promise<void> {
  Object.assign(line.nature, { up: "held", down: "held" });
  line.cut();
  const { exchange } = await world.gateway(agency);
  await until(`${agency} notices`, () => !exchange.status().linkUp);
}

/** Mends a line and waits until its gateway is linked. */
export async function mend(world: World, agency: string, line: BadLinkProxy): Promise<void> {
  Object.assign(line.nature, { up: "open", down: "open" });
  line.cut();
  const { exchange } = await world.gateway(agency);
  await until(`${agency} is linked`, () => exchange.status().linkUp);
}

/**
 * The lists of an office, by the machine's clock and for a month. The server goes by that clock and asks for logins in its time, the
 * hub answers in the week's: a list has to hold in both.
 */
async function issueLists({ authority, journal }: Office): Promise<readonly Bytes[]> {
  const order = { authority, journal, now: Date.now() };
  const root = await issueCrl({ ...order, issuer: "ROOT" });
  const issuing = await issueCrl({ ...order, issuer: "ISSUING", days: 31 });
  return [root.der, issuing.der];
}

/** Issues the lists of all authorities anew, as their offices do each day. */
export async function renew(world: World): Promise<void> {
  const names = world.plan.authorities.map(({ authority }) => authority);
  const lists = new Map<string, Awaited<ReturnType<typeof issueLists>>>();
  for (const name of names) lists.set(name, await issueLists(world.office(name)));
  const states = names.map((name) => [name, (part: object) => ({ ...part, crls: lists.get(name) })]);
  await world.publish({ states: Object.fromEntries(states) as never });
} // prettier-ignore

/** Revokes all certificates of an agency and suspends it, as after a break-in. */
export async function revoke(world: World, agency: string): Promise<void> {
  const [authority = ""] = agency.split("/");
  const office = world.office(authority);
  const now = world.clock.now();
  for (const { certificate } of world.register().agency(agency)?.certificates ?? []) {
    const { serial } = parseCertificate(certificate);
    revokeCertificate({ ...office, serial, reason: "KEY_COMPROMISE", now });
  }
  const crls = await issueLists(office);
  const suspend = withAgency(agency, (one) => ({ ...one, suspendedFrom: now }));
  await world.publish({ states: { [authority]: (part) => ({ ...suspend(part), crls }) } });
}

/** Ends a state's membership of the community. */
export async function leave(world: World, authority: string): Promise<void> {
  const leftAt = world.clock.now();
  await world.publish({
    region: (now) => ({
      ...now,
      memberships: now.memberships.map((one) =>
        one.authority === authority && one.rec === rec ? { ...one, until: leftAt } : one,
      ),
    }),
  });
}

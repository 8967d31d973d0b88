import { afterEach, describe, expect, it } from "vitest";

import { renderHex, sha256 } from "../../schemas/ground/index.ts";
import { loadRenewed } from "../../certs/renewal/index.ts";
import { makeRenewalWorld, type Party, type RenewalWorld } from "../kit/renewal-world.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);
let world: RenewalWorld;

afterEach(() => world.stop());

function inboxOf({ office: { store } }: Party): readonly [verified: number, quarantined: number] {
  return [store.messages.count("in", "VERIFIED"), store.messages.count("in", "QUARANTINED")];
}

/** One step: both ask for what is due, the offices answer, the register goes round, the hub last. */
async function step(days: number, away: readonly string[] = []): Promise<void> {
  world.clock.move(days * day);
  const parties = [world.party("ng/tcu"), world.party("gh/tcu")];
  for (const party of parties) await party.renewal.tend();
  expect(await world.tendOffices(away)).toEqual([]);
  // the senders have the new register before the hub has it
  for (const party of parties) {
    party.hold(world.register());
    await party.renewal.tend();
  }
}

/** Sends an alert each way; holds that both were taken and read. */
async function sendBothWays(): Promise<void> {
  for (const [from, to] of [["ng/tcu", "gh/tcu"], ["gh/tcu", "ng/tcu"]] as const) {
    const [before] = inboxOf(world.party(to));
    expect(await world.send(from, to)).toEqual([]);
    const [after, quarantined] = inboxOf(world.party(to));
    expect([after, quarantined]).toEqual([before + 1, 0]);
  }
} // prettier-ignore

/** Alarms about its own certificates; in this world the register is renewed when it has a day left. */
function alarmsOf({ alarms }: Party): Party["alarms"] {
  return alarms.filter(({ type }) => type !== "LIST" && type !== "REGISTER");
}

function countOf(party: Party, kind: string): number {
  const named = party.office.register().agency(party.agency)?.certificates ?? [];
  return named.filter((one) => one.kind === kind).length;
}

describe("two hundred days", () => {
  it("every certificate is renewed again and again, and at every step messages flow both ways, none refused, none lost", async () => {
    world = await makeRenewalWorld(start);
    const [ng, gh] = [world.party("ng/tcu"), world.party("gh/tcu")];
    const signed = new Set<string>();
    const sealed = new Set<string>();
    const shown = new Set<string>();
    for (let at = 0; at < 200; at += 2) {
      await step(2);
      // messages go out while the hub still has the register of before, and after it has the new one
      await sendBothWays();
      world.turnHub();
      for (const { renewal } of [ng, gh]) await renewal.tend();
      await sendBothWays();
      if (at % 20 === 0) ng.restart();
      if (at % 20 === 0) world.turnHub();
      signed.add(ng.renewal.signer.sign("atumpan-receipt", Buffer.of(1)).split(".", 1)[0]!);
      sealed.add(renderHex(ng.renewal.sealing()[0]!.certificate.thumbprint));
      shown.add(renderHex(gh.renewal.links()[0]!.certificate.thumbprint));
    }
    expect([signed.size, sealed.size, shown.size]).toEqual([4, 4, 4]);
    expect(gh.linkChanges).toBe(3);
    // nobody was alarmed but on the day itself, or when the key before had still to give its word
    expect([...alarmsOf(ng), ...alarmsOf(gh)].filter(({ days }) => days < 28)).toEqual([]);
    // nobody had to confirm a key, because each was endorsed by the one before
    expect(gh.office.pins.counts().unconfirmed).toBe(0);
    // old lines went when they were over, sealing keys stay to vouch for the next
    expect([countOf(ng, "LINK"), countOf(ng, "SEALING")]).toEqual([2, 4]);
  }, 240_000);
});

describe("an office that is away", () => {
  it("for twenty days stops nothing; alarms come, and all is well when it is back", async () => {
    world = await makeRenewalWorld(start);
    const ng = world.party("ng/tcu");
    await step(58);
    for (let at = 0; at < 20; at += 2) {
      await step(2, ["ng"]);
      world.turnHub();
      await sendBothWays();
    }
    const days = alarmsOf(ng)
      .filter(({ type }) => type === "SIGNING")
      .map((one) => one.days);
    expect(Math.min(...days)).toBe(12);
    expect(ng.renewal.ends().find(({ kind }) => kind === "SIGNING")?.level).toBe("warning");
    await step(1);
    world.turnHub();
    await step(1);
    world.turnHub();
    await sendBothWays();
    expect(ng.renewal.ends().map(({ level }) => level)).not.toContain("warning");
    expect(ng.renewal.ends().find(({ kind }) => kind === "SIGNING")?.daysLeft).toBeGreaterThan(80);
  });

  it("until all has ended leaves clear faults, and heals by an officer's word", async () => {
    world = await makeRenewalWorld(start);
    const [ng, gh] = [world.party("ng/tcu"), world.party("gh/tcu")];
    for (const days of [58, 4, 4, 4, 4, 4, 4, 4]) await step(days, ["ng"]);
    world.turnHub();
    await sendBothWays();
    expect(ng.renewal.ends().find(({ kind }) => kind === "LINK")).toMatchObject({
      level: "warning",
    });
    await step(5, ["ng"]);
    world.turnHub();
    const own = ng.renewal.ends().filter(({ kind }) => kind !== "LIST" && kind !== "REGISTER");
    expect(own.map(({ kind, level }) => `${kind} ${level}`).toSorted()).toEqual(
      ["LINK expired", "SEALING expired", "SIGNING expired"]); // prettier-ignore
    expect(alarmsOf(ng).at(-1)).toMatchObject({ code: "CERT_EXPIRED" });
    await expect(world.send("ng/tcu", "gh/tcu")).rejects.toMatchObject({ code: "CERT_EXPIRED" });
    // what asks with an ended certificate is nobody's request
    expect(await world.tendOffices()).toEqual(["CERT_EXPIRED", "CERT_EXPIRED", "CERT_EXPIRED"]);
    const { pending } = loadRenewed(
      `${world.layout.gateway("ng/tcu")}/keys`, "ng/tcu"); // prettier-ignore
    const vouched = new Set(pending.map(({ spki }) => renderHex(sha256(spki))));
    expect(await world.tendOffices([], vouched)).toEqual([]);
    for (const party of [ng, gh]) party.hold(world.register());
    world.turnHub();
    await ng.renewal.tend();
    // a sealing key after a gap is endorsed by nobody; people confirm it
    const changed = gh.office.pins.list(false).find(({ agency }) => agency === "ng/tcu");
    expect(changed).toMatchObject({ state: "UNENDORSED" });
    const { fingerprint } = changed!;
    await gh.office.pins.decide({
      agency: "ng/tcu",
      fingerprint,
      state: "CONFIRMED",
      by: "officer",
    });
    await sendBothWays();
  });
});

import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ErasedLine, startEraser } from "../../broker/erasure/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import type { RecallDesk } from "../../gateways/recall/index.ts";
import { makeServices, type OpenServices } from "../../gateways/services.ts";
import { decodeMessage, encodeReceipt, encodeSignedReceipt } from "../../schemas/index.ts";
import { parseUuid, silentLog, systemChance } from "../../schemas/ground/index.ts";
import { exampleNow } from "../kit/submissions.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const secret = "Seventeen crates under the third deck of the Exemplar";
const names = ["ng/tcu", "gh/tcu", "sn/tcu"] as const;
type Name = (typeof names)[number];

let world: World;
const gateways = {} as Record<Name, Gateway>;
const open = {} as Record<Name, OpenServices>;

function desk(name: Name): RecallDesk {
  return open[name].services.recalls!;
}

async function start(name: Name): Promise<void> {
  const gateway = await world.gateway(name);
  gateways[name] = gateway;
  const { clock } = world;
  open[name] = makeServices({ gateway, dir: world.layout.gateway(name), clock, chance: systemChance, log: silentLog });
} // prettier-ignore

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  for (const name of names) await start(name);
}, 120_000);

afterAll(async () => {
  for (const one of Object.values(open)) await one.stop();
  await world?.stop();
});

let asked = 0;

/** Sends a question of one to another and waits until it is held; a direct message, sealed. */
async function ask(from: Name, to: Name, text: string): Promise<string> {
  const { crimes, handling, inner, body } = exampleNow("request.information", world.clock.now());
  const own = { ...body, facts: { text, lang: "en" } };
  const submission = { type: "request.information", crimes, handling, inner, recipients: [to], body: own };
  const { id } = await gateways[from].exchange.submit(JSON.parse(JSON.stringify(submission)), `ask ${(asked += 1)}`);
  await until("it is held", () => gateways[to].exchange.find(id) !== undefined);
  await until("it is told", () => gateways[from].exchange.find(id)?.state === "DELIVERED");
  return id;
} // prettier-ignore

/** The sealed body as the hub and the stores have it: ciphertext, in Base64url as a JWE writes it. */
function sealedOf(name: Name, id: string): Buffer {
  const { raw } = gateways[name].office.store.messages.find(parseUuid(id))!;
  const { sealed } = decodeMessage(raw);
  const { ciphertext } = JSON.parse(Buffer.from(sealed!).toString("utf8")) as {
    ciphertext: string;
  };
  return Buffer.from(ciphertext.slice(0, 120));
}

function holds(files: readonly string[], bytes: Buffer): boolean {
  return files.filter((file) => statSync(file).isFile()).some((file) => readFileSync(file).includes(bytes));
} // prettier-ignore

const hubFiles = (): readonly string[] => globSync(join(world.home, "**", "*.blk"));
const storeFiles = (name: Name): readonly string[] =>
  globSync(join(world.layout.gateway(name), "store.db*"));

describe("T7 a purge, to its end", () => {
  it("goes from the sender over hub and reader to the one it was passed on to, and leaves no byte of it anywhere", async () => {
    const id = await ask("ng/tcu", "gh/tcu", secret);
    const carrier = await ask("gh/tcu", "sn/tcu", `Passed on: ${secret}`);
    const { onward } = gateways["gh/tcu"].office.store;
    await gateways["gh/tcu"].office.store.write(() =>
      onward.add({ source: parseUuid(id), owner: "ng/tcu", kind: "ONWARD", agency: "sn/tcu", uses: ["ONWARD_LE"], purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "NOT_ASKED", carrier, at: world.clock.now(), by: "" }),
    );
    const sealed = [sealedOf("ng/tcu", id), sealedOf("gh/tcu", carrier)];
    expect(sealed.map((one) => holds(hubFiles(), one))).toEqual([true, true]);
    expect(names.map((name) => holds(storeFiles(name), Buffer.from(secret)))).toEqual([true, true, true]);

    const wish = { ids: [id], scope: "MESSAGE", reason: "UNLAWFUL", deadline: world.clock.now() + 86_400_000 };
    expect(await desk("ng/tcu").start(wish, "back")).toMatchObject({ sent: [{ holder: "gh/tcu" }], unreached: [] });
    await until(() => `it is complete: ${JSON.stringify(desk("ng/tcu").list())} ${JSON.stringify(desk("gh/tcu").asked())}`, () => desk("ng/tcu").list()[0]?.["state"] === "COMPLETE", 60);

    const shown = desk("ng/tcu").show(id);
    expect(shown["copies"]).toContainEqual(expect.objectContaining({ agency: "gh/tcu", answer: expect.objectContaining({ done: "DELETED", onwardDone: ["sn/tcu"] }) }));
    await until("the hub has answered for both", () => [["ng/tcu", id], ["gh/tcu", carrier]].every(([name, one]) => (desk(name as Name).show(one!)["hub"] as unknown[]).length === 1));
    const left = await world.desk.read("DIRECT");
    expect(left.filter(({ subject }) => subject.endsWith(id) || subject.endsWith(carrier))).toEqual([]);
    const erased = world.audit().filter(({ event }) => event === "message erased");
    expect(erased.map(({ fields }) => [fields["kind"], fields["stream"], fields["agency"]])).toEqual([["PURGE", "DIRECT", undefined], ["PURGE", "DIRECT", undefined]]);
    for (const one of sealed) {
      await until("the hub's files hold nothing of it", () => !holds(hubFiles(), one));
      for (const name of names) await until(`${name} holds nothing of it`, () => !holds(storeFiles(name), one) && !holds(storeFiles(name), Buffer.from(secret)));
    }
    expect(await open["gh/tcu"].services.audit!.check()).toMatchObject({ whole: true });
  }, 120_000);

  it("nobody has another's message taken out of the hub", async () => {
    const id = await ask("ng/tcu", "sn/tcu", "A second question");
    const { store } = gateways["ng/tcu"].office;
    const message = store.messages.find(parseUuid(id))!;
    const [publication] = store.outbox.byMessage(message.seq);
    const stood = (await world.desk.read("DIRECT")).some(({ subject }) => subject.endsWith(id));
    const { signer, agency, register } = gateways["gh/tcu"].office;
    const lines = { accepted: [], refused: [], held: [], heads: [], opened: [] };
    const messages = [{ messageId: message.id, envelopeDigest: message.digest, channel: publication!.channel }];
    const receipt = encodeReceipt({ version: 1, issuer: agency, recipient: register().hubs[0]!.hub, issuedAt: world.clock.now(), ...lines, erasures: { messages } });
    const order = encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
    expect(await gateways["gh/tcu"].recall.askErase(order)).toBeDefined();
    expect(stood && (await world.desk.read("DIRECT")).some(({ subject }) => subject.endsWith(id))).toBe(true);
  }, 60_000);

  it("what is past its time leaves the hub too, with a line for its record", async () => {
    const id = await ask("ng/tcu", "gh/tcu", "A third question");
    const stands = async (): Promise<readonly string[]> => (await world.desk.read("DIRECT")).map(({ subject }) => subject).filter((subject) => subject.endsWith(id));
    const [subject] = await stands();
    const { sequence } = (await world.desk.jetStream.lastOn("DIRECT", subject!))!;
    const lines: ErasedLine[] = [];
    const eraser = startEraser({
      jetStream: world.desk.jetStream, hub: "ecowas/hub", register: () => world.register(), instances: new Map([["DIRECT", "now"]]),
      clock: world.clock, log: silentLog, journal: (line) => void lines.push(line),
    });
    eraser.expire([{ stream: "DIRECT", instance: "now", sequence }]);
    await until("it is gone", async () => (await stands()).length === 0);
    await until("it is written down", () => lines.length === 1);
    eraser.stop();
    expect(lines).toMatchObject([{ kind: "EXPIRED", stream: "DIRECT", count: 1 }]);
  }, 60_000);
}); // prettier-ignore

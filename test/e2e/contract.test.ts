import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Exchange } from "../../gateways/exchange/index.ts";
import { withoutSecrets } from "../../gateways/exchange/secrets.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import {
  bodyMessageName,
  type JsonValue,
  type MessageType,
  messageTypes,
  typeOptions,
} from "../../schemas/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { type Cast, recastExample } from "../kit/recast.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn"] });
});

afterAll(async () => {
  await world?.stop();
});

/** Types that no kind of agency of the local region may sign, by the kinds that may. */
const foreign: Readonly<Record<string, string>> = {
  "asset.sharing_agreement": "asset recovery offices, prosecution, courts, central authorities",
  "casefile.transfer": "central authorities, prosecution, courts",
  "mla.request": "central authorities, prosecution, courts",
  "mla.status": "central authorities, prosecution, courts",
  "sentenced.transfer": "central authorities, prosecution, courts, prisons",
};

const localKinds = ["TCU", "MOC", "FIU", "REGIONAL_CENTRE"];

function maySign(type: MessageType, kind: string): boolean {
  const { signers = [] } = typeOptions(type) ?? {};
  return signers.length === 0 || signers.includes(kind);
}

/** The office that writes a type in the local region: the financial unit what only it may, the sea's centre its own. */
function officeOf(type: MessageType): string {
  if (type.startsWith("maritime.")) return "moc";
  return maySign(type, "TCU") ? "tcu" : "fiu";
}

function castOf(type: MessageType): Cast {
  const office = officeOf(type);
  const { recipients = [] } = exampleOf(type);
  const readers = [`gh/${office}`, `sn/${office}`].slice(0, Math.max(1, recipients.length));
  return { sender: `ng/${office}`, readers };
}

/** A type's example as the sender of the cast would write it now. */
function submissionOf(type: MessageType, cast: Cast): Record<string, unknown> {
  return recastExample(type, cast, { now: world.clock.now(), rec: "ecowas" });
}

/** The same JSON without its empty lists: a list that is empty and one that is not there are one and the same. */
function withoutEmpty(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutEmpty);
  if (typeof json !== "object" || json === null) return json;
  const members = Object.entries(json).filter(([, one]) => !Array.isArray(one) || one.length > 0);
  return Object.fromEntries(members.map(([name, value]) => [name, withoutEmpty(value)]));
}

async function exchangeOf(agency: string): Promise<Exchange> {
  return (await world.gateway(agency)).exchange;
}

const local = messageTypes.filter((type) => !Object.hasOwn(foreign, type));

describe("every type that an agency of the local region may sign", () => {
  it.each(local)("%s arrives, proved, with the body that was sent", async (type) => {
    const cast = castOf(type);
    const submission = submissionOf(type, cast);
    const sender = await exchangeOf(cast.sender);
    const readers = await Promise.all(cast.readers.map(exchangeOf));
    expect(await sender.validate(submission)).toMatchObject({ problems: [], valid: true });
    const { id, audience } = await sender.submit(submission, type);
    expect(audience).toEqual(expect.arrayContaining([...cast.readers]));
    await until(`${type} is there`, () => readers.every(({ find }) => find(id) !== undefined));
    for (const { find } of readers) {
      const read = find(id);
      expect([read?.state, read?.code, read?.type]).toEqual(["VERIFIED", undefined, type]);
      expect(read?.form).toBe(typeOptions(type)?.form);
      // keys are the gateway's to use, and nobody's to read
      const said = withoutSecrets(
        bodyMessageName(type),
        withoutEmpty(submission["body"]) as JsonValue,
      );
      expect(JSON.parse(JSON.stringify(read?.body))).toEqual(said);
    }
    await until(`${type} is accepted`, () => sender.find(id)?.state !== "QUEUED");
    expect(["ACCEPTED", "DELIVERED"]).toContain(sender.find(id)?.state);
  });
});

describe("a type that no agency of the local region may sign", () => {
  it("is in the list above, and no other type is", () => {
    const unsigned = messageTypes.filter((type) => !localKinds.some((kind) => maySign(type, kind)));
    expect(unsigned.toSorted()).toEqual(Object.keys(foreign).toSorted());
  });

  it.each(messageTypes.filter((type) => Object.hasOwn(foreign, type)))(
    "%s is refused, whoever tries",
    async (type) => {
      for (const sender of ["ng/tcu", "ng/fiu"]) {
        const cast = { sender, readers: [sender.replace("ng/", "gh/")] };
        const submission = submissionOf(type, cast);
        const exchange = await exchangeOf(sender);
        const { valid, problems } = await exchange.validate(submission);
        expect(valid).toBe(false);
        expect(problems.map(({ code }) => code)).toContain("MANDATE_MISSING");
        expect(problems[0]?.message).toContain("KIND_MAY_NOT_SEND");
        const refusal = await exchange
          .submit(submission, `${type} ${sender}`)
          .catch((e: unknown) => e);
        expect(isFault(refusal, "MANDATE_MISSING")).toBe(true);
      }
    },
  );
});

describe("the local region", () => {
  it("shows a unit's mail to none but the addressed, and its feeds to units alone", async () => {
    const type = "request.information";
    const submission = submissionOf(type, castOf(type));
    const { exchange } = await world.gateway("ng/tcu");
    for (const reader of ["gh/fiu", "gh/moc", "ecowas/centre"]) {
      const { problems } = await exchange.validate({ ...submission, recipients: [reader] });
      expect(problems.length).toBeGreaterThan(0);
      for (const one of problems) {
        expect(one).toMatchObject({ path: "/recipients/0", code: "MANDATE_MISSING" });
      }
    }
    const wanted = await exchange.validate(submissionOf("notice.wanted", castOf("notice.wanted")));
    expect(wanted.audience.toSorted()).toEqual(["gh/tcu", "sn/tcu"]);
  });
});

import { array, assert, asyncProperty, record, subarray } from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";

import { verifyRegister } from "../../../certs/trust/index.ts";
import {
  alert,
  handedKeys,
  type MadeOffice,
  makeOffice,
  send,
} from "../../../test/kit/gateway-office.ts";
import {
  type GatewayWorld,
  makeGatewayWorld,
  type WorldParts,
} from "../../../test/kit/gateway-world.ts";
import { makeTakePublications } from "../take-publications.ts";

const readers = ["gh/tcu", "sn/tcu", "ci/tcu", "bj/tcu", "tg/tcu"];
let world: GatewayWorld;
let full: WorldParts;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", ...readers], { now: 1_780_272_000_000 });
  world.publish((parts) => {
    full = parts;
    return parts;
  });
});

const offices: MadeOffice[] = [];
afterAll(() => {
  for (const office of offices) office.close();
});

async function takeAll(office: MadeOffice, handed: Parameters<ReturnType<typeof makeTakePublications>>[0]): Promise<void> {
  await makeTakePublications(office, { refreshRegister: () => Promise.resolve(false), held: () => undefined })(handed);
} // prettier-ignore

it("over any course of audiences exactly the members of each message's open it, whoever gets the ciphertext", async () => {
  const subset = subarray(readers, { minLength: 1 });
  const course = array(record({ mandated: subset, excluded: subarray(readers) }), { minLength: 1, maxLength: 5 });
  await assert(
    asyncProperty(course, async (steps) => {
      const sender = makeOffice(world, "ng/tcu");
      const all = readers.map((agency) => makeOffice(world, agency));
      offices.push(sender, ...all);
      const expected = new Map<string, number>();
      for (const [i, { mandated, excluded }] of steps.entries()) {
        const mandates = full.mandates.filter(
          ({ agency, action, scope }) => scope === "direct" || action !== "READ" || mandated.includes(agency),
        );
        const view = verifyRegister(world.publish((parts) => ({ ...parts, mandates })), world.anchors);
        Object.assign(sender, { register: () => view });
        const members = mandated.filter((agency) => !excluded.includes(agency));
        const submission = { ...alert, inner: { excludedRecipients: excluded } };
        const sending = send(sender, submission, `k${i}`);
        if (members.length === 0) {
          await expect(sending).rejects.toMatchObject({ code: "SEAL_NO_RECIPIENTS" });
          continue;
        }
        const handed = await sending;
        for (const agency of members) expected.set(agency, (expected.get(agency) ?? 0) + 1);
        // a hub that hands everything to everyone, each with all keys that were ever sent to it
        const everyone = verifyRegister(world.publish((parts) => ({ ...parts, mandates: full.mandates })), world.anchors);
        for (const office of all) {
          Object.assign(office, { register: () => everyone });
          await takeAll(office, handedKeys(sender, office.agency));
          await takeAll(office, handed);
        }
      }
      for (const { agency, store } of all) {
        expect([agency, store.messages.count("in", "VERIFIED")]).toEqual([agency, expected.get(agency) ?? 0]);
      }
    }),
    { numRuns: 12 },
  );
}); // prettier-ignore

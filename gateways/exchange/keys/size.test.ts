import { afterAll, beforeAll, expect, it } from "vitest";

import { decodeParts } from "../../../schemas/index.ts";
import { alert, type MadeOffice, makeOffice, send } from "../../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../../test/kit/gateway-world.ts";

/** What an officer says of a find: twelve facts, each a field, and one sentence. */
const facts = {
  kind: "drugs",
  occurredFrom: "2026-05-22T04:10:00.000Z",
  place: { unlocode: "TGLFW", country: "TG", text: { text: "Port autonome de Lomé, quai 2", lang: "fr" } },
  commodities: [{ kind: "COCAINE", quantity: { value: "214.5", unit: "KG" }, concealment: "RIP_OFF" }],
  originCountries: ["BR"],
  destinationCountries: ["NE", "LY"],
  persons: [{ roles: ["SUSPECT"], names: [{ full: "Kossi Mensah-N'Diaye", kind: "LEGAL" }], sex: "M", birth: { year: 1987 }, nationalities: ["TG"] }],
  vehicles: [{ kind: "TRUCK", plate: "TG-4471-BC", plateCountry: "TG" }],
  arrested: 1,
  detectedBy: "RISK_PROFILE",
  caseStatus: "UNDER_INVESTIGATION",
  caseRef: "UMCC-LFW-2026-0147",
  narrative: { text: "Onze sacs de sport derrière les portes d'un conteneur de sucre", lang: "fr" },
}; // prettier-ignore

const states = ["bf", "bj", "ci", "gh", "ng", "sn"];
const agencies = states.flatMap((state) =>
  Array.from({ length: 20 }, (_, i) => `${state}/police-${i}`),
);

let world: GatewayWorld;
let sender: MadeOffice;

beforeAll(async () => {
  world = await makeGatewayWorld(["tg/tcu", ...agencies], { now: 1_780_272_000_000 });
  sender = makeOffice(world, "tg/tcu");
}, 180_000);
afterAll(() => sender?.close());

it("one alert of twelve facts to 120 agencies is under 4 kB, slip and signatures and all; so is each share", async () => {
  expect(Object.keys(facts)).toHaveLength(12 + 1);
  const handed = await send(sender, { ...alert, body: facts }, "a");
  expect(handed.map(({ bytes }) => bytes.length < 4000)).toEqual([true]);
  const { store } = sender;
  const [own] = store.audienceKeys.usedSince(0);
  expect(own?.members).toHaveLength(120);
  const sizes = store.outbox.waiting(1000).map((seq) => store.outbox.raw(seq)!.length);
  expect(sizes).toHaveLength(121);
  expect(Math.max(...sizes)).toBeLessThan(4000);
  const stored = store.messages.list({ box: "out", limit: 1 })[0]!;
  expect(decodeParts(store.messages.get(stored.seq)!.parts!).parts.length).toBeGreaterThan(10);
});

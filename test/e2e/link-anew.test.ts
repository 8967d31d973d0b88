import { afterAll, beforeAll, describe, it } from "vitest";

import { loadGateway } from "../../gateways/config.ts";
import { makeHubTrust } from "../../gateways/hub-choice.ts";
import { type Link, startLink } from "../../gateways/link/index.ts";
import { receiptSubject } from "../../schemas/index.ts";
import { parseUtf8, silentLog, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const agency = "ng/tcu";
/** Well under the half minute after which the server hands over again what nobody acknowledged. */
const promptSeconds = 15;

let world: World;
let link: Link;
let ups = 0;
const taken: string[] = [];
let timer: NodeJS.Timeout;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  const { clock } = world;
  const { link: identity, hubUrls } = loadGateway(world.layout.gateway(agency)).options;
  const nothing = async (): Promise<void> => {};
  link = startLink({
    agency,
    urls: hubUrls ?? [world.url],
    ...identity,
    trust: makeHubTrust(() => world.register(), world.plan.hub, clock),
    duties: {
      queue: { waiting: () => [], load: () => undefined },
      streams: () => [],
      takePublications: nothing,
      takeReceipts: async (batch) => void taken.push(...batch.map(({ bytes }) => parseUtf8(bytes))),
      beforeHeads: () => undefined,
      takeHeads: nothing,
      onUp: () => (ups += 1),
    },
    clock,
    chance: systemChance,
    log: silentLog,
  });
  timer = setInterval(() => link.tick(), 1000);
  await until("the link is up", () => link.isUp);
}); // prettier-ignore

afterAll(async () => {
  clearInterval(timer);
  await link?.stop();
  await world?.stop();
});

let number = 0;

/** Puts so many receipts on their way, and says which. */
async function send(count: number): Promise<readonly string[]> {
  const sent = Array.from({ length: count }, () => `receipt ${(number += 1)}`);
  for (const text of sent) await world.desk.link.request(receiptSubject(agency), utf8(text));
  return sent;
}

async function connectAnew(): Promise<void> {
  const before = ups;
  await link.connection.reconnect();
  await until("the link is up anew", () => ups > before && link.isUp);
}

describe("a link that is made anew", () => {
  it("loses nothing of what comes after to what was asked for over the one before", async () => {
    await until("the first are there", async () => {
      const sent = await send(1);
      return sent.every((one) => taken.includes(one));
    });
    for (let round = 0; round < 5; round += 1) {
      await connectAnew();
      const sent = await send(20);
      const missing = (): readonly string[] => sent.filter((one) => !taken.includes(one));
      await until(
        () => `round ${round}: ${missing().length} of ${sent.length} are not there`,
        () => missing().length === 0,
        promptSeconds,
      );
    }
  });
});

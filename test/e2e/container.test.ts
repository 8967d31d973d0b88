import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { engineTrouble, startContainerServer } from "../kit/container.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";
import { example } from "../kit/submissions.ts";

const trouble = engineTrouble();
if (trouble !== undefined) {
  process.stderr.write(`skipped: the story with nats-server in a container, because ${trouble}\n`);
}

describe.skipIf(trouble !== undefined)("with nats-server in a container", () => {
  let world: World;

  beforeAll(async () => {
    process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
    world = await startWorld({
      states: ["ng", "gh"],
      recs: ["ecowas"],
      serve: startContainerServer,
    });
  });

  afterAll(async () => {
    await world?.stop();
  });

  it("a sealed alert from Lagos is held in Accra and at the ECOWAS centre, and its ladder is complete", async () => {
    const lagos = await world.gateway("ng/tcu");
    const readers = [await world.gateway("gh/tcu"), await world.gateway("ecowas/centre")];
    const { id } = await lagos.exchange.submit(example("lagos-alert"), "container-1");
    for (const reader of readers) {
      await until(
        `${reader.agency} holds it`,
        () => reader.exchange.find(id)?.state === "VERIFIED",
      );
    }
    await until("it is delivered", () => lagos.exchange.find(id)?.state === "DELIVERED");
    const ladder = lagos.exchange.find(id)?.ladder.map(({ kind, by }) => `${kind} ${by}`);
    expect(ladder?.toSorted()).toEqual([
      "ACCEPTED au/hub-one",
      "DELIVERED ecowas/centre",
      "DELIVERED gh/tcu",
    ]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { makeSeededChance, renderHex, silentLog } from "../schemas/ground/index.ts";
import { makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { makeStillClock } from "../test/kit/memory-exchange.ts";
import { issueSealing, sealingLine } from "../test/kit/sealing-change.ts";
import { startGateway } from "./gateway.ts";
import { openStore } from "./store/index.ts";

const now = 1_780_272_000_000;

it("a gateway that asks nobody and sends nothing pins what each register names, and knows it after a restart", async () => {
  const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  const { signer, sealing, link } = world.agency("ng/tcu");
  const dir = mkdtempSync(join(tmpdir(), "gateway-"));
  const clock = makeStillClock(now);
  const gateway = await startGateway({
    agency: "ng/tcu",
    dir,
    register: world.register,
    anchors: world.anchors,
    signer,
    link,
    sealing: [sealing],
    clock,
    chance: makeSeededChance("g"),
    log: silentLog,
  });
  const rogue = await issueSealing(world, "gh/tcu");
  const newer = world.publish((parts) => ({
    ...parts,
    agencies: new Map(
      [...parts.agencies].map(([state, own]) => [
        state,
        own.map((one) =>
          one.agency === "gh/tcu"
            ? { ...one, certificates: [...one.certificates, sealingLine(rogue)] }
            : one,
        ),
      ]),
    ),
  }));
  writeFileSync(join(dir, "register.bin"), newer);
  for (let i = 0; i < 11; i += 1) clock.move(1_000);
  await gateway.stop();
  const store = openStore(join(dir, "store.db"));
  const words = store.sealingPins.all().filter(({ agency }) => agency === "gh/tcu");
  store.close();
  rmSync(dir, { recursive: true });
  expect(words.map(({ state }) => state)).toEqual(["FIRST", "UNENDORSED"]);
  expect(renderHex(words[1]!.thumbprint)).toBe(renderHex(rogue.leaf.thumbprint));
});

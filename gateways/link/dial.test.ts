import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { dial, dialOrder } from "./dial.ts";

const urls = ["tls://one:4222", "tls://two:4222", "tls://three:4222"];

describe("dialOrder", () => {
  it("has each address once, in any order, and the one that was left last", () => {
    const chance = makeSeededChance("order");
    const firsts = new Set<string | undefined>();
    for (let round = 0; round < 200; round += 1) {
      const order = dialOrder(urls, "tls://two:4222", chance);
      expect(order.toSorted()).toEqual(urls.toSorted());
      expect(order.at(-1)).toBe("tls://two:4222");
      firsts.add(order[0]);
    }
    expect(firsts).toEqual(new Set(["tls://one:4222", "tls://three:4222"]));
  });

  it("is the address itself where there is one, though it was left", () => {
    expect(dialOrder(["tls://one:4222"], "tls://one:4222", makeSeededChance("one"))).toEqual([
      "tls://one:4222",
    ]);
  });
});

/** Listens, and ends whatever comes. */
async function listen(heard: number[], act: () => void = () => undefined): Promise<string> {
  const server = createServer((socket) => {
    heard.push(port);
    act();
    socket.on("error", () => undefined);
    socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());
  return `tls://127.0.0.1:${port}`;
}

const portOf = (url: string): number => Number(url.split(":").at(-1));
const ground = {
  inboxPrefix: "_INBOX_x",
  identity: { certificatePem: "", keyPem: "" },
  trust: { authorities: () => "", isServer: () => false },
};

describe("dial", () => {
  it("tries every address, one after another, before it gives up", async () => {
    const heard: number[] = [];
    const all = [await listen(heard), await listen(heard), await listen(heard)];
    await expect(dial({ ...ground, urls: all, isWanted: () => true })).rejects.toThrow(Error);
    expect(heard).toEqual(all.map(portOf));
  });

  it("goes no further when no connection is wanted any more", async () => {
    const heard: number[] = [];
    let isWanted = true;
    const first = await listen(heard, () => (isWanted = false));
    const all = [first, await listen(heard)];
    await expect(dial({ ...ground, urls: all, isWanted: () => isWanted })).rejects.toThrow(Error);
    expect(heard).toEqual([portOf(first)]);
  });
});

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { dial, dialOrder } from "./dial.ts";

const urls = ["tls://one:4222", "tls://two:4222", "tls://three:4222"];

describe("dialOrder", () => {
  it.each([[0, 2], [1, 2], [2, 3], [3, 2], [5, 3]])("after %i rounds that failed it has %i addresses once, in any order: the one that was left only each third round, last", (failed, count) => {
    const chance = makeSeededChance("order");
    const left = "tls://two:4222";
    const others = urls.filter((url) => url !== left);
    const firsts = new Set<string | undefined>();
    for (let round = 0; round < 200; round += 1) {
      const order = dialOrder(urls, { left, failed }, chance);
      expect(order).toHaveLength(count);
      expect(order.slice(0, 2).toSorted()).toEqual(others.toSorted());
      expect(order.slice(2)).toEqual(count === 3 ? [left] : []);
      firsts.add(order[0]);
    }
    expect(firsts).toEqual(new Set(others));
  }); // prettier-ignore

  it("has all of them where none was left, or where that is no address any more", () => {
    const chance = makeSeededChance("all");
    for (const left of [undefined, "tls://four:4222"]) {
      expect(dialOrder(urls, { left, failed: 0 }, chance).toSorted()).toEqual(urls.toSorted());
    }
  });

  it("is the address itself where there is one, though it was left", () => {
    const [left = ""] = urls;
    expect(dialOrder([left], { left, failed: 0 }, makeSeededChance("one"))).toEqual([left]);
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

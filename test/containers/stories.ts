import type { CountryRegion } from "./country-region.ts";
import type { Traffic } from "./traffic.ts";

/** What is done to a part while alerts are on their way, and how it is mended. */
export type Story = (region: CountryRegion, traffic: Traffic) => Promise<void>;

const feed = "FEED_ECOWAS";

/** By the rule that each is to show; those of processes that show the same are named in test/README.md. */
export const stories = {
  "a country whose network is cut has what waited once it is joined, and the others do not wait": async (region, traffic) => {
    const { gateway } = region.agency("sn");
    await gateway.leave(region.networks.sn);
    await traffic.flows(3, "lr");
    await gateway.join(region.networks.sn);
    await traffic.flows(3, "sn");
  },
  "the server that leads is killed, and comes back on its volume": async (region, traffic) => {
    const leader = await region.leaderOf(feed);
    await leader.kill();
    await traffic.flows(3, "lr");
    await leader.start();
  },
  "a gateway is killed while it sends, and goes on from its volume": async (region, traffic) => {
    const { gateway } = region.agency("ng");
    await gateway.kill();
    await traffic.flows(2, "lr");
    await gateway.start();
    await traffic.flows(2, "gh");
  },
  "the broker is killed, and comes back on its volume": async ({ broker }, traffic) => {
    await broker.kill();
    await broker.start();
    await traffic.flows(3, "lr");
  },
  "the server that leads stands still, and goes on": async (region, traffic) => {
    const leader = await region.leaderOf(feed);
    await leader.pause();
    try {
      await traffic.flows(3, "lr");
    } finally {
      await leader.unpause();
    }
  },
} as const satisfies Readonly<Record<string, Story>>; // prettier-ignore

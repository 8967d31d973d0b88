import { describe, expect, it } from "vitest";

import { oneServer, spreadStream } from "./spread.ts";
import { streamConfigs } from "./streams.ts";

const spread = { copies: 3, placement: { ecowas: ["west"] } };
const configs = streamConfigs(["ecowas", "sadc"]);

describe("spreadStream", () => {
  it("every stream of a hub with several servers has three copies, of a hub with one one", () => {
    const copiesOf = (at: typeof spread | typeof oneServer): ReadonlySet<unknown> =>
      new Set(configs.map((config) => spreadStream(at, config)["num_replicas"]));
    expect([copiesOf(spread), copiesOf(oneServer)]).toEqual([new Set([3]), new Set([1])]);
  });

  it("a community's feeds alone are kept where it has its place", () => {
    const bound = configs
      .map((config) => spreadStream(spread, config))
      .filter(({ placement }) => placement !== undefined);
    expect(bound.map(({ name, placement }) => [name, placement])).toEqual([
      ["FEED_ECOWAS", { tags: ["west"] }],
    ]);
  });
});

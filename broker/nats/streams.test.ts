import { describe, expect, it } from "vitest";

import { streamConfigs, streamNames } from "./streams.ts";

const configs = streamConfigs(["ecowas", "sadc"]);

function namesThat(discard: string): readonly string[] {
  return configs.filter((config) => config["discard"] === discard).map(({ name }) => name);
}

describe("streamConfigs", () => {
  it("what holds messages refuses the new when it is full, and drops nothing", () => {
    const names = ["BLOB", "DIRECT", "FEED_ECOWAS", "FEED_SADC"];
    expect(namesThat("new").toSorted()).toEqual(names);
  });

  it("chunks of files go after thirty days, and have the room that the operator gives them", () => {
    const [usual] = configs.filter(({ name }) => name === streamNames.blobs);
    const days = 30 * 86_400 * 1e9;
    expect(usual).toMatchObject({ max_age: days, subjects: ["blob.*"], max_msg_size: 65_536 });
    expect(usual).toMatchObject({ max_bytes: 16 * 2 ** 30 });
    const [little] = streamConfigs([], 4096).filter(({ name }) => name === streamNames.blobs);
    expect(little).toMatchObject({ max_bytes: 4096 });
  });

  it("what one agency may fill for all, and is said again, gives way to the new", () => {
    expect(namesThat("old")).toEqual([streamNames.receipts, streamNames.quarantine]);
  });

  it("nobody can delete, purge or roll up what is stored, nor store one message twice", () => {
    for (const config of configs) {
      expect(config).toMatchObject({
        storage: "file",
        deny_purge: true,
        allow_rollup_hdrs: false,
        allow_msg_ttl: false,
      });
    }
    // the hub alone takes out what its owner takes back, and only from these
    const erasable = configs.filter((config) => config["deny_delete"] !== true);
    expect(new Set(erasable.map(({ name }) => name.split("_")[0]))).toEqual(
      new Set(["FEED", "DIRECT", "BLOB"]),
    );
    for (const config of configs.filter(({ subjects }) =>
      /^(?:feed|direct|blob)/.test(String(subjects)),
    )) {
      expect(config).toMatchObject({ max_msgs_per_subject: 1, discard_new_per_subject: true });
    }
  });
});

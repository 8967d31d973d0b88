import { describe, expect, it } from "vitest";

import { streamConfigs, streamNames } from "./streams.ts";

const configs = streamConfigs(["ecowas", "sadc"]);

function namesThat(discard: string): readonly string[] {
  return configs.filter((config) => config["discard"] === discard).map(({ name }) => name);
}

describe("streamConfigs", () => {
  it("what holds messages refuses the new when it is full, and drops nothing", () => {
    expect(namesThat("new").toSorted()).toEqual(["DIRECT", "FEED_ECOWAS", "FEED_SADC", "INTAKE"]);
  });

  it("what one agency may fill for all, and is said again, gives way to the new", () => {
    expect(namesThat("old")).toEqual([streamNames.receipts, streamNames.quarantine]);
  });

  it("nobody can delete, purge or roll up what is stored, nor store one message twice", () => {
    const files = configs.filter(({ name }) => name !== streamNames.intake);
    for (const config of files) {
      expect(config).toMatchObject({
        storage: "file",
        deny_delete: true,
        deny_purge: true,
        allow_rollup_hdrs: false,
        allow_msg_ttl: false,
      });
    }
    for (const config of configs.filter(({ subjects }) =>
      /^(?:feed|direct)/.test(String(subjects)),
    )) {
      expect(config).toMatchObject({ max_msgs_per_subject: 1, discard_new_per_subject: true });
    }
  });
});

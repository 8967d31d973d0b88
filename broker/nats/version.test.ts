import { describe, expect, it } from "vitest";

import { natsServerBinary } from "../../test/kit/server.ts";
import { checkServerVersion, checkVersion, parseServerVersion, serverFloor } from "./version.ts";

const fault = (code: string): unknown => expect.objectContaining({ code });

describe("checkVersion", () => {
  it.each([serverFloor, "2.14.9", "v2.14.5", "2.15.0", "3.0.0", "2.14.10"])(
    "%s is new enough",
    (version) => {
      expect(() => checkVersion(version)).not.toThrow();
    },
  );

  it.each(["2.14.4", "2.12.99", "1.99.99", "2.14.5-RC.1"])("%s is too old", (version) => {
    expect(() => checkVersion(version)).toThrow(fault("HUB_SERVER_TOO_OLD"));
  });

  it.each(["", "2.14", "latest", "2.14.x", "2.14.5.1"])("%j is no version", (version) => {
    expect(() => parseServerVersion(version)).toThrow(fault("HUB_SERVER_FAILED"));
  });
});

describe("checkServerVersion", () => {
  it("the binary in use is new enough, and says so itself", async () => {
    expect(await checkServerVersion(natsServerBinary())).toMatch(/^v?2\.\d+\.\d+/);
  });

  it("a binary that is none cannot be run", async () => {
    await expect(checkServerVersion("/nonexistent/nats-server")).rejects.toThrow(
      fault("HUB_SERVER_FAILED"),
    );
  });
});

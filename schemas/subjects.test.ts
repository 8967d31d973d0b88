import { describe, expect, it } from "vitest";

import { isFault } from "./ground/index.ts";
import {
  outSubject,
  parseFeedChannel,
  parseIntakeSubject,
  renderAgencyTokens,
  renderFeedChannel,
  storedSubject,
  streamOf,
} from "./subjects.ts";

const parts = { rec: "ecowas", crime: "drugs", handling: "H1", type: "alert.incident" };
const channel = "ecowas.drugs.h1.alert.incident";

function isRefused(act: () => unknown): boolean {
  try {
    act();
  } catch (error) {
    return isFault(error, "SUBJECT_INVALID");
  }
  return false;
}

describe("subjects", () => {
  it("a feed's channel is read as it was written", () => {
    expect(renderFeedChannel(parts)).toBe(channel);
    expect(parseFeedChannel(channel)).toEqual(parts);
  });

  it("a channel never holds a wildcard, a space or a token of another grammar", () => {
    const bad = ["*", ">", "a b", "", "EC", "h4", "a.b"];
    for (const value of bad) {
      expect(isRefused(() => renderFeedChannel({ ...parts, rec: value }))).toBe(true);
      expect(isRefused(() => renderFeedChannel({ ...parts, crime: value }))).toBe(true);
      expect(isRefused(() => renderFeedChannel({ ...parts, handling: value }))).toBe(true);
      expect(isRefused(() => renderAgencyTokens(`ng/${value}`))).toBe(value !== "h4");
    }
  });

  it("the origin of an intake subject is the server's stamp, the target the sender's word", () => {
    expect(parseIntakeSubject(`in.ng.tcu.msg.${channel}`)).toEqual({
      origin: "ng/tcu",
      kind: "msg",
      target: channel,
    });
    expect(parseIntakeSubject("in.gh.fiu.direct.abc")).toEqual({
      origin: "gh/fiu",
      kind: "direct",
      target: "direct.abc",
    });
    expect(parseIntakeSubject("in.gh.fiu.blob.put")).toEqual({
      origin: "gh/fiu",
      kind: "blob",
      target: "put",
    });
    expect(parseIntakeSubject("in.gh.fiu.receipt.ng.tcu")).toEqual({
      origin: "gh/fiu",
      kind: "receipt",
      target: "ng/tcu",
    });
    expect(parseIntakeSubject("in.gh.fiu.heads")).toEqual({
      origin: "gh/fiu",
      kind: "heads",
      target: "",
    });
    expect(parseIntakeSubject("in.gh.fiu.register.region")).toEqual({
      origin: "gh/fiu",
      kind: "register",
      target: "region",
    });
  });

  it("what is not an intake subject is refused", () => {
    for (const subject of [
      "feed.x",
      "in.ng",
      "in.ng.tcu.evil.x",
      "in.NG.tcu.msg.x",
      "in.ng.tcu.>",
      "in.ng.9tcu.heads",
      "in.ng.t_cu.heads",
      `in.ng.${"t".repeat(32)}.heads`,
    ]) {
      expect(isRefused(() => parseIntakeSubject(subject))).toBe(true);
    }
  });

  it("a channel has one stream and one place for each message", () => {
    expect(streamOf(channel)).toBe("FEED_ECOWAS");
    expect(streamOf("direct.abc")).toBe("DIRECT");
    expect(outSubject(channel)).toBe(`out.msg.${channel}`);
    expect(storedSubject(channel, "ng/tcu", "id")).toBe(`feed.${channel}.ng.tcu.id`);
    expect(storedSubject("direct.abc", "ng/fiu", "id")).toMatch(/^direct\.abc\.[0-9a-f]{16}\.id$/);
  });

  it("an id that one agency used in a mailbox is not taken for another, and names neither", () => {
    const [one, other] = ["ng/fiu", "gh/fiu"].map((agency) =>
      storedSubject("direct.abc", agency, "id"),
    );
    expect(one).not.toBe(other);
    expect(`${one} ${other}`).not.toMatch(/ng|gh|fiu/);
  });
});

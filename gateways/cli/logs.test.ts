import { describe, expect, it } from "vitest";

import { renderActs, renderProofs, renderStanding, runLogTrust } from "./logs.ts";
import { makeSay } from "./words.ts";

const languages = ["en", "fr", "pt", "ar", "es", "sw"] as const;
const at = "2026-03-09T14:05:00.000Z";
const standing = { hub: "ecowas/hub", size: 417, at, pending: 2, missing: 3 } as const;

describe("the hub's log in the words of people", () => {
  it.each(languages)("in %s a state says what it is, and how many wait or are not proved", (lang) => {
    const say = makeSay(lang);
    const said = (["NONE", "WAITING", "GOOD", "MISSING", "INCONSISTENT"] as const).map((state) =>
      renderStanding({ ...standing, state }, say),
    );
    expect(new Set(said).size).toBe(5);
    expect(said.filter((one) => /[{}]|log\./.test(one))).toEqual([]);
    expect([said[2]?.includes("417"), said[3]?.includes("3"), said[4]?.includes("atumpan log show")]).toEqual([true, true, true]);
  }); // prettier-ignore

  it.each(languages)("in %s a message is proved at its entry, waits, or is not proved", (lang) => {
    const channel = "ecowas.drugs.h1.alert.incident";
    const lines = renderProofs(
      [
        { channel, state: "PROVED", index: 12, size: 417, leafAt: at },
        {
          channel,
          state: "PROVED",
          index: 12,
          size: 417,
          leafAt: at,
          cosignedAt: "2026-03-09T14:06:00.000Z",
        },
        { channel, state: "PENDING" },
        { channel, state: "MISSING", code: "LOG_PROOF_INVALID" },
      ],
      makeSay(lang),
    ).split("\n");
    expect([lines.length, lines[0]?.includes("12"), lines[3]?.includes("LOG_PROOF_INVALID")]).toEqual([4, true, true]); // prettier-ignore
    expect([lines[0]?.includes("14:06"), lines[1]?.includes("14:06")]).toEqual([false, true]);
    expect(lines.filter((one) => /[{}]/.test(one))).toEqual([]);
  });

  it.each(languages)("in %s an act stands at its entry, or waits with why", (lang) => {
    const act = { act: "INSPECTION_OPENED", at, line: 7 };
    const acts = [
      { ...act, state: "PROVED", index: 12 },
      { ...act, state: "WAITING", code: "QUOTA_EXCEEDED" },
    ] as const;
    const [proved = "", waits = ""] = renderActs({ acts: [...acts] }, makeSay(lang));
    expect([proved.includes("12"), waits.includes("QUOTA_EXCEEDED")]).toEqual([true, true]);
    expect(/[{}]/.test(proved + waits)).toBe(false);
  });

  it.each(languages)("in %s a hub that enters no act is told, and apart from one that refuses it", (lang) => {
    const say = makeSay(lang);
    const [owed = "", refused = "", waits = ""] = (["MISSING", "REFUSED", "WAITING"] as const).map((state) =>
      renderStanding({ ...standing, state: "GOOD", acts: { state, waiting: 31, since: at, code: "LOG_FULL" } }, say),
    );
    expect([owed, refused].map((one) => one.includes("31") && one.includes("LOG_FULL"))).toEqual([true, true]);
    expect([owed === refused, waits.includes("31"), /[{}]|log\./.test(owed + refused)]).toEqual([false, false, false]);
  }); // prettier-ignore

  it.each(languages)("in %s a seat of oversight says how far it counted, and since when it lags", (lang) => {
    const say = makeSay(lang);
    const [whole = "", behind = ""] = [{ size: 411 }, { size: 411, behindSince: at }].map((counted) =>
      renderStanding({ ...standing, state: "NONE", counted }, say),
    );
    expect([whole.includes("411"), behind.includes("411"), behind.includes("417")]).toEqual([true, true, true]);
    expect([whole.includes("14:05"), behind.includes("14:05"), /[{}]|log\./.test(whole + behind)]).toEqual([false, true, false]);
  }); // prettier-ignore

  it("is trusted anew only by who says --yes", async () => {
    await expect(runLogTrust({ common: {} } as never, "ecowas/hub")).rejects.toMatchObject({ code: "USAGE_INVALID" }); // prettier-ignore
  });
});

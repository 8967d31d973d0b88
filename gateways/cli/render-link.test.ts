import { describe, expect, it } from "vitest";
import type { z } from "zod";

import { renderWays } from "./render-link.ts";
import type { statusShape } from "./shapes.ts";
import { makeSay } from "./words.ts";

/** A gateway whose hub was not reached. */
function away(code: string): z.infer<typeof statusShape> {
  const lastFailure = { at: "2026-06-01T08:00:05Z", code, why: "AuthorizationError" };
  const hub = { isUp: false, since: "2026-06-01T08:00:00Z", lastFailure, nextTryAt: "2026-06-01T08:00:45Z" };
  return { hub, linkUp: false } as z.infer<typeof statusShape>;
} // prettier-ignore

function say(code: string, lang: "en" | "fr" = "en"): string {
  return renderWays(away(code), 1, makeSay(lang)).flat().join("\n");
}

describe("the way to the hub", () => {
  it("says in words that the hub takes nothing for a while, and until when", () => {
    expect(say("LINK_PAUSED")).toContain(
      "the hub takes nothing of this office for a while: far too much came (LINK_PAUSED); next try 08:00:45 UTC",
    );
    expect(say("LINK_PAUSED", "fr")).toContain("n'accepte rien de ce service");
  });

  it("names each hub where there are several, and what waits for it; one alone is not named twice", () => {
    const one = { hub: "au/hub-one", isUp: true, waiting: 0 };
    const two = { ...away("HUB_UNREACHABLE").hub, hub: "au/hub-two", isUp: false, waiting: 3 };
    const shown = (hubs: readonly object[]): string => {
      const status = { hub: { isUp: true }, hubs, linkUp: true } as z.infer<typeof statusShape>;
      return renderWays(status, 1, makeSay("en")).map((row) => row.join(" ")).join("\n");
    };
    const both = shown([one, two]);
    expect(both).toMatch(/au\/hub-one up; .*: 0/u);
    expect(both).toMatch(/au\/hub-two down since .*: 3/u);
    expect(both).toContain("HUB_UNREACHABLE");
    expect(shown([one])).not.toContain("au/hub-one");
  }); // prettier-ignore

  it("says since when the hub takes nothing new, whether the line is up or down, and that what waits will be sent", () => {
    const stopped = { since: "2026-06-01T08:00:00Z", reason: "DRILL" };
    for (const isUp of [true, false]) {
      const status = { hub: { isUp, stopped }, linkUp: isUp } as z.infer<typeof statusShape>;
      const shown = renderWays(status, 1, makeSay("en")).flat().join("\n");
      expect(shown).toMatch(/takes nothing new since 2026-06-01 08:00.* \(DRILL\); messages wait here/);
    }
    expect(say("HUB_UNREACHABLE")).not.toContain("nothing new");
  }); // prettier-ignore

  it("says of every other failure what the machine calls it", () => {
    expect(say("HUB_LOGIN_REFUSED")).toContain("HUB_LOGIN_REFUSED (AuthorizationError)");
    expect(say("HUB_LOGIN_REFUSED")).not.toContain("far too much");
  });
});

import { describe, expect, it } from "vitest";

import { isFault } from "../../schemas/ground/index.ts";
import { currentMailboxKey, mailboxOf } from "./mailbox.ts";

const first = { key: Buffer.alloc(32, 1), from: 0, until: 1000 };
const second = { key: Buffer.alloc(32, 2), from: 1000 };

describe("mailboxOf", () => {
  it("a name is 26 letters and says nothing of the agency", () => {
    expect(mailboxOf(first, "ng/fiu")).toMatch(/^[a-z2-7]{26}$/);
    expect(mailboxOf(first, "ng/fiu")).not.toContain("fiu");
  });

  it("two agencies, and two periods, have different names", () => {
    const names = [
      mailboxOf(first, "ng/fiu"),
      mailboxOf(first, "gh/fiu"),
      mailboxOf(second, "ng/fiu"),
    ];
    expect(new Set(names).size).toBe(3);
  });

  it("the key in force is the one whose period it is", () => {
    expect(currentMailboxKey([first, second], 999)).toBe(first);
    expect(currentMailboxKey([first, second], 1000)).toBe(second);
  });

  it("without a key in force there is no mailbox", () => {
    expect(() => currentMailboxKey([first], 1000)).toThrow(
      expect.objectContaining({ code: "REGISTER_INVALID" }),
    );
    expect(isFault(undefined)).toBe(false);
  });
});

import { describe, expect, it } from "vitest";

import {
  type Checker,
  code,
  examine,
  format,
  formats,
  text,
  type TextFormatName,
} from "./index.ts";

/** The code a value is refused with; undefined when it passes. */
function refusal(checker: Checker<string>, value: unknown): string | undefined {
  const examined = examine(checker, value);
  return examined.ok ? undefined : examined.violations.map((violation) => violation.code).join(" ");
}

describe("text", () => {
  it.each([
    "N'Diaye",
    "Traoré",
    "da Silva",
    "Al-Bashir",
    "ወርቅነህ",
    "محمد بن سالم",
    "Nʼgoran",
    "a\tb\nc",
    "\u2067محمد\u2069 (Mohammed)",
    "\u202bمحمد\u202c",
  ])("the name %j passes", (name) => {
    expect(refusal(text(1, 200), name)).toBeUndefined();
  });

  it.each([
    ["letters in their second spelling (NFD)", "Traore\u0301"],
    ["a null", "a\u0000b"],
    ["an escape", "a\u001b[2J"],
    ["a delete", "a\u007f"],
    ["a C1 control", "a\u0085b"],
    ["a carriage return", "a\r\nb"],
    ["half a character", "a\ud800"],
    ["an override that is not closed", "invoice\u202egpj.exe"],
    ["an isolate that is not closed", "a\u2066b"],
    ["a closing mark without an opening one", "a\u202cb"],
    ["marks closed in the wrong order", "\u2067\u202ba\u2069\u202c"],
    ["a mark closed on the next line", "\u202ea\nb\u202c"],
  ])("%s is refused", (_, value) => {
    expect(refusal(text(1, 200), value)).toBe("SCHEMA_FIELD_PATTERN");
  });

  it("length counts characters, not UTF-16 units or bytes", () => {
    expect(refusal(text(1, 3), "🚢🚢🚢")).toBeUndefined();
    expect(refusal(text(1, 3), "🚢🚢🚢🚢")).toBe("SCHEMA_FIELD_LENGTH");
    expect(refusal(text(2, 3), "🚢")).toBe("SCHEMA_FIELD_LENGTH");
    expect(refusal(text(1, 3), "")).toBe("SCHEMA_FIELD_LENGTH");
    expect(refusal(text(0, 3), "")).toBeUndefined();
    expect(refusal(text(0, 3), "x".repeat(100_000))).toBe("SCHEMA_FIELD_LENGTH");
  });

  it("something that is no text has the wrong type, and nothing is missing", () => {
    expect(refusal(text(0, 9), 7)).toBe("SCHEMA_FIELD_TYPE");
    expect(refusal(text(0, 9), null)).toBe("SCHEMA_FIELD_TYPE");
    expect(refusal(text(0, 9), undefined)).toBe("SCHEMA_FIELD_MISSING");
  });
});

const mailbox = "abcdefghijklmnopqrstuvwx27";

const good: Record<TextFormatName, readonly string[]> = {
  agency: ["lr/tcu", "ecowas/wapis", "sn/fiu-2"],
  authority: ["lr", "ecowas", "region"],
  country: ["LR"],
  rec: ["ecowas", "eac"],
  crime: ["drugs", "som"],
  type: ["alert.incident", "bulletin.red_flag"],
  mailbox: [mailbox],
  bcp47: ["fr", "pt-BR", "am", "zh-Hant-TW", "sw", "es-419", "und", "de-1996"],
  script: ["Latn", "Ethi"],
  channel: ["ecowas.drugs.h1.alert.incident", "eac.som.h3.bulletin.red_flag", `direct.${mailbox}`],
  unlocode: ["TGLFW", "NGLO2"],
  decimal: ["0", "12.5", "-0.5", "100", "123456789012345678", "0.000000001"],
  currency: ["XOF"],
  imo: ["9074729", "9176187"],
  mmsi: ["123456789"],
  time_of_day: ["00:00", "09:45", "23:59"],
  calendar_day: ["2026-12-25", "2028-02-29", "2099-01-31"],
  list: ["CRIME", "HAIR_COLOUR"],
  any_code: ["drugs", "COCAINE"],
  region: ["GH-AA", "SN-DK", "ZA-GP"],
  airport: ["ACC"],
  plus_code: ["6CQX3RQ6+5V", "6CQX3RQ6+5VXX"],
  media_type: ["image/jpeg", "application/vnd.ms-excel"],
  ref: ["p1", "A.7-x_2"],
  phone: ["+233201234567", "+22177123"],
  email: ["desk@fiu.example", "a.b+c@x-1.example.org"],
  bic: ["ABCDGHAC", "ABCDGHACXXX"],
  iban: ["GB82WEST12345698765432", "SN08SN0100152000048500003035"],
  vin: ["1M8GDM9AXKP042788", "ABC123"],
  icao24: ["06a1b2"],
  flight: ["KP030", "ET9", "W3A1234B"],
  hs6: ["240220"],
  iccs: ["0204", "09012"],
  identifier: ["AB 123-456/7", "ፓስ1234", "ج123"],
  person_name: ["N'Diaye", "ወርቅነህ", "محمد بن سالم", "O’Connor", "Jean-Luc Traoré"],
  mrz_name: ["NDIAYE<<AISSATOU"],
  jws: ["eyJhbGciOiJFUzI1NiJ9..c2ln"],
};

const bad: Record<TextFormatName, readonly string[]> = {
  agency: [
    "LR/tcu",
    "lr",
    "lr/",
    "l/tcu",
    "lr/tcu/x",
    "lr/2cu",
    `lr/${"a".repeat(32)}`,
    "lr/tcu\n",
  ],
  authority: ["l", "LR", "abcdefghijk"],
  country: ["lr", "LBR", "L"],
  rec: ["e", "Ecowas", "abcdefghijk"],
  crime: ["d", "DRUGS", "abcdefghijklm"],
  type: ["alert", "alert.", "a.b", "alert.Incident", "alert.incident.x", "alert.in-cident"],
  mailbox: [mailbox.slice(1), `${mailbox}a`, mailbox.replace("2", "1")],
  bcp47: ["FR", "fr_FR", "fr-fr", "f", "fr-", "x-private", "fr-Latn-Latn", "en-GB-oed".repeat(5)],
  script: ["latn", "LATN", "Latin"],
  channel: [
    "ecowas.drugs.h4.alert.incident",
    "ecowas.drugs.H1.alert.incident",
    "ecowas.drugs.h1.alert",
    "ecowas.drugs.h1.alert.incident.x",
    "ecowas.drugs.h1.alert.*",
    "ecowas.>",
    "direct.abc",
  ],
  unlocode: ["TG LFW", "TGLF", "tglfw", "TGLF1"],
  decimal: [
    "",
    "-0",
    "01",
    "1.50",
    "1.",
    ".5",
    "+1",
    "1e3",
    "1,5",
    "1234567890123456789",
    "0.0",
    "٣",
  ],
  currency: ["xof", "XO", "XOFF"],
  imo: ["9074728", "907472", "90747290", "IMO9074729"],
  mmsi: ["12345678", "1234567890"],
  time_of_day: ["24:00", "9:45", "09:60", "09:45:00"],
  calendar_day: ["2026-02-29", "2026-13-01", "2026-00-10", "26-12-25", "2026-1-01", "2026-04-31"],
  list: ["crime", "C", "A".repeat(42)],
  any_code: ["9A", "", "a-b", "a".repeat(61)],
  region: ["GHAA", "GH-", "gh-AA", "GH-ABCD"],
  airport: ["ac", "ACCR", "acc"],
  plus_code: ["6CQX+5V", "6CQX3RQ65V", "6AQX3RQ6+5V"],
  media_type: ["image", "image/", "Image/jpeg", "image/jpeg; charset=x"],
  ref: ["", ".p", "p 1", "p".repeat(41)],
  phone: ["0201234567", "+0201234567", "+12345", "+1234567890123456", "+233 20"],
  email: ["desk", "desk@", "@x.example", "a b@x.example", "desk@x"],
  bic: ["ABCDGH", "ABCDGHACXX", "abcdghac"],
  iban: ["GB82WEST12345698765433", "GB82 WEST 1234", "gb82west12345698765432"],
  vin: ["1M8GDM9AXKP04278O", "12345", "A".repeat(18)],
  icao24: ["06A1B2", "06a1b", "06a1b2c"],
  flight: ["KP", "K1", "KPX12345", "kp030"],
  hs6: ["2402.20", "24022", "2402200"],
  iccs: ["2", "02a4", "123456789"],
  identifier: ["", " A", "A  B", "A\u200bB", "AB\u0410", "x".repeat(61)],
  person_name: ["", "  ", "Awa\u200b", "\u202eAwa\u202c", "a\u0000", "A".repeat(201)],
  mrz_name: ["", "Ndiaye", "N'DIAYE", "A".repeat(121)],
  jws: ["eyJ.eyJ.c2ln", "..", "a..b.c", "a..b=", `a..${"b".repeat(9000)}`],
};

describe("format", () => {
  it.each(Object.entries(good))("%s accepts what is spelt so", (name, values) => {
    for (const value of values)
      expect([value, refusal(formatNamed(name), value)]).toEqual([value, undefined]);
  });

  it.each(Object.entries(bad))("%s refuses every other spelling", (name, values) => {
    for (const value of values) {
      expect([value, refusal(formatNamed(name), value)]).toEqual([value, "SCHEMA_FIELD_PATTERN"]);
    }
  });

  it("a hostile text does not reach a pattern", () => {
    for (const [name, spelling] of Object.entries(formats)) {
      if (spelling.kind === "text")
        expect(refusal(formatNamed(name), "a-".repeat(100_000))).toBeDefined();
    }
  });
});

function formatNamed(name: string): Checker<string> {
  const found = Object.keys(good).find((key): key is TextFormatName => key === name);
  return format(found!);
}

describe("code", () => {
  it("any code of the spelling passes, because a newer list may have it", () => {
    expect(refusal(code("URGENCY"), "FLASH")).toBeUndefined();
    expect(refusal(code("URGENCY"), "NOT_YET_INVENTED_2")).toBeUndefined();
  });

  it.each(["flash", "", "2FAST", "FLASH ", "A".repeat(61), "ÉCLAIR"])(
    "%j is not spelt as a code",
    (value) => {
      expect(refusal(code("URGENCY"), value)).toBe("SCHEMA_FIELD_PATTERN");
    },
  );
});

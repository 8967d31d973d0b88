import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { isKnownCode, parseBody } from "../../../schemas/index.ts";
import { isFault, utf8 } from "../../../schemas/ground/index.ts";
import { type Dialect, goamlDialects } from "./dialect.ts";
import type { XmlElement } from "./element.ts";
import { parseXml } from "./parse-xml.ts";
import { type GoamlReport, readGoaml } from "./read-goaml.ts";

const fixtures = readdirSync(join(import.meta.dirname, "fixtures")).map((file) =>
  file.replace(".xml", ""),
);

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, `fixtures/${name}.xml`), "utf8");
}

function dialectOf(name: string): Dialect {
  if (name.startsWith("lk")) return goamlDialects.lk;
  return name.startsWith("np") ? goamlDialects.np : goamlDialects.base;
}

function read(name: string, change: (xml: string) => string = (xml) => xml): GoamlReport {
  return readGoaml(utf8(change(fixture(name))), dialectOf(name));
}

/** The code a change is refused with, and where: the detail of a fault, or the pointers of a broken rule. */
function refusal(name: string, [from, to]: readonly [string | RegExp, string]): readonly string[] {
  try {
    read(name, (xml) => {
      const changed = xml.replace(from, to);
      if (changed === xml) throw new Error(`${name} has no ${String(from)}`);
      return changed;
    });
    return [];
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.violations.length > 0
      ? error.violations.map(({ code, path }) => `${code} ${path}`)
      : [error.code];
  }
}

/** Every text of a file, with its element. */
function leavesOf(element: XmlElement): readonly XmlElement[] {
  return [...(element.text === "" ? [] : [element]), ...element.children.flatMap(leavesOf)];
}

/** Every text and number of a body, as one text each. */
function valuesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(valuesOf);
  return [String(value)];
}

/** Spellings under which a value of the file may stand in a body. */
function spellingsOf(text: string): readonly string[] {
  const number = /^[+-]?[0-9.]+$/.test(text) ? String(Number(text)) : text;
  const date = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  const flag = { 1: "true", 0: "false" }[text];
  return [text, number, flag ?? text, ...(date === null ? [] : [String(Number(date[1]))])];
}

describe("T21: a goAML report becomes a fiu.report", () => {
  it("there are a dozen kinds of file, and each dialect has one", () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(12);
    expect(new Set(fixtures.map((name) => dialectOf(name).name)).size).toBe(3);
  });

  it.each(fixtures)("%s is read as the golden file says", (name) => {
    const golden: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, `golden/${name}.json`), "utf8"),
    );
    expect(read(name)).toEqual(golden);
  });

  it.each(fixtures)("the body of %s is a fiu.report, to the last field", (name) => {
    const { body } = read(name);
    expect(parseBody("fiu.report", body)).toMatchObject({ currency: body["currency"] });
  });

  it.each(fixtures)("nothing of %s is lost: every value stands in the body", (name) => {
    const { body, notTaken } = read(name);
    expect(notTaken).toEqual([]);
    const { blanks, namespaces } = dialectOf(name);
    const root = parseXml(utf8(fixture(name)), { namespaces, clock: { elapsed: () => 0 } });
    const values = new Set(valuesOf(body));
    const joined = [...values].filter((value) => value.startsWith("+")).join(" ");
    const lost = leavesOf(root)
      .filter(({ text }) => !blanks.includes(text))
      .filter(({ text }) => !spellingsOf(text).some((one) => values.has(one)))
      .filter(({ text }) => !joined.includes(text.replace(/^00|[ +]/g, "")))
      // codes that our own list has in the same sense
      .filter(({ name: element }) => !["gender", "tph_communication_type"].includes(element));
    expect(lost.map(({ name: element, text }) => `${element} ${text}`)).toEqual([]);
  });

  it("both of goAML's forms are kept apart: parties with roles, or from and to", () => {
    const bi = parseBody("fiu.report", read("str-bi-party").body).transactions[0];
    expect(bi).toMatchObject({ parties: [], from: { ownClient: true }, to: { country: "PT" } });
    const multi = parseBody("fiu.report", read("str-multi-party").body).transactions[0];
    expect(multi?.parties.map(({ significance }) => significance)).toEqual([8, 5, 2]);
    expect(multi?.from).toBeUndefined();
  });

  it("who owns, signs or directs stands once in the report and is named by ref", () => {
    const { persons, organisations, transactions } = parseBody("fiu.report", read("str-bi-party").body);
    expect(transactions[0]?.from?.account?.people).toMatchObject([{ ref: persons[0]?.ref, primary: true }]);
    expect(transactions[0]?.to?.account?.people).toMatchObject([{ ref: organisations[0]?.ref, role: "HOLDER" }]);
  }); // prettier-ignore

  it("a time without offset is not made into UTC, and one with offset is exact", () => {
    const [local] = parseBody("fiu.report", read("str-bi-party").body).transactions;
    expect(local?.date).toEqual({ date: { year: 2026, month: 3, day: 9 }, localTime: "15:42", second: 10 });
    const [exact] = parseBody("fiu.report", read("str-multi-party").body).transactions;
    expect(exact?.date).toMatchObject({ localTime: "09:05", at: Date.UTC(2026, 1, 18, 6, 5) });
  }); // prettier-ignore

  it("what is not spelt as it should be is kept as it was written, and told", () => {
    const { body, warnings } = read("np-strh");
    const path = "transaction/t_from_my_client/from_person/birthdate";
    expect(body["details"]).toContainEqual({ path, value: "1988-02-30T00:00:00" });
    expect(warnings).toContainEqual({ path, line: 30, code: "VALUE_NOT_READ" });
  });

  it("elements and attributes that goAML does not have are kept with their path", () => {
    expect(read("np-strh").body["details"]).toEqual(
      expect.arrayContaining([
        { path: "nrb_extension/risk_rating", value: "4" },
        { path: "nrb_extension/risk_rating/@scale", value: "1-5" },
      ]),
    );
  });

  it("an element that says it has no value has none, by any prefix", () => {
    const nil = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"';
    const { body } = read("ctr-cash", (xml) =>
      xml.replace("<rentity_branch>Kigali", `<rentity_branch ${nil}>`),
    );
    expect(body["reportingBranch"]).toBeUndefined();
    expect(body["details"]).toEqual(read("ctr-cash").body["details"]);
  });

  it("what there is no room for is listed, not dropped", () => {
    const many = Array.from({ length: 1003 }, (_, at) => `<x>${at}</x>`).join("");
    const { body, notTaken } = read("ctr-cash", (xml) =>
      xml.replace("</report>", `${many}</report>`),
    );
    expect(body["details"]).toHaveLength(1000);
    // one of the details is the address type of the fixture
    expect(notTaken.map(({ path }) => path)).toEqual(["x[1000]", "x[1001]", "x[1002]", "x[1003]"]);
    expect(notTaken[0]).toMatchObject({ why: "NO_ROOM" });
  });

  it("a reason longer than one text is cut between words, whole", () => {
    const words = "why ".repeat(2000).trim();
    const { body } = read("str-mobile-money", (xml) =>
      xml.replace(/<reason>[^<]*/, `<reason>${words}`),
    );
    const { reason } = parseBody("fiu.report", body);
    expect(reason.length).toBe(2);
    expect(reason.map(({ text }) => text).join(" ")).toBe(words);
  });

  it("a language given for the file is that of its texts", () => {
    const { body } = readGoaml(utf8(fixture("str-mobile-money")), goamlDialects.base, {
      lang: "sw",
    });
    expect(parseBody("fiu.report", body).reason[0]?.lang).toBe("sw");
  });
});

describe("what a report must have", () => {
  it.each<[string, string, readonly [string | RegExp, string]]>([
    ["GOAML_ROOT", "ctr-cash", [/^[^]*$/, "<reports/>"]],
    ["GOAML_ELEMENT_MISSING", "ctr-cash", [/<rentity_id>[^<]*<\/rentity_id>/, ""]],
    ["GOAML_ELEMENT_MISSING", "ctr-cash", ["<currency_code_local>RWF", "<currency_code_local>-"]],
    ["GOAML_ELEMENT_MISSING", "ctr-cash", ["<amount_local>+0020000000.10</amount_local>", ""]],
    ["GOAML_ELEMENT_MISSING", "ctr-cash", ["<first_name>Jean-Bosco</first_name><last_name>Habimana</last_name>", ""]],
    ["GOAML_VALUE", "ctr-cash", [/Jean-Bosco|Habimana/g, "x\u200b\u2066y\u2069"]],
    ["GOAML_VALUE", "ctr-cash", ["+0020000000.10", "a lot"]],
    ["GOAML_VALUE", "ctr-cash", ["2026-08-09T11:00:00", "2026-02-30"]],
    ["GOAML_VALUE", "ctr-cash", ["4000-88-1", `4${"0".repeat(60)}`]],
    ["GOAML_ELEMENT_TWICE", "ctr-cash", ["<report_code>", "<report_code>STR</report_code><report_code>"]],
    ["GOAML_CHOICE", "ctr-cash", ["<t_from>", "<t_from_my_client/><t_from>"]],
  ])("%s: %s, case %#", (code, name, change) => {
    expect(refusal(name, change)).toEqual([code]);
  }); // prettier-ignore

  it.each<[string, string, readonly [string | RegExp, string]]>([
    ["RULE_TRANSACTION_SIDES /transactions/0", "ctr-cash", [/<t_from>.*\n.*<\/t_from>/, ""]],
    ["RULE_REPORT_REASON_MISSING /reason", "str-crypto", [/<reason>.*<\/reason>/, ""]],
    ["RULE_REPORT_NOBODY_SUSPECTED /suspectsNotMarked", "str-mobile-money", ["suspected>1<", "suspected>0<"]],
    ["RULE_PARTY_NOT_ONE /transactions/0/from", "ctr-cash", [/<from_person>.*<\/from_person>/, ""]],
    ["RULE_REPORT_EMPTY /transactions", "ird-request", [/<activity>[^]*<\/activity>/, ""]],
    ["RULE_TRANSACTION_AMOUNT /transactions/0/amount/amount", "ctr-cash", ["+0020", "-0020"]],
    ["RULE_TRANSACTION_NUMBER_TWICE /transactions/1/number", "ift-wire", ["IFT-0002", "IFT-0001"]],
  ])("%s", (broken, name, change) => {
    expect(refusal(name, change)).toEqual([broken]);
  }); // prettier-ignore

  it("more transactions than one message carries are refused, not cut off", () => {
    const [one = ""] = /<transaction>[^]*<\/transaction>/.exec(fixture("ctr-cash")) ?? [];
    const many = Array.from({ length: 500 }, (_, at) => one.replace("C-1", `C-1-${at}`)).join("");
    expect(refusal("ctr-cash", ["<transaction>", `${many}<transaction>`])).toEqual([
      "GOAML_TOO_MANY",
    ]);
  });

  it("a file of nothing but unknown elements is refused in the end", () => {
    const many = "<x>1</x>".repeat(12_000);
    expect(refusal("ctr-cash", ["</report>", `${many}</report>`])).toEqual(["GOAML_TOO_MANY"]);
  });
});

describe("T22: a local code stays beside ours", () => {
  const fundsOf = (name: string): unknown => {
    const { from, to } = parseBody("fiu.report", read(name).body).transactions[0] ?? {};
    return [
      from?.funds,
      from?.localFunds?.scheme,
      from?.localFunds?.code,
      to?.funds,
      to?.localFunds?.mapped,
    ];
  };

  it("the same letter means what its own state says it means", () => {
    expect(fundsOf("np-strh")).toEqual([
      "ELECTRONIC", "goaml/np/funds", "D", "REMITTANCE_OUT", [{ list: "FUNDS", code: "REMITTANCE_OUT", quality: "EXACT" }],
    ]);
    const inChips = (xml: string): string => xml.replace("<from_funds_code>K", "<from_funds_code>D");
    const [transaction] = parseBody("fiu.report", read("ctr-cash", inChips).body).transactions;
    expect(transaction?.from).toMatchObject({ funds: "CASINO_CHIPS", localFunds: { scheme: "goaml/5.0.1/funds", code: "D" } });
  }); // prettier-ignore

  it("a priority that ours does not tell stays in the local code", () => {
    expect(read("np-strh").body).toMatchObject({
      kind: "STR",
      localKind: {
        scheme: "goaml/np/report",
        code: "STRH",
        mapped: [{ list: "REPORT_KIND", code: "STR", quality: "BROADER" }],
      },
    });
  });

  it("a code nobody mapped is no obstacle: the report is delivered with the code alone", () => {
    const { body, warnings } = read("lk-cfir");
    expect(body).toMatchObject({ kind: "UNKNOWN", localKind: { scheme: "goaml/lk/report", code: "CFIR" } });
    expect(parseBody("fiu.report", body).localKind?.mapped).toEqual([]);
    expect(warnings).toContainEqual({ path: "report_code", line: 6, code: "CODE_NOT_MAPPED" });
    expect(read("lk-cfir", (xml) => xml.replace("ELEC", "constructor")).body).toBeDefined();
  }); // prettier-ignore

  it("an edition that cannot mark suspects says so, and nobody is invented", () => {
    const { body, warnings } = read("lk-str");
    expect(body["suspectsNotMarked"]).toBe(true);
    expect(warnings.some(({ code }) => code === "SUSPECTS_NOT_MARKED")).toBe(true);
    expect(read("str-crypto").body["suspectsNotMarked"]).toBeUndefined();
  });

  it.each(Object.entries(goamlDialects))("every code %s is mapped to is one of ours", (_, dialect) => {
    const wrong = Object.values<{ list?: string; codes: object }>(dialect.lists).flatMap(({ list, codes }) =>
      Object.values(codes).filter(({ code, quality }) => code !== undefined &&
        !(isKnownCode(list ?? "", code) && isKnownCode("MAPPING_QUALITY", quality))),
    );
    expect(wrong).toEqual([]);
  }); // prettier-ignore
});

describe("T23: names as people bear them", () => {
  const names = [
    "N'Diaye", "NʼDiaye", "Traoré", "da Silva", "Muñoz", "Al-Bashir", "O’Brien-Ngũgĩ", "ወርቅነህ", "بن سالم", "Nǃxau",
  ]; // prettier-ignore

  it.each(names)("%s is taken, letter for letter", (name) => {
    const { body } = read("ctr-cash", (xml) => xml.replaceAll("Habimana", name));
    const { from } = parseBody("fiu.report", body).transactions[0] ?? {};
    expect(from?.person?.names[0]).toMatchObject({ full: `Jean-Bosco ${name}`, family: name });
  });

  it("the pattern of a published schema would have refused every one of them", () => {
    const published = /^([A-Za-z])+$/;
    expect(names.filter((name) => published.test(name))).toEqual([]);
  });

  it("decomposed letters are composed, so that one name has one spelling", () => {
    const { body } = read("ctr-cash", (xml) => xml.replaceAll("Habimana", "Traore\u0301"));
    const { from } = parseBody("fiu.report", body).transactions[0] ?? {};
    expect(from?.person?.names[0]?.family).toBe("Traoré");
  });
});

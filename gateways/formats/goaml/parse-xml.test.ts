import { createServer } from "node:http";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { isFault, utf8 } from "../../../schemas/ground/index.ts";
import { goamlDialects } from "./dialect.ts";
import { renderPath } from "./element.ts";
import { parseXml } from "./parse-xml.ts";
import { readGoaml } from "./read-goaml.ts";
import { xmlLimits } from "./xml-limits.ts";

/** Time stands, so that a busy machine does not end the reading. */
const stillClock = { elapsed: () => 0 };
const plain = { namespaces: [""], clock: stillClock };

function parse(xml: string | Uint8Array, namespaces: readonly string[] = [""]) {
  return parseXml(typeof xml === "string" ? utf8(xml) : xml, { ...plain, namespaces });
}

/** The code a reading is refused with; undefined when it is not. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.code;
  }
}

let hits = 0;
const canary = createServer((_, response) => {
  hits += 1;
  response.end("<!ENTITY leak 'taken'>");
});
let address = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    canary.listen(0, "127.0.0.1", resolve);
  });
  const at = canary.address();
  address = typeof at === "object" && at !== null ? `http://127.0.0.1:${at.port}` : "";
});
afterAll(() => canary.close());

const laughs = `<?xml version="1.0"?><!DOCTYPE report [<!ENTITY a0 "ha">${Array.from(
  { length: 12 },
  (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`,
).join("")}]><report>&a12;</report>`;

describe("T-10: hostile XML", () => {
  it.each<[string, string, string]>([
    ["XML_DOCTYPE", "a billion laughs", laughs],
    ["XML_DOCTYPE", "quadratic blow-up", `<!DOCTYPE r [<!ENTITY x "${"x".repeat(50_000)}">]><r>${"&x;".repeat(50_000)}</r>`],
    ["XML_DOCTYPE", "a document type alone", "<!DOCTYPE report><report/>"],
    ["XML_DOCTYPE", "an external subset", '<!DOCTYPE report SYSTEM "CANARY/x.dtd"><report/>'],
    ["XML_DOCTYPE", "an external entity", '<!DOCTYPE r [<!ENTITY x SYSTEM "CANARY/x">]><r>&x;</r>'],
    ["XML_DOCTYPE", "a file as entity", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r>&x;</r>'],
    ["XML_DOCTYPE", "a parameter entity", '<!DOCTYPE r [<!ENTITY % x SYSTEM "CANARY/x"> %x;]><r/>'],
    ["XML_DOCTYPE", "a document type behind a comment", '<?xml version="1.0"?>\n<!-- <r> -->\n<!DOCTYPE r><r/>'],
    ["XML_DOCTYPE", "a document type behind much white space", `${" ".repeat(5000)}<!DOCTYPE r><r/>`],
    ["XML_DOCTYPE", "a late document type", "<r/><!DOCTYPE r>"],
    ["XML_ENTITY", "an entity nobody declared", "<r>&nbsp;</r>"],
    ["XML_ENTITY", "an entity in an attribute", '<r a="&x;"/>'],
    ["XML_INSTRUCTION", "a style sheet", '<?xml-stylesheet href="CANARY/x.xsl"?><r/>'],
    ["XML_INSTRUCTION", "an instruction inside", "<r><?php echo 1?></r>"],
    ["XML_MALFORMED", "a second declaration", '<r><?xml version="1.0"?></r>'],
    ["XML_NAMESPACE", "an inclusion", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="CANARY/x"/>'],
    ["XML_NAMESPACE", "another vocabulary by default", '<report xmlns="urn:other"/>'],
    ["XML_NAMESPACE", "another vocabulary inside", '<r><x xmlns="urn:other"><report_code>STR</report_code></x></r>'],
    ["XML_NAMESPACE", "a prefix", '<r xmlns:p="urn:other"><p:report_code>STR</p:report_code></r>'],
    ["XML_MALFORMED", "an undeclared prefix", "<p:r/>"],
    ["XML_MALFORMED", "the same attribute twice", '<r a="1" a="2"/>'],
    ["XML_MALFORMED", "the same attribute by two prefixes", '<r xmlns:a="urn:x" xmlns:b="urn:x" a:n="1" b:n="2"/>'],
    ["XML_MALFORMED", "the prefix xmlns as an element", "<xmlns:r/>"],
    ["XML_MALFORMED", "nothing", ""],
    ["XML_MALFORMED", "no end", "<r><a>"],
    ["XML_MALFORMED", "crossed ends", "<r><a></r></a>"],
    ["XML_MALFORMED", "two roots", "<r/><r/>"],
    ["XML_MALFORMED", "text after the root", "<r/>tail"],
    ["XML_MALFORMED", "an unquoted attribute", "<r a=1/>"],
    ["XML_MALFORMED", "a bare ampersand", "<r>a & b</r>"],
    ["XML_MALFORMED", "a less-than in an attribute", '<r a="<"/>'],
    ["XML_MALFORMED", "the end of a section in a text", "<r>]]></r>"],
    ["XML_MALFORMED", "two hyphens in a comment", "<r><!-- a -- b --></r>"],
    ["XML_MALFORMED", "an open comment", "<r><!-- "],
    ["XML_MALFORMED", "an open section", "<r><![CDATA["],
    ["XML_MALFORMED", "a zero character", "<r>a\u0000</r>"],
    ["XML_MALFORMED", "a control character by number", "<r>&#1;</r>"],
    ["XML_MALFORMED", "half a character by number", "<r>&#xD800;</r>"],
    ["XML_MALFORMED", "a character beyond Unicode", "<r>&#x110000;</r>"],
    ["XML_MALFORMED", "a name no report has", "<r><café/></r>"],
    ["XML_MALFORMED", "a name without end", `<r><${"a".repeat(101)}/></r>`],
    ["XML_VERSION", "XML 1.1", '<?xml version="1.1"?><r/>'],
    ["XML_MALFORMED", "a declaration after white space", ' <?xml version="1.0"?><r/>'],
    ["XML_CHARACTER", "a control character of the upper half", "<r>a\u0085b</r>"],
    ["XML_CHARACTER", "a direction that is never closed", "<r>\u202etxt.exe</r>"],
    ["XML_MIXED_TEXT", "text beside elements", "<r>secret<a>1</a></r>"],
  ])("%s: %s", (code, _, xml) => {
    const bytes = utf8(xml.replaceAll("CANARY", address));
    expect(codeOf(() => parse(bytes))).toBe(code);
    expect(codeOf(() => readGoaml(bytes, goamlDialects.base))).toBe(code);
    expect(hits).toBe(0);
  }); // prettier-ignore

  it.each<[string, string]>([
    ["XML_TOO_DEEP", `${"<a>".repeat(xmlLimits.maxDepth + 1)}${"</a>".repeat(xmlLimits.maxDepth + 1)}`],
    ["XML_TOO_DEEP", "<a>".repeat(1_000_000)],
    ["XML_TOO_MANY_ELEMENTS", `<r>${"<a/>".repeat(xmlLimits.maxElements)}</r>`],
    ["XML_TOO_MANY_ATTRIBUTES", `<r ${Array.from({ length: 33 }, (_, at) => `a${at}="1"`).join(" ")}/>`],
    ["XML_TOO_MANY_ATTRIBUTES", `<r>${'<a b="1" c="1" d="1" e="1" f="1" g="1" h="1" i="1"/>'.repeat(25_001)}</r>`],
    ["XML_TEXT_TOO_LONG", `<r>${"x".repeat(xmlLimits.maxText + 1)}</r>`],
    ["XML_TEXT_TOO_LONG", `<r a="${"x".repeat(xmlLimits.maxText + 1)}"/>`],
    ["XML_TEXT_TOO_LONG", `<r>${"<![CDATA[xxxxxxxxxx]]>".repeat(1001)}</r>`],
    ["XML_TEXT_TOO_LONG", `<r>${"x<!-- -->".repeat(xmlLimits.maxText + 1)}</r>`],
    ["XML_TEXT_TOO_LONG", `<r>${"\u0958".repeat(6000)}</r>`],
    ["XML_TOO_LARGE", `<r>${" ".repeat(xmlLimits.maxBytes)}</r>`],
  ])("%s at its limit, case %#", (code, xml) => {
    expect(codeOf(() => parse(xml))).toBe(code);
  }); // prettier-ignore

  it.each<[string, string]>([
    ["depth", `${"<a>".repeat(xmlLimits.maxDepth)}${"</a>".repeat(xmlLimits.maxDepth)}`],
    ["elements", `<r>${"<a/>".repeat(xmlLimits.maxElements - 1)}</r>`],
    ["attributes", `<r ${Array.from({ length: 32 }, (_, at) => `a${at}="1"`).join(" ")}/>`],
    ["text", `<r>${"x".repeat(xmlLimits.maxText)}</r>`],
    ["white space between elements", `<r>${" ".repeat(100)}${`<a/>${" ".repeat(200)}`.repeat(2000)}</r>`],
    ["bytes", `<r>${" ".repeat(xmlLimits.maxBytes - 7)}</r>`],
  ])("the most of %s that is allowed is read", (_, xml) => {
    expect(parse(xml).children.length).toBeGreaterThanOrEqual(0);
  }); // prettier-ignore

  it.each<[string, Uint8Array | string]>([
    ["UTF-16 with its mark", Buffer.from("\ufeff<r/>", "utf16le")],
    ["UTF-16 without its mark", Buffer.from("<r/>", "utf16le")],
    ["UTF-16, big end first", Buffer.from("<r/>", "utf16le").swap16()],
    ["an overlong letter", Buffer.from([0x3c, 0xc1, 0xb2, 0x2f, 0x3e])],
    ["half a letter", Buffer.from([0x3c, 0x72, 0x3e, 0xc3, 0x3c, 0x2f, 0x72, 0x3e])],
    ["Latin 1 that says so", '<?xml version="1.0" encoding="ISO-8859-1"?><r/>'],
    ["UTF-7 that says so", '<?xml version="1.0" encoding="UTF-7"?><r>+ADw-a+AD4-</r>'],
  ])("XML_NOT_UTF8: %s", (_, xml) => {
    expect(codeOf(() => parse(xml))).toBe("XML_NOT_UTF8");
  });

  it("XML_TOO_SLOW: time that runs away ends the reading", () => {
    let now = 0;
    const clock = { elapsed: () => (now += xmlLimits.maxMs) };
    const long = `<r>${"<a>1</a>".repeat(50_000)}</r>`;
    expect(() => parseXml(utf8(long), { namespaces: [""], clock })).toThrow("XML_TOO_SLOW");
  });

  const repeated = `<r>${"&x;".repeat(50_000)}</r>`;
  const head =
    "<rentity_id>1</rentity_id><report_code>CTR</report_code><report_date>2026-01-01</report_date><currency_code_local>XOF</currency_code_local>";

  /** A cost in step with the square would be minutes. */
  const mostMs = 20_000;

  it.each<[string, string]>([
    ["XML_DOCTYPE", laughs],
    ["XML_DOCTYPE", `<!DOCTYPE r [<!ENTITY x "${"x".repeat(50_000)}">]>${repeated}`],
    ["XML_ENTITY", repeated],
    ["XML_DOCTYPE", "<?x?><!-- --> <!DOCTYPE r [".padEnd(xmlLimits.maxBytes, "<!ENTITY x 'y'>")],
    // as much as may be, all of it unknown: the time is the file's, not its square
    ["GOAML_TOO_MANY", `<report>${head}${Array.from({ length: 100_000 }, (_, at) => `<x${at}>1</x${at}>`).join("")}</report>`],
  ])("%s costs little, case %#", (code, xml) => {
    const bytes = utf8(xml);
    const cpu = process.cpuUsage();
    expect(codeOf(() => readGoaml(bytes, goamlDialects.base, { clock: stillClock }))).toBe(code);
    expect(process.cpuUsage(cpu).user / 1000).toBeLessThan(mostMs);
  }); // prettier-ignore

  it("a refusal names the line and never the content", () => {
    try {
      parse("<r>\n<a>secret</a>\n<b>&secret;</b></r>");
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toContain("line 3");
      expect(String(error)).not.toContain("secret");
    }
  });
});

describe("parseXml", () => {
  it("reads elements, texts, sections, the five entities and numbers of characters", () => {
    const root = parse('\ufeff<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<r><!-- c --><a>1 &lt; 2 &amp; &#233;</a><b><![CDATA[<x>&y;]]></b><c/></r>\n');
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ["a", "1 < 2 & é"], ["b", "<x>&y;"], ["c", ""],
    ]);
  }); // prettier-ignore

  it("a namespace that the dialect names is read, and where a schema lies is not told", () => {
    const xml =
      '<report xmlns="urn:goaml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:goaml http://192.0.2.1/x.xsd" version="5"/>';
    expect(parse(xml, ["urn:goaml"]).attributes).toEqual([["version", "5"]]);
  });

  it("hostile names of attributes are only names", () => {
    expect(parse('<r __proto__="1" constructor="2"/>').attributes).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
  });

  it("a path counts only names that stand more than once, and has an end", () => {
    const [, second, third] = parse("<r><a/><a><b/></a><c/></r>").children;
    expect([second?.children[0], third].map((one) => one && renderPath(one))).toEqual(["a[2]/b", "c"]);
    const deep = `${`<${"n".repeat(100)}>`.repeat(30)}${`</${"n".repeat(100)}>`.repeat(30)}`;
    let one = parse(deep);
    while (one.children[0] !== undefined) [one] = one.children as [typeof one];
    expect(renderPath(one)).toHaveLength(400);
  }); // prettier-ignore
});

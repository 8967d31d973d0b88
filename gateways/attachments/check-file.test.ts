import { describe, expect, it } from "vitest";

import { isFault } from "../../schemas/ground/index.ts";
import {
  docxParts,
  docxType,
  makeDocx,
  makeJpeg,
  makePdf,
  makePng,
  makeText,
  makeTiff,
  makeWebp,
  makeZip,
} from "../../test/kit/attachment-files.ts";
import { checkFile, carriedTypes } from "./check-file.ts";
import { fileOf } from "./clear-file.ts";

const unsafe = "ATTACHMENT_UNSAFE";
const differs = "ATTACHMENT_TYPE_DIFFERS";

/** What is said of a file; GOOD when it is taken. */
async function judge(type: string, bytes: Uint8Array | string): Promise<string> {
  try {
    await checkFile(fileOf(typeof bytes === "string" ? Buffer.from(bytes) : bytes), type);
    return "GOOD";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

const good: Readonly<Record<string, Uint8Array>> = {
  "image/jpeg": makeJpeg(),
  "image/png": makePng(),
  "image/webp": makeWebp(),
  "image/tiff": makeTiff(),
  "application/pdf": makePdf(),
  "text/plain": Buffer.from("Two parcels, seal 4471 – Ọjọ́ Ajé\r\n"),
  "text/csv": Buffer.from("plate,seen\nLAG-123-AA,2026-03-09\n"),
  "application/xml": Buffer.from('<?xml version="1.0"?>\n<report xmlns="urn:goaml"><rentity_id>1</rentity_id></report>'),
  [docxType]: makeDocx(),
}; // prettier-ignore

const asText = (value: string): Uint8Array => Buffer.from(value);
const rels = (type: string): Uint8Array =>
  asText(`<Relationships><Relationship Id="a" Type="http://x/${type}" TargetMode="External" Target="https://evil.example/x"/></Relationships>`); // prettier-ignore

describe("files that are carried", () => {
  it.each(Object.entries(good))("a good %s is taken", async (type, bytes) => {
    expect(await judge(type, bytes)).toBe("GOOD");
  });

  it("one type said of another's bytes is refused, each with each", async () => {
    const isText = (type: string): boolean => type.startsWith("text/");
    for (const [type, bytes] of Object.entries(good)) {
      for (const said of Object.keys(good)) {
        if (said === type || (isText(said) && isText(type))) continue;
        expect([type, said, await judge(said, bytes)]).not.toContain("GOOD");
      }
    }
  });

  it.each(["text/html", "image/svg+xml", "application/zip", "application/x-msdownload", "video/mp4", "image/gif", "", "__proto__"])(
    "the type %s is not carried, whatever is in it",
    async (type) => {
      expect(carriedTypes).not.toContain(type);
      expect(await judge(type, makePng())).toBe("ATTACHMENT_TYPE_REFUSED");
    },
  ); // prettier-ignore

  it("a file that is cut short anywhere is none of its type", async () => {
    for (const [type, bytes] of Object.entries(good)) {
      if (type.startsWith("text/") || type === "application/xml") continue;
      for (let cut = 1; cut < 12; cut += 1) {
        const part = bytes.subarray(0, Math.floor((bytes.length * cut) / 12));
        if (type === "image/tiff" && part.length > 26) continue;
        expect([type, cut, await judge(type, part)]).not.toContain("GOOD");
      }
    }
  });
});

describe("files that are two things", () => {
  it.each([
    ["image/jpeg", makeJpeg({ after: "more" })],
    ["image/png", makePng(16, 16, "<script>")],
    ["image/webp", makeWebp(64, 64, "MZ")],
    ["application/pdf", makePdf("", "<script>alert(1)</script>")],
    ["image/jpeg", makeJpeg({ comment: "<html><script>alert(1)</script>" })],
    ["image/jpeg", makeJpeg({ comment: "%PDF-1.7" })],
    ["image/png", Buffer.concat([makePng(), makeZip(docxParts())])],
    ["image/tiff", Buffer.concat([makeTiff(), makeZip(docxParts())])],
    ["application/pdf", Buffer.concat([makePdf(), makeZip(docxParts()), Buffer.from("%%EOF")])],
    [docxType, Buffer.concat([makeDocx(), Buffer.from("#!/bin/sh")])],
    [docxType, makeZip(docxParts(), "a comment where a script fits")],
  ])("a %s with something behind or before it is refused", async (type, bytes) => {
    expect(await judge(type, bytes)).toBe(unsafe);
  });

  it("a zip behind a program is no document", async () => {
    expect(await judge(docxType, Buffer.concat([Buffer.from("MZ\u0090\0"), makeDocx()]))).toBe(differs); // prettier-ignore
  });

  it.each([
    ["text/plain", "<html><body>"],
    ["text/plain", "  \n<!DOCTYPE html>"],
    ["text/csv", "<script>alert(1)</script>,1"],
    ["text/plain", "#!/bin/sh\nrm -rf /"],
    ["text/plain", "a <iframe src=x>"],
    ["application/xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ["application/xml", '<a xmlns:h="http://www.w3.org/1999/xhtml"><h:script>1</h:script></a>'],
    ["application/xml", '<a xmlns:h="http://www.w3.org/1999/xht&#109;l"><h:script>1</h:script></a>'],
    ["application/xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ["application/xml", '<?xml-stylesheet href="x.xsl"?><a/>'],
  ])("%s that begins or acts as a page is refused: %s", async (type, text) => {
    expect(await judge(type, text)).toBe(unsafe);
  }); // prettier-ignore

  it.each(["\0", "\u001b[2J", "\u0007"])(
    "control characters make a file no text: %j",
    async (one) => {
      expect(await judge("text/plain", `abc${one}`)).toBe(differs);
      expect(await judge("text/plain", Buffer.from([0x61, 0xff, 0xfe]))).toBe(differs);
    },
  );

  it("what is looked for is found where two reads meet", async () => {
    const edge = 256 * 1024;
    for (const shift of [1, 3, 6, 11]) {
      const before = makeText(edge - shift);
      expect(await judge("application/xml", Buffer.concat([asText("<a>"), before, asText("<!ENTITY x>")]))).toBe(unsafe);
      const pdf = Buffer.concat([asText(`%PDF-1.7\n${makeText(edge - shift - 9).toString()}`), asText("/Java#53cript\n%%EOF")]);
      expect(await judge("application/pdf", pdf)).toBe(unsafe);
    }
  }); // prettier-ignore
});

describe("files that act or fetch", () => {
  it.each(["/S /JavaScript /JS (app.alert(1))", "/S /Launch", "/Names << /EmbeddedFiles 3 0 R >>", "/AcroForm << /XFA [1] >>", "/J#61vaScript"])(
    "a PDF with %s is refused",
    async (catalogue) => {
      expect(await judge("application/pdf", makePdf(catalogue))).toBe(unsafe);
    },
  ); // prettier-ignore

  it.each([
    { name: "word/vbaProject.bin", bytes: asText("macro") },
    { name: "word/embeddings/book.xlsx", bytes: asText("book") },
    { name: "word/activeX/activeX1.xml", bytes: asText("<a/>") },
    { name: "xl/externalLinks/externalLink1.xml", bytes: asText("<a/>") },
    { name: "word/media/inside.docx", bytes: makeDocx() },
    { name: "word/media/tool.exe", bytes: asText("MZ\u0090\0 program") },
    { name: "word/_rels/settings.xml.rels", bytes: rels("attachedTemplate") },
    { name: "word/_rels/document.xml.rels", bytes: rels("image") },
  ])("a document with $name is refused", async (part) => {
    const bytes = part.name.endsWith(".exe") ? { ...part, bytes: Buffer.from("4d5a9000", "hex") } : part;
    expect(await judge(docxType, makeDocx([bytes]))).toBe(unsafe);
  }); // prettier-ignore

  it("a link that a person clicks is no harm", async () => {
    const part = { name: "word/_rels/document.xml.rels", bytes: rels("hyperlink") };
    expect(await judge(docxType, makeDocx([part]))).toBe("GOOD");
  });

  it("a document with macros under the name of one without is refused", async () => {
    const kinds =
      '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>';
    expect(await judge(docxType, makeDocx([], kinds))).toBe(unsafe);
  });

  it("a zip that is no document is none", async () => {
    expect(await judge(docxType, makeZip([{ name: "a.txt", bytes: asText("a") }]))).toBe(differs);
  });
});

describe("zips that lie", () => {
  const zeros = new Uint8Array(30 * 1024 * 1024);
  it.each([
    ["a name that leads out", [{ name: "../../etc/cron.d/x", bytes: asText("x") }]],
    ["a name from the root", [{ name: "/etc/passwd", bytes: asText("x") }]],
    ["a name of another system", [{ name: "..\\..\\x", bytes: asText("x") }]],
    ["a drive", [{ name: "C:/x", bytes: asText("x") }]],
    ["a symbolic link", [{ name: "word/x", bytes: asText("/etc/passwd"), mode: 0o120777 }]],
    ["a device", [{ name: "word/x", bytes: asText("x"), mode: 0o020666 }]],
    ["a password", [{ name: "word/x", bytes: asText("x"), flags: 0x801 }]],
    ["an unknown packing", [{ name: "word/x", bytes: asText("x"), method: 99 }]],
    ["more than it says", [{ name: "word/x", bytes: makeText(5_000), says: 100 }]],
    ["less than it says", [{ name: "word/x", bytes: makeText(5_000), says: 9_000 }]],
    ["a bomb", [{ name: "word/x", bytes: zeros }]],
    ["bombs that are each small", Array.from({ length: 12 }, (_, at) => ({ name: `word/${at}`, bytes: zeros.subarray(0, 1_000_000) }))],
    ["one file said twice", [{ name: "word/x", bytes: makeText(9_000), at: 0 }]],
    ["two files of one name", [{ name: "word/Document.xml", bytes: asText("x") }]],
    ["too many files", Array.from({ length: 2_100 }, (_, at) => ({ name: `w/${at}`, bytes: asText("x") }))],
  ])("%s is refused", async (_, parts) => {
    expect(await judge(docxType, makeDocx(parts))).not.toBe("GOOD");
  }); // prettier-ignore

  it("unpacking stops at the byte over what was said, however much is inside", async () => {
    const bomb = makeDocx([{ name: "word/x", bytes: zeros, says: 4_000 }]);
    expect(await judge(docxType, bomb)).toBe(unsafe);
  });
});

describe("floods of points", () => {
  it.each([
    ["image/png", makePng(30_000, 30_000)],
    ["image/png", makePng(4_294_967_295, 1)],
    ["image/png", makePng(0, 10)],
    ["image/jpeg", makeJpeg({ width: 65_535, height: 65_535 })],
    ["image/jpeg", makeJpeg({ width: 0 })],
    ["image/webp", makeWebp(16_384, 16_384)],
    ["image/tiff", makeTiff(1_000_000, 1_000_000)],
    ["image/tiff", makeTiff(100, 100, 24)],
  ])(
    "a %s that would fill the memory is refused before anything decodes it",
    async (type, bytes) => {
      expect(await judge(type, bytes)).toBe(unsafe);
    },
  );
});

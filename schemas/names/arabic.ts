import { parseTable } from "./table.ts";

/**
 * Doc 9303 part 3 §6, table C: letters of Arabic, Persian, Urdu and Pashto by their code, and the form each
 * has in a machine-readable zone. X says that the letter after it is not the plain one, so the Arabic can be
 * had back. Letters the table says are not encoded are not here: a name without one of its consonants would
 * find nobody.
 */
const codes: ReadonlyMap<string, string> = parseTable(
  "0621=XE 0622=XAA 0623=XAE 0624=U 0625=I 0626=XI 0627=A 0628=B 062a=T",
  "062b=XTH 062c=J 062d=XH 062e=XKH 062f=D 0630=XDH 0631=R 0632=Z 0633=S",
  "0634=XSH 0635=XSS 0636=XDZ 0637=XTT 0638=XZZ 0639=E 063a=G 0641=F 0642=Q",
  "0643=K 0644=L 0645=M 0646=N 0647=H 0648=W 0649=XAY 064a=Y 0671=XXA",
  "0679=XXT 067c=XRT 067e=P 0681=XKE 0685=XXH 0686=XC 0688=XXD 0689=XDR 0691=XXR",
  "0693=XRR 0696=XRX 0698=XJ 069a=XXS 06a9=XKK 06ab=XXK 06ad=XNG 06af=XGG 06ba=XNN",
  "06bc=XXN 06be=XDO 06c0=XYH 06c1=XXG 06c2=XGE 06c3=XTG 06cc=XYA 06cd=XXY 06d0=Y",
  "06d2=XYB 06d3=XBE",
);

/** The letters of table C, each with its form. */
export const arabic: ReadonlyMap<string, string> = new Map(
  Array.from(codes, ([code, form]) => [String.fromCharCode(parseInt(code, 16)), form]),
);

/** Teh marbuta has one form at the end of a name's part and another within it. */
export const tehMarbuta = { letter: "\u0629", last: "XAH", within: "XTA" } as const;

/** Shadda doubles the letter it stands on; vowel points may stand between. */
export const shadda = "\u0651";

/** Whether `sign` is one that table C does not encode: a vowel point, the lengthening stroke. */
export function isUnencoded(sign: string): boolean {
  return /^[\u0640\u064b-\u0650\u0652\u0670]$/.test(sign);
}

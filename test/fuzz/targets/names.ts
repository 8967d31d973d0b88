import { isIdentifier, isMrzName } from "../../../schemas/check/identifiers.ts";
import { findNameFault, scriptOf, transliterate } from "../../../schemas/names/index.ts";
import { isFault } from "../../../schemas/ground/index.ts";
import { readAnswer } from "../../../gateways/translation/read-answer.ts";
import { findFacts } from "../../../gateways/translation/facts.ts";
import { type MaskedText, maskText, unmaskText } from "../../../gateways/translation/mask.ts";
import { certain, hold } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const names = [
  "N'Diaye",
  "Aminata Traoré",
  "da Silva",
  "Al-Bashir",
  "ወርቅነህ",
  "محمد بن سالم",
  "فضَّة",
  "O’Connor",
  "Nguyễn",
  "Щукин-Юрьев",
  "\u2067محمد\u2069 Traoré",
  "葛\u{e0100}城",
  "می\u200cخواهم",
];

const seen = /^[^\p{Cc}\p{Co}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202d\u202e\u2060\ufeff]*$/u;

const nameTarget = textTarget("schemas/findNameFault", names, (text) => {
  const fault = certain("looking at a name", () => findNameFault(text));
  if (fault !== undefined) return;
  hold(Array.from(text).length <= 200 && text.trim() !== "", "a name is empty or too long");
  hold(text === text.normalize("NFC") && seen.test(text), "a name may hold what nobody sees");
});

const transliterateTarget = textTarget("schemas/transliterate", names, (text) => {
  const [given = "", family = ""] = text.split(" ", 2);
  const whole = certain("transliterating a name", () => transliterate({ full: text }));
  const parts = certain("transliterating a name", () =>
    transliterate({ full: text, family, given: [given], lang: "uk" }),
  );
  for (const spelt of [whole, parts]) {
    hold(
      spelt === undefined || isMrzName(spelt.mrz),
      "a form is not one of a machine-readable zone",
    );
  }
  const letters = whole?.mrz.replaceAll("<", " ").toLowerCase();
  const isSame =
    letters ===
    text
      .toLowerCase()
      .split(/\p{Zs}+/u)
      .join(" ")
      .trim();
  hold(whole === undefined || whole.lossy || isSame, "a name lost letters and does not say so");
});

const scriptTarget = textTarget("schemas/scriptOf", names, (text) => {
  const script = certain("finding a script", () => scriptOf(text));
  hold(script === undefined || /^[A-Z][a-z]{3}$/.test(script), "a script is not of ISO 15924");
});

const identifierTarget = textTarget(
  "schemas/isIdentifier",
  ["G0123456", "GT 4821-22", "أ 12345", "А123ВС 77", "አአ 12345", "A-1/2.3·4:5#6&7+8_9(0)*'B"],
  (text) => {
    if (!certain("looking at an identifier", () => isIdentifier(text))) return;
    hold(Array.from(text).length <= 60 && text === text.trim(), "an identifier is too long or padded");
    hold(text === text.normalize("NFKC"), "two identifiers look alike");
    hold(!/\p{Script=Latin}/u.test(text) || !/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text), "an identifier mixes scripts that look alike");
    hold(!/[\p{Cf}\p{Cc}\p{Co}\p{Cn}]/u.test(text), "an identifier holds what nobody sees");
  },
); // prettier-ignore

/** What a fault other than a withheld translation would hide. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (isFault(error, "TRANSLATION_WITHHELD")) return undefined;
    throw error;
  }
}

const literals = ["Traoré", "Aminata Traoré", "محمد", "ወርቅነህ"];

/** A fault here would be the reader's own: masking a text and putting all back changes nothing. */
function tryMask(text: string): MaskedText | undefined {
  if (text.length > 8000 || !text.isWellFormed()) return undefined;
  const marks = text.length > 9 ? [{ start: 2, end: 6, kind: "OTHER" }] : [];
  return attempt(() => maskText({ text, lang: "fr", marks }, literals));
}

const maskTarget = textTarget(
  "gateways/maskText",
  [
    "Hier Aminata Traoré a remis 12,5 kg et 500 XOF à محمد, TG 4821 BB, a.b@c.example",
    "የወርቅነህን መኪና 2026 https://portal.example/a?b=1 ½",
  ],
  (text) => {
    const masked = tryMask(text);
    if (masked === undefined) return;
    const { facts, fence } = masked;
    const rest = masked.text.replaceAll(new RegExp(`${fence[0]}[0-9]{1,4}${fence[1]}`, "g"), " ");
    hold(!/\p{N}/u.test(rest), "a number reaches the service");
    const back = certain("putting facts back", () => attempt(() => unmaskText(masked.text, masked)));
    hold(back === undefined || back === text, "facts come back changed");
    hold(facts.length === 0 || attempt(() => unmaskText(rest, masked)) === undefined, "a translation without its facts is shown");
    hold(attempt(() => unmaskText(`${masked.text} 7`, masked)) === undefined, "an invented number is shown");
    certain("finding facts", () => findFacts(text, literals));
  },
); // prettier-ignore

const answers: Target = jsonTarget(
  "gateways/readAnswer",
  [{ translatedText: ["hello", "the port"] }, { error: "sw is not supported" }],
  async (text) => {
    const response = new Response(text, { headers: { "content-type": "application/json" } });
    const limits = { maxAnswerBytes: 65_536, count: 2 };
    try {
      const texts = await readAnswer(response, limits);
      hold(texts.length === 2 && texts.every((one) => one.length <= 8000), "an answer is beyond its limits");
    } catch (error) {
      if (!isFault(error)) throw error;
      hold(error.code.startsWith("TRANSLATION_"), "an answer has a fault of another room");
    }
  },
); // prettier-ignore

/** Readers of names and numbers, and of what a translation service answers. */
export const nameTargets: readonly Target[] = [
  nameTarget,
  transliterateTarget,
  scriptTarget,
  identifierTarget,
  maskTarget,
  answers,
];

import { parseTable } from "./table.ts";

/**
 * Doc 9303 part 3 §6, table B: Cyrillic letters. The soft sign has no form there and is left out. Ћ and Ѓ
 * stand where the table shows their shape under another code.
 */
export const cyrillic: ReadonlyMap<string, string> = parseTable(
  "А=A Б=B В=V Г=G Ґ=G Д=D Ђ=D Ѓ=G Е=E Ё=E Є=IE",
  "Ж=ZH З=Z Ѕ=DZ И=I Й=I І=I Ї=I Ј=J К=K Ќ=K Л=L",
  "Љ=LJ М=M Н=N Њ=NJ О=O П=P Р=R С=S Т=T Ћ=C У=U",
  "Ў=U Ф=F Х=KH Ц=TS Ч=CH Џ=DZ Ш=SH Щ=SHCH Ъ=IE Ы=Y",
  "Ь= Э=E Ю=IU Я=IA Ѫ=U Ѵ=Y",
);

/** Where a language differs from the table, as its notes say. */
export const cyrillicByLanguage: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  be: { Ё: "IO", Г: "H" },
  bg: { Щ: "SHT" },
  mk: { Ѓ: "GJ", Ќ: "KJ", Х: "H", Ц: "C", Џ: "DJ" },
  sr: { Ж: "Z", Х: "H", Ц: "C", Ч: "C", Ш: "S" },
  uk: { Г: "H", И: "Y" },
};

/** Letters that differ at the beginning of a name, by language. */
export const cyrillicFirst: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  uk: { Є: "YE", Ї: "YI", Й: "Y", Ю: "YU", Я: "YA" },
};

import { transliterate } from "../../schemas/names/index.ts";

/** Fewer consonants than this say too little of a name. */
const leastLetters = 3;

/** Spellings of one sound in the languages of West, North and East Africa, the longer before the shorter. */
const sounds: readonly (readonly [RegExp, string])[] = [
  [/dz|dh/g, "d"],
  [/th|tt/g, "t"],
  [/sh|ch|ss|zz|z|c(?=[eiy])/g, "s"],
  [/ph/g, "f"],
  [/dj|g(?=[eiy])/g, "j"],
  [/kh|ck|q|c/g, "k"],
  [/gh|rh/g, "g"],
  // as Somali writes it
  [/x/g, "h"],
  [/h$/g, ""],
];

function soundOfLatin(word: string): string | undefined {
  const heard = sounds.reduce((text, [spelling, sound]) => text.replaceAll(spelling, sound), word);
  const isVowelFirst = /^[aeiouyw]/.test(heard);
  const consonants = heard.replaceAll(/[aeiouyw]/g, "").replaceAll(/([a-z])\1+/g, "$1");
  const sound = (isVowelFirst ? "a" : "") + consonants;
  return sound.length < leastLetters ? undefined : sound;
}

/** The Latin letters of one word of a name, by ICAO Doc 9303; its X only marks which Arabic letter it was. */
function latinOf(word: string): string | undefined {
  if (/^[a-z]+$/.test(word)) return word;
  const spelt = transliterate({ full: word })?.mrz.toLowerCase();
  if (spelt === undefined || !/^[a-z]+$/.test(spelt)) return undefined;
  return /\p{Script=Arabic}/u.test(word) ? spelt.replaceAll("x", "") : spelt;
}

/**
 * How a name sounds, roughly: its consonants, and whether a vowel goes before them, so that Muhammad, Mohamed, Maxamed and
 * محمد are one. For finding, never for saying that two are the same person.
 *
 * @param word folded by `foldWords`
 * @returns undefined when it cannot be written in Latin letters, or too little of it is left
 */
export function soundOf(word: string): string | undefined {
  const latin = latinOf(word);
  return latin === undefined ? undefined : soundOfLatin(latin);
}

/** A list of names as the store keeps it: a space before and after each, so that one can be looked for. */
export function renderNames(names: readonly string[]): string {
  return names.length === 0 ? "" : ` ${names.join(" ")} `;
}

/** The names of a list. */
export function parseNames(text: string): readonly string[] {
  return text.split(" ").filter((name) => name !== "");
}

/** A list of numbers as the store keeps it. */
export function renderNumbers(numbers: readonly number[]): string {
  return numbers.join(" ");
}

/** The numbers of a list. */
export function parseNumbers(text: string): readonly number[] {
  return parseNames(text).map(Number);
}

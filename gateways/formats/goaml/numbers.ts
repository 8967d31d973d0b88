/** xs:boolean. */
export function readFlag(text: string): boolean | undefined {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : undefined;
}

const number = /^([+-]?)(?=\.?[0-9])0*([0-9]{0,18})(?:\.([0-9]{0,30}))?$/;

/** xs:decimal in our one spelling; undefined when it has more digits than we carry. */
export function readDecimal(text: string): string | undefined {
  const found = text.length <= 60 ? number.exec(text) : null;
  if (found === null) return undefined;
  const fraction = (found[3] ?? "").replace(/0+$/, "");
  if (fraction.length > 9) return undefined;
  const whole = found[2] === "" ? "0" : found[2];
  const amount = fraction === "" ? `${whole}` : `${whole}.${fraction}`;
  return found[1] === "-" && amount !== "0" ? `-${amount}` : amount;
}

/** A whole number from 0 to `most`. */
export function readWhole(text: string, most: number): number | undefined {
  if (!/^[0-9]{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= most ? value : undefined;
}

const places = 9;

function unitsOf(decimal: string): bigint {
  const [whole = "0", part = ""] = decimal.split(".");
  const digits = `${whole.replace("-", "")}${part.padEnd(places, "0")}`;
  return BigInt(digits) * (decimal.startsWith("-") ? -1n : 1n);
}

/** The exact sum of decimals as bodies write them; "0" of none. */
export function addDecimals(all: readonly string[]): string {
  const sum = all.reduce((before, one) => before + unitsOf(one), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0");
  const part = digits.slice(-places).replace(/0+$/, "");
  const whole = digits.slice(0, -places);
  return `${sum < 0n ? "-" : ""}${whole}${part === "" ? "" : `.${part}`}`;
}

import { InvalidArgumentError } from "commander";

/** A parser of whole numbers from 0 to `max`. */
export function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value >= 0 && value <= max) return value;
    throw new InvalidArgumentError(`It is a whole number from 0 to ${max}.`);
  };
}

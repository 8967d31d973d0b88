import type { Clock } from "../../schemas/ground/index.ts";

/** How far the line to one hub has carried what was published on it. */
export interface CarriedLine {
  readonly hub: string;
  readonly line: () => { readonly handed: number; readonly proven: number };
}

/** What is under way to hubs that give no receipt for it, by name. */
export interface Flights {
  isCarried(line: CarriedLine, name: string): boolean;
  /** It never went, or its way is not known to have ended in time. */
  isDue(line: CarriedLine, name: string): boolean;
  /** It was handed to the line just now. */
  note(line: CarriedLine, name: string): void;
  drop(line: CarriedLine, name: string): void;
}

interface Flight {
  readonly mark: number;
  readonly at: number;
}

/** What the hub's server is not known to have had by then goes again. */
const againMs = 30_000;

/** Builds the book of what is under way; it is forgotten with the process, and then all goes again. */
export function makeFlights(clock: Pick<Clock, "elapsed">): Flights {
  const flights = new Map<string, Flight>();
  return {
    isCarried: ({ hub, line }, name) => {
      const flight = flights.get(`${hub} ${name}`);
      return flight !== undefined && flight.mark <= line().proven;
    },
    isDue: ({ hub }, name) => {
      const flight = flights.get(`${hub} ${name}`);
      return flight === undefined || flight.at + againMs <= clock.elapsed();
    },
    note: ({ hub, line }, name) => {
      flights.set(`${hub} ${name}`, { mark: line().handed, at: clock.elapsed() });
    },
    drop: ({ hub }, name) => void flights.delete(`${hub} ${name}`),
  };
}

/** Lets only so many in at a time, of each agency and of all. */
export interface Gate {
  /** Takes a place; what it returns gives it back, once. Undefined when there is none. */
  enter(agency: string): (() => void) | undefined;
}

/** Builds a gate. Agencies that have nothing under way are not remembered. */
export function makeGate(mostOfOne: number, mostOfAll: number): Gate {
  const inside = new Map<string, number>();
  let all = 0;
  return {
    enter: (agency) => {
      const own = inside.get(agency) ?? 0;
      if (own >= mostOfOne || all >= mostOfAll) return undefined;
      inside.set(agency, own + 1);
      all += 1;
      let isInside = true;
      return () => {
        if (!isInside) return;
        isInside = false;
        all -= 1;
        const left = (inside.get(agency) ?? 1) - 1;
        if (left === 0) inside.delete(agency);
        else inside.set(agency, left);
      };
    },
  };
}

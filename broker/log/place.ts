/** Where a message stands that has a leaf, or is to have one. */
export interface LogPlace {
  readonly stream: string;
  /** The stream's instance: in another the same number is another place. */
  readonly instance: string;
  readonly sequence: number;
}

/** What a stream's leaves are told apart by. */
export function seriesOf({ stream, instance }: Pick<LogPlace, "stream" | "instance">): string {
  return `${stream} ${instance}`;
}

/** A place as one text. */
export function placeKey(place: LogPlace): string {
  return `${seriesOf(place)} ${place.sequence}`;
}

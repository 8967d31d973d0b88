/** What the name of every community's feed begins with; the community follows, in capitals. */
export const feedPrefix = "FEED_";

/** Whether a stream is a community's feed. */
export function isFeedStream(stream: string): boolean {
  return stream.startsWith(feedPrefix);
}

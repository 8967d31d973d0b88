/**
 * What handlers may use beside the exchange. Each service is built by its own room and given in by whoever runs the
 * gateway; one that is not there answers NOT_FOUND, as if its routes did not stand in the table.
 */
export interface Services {
  /** Placeholder of an empty interface; each service adds its line. */
  readonly none?: never;
}

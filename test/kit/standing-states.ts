/**
 * States in which something is in force and nobody owes anything: each with what ends it. Everywhere else somebody is awaited,
 * or the matter is at its end.
 */
export const standingStates: Readonly<Record<string, string>> = {
  "FIU_MATCH FILTER_SHARED": "its term: who finds a hit says so, and who finds none owes nothing",
  "BULLETIN PUBLISHED": "its term, or its owner's cancelling",
  "NOTICE PUBLISHED": "its review, its term, a hit or its owner's withdrawal",
  "WANTED_NOTICE ACTIONABLE": "its review, its term, a hit or its owner's withdrawal",
  "WANTED_NOTICE NOT_ACTED_ON": "its owner's withdrawal, or a new legal review",
  "RECORD RECORDED": "its review, its term, a hit or its owner's withdrawal",
  "FIREARM_DIVERSION PUBLISHED": "the destruction of what was found, or its term",
  "FIREARM_DIVERSION PARTLY_DESTROYED": "the destruction of the rest, or its term",
  "TIP_CASE ACTIVE": "its owners' next status; each sub-stream has its own clocks",
  "TIP_CASE FOLLOW_UP": "its owners' next status; each sub-stream has its own clocks",
  "ASSURANCE GIVEN": "its end, or a breach that somebody reports",
  "ASSURANCE GIVEN_IN_PART": "its end, or a breach that somebody reports",
  "DELEGATION IN_FORCE": "its last day, or either side's word",
  "DELEGATION SUSPENDED": "its last day, or either side's word",
};

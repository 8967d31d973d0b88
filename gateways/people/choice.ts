import type { Role } from "./roles.ts";

/** The agency's identity provider, when it has one. */
export interface OidcChoice {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** A claim of the identity token and what its values give. Gives never more than the person's own roles. */
  readonly roles?: { readonly claim: string; readonly map: Readonly<Record<string, readonly Role[]>> } | undefined;
  /** Values of `acr` of which one is wanted for a proof of being there; without it the time of the sign-in counts alone. */
  readonly stepUpAcr?: readonly string[] | undefined;
  /** Whether whoever the provider vouches for becomes a person here, with the roles of `roles`. Off unless said. */
  readonly provision?: boolean | undefined;
  /** Whether http is allowed to it: only for a provider on this machine. */
  readonly insecure?: boolean | undefined;
} // prettier-ignore

/** What an operator chose for people and machines. */
export interface PeopleChoice {
  /** Such as https://gateway.tcu.example; without it the loopback names are the only ones. */
  readonly origin?: string | undefined;
  readonly idleMs: number;
  readonly lifeMs: number;
  readonly oidc?: OidcChoice | undefined;
}

/** What counts when nothing was chosen: 15 minutes without a request, 12 hours in all. */
export const usualChoice: PeopleChoice = { idleMs: 15 * 60_000, lifeMs: 12 * 3_600_000 };

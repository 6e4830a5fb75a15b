import { type AddressParts, type EmailAddress, partsOf } from './email-address';

/** Which spellings of an address a provider delivers to one inbox. */
interface Provider {
  /** Domains on which one user name is one user. The hint is given on the first. */
  readonly domains: readonly [string, ...ReadonlyArray<string>];
  /** Characters that the provider skips in a user name. */
  readonly skips?: RegExp;
  /** Whether `anything@user.domain` reaches `user@domain`. */
  readonly subdomains?: true;
}

/** Every one of these lets `+anything` follow the user name. */
const providers: ReadonlyArray<Provider> = [
  { domains: ['gmail.com', 'googlemail.com'], skips: /\./g },
  { domains: ['proton.me', 'protonmail.com', 'pm.me'], skips: /[._-]/g },
  { domains: ['icloud.com', 'me.com', 'mac.com'] },
  // Domains of one provider, on which the same user name may be another user.
  { domains: ['fastmail.com'], subdomains: true },
  { domains: ['fastmail.fm'], subdomains: true },
  { domains: ['outlook.com'] },
  { domains: ['hotmail.com'] },
  { domains: ['live.com'] },
  { domains: ['msn.com'] },
  { domains: ['hey.com'] },
  { domains: ['mailbox.org'] },
  { domains: ['posteo.de'] },
];

const providerByDomain: ReadonlyMap<string, Provider> = new Map(
  providers.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)),
);

const plusTag = /\+.*$/u;

const viaSubdomain = ({ domain }: AddressParts): AddressParts | undefined => {
  const dot = domain.indexOf('.');
  const parent = domain.slice(dot + 1);
  return providerByDomain.get(parent)?.subdomains
    ? { localPart: domain.slice(0, dot), domain: parent }
    : undefined;
};

/**
 * The inbox that an address probably reaches, at providers known to deliver several spellings to
 * one; `undefined` elsewhere.
 *
 * Advice for the agent who looks for duplicates: equal hints are worth a question. It never refuses
 * and never identifies, because an alias is a lawful second mailbox and providers change their
 * rules.
 *
 * @example
 * inboxHint({ canonical: 'ann.smith+news@googlemail.com' }) // => 'annsmith@gmail.com'
 * inboxHint({ canonical: 'ann.smith@example.com' }) // => undefined
 */
export const inboxHint = (address: Pick<EmailAddress, 'canonical'>): string | undefined => {
  const typed = partsOf(address);
  const { localPart, domain } = viaSubdomain(typed) ?? typed;
  const provider = providerByDomain.get(domain);
  if (!provider) return undefined;

  const untagged = localPart.replace(plusTag, '');
  const user = provider.skips ? untagged.replace(provider.skips, '') : untagged;
  return user === '' ? undefined : `${user}@${provider.domains[0]}`;
};

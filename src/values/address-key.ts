import { createHmac } from 'node:crypto';
import type * as t from 'io-ts';
import type { EmailAddress } from './email-address';

export interface AddressKeyBrand {
  readonly AddressKey: unique symbol;
}

/** Stands for an address in stream names: 43 characters that tell nothing without the host's secret. */
export type AddressKey = t.Branded<string, AddressKeyBrand>;

/** HMAC-SHA-256 of the canonical address under `secret`, in base64url. */
export const addressKey = (secret: string, { canonical }: Pick<EmailAddress, 'canonical'>) =>
  createHmac('sha256', secret).update(canonical).digest('base64url') as AddressKey;

/** Packages that are measured without being dependencies: their types are not installed here. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What is known of a peer's exports: whoever uses it knows the few calls that are made. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

const FOLDER = process.env['PEERS'] ?? join(__dirname, '../../../temp/peers');

/** Versions that were seen to work together on Node 20. */
const INSTALL =
  'npm install --prefix temp/peers --legacy-peer-deps @event-driven-io/emmett@0.42.0 ' +
  '@event-driven-io/emmett-sqlite@0.42.4 sqlite3@5 uuid@11 async-retry commander ' +
  '@castore/core@2 @castore/event-storage-adapter-in-memory@2 ' +
  '@rotorsoft/act@1.31 @rotorsoft/act-sqlite@1.19 zod@4';

/**
 * A peer's package.
 *
 * @throws Error that says how to install all of them
 */
export const loadPeer = (name: string): Loose => {
  try {
    return createRequire(join(FOLDER, 'package.json'))(name);
  } catch (cause) {
    throw new Error(`The peer ${name} could not be loaded. Install the peers with:\n${INSTALL}`, {
      cause,
    });
  }
};

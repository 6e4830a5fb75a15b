/**
 * A server that speaks as much of EventStoreDB's protocol as the unmodified `@eventstore/db-client`
 * needs here, in this process, with faults on request. It proves an adapter, not the real server.
 */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { append } from './append';
import { batchAppend } from './batch-append';
import { certificate, privateKey } from './certificate';
import { gossip, supportedMethods } from './cluster';
import type { ServerContext } from './context';
import { softDelete, tombstone } from './delete';
import { type Ending, type FaultHook, Faults } from './faults';
import { Listener } from './listener';
import { EventLog, type StoredRecord } from './log';
import { type Authorization, OpenCalls } from './open-calls';
import { read } from './read';

export type * from './faults';
export type { StoredRecord } from './log';
export type { Authorization } from './open-calls';

export interface TestServerOptions {
  /** Append size from which an append is refused; 1 MiB unless told, as on servers up to 24.10. */
  readonly maximumAppendSize?: number;
  /** Whom a `notLeader` fault names; this server itself unless told. */
  readonly leader?: { readonly host: string; readonly port: number };
  /** Announce the batch path; without it the client appends plainly even without credentials. */
  readonly batchAppend?: boolean;
  /** Speak TLS, by a certificate that nobody trusts who is not told to. */
  readonly tls?: boolean;
  /** Ask each client so often whether it is there, and cut it off when it is silent for as long. */
  readonly keepAliveMs?: number;
}

export interface TestServer {
  readonly port: number;
  /** `esdb://`, without user. Says nothing of deadlines: add `&defaultDeadline=…` as needed. */
  readonly connectionString: string;
  /** `esdb+discover://`: the client asks for the cluster's members first. */
  readonly discoveryConnectionString: string;
  /** Calls that the server still has open, streaming ones included. */
  readonly openCalls: () => number;
  readonly openCallsByMethod: () => Readonly<Record<string, number>>;
  /** Calls started so far, such as `{ Append: 2, Read: 1 }`. */
  readonly callsByMethod: () => Readonly<Record<string, number>>;
  /** The `authorization` of each call so far, or `undefined` where it came without, in order. */
  readonly authorizations: () => ReadonlyArray<Authorization>;
  readonly faults: FaultHook;
  /** Appends an event that is none of the ledger's. */
  readonly putForeign: (stream: string, type: string) => void;
  /** Ends every open subscription; returns how many there were. */
  readonly dropSubscribers: (ending: Ending) => number;
  /** Cuts every connection without an answer and stops listening, as if the process were gone. */
  readonly kill: () => Promise<void>;
  /** Listens again on the same port, with the same log. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Everything stored, in order. */
  readonly log: () => ReadonlyArray<StoredRecord>;
}

const MEBIBYTE = 1024 * 1024;

/** One life of the server: between a start and the kill that ends it. */
interface Life {
  readonly context: ServerContext;
  readonly end: () => Promise<void>;
}

const buildServer = (
  context: ServerContext,
  calls: OpenCalls,
  { keepAliveMs }: TestServerOptions,
): Server => {
  const server = new Server({
    interceptors: [calls.interceptor],
    'grpc.max_receive_message_length': 17 * MEBIBYTE,
    ...(keepAliveMs !== undefined && {
      'grpc.keepalive_time_ms': keepAliveMs,
      'grpc.keepalive_timeout_ms': keepAliveMs,
    }),
  });
  server.addService(StreamsService, {
    read: read(context),
    append: append(context),
    batchAppend: batchAppend(context),
    delete: softDelete(context),
    tombstone: tombstone(context),
  });
  server.addService(ServerFeaturesService, { getSupportedMethods: supportedMethods(context) });
  server.addService(GossipService, { read: gossip(context) });
  return server;
};

const credentialsOf = ({ tls = false }: TestServerOptions): ServerCredentials =>
  tls
    ? ServerCredentials.createSsl(null, [
        { cert_chain: Buffer.from(certificate), private_key: Buffer.from(privateKey) },
      ])
    : ServerCredentials.createInsecure();

/** Starts a server with an empty log, on a port that is free. */
export const startTestServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const log = new EventLog(options.maximumAppendSize ?? MEBIBYTE);
  const faults = new Faults();
  const calls = new OpenCalls();

  const begin = async (wantedPort: number): Promise<Life> => {
    let isAlive = true;
    const listener = await Listener.open(wantedPort, (socket) => {
      injector.injectConnection(socket);
    });
    const self = { host: '127.0.0.1', port: listener.port };
    const context: ServerContext = {
      log,
      faults,
      self,
      leader: options.leader ?? self,
      batchAppend: options.batchAppend ?? true,
      subscribers: new Set(),
      isAlive: () => isAlive,
      cut: (peer) => {
        listener.cut(peer);
      },
    };
    const server = buildServer(context, calls, options);
    const injector = server.createConnectionInjector(credentialsOf(options));
    const end = async (): Promise<void> => {
      isAlive = false;
      await listener.close();
      server.forceShutdown();
    };
    return { context, end };
  };

  let life: Life | undefined = await begin(0);
  const { host, port } = life.context.self;
  const kill = async (): Promise<void> => {
    const ending = life;
    life = undefined;
    await ending?.end();
  };

  return {
    port,
    connectionString: `esdb://${host}:${port}?tls=${options.tls ?? false}`,
    discoveryConnectionString: `esdb+discover://${host}:${port}?tls=false&maxDiscoverAttempts=3&discoveryInterval=50&gossipTimeout=1`,
    openCalls: () => calls.openCount,
    openCallsByMethod: () => calls.openByMethod,
    callsByMethod: () => calls.startedByMethod,
    authorizations: () => calls.authorizations,
    faults,
    putForeign: (stream, type) => {
      log.put(stream, type);
    },
    dropSubscribers: (ending) => {
      const drops = [...(life?.context.subscribers ?? [])];
      for (const drop of drops) drop(ending);
      return drops.length;
    },
    kill,
    restart: async () => {
      await kill();
      life = await begin(port);
    },
    stop: kill,
    log: () => log.records,
  };
};

/**
 * What a client asks of a server before anything else: who is in the cluster, and what it can do.
 */
import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import {
  SupportedMethod,
  SupportedMethods,
} from '@eventstore/db-client/generated/serverfeatures_pb';
import { type Empty, UUID } from '@eventstore/db-client/generated/shared_pb';
import type { ServerContext } from './context';

const STREAMS = 'event_store.client.streams.streams';

const supported = (methodName: string): SupportedMethod =>
  new SupportedMethod().setServiceName(STREAMS).setMethodName(methodName);

export const supportedMethods =
  ({ batchAppend }: ServerContext) =>
  (_call: ServerUnaryCall<Empty, SupportedMethods>, callback: sendUnaryData<SupportedMethods>) => {
    const names = [
      'read',
      'append',
      'delete',
      'tombstone',
      ...(batchAppend ? ['batchappend'] : []),
    ];
    callback(
      null,
      new SupportedMethods()
        .setEventStoreServerVersion('23.10.0')
        .setMethodsList(names.map(supported)),
    );
  };

/** A cluster of one, which leads. */
export const gossip =
  ({ self }: ServerContext) =>
  (_call: ServerUnaryCall<Empty, ClusterInfo>, callback: sendUnaryData<ClusterInfo>) => {
    const member = new MemberInfo()
      .setInstanceId(new UUID().setString(randomUUID()))
      .setTimeStamp(`${Date.now()}`)
      .setState(MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new EndPoint().setAddress(self.host).setPort(self.port));
    callback(null, new ClusterInfo().setMembersList([member]));
  };

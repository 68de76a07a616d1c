import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The address a listening server got. @throws when it does not listen */
export function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port yet');
  return address;
}

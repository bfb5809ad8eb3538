import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { ImapSession } from './imap-session.ts';
import type { Mailboxes } from './state.ts';

export interface ImapDoor {
  port: number;
  /** Cuts every connection, as a server that restarts does. */
  drop(): void;
  stop(): Promise<void>;
}

/** An IMAP4rev1 server on the loopback address for the hub's mailbox: enough for a real client, no more. */
export async function openImapDoor(
  boxes: Mailboxes,
  login: { user: string; password: string },
  port: number,
): Promise<ImapDoor> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const session = new ImapSession(socket, boxes, login);
    const news = () => session.tellNews();
    const bye = () => session.bye('the mailbox was restored');
    boxes.changes.on('hub', news).on('restored', bye);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      boxes.changes.off('hub', news).off('restored', bye);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    drop,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      drop();
      await closed;
    },
  };
}

// An engine may keep a copy of an image for every user that ever worked in it. So it is always the first who is free, and there are
// as many copies as users were ever at work at the same time. Workers of one host would meet at the first all the time: each holds
// a user by a name that the kernel gives once, and takes back when a worker dies in whatever way.
import { createServer, type Server } from 'node:net';
import { allInUse, type ClaimUser, type UidRange } from '../bubblewrap/user-claim.ts';

export function firstUsers({ first, count }: UidRange): ClaimUser {
  return async () => {
    for (let uid = first; uid < first + count; uid += 1) {
      const held = await hold(`gatepilot-user-${uid}`);
      if (held) return { uid, giveBack: () => new Promise((resolve) => held.close(() => resolve())) };
    }
    throw allInUse(count);
  };
}

/** Undefined: somebody else has it. The name is one of sockets, which is no file and belongs to a network namespace. */
function hold(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ path: `\0${name}` }, () => resolve(server.unref()));
  });
}

// The worker of a test on a host where no list of hosts can be held: whoever calls at the second door of a sandbox hears nothing,
// so that the proof of it fails when the worker starts. Everything else is the product's.
import { Server } from 'node:net';

const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  const [where] = args;
  // As the proof calls it; those of attempts have names of their own.
  if (typeof where === 'object' && where !== null && 'path' in where && String(where.path).endsWith('/proxy.sock'))
    this.removeAllListeners('connection').on('connection', (caller) => caller.destroy());
  return Reflect.apply(listen, this, args) as Server;
};

await import('../../workers/main.ts');

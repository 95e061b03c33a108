// A client whose connection breaks after the server has run a script and before the answer arrives. The library sends
// what is unanswered again as soon as it is connected, so the caller sees the answer to the second call.
import type { Redis } from 'ioredis';

export function resendAll(redis: Redis): Redis {
  return new Proxy(redis, {
    get(target, name) {
      if (name !== 'evalsha' && name !== 'eval') return Reflect.get(target, name);
      return async (...args: Parameters<Redis['eval']>) => {
        await target[name](...args);
        return await target[name](...args);
      };
    },
  });
}

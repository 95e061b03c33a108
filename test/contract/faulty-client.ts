// Clients whose scripts fail at a chosen call, or tell which calls they make. The script that runs is the real one with
// some lines before it; nothing of this is known to the product.
import type { Redis } from 'ioredis';

export interface ScriptCall {
  readonly command: string;
  readonly key: string;
}

const counting = `
local real_redis, calls = redis, {}
local redis = setmetatable({ call = function(...)
  local command, key = ...
  calls[#calls + 1] = { command = command, key = key or '' }
  if #calls == FAIL_AT then error('injected fault', 0) end
  return real_redis.call(...)
end }, { __index = real_redis })
local function run_script()
`;

/** Its scripts fail at their n-th call, counted from 1. */
export function failAt(redis: Redis, call: number): Redis {
  return rewritten(
    redis,
    (source) => `${counting.replace('FAIL_AT', String(call))}${source}\nend\nreturn run_script()`,
  );
}

/** Its scripts answer nothing that a store understands; the calls that they made are told. */
export function traceInto(redis: Redis, tell: (calls: readonly ScriptCall[], source: string) => void): Redis {
  return rewritten(
    redis,
    (source) => `${counting.replace('FAIL_AT', '-1')}${source}\nend\nrun_script()\nreturn cjson.encode(calls)`,
    (answer, source) => tell(JSON.parse(String(answer)), source),
  );
}

function rewritten(
  redis: Redis,
  rewrite: (source: string) => string,
  tell: (answer: unknown, source: string) => void = () => undefined,
): Redis {
  const evaluate = async (source: string, keys: number, ...args: (string | number)[]) => {
    const answer = await redis.eval(rewrite(source), keys, ...args);
    tell(answer, source);
    return answer;
  };
  return new Proxy(redis, {
    get(target, name) {
      if (name === 'evalsha') return () => Promise.reject(new Error('NOSCRIPT it is to be sent whole'));
      return name === 'eval' ? evaluate : Reflect.get(target, name);
    },
  });
}

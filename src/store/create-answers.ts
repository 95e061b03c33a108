// Reads what the store's scripts keep of a request: its hash while it is pending, its answer when it was decided on.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AnswersPort } from '../engine/port/answers.ts';
import { callRedis } from './call-redis.ts';

const Answer = z.object({ outcome: z.enum(['done', 'started', 'refused']), text: z.string() });

export function createAnswers(redis: Redis, { prefix }: { prefix: string }): AnswersPort {
  return {
    async readAnswer(key) {
      const [hash, answer] = await callRedis(() => redis.hmget(`${prefix}:request:${key}`, 'hash', 'answer'));
      if (typeof answer === 'string') return { kind: 'answered', answer: Answer.parse(JSON.parse(answer)) };
      return { kind: typeof hash === 'string' ? 'pending' : 'unknown' };
    },
  };
}

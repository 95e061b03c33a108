import { pino } from 'pino';
import { redactKeys } from '../core/sanitise/redact-keys.ts';
import type { LogPort } from '../engine/port/log.ts';

/** Structured lines on stderr. Everything passes the redactor, by key and by the shape of values. */
export function openLog(level: string): LogPort {
  const logger = pino({ level, base: null, formatters: { log: redactKeys } }, pino.destination(2));
  return {
    debug: (facts, message) => logger.debug(facts, message),
    info: (facts, message) => logger.info(facts, message),
    warn: (facts, message) => logger.warn(facts, message),
    error: (facts, message) => logger.error(facts, message),
  };
}

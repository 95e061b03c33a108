import type { LogPort } from '../../src/engine/port/log.ts';

export const quiet: LogPort = { debug() {}, info() {}, warn() {}, error() {} };

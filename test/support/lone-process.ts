// The environment of a process of the product that has nobody to talk to: its GitHub does not answer, and no model is asked.
import { generateKeyPairSync } from 'node:crypto';
import { readSurroundings } from '../../src/env.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

export function aloneIn(dataFolder: string): NodeJS.ProcessEnv {
  return {
    ...readSurroundings(),
    APP_ID: '1',
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: 'a secret of this test alone',
    MODEL_API_KEY: 'no model is asked',
    GHE_HOST: '127.0.0.1:9',
    GHE_PROTOCOL: 'http',
    GATEPILOT_DATA: dataFolder,
  };
}

// Finds or brings the programs that the tests run on, once and before any of them, so that they do not do it all at
// the same time. Says in one sentence what is missing and stops.
import { findTools } from './redis.ts';

export default async function findPrograms(): Promise<void> {
  await findTools(['git', 'redis', 'bubblewrap']);
}

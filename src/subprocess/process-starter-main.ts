// The small process that starts programs for a large one. It knows nothing, keeps nothing, and ends with its channel.
import { runProcess } from './run-process.ts';
import type { StarterAnswer, StarterRequest } from './starter-message.ts';

process.on('message', async ({ id, call }: StarterRequest) => {
  answer(
    await runProcess(call).then(
      (outcome): StarterAnswer => ({ id, kind: 'ended', outcome }),
      (error: Error): StarterAnswer => ({ id, kind: 'not_started', message: String(error.cause ?? error) }),
    ),
  );
});
process.on('disconnect', () => process.exit(0));

function answer(message: StarterAnswer): void {
  // Nobody is left to be told when it cannot be sent.
  process.send?.(message, () => undefined);
}

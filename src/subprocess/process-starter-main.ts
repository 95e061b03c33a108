// The small process that starts programs for a large one. It knows nothing, keeps nothing, and ends with its channel.
import { ProcessNotStarted, runProcess } from './run-process.ts';
import type { StarterAnswer, StarterRequest } from './starter-message.ts';

process.on('message', async ({ id, call }: StarterRequest) => {
  answer(
    await runProcess(call).then(
      (outcome): StarterAnswer => ({ id, kind: 'ended', outcome }),
      (error: unknown): StarterAnswer => {
        const why = error instanceof ProcessNotStarted ? error.kind : 'impossible';
        return {
          id,
          kind: 'not_started',
          why,
          message: String(error instanceof Error ? (error.cause ?? error) : error),
        };
      },
    ),
  );
});
process.on('disconnect', () => process.exit(0));

function answer(message: StarterAnswer): void {
  // Nobody is left to be told when it cannot be sent.
  process.send?.(message, () => undefined);
}

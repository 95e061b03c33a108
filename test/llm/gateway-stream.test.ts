import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { renderEvents } from './fake-provider.ts';
import { open } from './gateway-client.ts';
import { useGateway } from './gateway-stage.ts';

const stage = useGateway();
const totalBytes = 48 * 1024 * 1024;

/** Writes as much as is taken, waits when it is not, and ends after all of it. */
function pour(response: ServerResponse): () => number {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let written = 0;
  const go = () => {
    while (written < totalBytes) {
      written += chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', go);
        return;
      }
    }
    response.end();
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  go();
  return () => written;
}

it('holds the provider back while the client does not read', async () => {
  let written = () => 0;
  stage.provider.answer((response) => {
    written = pour(response);
  });
  const response = await open(await stage.grant());
  let before = -1;
  await expect
    .poll(() => {
      const isStill = written() > 0 && written() === before;
      before = written();
      return isStill;
    })
    .toBe(true);
  expect(written()).toBeLessThan(totalBytes / 2);
  let received = 0;
  for await (const chunk of response) received += chunk.length;
  expect(received).toBe(totalBytes);
});

it('passes every event on as soon as it comes', async () => {
  let send = (_event: unknown) => {};
  stage.provider.answer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    send = (event) => response.write(renderEvents([event]));
    send({ number: 1 });
  });
  const response = await open(await stage.grant());
  const numbers: number[] = [];
  for await (const chunk of response) {
    const number = Number(/"number":(\d)/.exec(String(chunk))?.[1]);
    numbers.push(number);
    if (number === 3) break;
    send({ number: number + 1 });
  }
  expect(numbers).toEqual([1, 2, 3]);
});

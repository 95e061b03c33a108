// Who holds which files is asked of processes that start and end meanwhile.
import { expect, it } from 'vitest';
import { readHeldFiles } from '../../../src/sandbox/bubblewrap/limit/held-files.ts';
import type { RunTool } from '../../../src/subprocess/run-tool.ts';

const mebibyte = 1024 * 1024;
const question = { pids: [0x7fffffff], uid: 1000, devices: new Set<number>() };
/** A file of 1 MiB in memory, of which a process has mapped 1 GiB. */
const opened = `1 956 ${(1 * mebibyte) / 512} /dev/shm\n`;
const mapped =
  '7f2ca5fe0000-7f2ce5fe0000 rw-s 00000000 00:01 956                        /memfd:runsc-memory (deleted)\n';

/** What `find` and `grep` say, each in turn; the last of each from then on. */
function answer(find: string[], grep: string[]): RunTool {
  const take = (answers: string[]) => (answers.length > 1 ? answers.shift() : answers[0]) ?? '';
  return (async (tool: string) => take(tool === 'find' ? find : grep)) as RunTool;
}

const read = async (find: string[], grep: string[]) => [
  ...(await readHeldFiles(answer(find, grep), question)).inMemory.values(),
];

it('takes a file for as large as it is where anybody has it open', async () => {
  expect(await read([opened], [mapped])).toEqual([mebibyte]);
});

it('takes one that is only mapped for as large as what is mapped of it', async () => {
  expect(await read([''], [mapped])).toEqual([1024 * mebibyte]);
});

it('does so also of one that was made between the two questions, or whose process ended between them', async () => {
  expect(await read(['', opened], [mapped])).toEqual([mebibyte]);
  expect(await read([''], [mapped, ''])).toEqual([]);
  const another = mapped.replace(' 956 ', ' 957 ').replace('7f2ce5fe0000', '7f2ca5ff0000');
  expect(await read([''], [mapped, `${mapped}${another}`])).toEqual([1024 * mebibyte]);
});

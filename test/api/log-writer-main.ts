// A process of its own that writes lines into a subject's log: `log-writer-main.ts <redis> <prefix> <subject> <name> <lines>`.
import { Redis } from 'ioredis';
import { openRecord } from '../../src/core/model/record.ts';
import { parseSubjectId, SubjectId } from '../../src/core/model/subject.ts';
import { createStore } from '../../src/store/create-store.ts';

const [url = '', prefix = '', id = '', name = '', lines = ''] = process.argv.slice(2);
const subject = SubjectId.parse(id);
const { host, repositoryId, number } = parseSubjectId(subject);
const repository = { host, id: repositoryId, owner: 'acme', name: 'errors', installationId: 3 };
const record = openRecord(repository, number, { isPullRequest: false, title: name });
const redis = new Redis(url);
const store = createStore(redis, { prefix });

for (let line = 0; line < Number(lines); ) {
  const { version } = await store.load(subject);
  const log = [{ kind: 'line', text: `${name}.${line}` }];
  const saved = await store.save(subject, version, { record, handled: [], log, outbox: [], aliases: [] });
  if (saved.kind === 'saved') line += 1;
}
redis.disconnect();

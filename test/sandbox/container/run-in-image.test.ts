// A whole run in the image that its repository names: what the host has and the image lacks is not there for anybody.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededPrograms } from '../../../src/sandbox/oci/needed-programs.ts';
import { type Bot, startBot } from '../../support/bot.ts';
import { attempts, bash, done, planOf, task } from '../../support/plan.ts';
import { type ImageStore, openImageStore } from '../support/image-store.ts';
import { providers } from '../support/provided.ts';
import { isRoot } from '../support/subject.ts';
import { readProviderTools } from '../support/tools.ts';

const { podman = '' } = await readProviderTools();

describe.runIf(providers.includes('podman') && isRoot)('a run (shown only when root runs the tests)', () => {
  let images: ImageStore;
  let bot: Bot;
  beforeAll(async () => {
    images = await openImageStore(podman);
    await images.makeImage('checks', ['sh', 'bash', 'sed', ...neededPrograms]);
    bot = await startBot({ env: { GATEPILOT_OCI_IMAGES: 'checks', ...images.environment } });
  });
  afterAll(async () => {
    await bot.checkHonesty();
    await bot.stop();
    await rm(images.folder, { recursive: true, force: true });
  });

  it('works there from its agents to its last verify command, and says so in its record', async () => {
    const isAway = '! command -v perl';
    const repository = await bot.createRepository({
      name: 'in-an-image',
      files: {
        '.github/gatepilot.yml': `verify: { commands: ["${isAway}"] }\nsetup: { image: checks }\nreview: { enabled: false }\n`,
        'src/x.txt': 'x\n',
      },
      scenario: {
        planner: attempts([planOf(task('a'))]),
        'task-a': attempts([bash(`${isAway} && echo gone > a.txt`), done]),
      },
    });
    const issue = await repository.openIssue('Do it');
    await issue.label('pilot:run');
    const run = await issue.reaches('ready', 'failed');
    expect(run.state).toMatchObject({ kind: 'ready' });
    expect(run.policy.sandbox.provider).toBe('oci:checks');
    expect(run.verification?.report.commands).toMatchObject([{ command: isAway, exit: { kind: 'exited', code: 0 } }]);
  });
});

import { describe, expect, it } from 'vitest';
import { chooseWorkflow } from '../../../src/core/resource/choose-workflow.ts';
import { openCatalog } from '../../../src/core/resource/open-catalog.ts';
import { listTaskWorkflows } from '../../../src/core/resource/task-workflow.ts';
import { createResources } from '../../../src/resource/create-resources.ts';
import { agent, workflow } from './files.ts';

const shipped = listTaskWorkflows(
  openCatalog(await createResources(undefined).read(), { agents: ['pi'], models: ['usual'] }),
);

function choose(
  title: string,
  { text = '', labels = [] as readonly string[], named = undefined as string | undefined } = {},
) {
  return chooseWorkflow({ title, text, labels, named }, shipped);
}

describe('the workflow of a run', () => {
  it.each([
    ['Typo in the README', 'fast-fix'],
    ['Off by one in the pager', 'fast-fix'],
    ['The importer crashes on an empty file', 'fast-fix'],
    ['Regression: dates are a day early since 2.3', 'fast-fix'],
    ['Broken link on the start page', 'fast-fix'],
    ['Wrong message when the quota is reached', 'fast-fix'],
    ['Migrate the store to SQLite', 'implementation'],
    ['Redesign of the settings', 'implementation'],
    ['Rewrite the parser', 'implementation'],
    ['A new subsystem for billing', 'implementation'],
    ['Offline mode, end to end', 'implementation'],
    ['The worker is sometimes slow', 'default'],
    ['Flaky test in the scheduler', 'default'],
    ['Refactor how errors are reported', 'default'],
    ['Investigate why memory grows', 'default'],
    ['Performance of the search', 'default'],
    ['Add a greeting', 'direct'],
    ['Support German dates', 'direct'],
    ['Show the version in the footer', 'direct'],
    ['Bump the timeout to 30 seconds', 'direct'],
  ])('of "%s" is %s', (title, expected) => {
    expect(choose(title).workflow).toBe(expected);
  });

  it('is what was named, before anything else', () => {
    expect(choose('Typo', { named: 'default', labels: ['bug'] })).toMatchObject({ workflow: 'default', by: 'named' });
  });

  it('is what a label says, before words', () => {
    expect(choose('Rewrite the parser', { labels: ['Bug'] })).toMatchObject({
      workflow: 'fast-fix',
      by: 'label',
      because: ['bug'],
    });
  });

  it('says which words spoke for it and how sure that is', () => {
    expect(choose('The importer crashes', { text: 'It is a regression.' })).toEqual({
      workflow: 'fast-fix',
      by: 'words',
      because: ['crashes', 'regression'],
      confidence: 0.8,
      asksApproval: false,
    });
    expect(choose('Migrate it').asksApproval).toBe(true);
  });

  it('takes words for words only, and no part of one', () => {
    expect(choose('Crashpad integration').workflow).toBe('direct');
  });

  it('may be one of the repository', () => {
    const own = workflow('own', ['id: a, role: doer'], ['triggers: { words: [poem] }']);
    const files = [agent('doer', ['permission: write']), own];
    const workflows = listTaskWorkflows(openCatalog(files, { agents: ['pi'], models: ['usual'] }));
    const issue = { title: 'A poem', text: '', labels: [], named: undefined };
    expect(chooseWorkflow(issue, workflows).workflow).toBe('own');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderStepText } from '../../../src/core/prompt/render-step-text.ts';
import { type Workflow, WorkflowMatter } from '../../../src/core/resource/resource.ts';

function flow(body: string): Workflow {
  const matter = {
    description: 'x',
    steps: [
      { id: 'explore', role: 'a' },
      { id: 'plan', role: 'a', output: 'the-plan' },
      { id: 'execute', role: 'a', reads: ['the-plan'] },
    ],
  };
  return { ...WorkflowMatter.parse(matter), name: 'w', body };
}

function render(body: string, id: string, outputs: Record<string, string> = {}, title = 'Title'): string {
  const workflow = flow(body);
  const step = workflow.steps.find((one) => one.id === id);
  if (!step) throw new Error('no such step');
  return renderStepText({ workflow, step, task: { title }, outputs: new Map(Object.entries(outputs)) });
}

describe('the text of a step', () => {
  it('is what stands above all sections, and its own section', () => {
    const body = 'For all.\n\n## explore\n\nOnly here.\n\n## plan\n\nOnly there.\n\n## Notes\n\nStill there.';
    expect(render(body, 'explore')).toBe('# This step: explore\n\nFor all.\n\nOnly here.');
    expect(render(body, 'plan')).toBe('# This step: plan\n\nFor all.\n\nOnly there.\n\n## Notes\n\nStill there.');
  });

  it('holds answers where it names them, and the others below', () => {
    expect(render('First {output:explore} then.', 'plan', { explore: 'found' })).toBe(
      '# This step: plan\n\nFirst \n```\nfound\n```\n then.',
    );
    expect(render('Nothing.', 'plan', { explore: 'found' })).toBe(
      '# This step: plan\n\nNothing.\n\nWhat the step "explore" answered:\n\n```\nfound\n```',
    );
  });

  it('shows the end of an answer that is too long, where what it comes to stands', () => {
    const text = render('Go.', 'plan', { explore: `begin ${'x'.repeat(50_000)} the list` });
    expect(text).toContain('begin ');
    expect(text).toContain('characters left out]');
    expect(text).toContain(' the list\n```');
    expect(text.length).toBeLessThan(12_200);
  });

  it('shows only what the step reads', () => {
    const text = render('{output:explore}', 'execute', { explore: 'found', 'the-plan': 'planned' });
    expect(text).toContain('{output:explore}');
    expect(text).not.toContain('found');
    expect(text).toContain('planned');
  });

  it('lets no answer end its fence or be taken for a placeholder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('```', '````', '\n', '# Rules', '{task}', '{output:explore}', 'x', '~~~'), {
          maxLength: 12,
        }),
        (parts) => {
          const answer = parts.join('');
          const lines = render('{output:explore}', 'plan', { explore: answer }, 'SECRET').split('\n');
          expect(lines.join('\n')).not.toContain('SECRET');
          const opened = lines.findIndex((line) => /^`{3,}$/.test(line));
          const mark = lines[opened];
          expect(lines.indexOf(mark ?? '', opened + 1)).toBe(lines.lastIndexOf(mark ?? ''));
        },
      ),
    );
  });
});

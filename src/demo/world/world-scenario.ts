// What the scripted model says in the demo's world. Planner, pilot and agents are played by it; everything that they
// say is carried out by the real product, and nothing there knows that the model is scripted.
import type { Scenario, Step } from '../model/scenario.ts';
import { readVersion } from './published-version.ts';
import { mainTitle, playTitle } from './seed-world.ts';

/** The sentence by which the pilot tells the types task what it cannot know. The task succeeds only when it is told. */
const guidance = 'README.md belongs to the docs task: change types/index.d.ts and nothing else.';

export async function createWorldScenario(): Promise<Scenario> {
  const fixed = await readVersion('4.2.0');
  const before = await readVersion('4.1.0');
  const file = (path: string) => fixed[path] ?? '';
  return {
    planner: [
      { when: mainTitle, attempts: [[{ kind: 'json', value: mainPlan }]] },
      { when: playTitle, attempts: [[{ kind: 'json', value: playPlan }]] },
      { attempts: [[{ kind: 'json', value: anyPlan }]] },
    ],
    pilot: [{ attempts: [[{ kind: 'json', value: pilotDecision }]] }],
    'task-runtime': [
      {
        attempts: [
          [
            { kind: 'bash', command: 'node --test 2>&1 | tail -n 8' },
            { kind: 'write', path: 'test/instanceof.test.js', content: file('test/instanceof.test.js') },
            { kind: 'write', path: 'index.js', content: withLocalSymbol(file('index.js')) },
            { kind: 'say', text: 'Errors carry a symbol per code, and FastifyError is exported.' },
          ],
          [
            { kind: 'write', path: 'test/instanceof.test.js', content: file('test/instanceof.test.js') },
            { kind: 'write', path: 'index.js', content: file('index.js') },
            { kind: 'bash', command: 'node --test 2>&1 | tail -n 8' },
            {
              kind: 'say',
              text: 'Errors carry a registered symbol per code, so instanceof holds across copies. FastifyError is exported.',
            },
          ],
        ],
      },
    ],
    'task-types': [{ attempts: [typesAttempt(file('types/index.d.ts'), before['README.md'] ?? '')] }],
    'task-docs': [
      {
        attempts: [
          [
            { kind: 'write', path: 'README.md', content: file('README.md') },
            { kind: 'write', path: 'test/index.test.js', content: file('test/index.test.js') },
            { kind: 'bash', command: 'node --test 2>&1 | tail -n 8' },
            { kind: 'say', text: 'The README explains instanceof; a test holds that FastifyError can be made.' },
          ],
        ],
      },
    ],
    'task-versions': [
      {
        attempts: [
          [
            { kind: 'bash', command: "printf '\\n## Supported versions\\n\\nNode.js 20 and newer.\\n' >> README.md" },
            { kind: 'say', text: 'The README names the supported versions.' },
          ],
        ],
      },
    ],
    // Whoever reviews sees a risk, whoever checks it reads the code and finds that there is none.
    'task-review.correctness': [
      {
        when: 'Make instanceof hold across copies of the package',
        attempts: [[{ kind: 'bash', command: 'cat index.js | head -n 40' }, sayFindings(suspicion)]],
      },
      { attempts: [[sayFindings()]] },
    ],
    'task-review.security': [{ attempts: [[sayFindings()]] }],
    'task-review.check': [
      {
        attempts: [
          [
            { kind: 'bash', command: 'node --test 2>&1 | tail -n 8' },
            sayFindings({
              ...suspicion,
              status: 'refuted',
              why: 'The symbol is registered per code, not per message.',
            }),
          ],
        ],
      },
    ],
    'task-note': [
      {
        attempts: [
          [
            {
              kind: 'write',
              path: 'NOTES.md',
              content: '# Notes\n\nThe scripted model of the demo can do no more than leave this note.\n',
            },
            { kind: 'say', text: 'I left a note.' },
          ],
        ],
      },
    ],
  };
}

const suspicion = {
  severity: 'major',
  path: 'index.js',
  line: 1,
  what: 'Two errors with one code and other messages may not be instances of each other.',
};

function sayFindings(...claims: readonly object[]): Step {
  return { kind: 'say', text: `I looked.\n\n\`\`\`findings\n${JSON.stringify(claims)}\n\`\`\`\n` };
}

/** An easy mistake: a symbol that only this copy of the package knows. The tests find it. */
function withLocalSymbol(source: string): string {
  return source.replace(/Symbol\.for\((?=`fastify-error )/, 'Symbol(');
}

/** Writes into the README as well, which is not its own, until somebody says whose it is. */
function typesAttempt(types: string, readme: string): Step[] {
  const write: Step = { kind: 'write', path: 'types/index.d.ts', content: types };
  return [
    write,
    {
      kind: 'when',
      text: guidance,
      steps: [{ kind: 'say', text: 'The types declare FastifyError.' }],
      otherwise: [
        { kind: 'write', path: 'README.md', content: `${readme}\n\`FastifyError\` is declared in the types.\n` },
        { kind: 'say', text: 'The types declare FastifyError, and the README says so.' },
      ],
    },
  ];
}

const mainPlan = {
  tasks: [
    {
      key: 'runtime',
      title: 'Make instanceof hold across copies of the package',
      prompt:
        'Make `instanceof` true for errors of the same code made by another copy of this package, and export a ' +
        '`FastifyError` that every error made by `createError` is an instance of. Cover both with tests in test/instanceof.test.js.',
      role: 'feature',
      dependsOn: [],
      ownedPaths: ['index.js', 'test/instanceof.test.js'],
      contracts: [],
      acceptance: [
        {
          id: 'copies',
          text: 'An error of a second copy is an instance of the class of the same code.',
          level: 'must',
        },
        { id: 'generic', text: 'Every error is an instance of the exported FastifyError.', level: 'must' },
      ],
    },
    {
      key: 'types',
      title: 'Declare FastifyError in the types',
      prompt: 'Declare the exported `FastifyError` constructor in the type declarations.',
      role: 'feature',
      dependsOn: [],
      ownedPaths: ['types/**'],
      contracts: [],
      acceptance: [{ id: 'declared', text: 'types/index.d.ts exports FastifyError.', level: 'must' }],
    },
    {
      key: 'docs',
      title: 'Explain instanceof in the README',
      prompt:
        'Explain in README.md how `instanceof` behaves, and test in test/index.test.js that FastifyError can be made.',
      role: 'feature',
      dependsOn: ['runtime', 'types'],
      ownedPaths: ['README.md', 'test/index.test.js'],
      contracts: [],
      acceptance: [{ id: 'readme', text: 'The README has a section about instanceof.', level: 'must' }],
    },
  ],
  relations: [{ a: 'runtime', b: 'types', kind: 'independent', why: 'They touch different files.' }],
  notes: 'Behaviour and types can be done at the same time; the documentation describes both.',
};

const playPlan = {
  tasks: [
    {
      key: 'versions',
      title: 'Write down the supported Node.js versions',
      prompt: 'Add a section "Supported versions" to README.md: Node.js 20 and newer.',
      role: 'feature',
      dependsOn: [],
      ownedPaths: ['README.md'],
      contracts: [],
      acceptance: [{ id: 'said', text: 'The supported versions are named.', level: 'must' }],
    },
  ],
  relations: [],
  notes: 'One small thing.',
};

const anyPlan = {
  tasks: [
    {
      key: 'note',
      title: 'Leave a note',
      prompt: 'Leave a note in NOTES.md.',
      role: 'feature',
      dependsOn: [],
      ownedPaths: ['NOTES.md'],
      contracts: [],
      acceptance: [{ id: 'note', text: 'There is a note.', level: 'should' }],
    },
  ],
  relations: [],
  notes: 'The demo has no real model: its script knows the two seeded issues only.',
};

const pilotDecision = {
  failureAnalysis: [
    {
      task: 'types',
      cause: 'spec_ambiguity',
      why: 'Both attempts also edited README.md, which the plan gives to docs.',
    },
  ],
  strategies: [
    {
      task: 'types',
      action: 'retry_different',
      guidance,
      reason: 'The change itself is right; only the README is not its own.',
    },
  ],
  routedContext: [
    { to: 'docs', fact: 'FastifyError is exported by index.js and declared in types/index.d.ts.', from: 'runtime' },
  ],
  skip: [],
  learnings: [],
  batches: [['types'], ['docs']],
  verdict: 'continue',
  verdictReason:
    'One task stepped outside of its paths; told whose file it is, it can finish before the documentation.',
};

// Whose word counts where several name models.
import { expect, it } from 'vitest';
import { chooseModels } from '../../../src/core/resource/choose-models.ts';

const settings = { chain: ['large', 'small'], usual: 'usual' };
const nothing = { chain: [], usual: 'usual' };

it.each([
  ['the settings where nobody else says anything', {}, {}, settings, ['large', 'small']],
  ['the usual one where nobody says anything', {}, {}, nothing, ['usual']],
  ['the agent before the settings', { model: 'own', fallbacks: ['other'] }, {}, settings, ['own', 'other']],
  ['the agent alone where it has no replacement', { model: 'own' }, {}, settings, ['own']],
  ['the step before the agent', { model: 'own', fallbacks: ['other'] }, { model: 'best' }, settings, ['best', 'other']],
  [
    'the first of the settings before an agent’s replacements',
    { fallbacks: ['other'] },
    {},
    settings,
    ['large', 'other'],
  ],
  ['the usual one before an agent’s replacements', { fallbacks: ['other'] }, {}, nothing, ['usual', 'other']],
  ['each once', { model: 'own', fallbacks: ['best', 'own'] }, { model: 'best' }, settings, ['best', 'own']],
] as const)('the models of a step are those of %s', (_, agent, step, from, models) => {
  expect(
    chooseModels({ ...agent, fallbacks: 'fallbacks' in agent ? [...agent.fallbacks] : undefined }, step, from),
  ).toEqual(models);
});

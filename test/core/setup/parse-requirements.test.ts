import { describe, expect, it } from 'vitest';
import { parseRequirements } from '../../../src/core/setup/parse-requirements.ts';

describe('what else a file of requirements is made of', () => {
  it.each([
    ['-r base.txt', ['base.txt']],
    ['--requirement=base.txt\n--constraint pins.txt', ['base.txt', 'pins.txt']],
    ['-rbase.txt\r\n  -c  "pins.txt"  # pinned', ['base.txt', 'pins.txt']],
    ['-r \\\n base.txt', ['base.txt']],
    ['# -r no.txt\nflask # -r no.txt\n', []],
    ['flask==3.0 \\\n  --hash=sha256:abc \\\n  --hash=sha256:def', []],
    ['-r base.txt -c pins.txt', ['base.txt', 'pins.txt']],
    ['-e git+https://example.org/a.git#egg=a\nb @ https://example.org/b.whl\n-f https://example.org/list', []],
    ['--index-url https://example.org/simple\n--no-binary :all:\nname[extra]>=1; python_version < "3.9"', []],
  ])('%j', (text, files) => {
    expect(parseRequirements(text, 'requirements.txt')).toEqual({ files, folders: [] });
  });

  it('is looked for beside the file that names it', () => {
    const files = ['requirements/base.txt', 'all.txt'];
    expect(parseRequirements('-r base.txt\n-c ../all.txt', 'requirements/dev.txt')).toEqual({ files, folders: [] });
  });

  it('is a package of the repository too, by its manifests', () => {
    expect(parseRequirements('-e .\n--editable ./lib/one[extra]', 'requirements/dev.txt')).toEqual({
      files: [],
      folders: ['lib/one'],
    });
  });

  it.each([
    '-r https://example.org/base.txt',
    '-r ../outside.txt',
    '-r /etc/requirements.txt',
    '-r $' + '{NAME}.txt',
    '-c "with space.txt"',
    '-r',
    // It would be a copy of the code as it was when the layer was made.
    '.',
    './lib/one',
    'lib/one',
    'one @ file:./lib/one',
    'wheels/one-1.0-py3-none-any.whl',
    'one-1.0.tar.gz',
    '-e ../outside',
    '-f wheels',
    '--find-links=./wheels',
  ])('cannot be told of %j, which is said', (line) => {
    expect(parseRequirements(`flask\n${line}\n`, 'requirements.txt')).toEqual({ untold: line });
  });
});

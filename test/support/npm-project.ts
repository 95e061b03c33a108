// A project of npm whose tests and scripts need a package that only its registry has.
import { packNpmPackage } from './npm-package.ts';

export const greeting = packNpmPackage({
  'package.json': JSON.stringify({ name: 'greeting', version: '1.0.0', main: 'main.js', bin: { greet: 'greet.js' } }),
  'main.js': 'module.exports = (name) => "hello " + name;\n',
  'greet.js': '#!/usr/bin/env node\nconsole.log(require("./main.js")(process.argv[2]));\n',
});
export const tarballPath = '/greeting/-/greeting-1.0.0.tgz';

const manifest = { name: 'app', version: '1.0.0', scripts: { test: 'node test.mjs && greet shell' } };
/** `cert`: of whoever stands for the registry. */
export const npmFiles = (cert: string) => ({
  'package.json': JSON.stringify({ ...manifest, dependencies: { greeting: '1.0.0' } }),
  'package-lock.json': JSON.stringify({
    name: 'app',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'app', version: '1.0.0', dependencies: { greeting: '1.0.0' } },
      'node_modules/greeting': {
        version: '1.0.0',
        resolved: `https://registry.npmjs.org${tarballPath}`,
        integrity: greeting.integrity,
        bin: { greet: 'greet.js' },
      },
    },
  }),
  '.npmrc': 'cafile=ca.pem\nfetch-retries=0\n',
  'ca.pem': cert,
  'test.mjs': 'import greet from "greeting";\nif (greet("you") !== "hello you") process.exit(1);\n',
});
export const npmSettings = 'verify: { commands: [npm test] }\nreview: { enabled: false }\n';

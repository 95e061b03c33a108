// Cuts rest.json and webhooks.json out of GitHub's published schemas. Run by a maintainer, never at run time:
//   node bin/launch.mjs src/demo/github/schema/build-slice.ts <folder of @octokit/openapi> <folder of @octokit/openapi-webhooks>
// The packages are far too large to depend on; install the versions named in the README in a scratch folder.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutRest } from './cut-rest.ts';
import { cutWebhooks } from './cut-webhooks.ts';
import { OpenApiDocument } from './open-api.ts';

const [restFolder, webhookFolder] = process.argv.slice(2);
if (restFolder === undefined || webhookFolder === undefined) {
  process.stderr.write('usage: build-slice.ts <folder of @octokit/openapi> <folder of @octokit/openapi-webhooks>\n');
  process.exit(64);
}
write('rest.json', { ...readOrigin(restFolder), ...cutRest(readDocument(restFolder)) });
write('webhooks.json', { ...readOrigin(webhookFolder), ...cutWebhooks(readDocument(webhookFolder)) });

function readDocument(folder: string): OpenApiDocument {
  return OpenApiDocument.parse(readJson(join(folder, 'generated', 'api.github.com.json')));
}

/** The packages are MIT licensed, which asks for the notice to travel with substantial portions. */
function readOrigin(folder: string): { from: string; notice: string } {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { from: `${manifest.name}@${manifest.version}`, notice: readFileSync(join(folder, 'LICENSE'), 'utf8') };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function write(name: string, slice: object): void {
  const text = `${JSON.stringify(slice)}\n`;
  writeFileSync(new URL(name, import.meta.url), text);
  process.stdout.write(`${name}: ${text.length} bytes\n`);
}

// Runs inside the sandbox: keeps the prompt from stdin in a file as well, and gives both to the command.
// Arguments: the file, the command, its arguments.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [, , file, program, ...args] = process.argv;
const prompt = readFileSync(0);
writeFileSync(file, prompt, { mode: 0o600 });
const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] });
// Not every command reads its input.
child.stdin.on('error', () => {});
child.stdin.end(prompt);
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 127;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 128;
});

// Runs inside the sandbox as the parent of the command: carries connections from ports on loopback, each to a socket of
// the host, and starts the command once all of them listen. Knows nothing about what is carried.
// Plain JavaScript, because Node reads it at every start and removing types would cost more than all the rest.
import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';

// By descriptor and not by argument: what the command is given is not this process's own environment, which would
// let a variable meant for the command (NODE_OPTIONS) change the relay.
const descriptor = Number(process.argv[2]);
/** @type {{ doors: { socket: string, port: number }[], argv: string[], env: Record<string, string> }} */
const { doors, argv, env } = JSON.parse(readFileSync(descriptor, 'utf8'));
closeSync(descriptor);

let closed = doors.length;
for (const { socket, port } of doors) {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const host = connect({ path: socket, allowHalfOpen: true });
    client.on('error', () => host.destroy());
    host.on('error', () => client.destroy());
    client.on('close', () => host.destroy());
    host.on('close', () => client.destroy());
    client.pipe(host);
    host.pipe(client);
  });
  server.on('error', (error) => finish(125, `the relay cannot listen: ${error.message}`));
  server.listen(port, '127.0.0.1', () => {
    closed -= 1;
    if (closed === 0) start();
  });
}

function start() {
  const [program = '', ...args] = argv;
  const command = spawn(program, args, { env, stdio: 'inherit' });
  command.on('error', (error) => finish('code' in error && error.code === 'ENOENT' ? 127 : 126, error.message));
  command.on('exit', (code, signal) => finish(signal ? 128 + constants.signals[signal] : (code ?? 125)));
}

/**
 * @param {number} code
 * @param {string} [complaint]
 */
function finish(code, complaint) {
  if (complaint) process.stderr.write(`${complaint}\n`);
  process.exit(code);
}
